"""Processor families, as the power table calls them, of the names that others give."""

FAMILIES = {  # name of a microarchitecture -> key of the power table
    "Sandy Bridge": "SANDY_BRIDGE",
    "Ivy Bridge": "IVY_BRIDGE",
    "Haswell": "HASWELL",
    "Broadwell": "BROADWELL",
    "Skylake": "SKYLAKE",
    "Sky Lake": "SKYLAKE",
    "Cascade Lake": "CASCADE_LAKE",
    "Coffee Lake": "COFFEE_LAKE",
    "EPYC 1st Gen": "AMD_EPYC_1ST_GEN",
    "EPYC 2nd Gen": "AMD_EPYC_2ND_GEN",
    "EPYC 3rd Gen": "AMD_EPYC_3RD_GEN",
    "Graviton": "AWS_GRAVITON",
    "Graviton2": "AWS_GRAVITON_2",
}
_OF_AWS = {  # processors of AWS's machines -> key
    "Xeon E5-2650": "SANDY_BRIDGE",
    "Xeon E5-2665": "SANDY_BRIDGE",
    "Xeon E5-2670": "SANDY_BRIDGE",
    "Xeon E5-2651 v2": "IVY_BRIDGE",
    "Xeon E5-2670 v2": "IVY_BRIDGE",
    "Xeon E5-2680 v2": "IVY_BRIDGE",
    "Xeon E5-2666 v3": "HASWELL",
    "Xeon E5-2676 v3": "HASWELL",
    "Xeon E7-8880 v3": "HASWELL",
    "Xeon E5-2686 v4": "BROADWELL",
    "Xeon Platinum 8124M": "SKYLAKE",
    "Xeon Platinum 8151": "SKYLAKE",
    "Xeon Platinum 8175M": "SKYLAKE",
    "Xeon Platinum 8176M": "SKYLAKE",
    "Xeon Platinum 8252C": "CASCADE_LAKE",
    "Xeon Platinum 8259CL": "CASCADE_LAKE",
    "Xeon Platinum 8275CL": "CASCADE_LAKE",
    "Core i7-8700B": "COFFEE_LAKE",
    "EPYC 7571": "AMD_EPYC_1ST_GEN",
    "EPYC 7R32": "AMD_EPYC_2ND_GEN",
    "Graviton": "AWS_GRAVITON",
    "Graviton2": "AWS_GRAVITON_2",
    "Xeon Platinum 8375C": "ICE_LAKE",  # a family without a row of power
}
_COMMON = {  # key -> processors that people have in servers of their own, before and after the number
    "HASWELL": ("Xeon E5-{} v3", "2620 2630 2640 2650 2660 2667 2670 2673 2680 2690 2695 2697 2698 2699"),
    "BROADWELL": ("Xeon E5-{} v4", "2620 2630 2640 2650 2660 2667 2673 2680 2690 2695 2697 2698 2699"),
    "SKYLAKE": (
        "Xeon {}",
        (
            "Silver 4110|Silver 4114|Silver 4116|Gold 5118|Gold 5120|Gold 6126|Gold 6130|Gold 6132|Gold 6138|Gold 6140|"
            "Gold 6142|Gold 6148|Gold 6150|Gold 6152|Gold 6154|Platinum 8160|Platinum 8168|Platinum 8176|Platinum 8180"
        ),
    ),
    "CASCADE_LAKE": (
        "Xeon {}",
        (
            "Silver 4210|Silver 4214|Silver 4216|Gold 5218|Gold 5220|Gold 6226|Gold 6230|Gold 6238|Gold 6240|Gold 6242|"
            "Gold 6248|Gold 6252|Gold 6254|Gold 6226R|Gold 6230R|Gold 6240R|Gold 6248R|Platinum 8260|Platinum 8268|"
            "Platinum 8270|Platinum 8276|Platinum 8280"
        ),
    ),
    "AMD_EPYC_1ST_GEN": ("EPYC {}", "7251 7281 7301 7351 7401 7451 7501 7551 7601"),
    "AMD_EPYC_2ND_GEN": (
        "EPYC {}",
        "7252 7262 7272 7282 7302 7352 7402 7452 7502 7532 7542 7552 7642 7662 7702 7742 7B12 7H12 7V12",
    ),
    "AMD_EPYC_3RD_GEN": (
        "EPYC {}",
        "7313 7343 7413 7443 7453 7513 7543 7643 7663 7713 7763 7773X 7B13 7R13 7V13 73F3 74F3 75F3",
    ),
}
"""Source: the makers' product lists; EPYC's last digit and Xeon E5's version name the generation."""
CPU_MODELS = _OF_AWS | {
    pattern.format(number): key
    for key, (pattern, numbers) in _COMMON.items()
    for number in (numbers.split("|") if "|" in numbers else numbers.split())
}
"""Processor model -> key of the power table."""


def models_of(family: str) -> tuple[str, ...]:
    """The processor models of a family."""
    return tuple(sorted(model for model, key in CPU_MODELS.items() if key == family))
