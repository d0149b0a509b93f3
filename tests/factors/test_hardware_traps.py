"""The shipped tables of hardware, power, money and providers: one test for each mistake that their sources invite."""

import math

import pytest

from service.errors import FactorDataInvalid
from service.factors.columns import Row
from service.factors.csvfiles import lines_of, read_text
from service.factors.importers.ccf_instances import UNCOUNTED
from service.factors.instance_figures import with_figures
from service.factors.names import accelerator_key, instance_key
from service.factors.tables import load
from service.model.factor import Accelerator, Instance, Tables
from service.settings import shipped_factors


@pytest.fixture(scope="module")
def tables() -> Tables:
    return load(shipped_factors())


@pytest.fixture(scope="module")
def devices(tables: Tables) -> dict[str, Accelerator]:
    return {device.id: device for device in tables.accelerators}


@pytest.fixture(scope="module")
def names(tables: Tables) -> dict[str, str]:
    """Every name of an accelerator → its id."""
    return {accelerator_key(name): device.id for device in tables.accelerators for name in (device.id, *device.aliases)}


@pytest.fixture(scope="module")
def types(tables: Tables) -> dict[tuple[str, str], Instance]:
    return {
        (type_.provider, instance_key(name)): type_
        for type_ in tables.instances
        for name in (type_.name, *type_.aliases)
    }


def rows_of(stem: str) -> list[Row]:
    lines, _ = lines_of(read_text(shipped_factors() / f"{stem}.csv"))
    return [line.row for line in lines]


# accelerators


def test_the_h100_shows_how_far_its_figures_lie_apart(devices: dict[str, Accelerator]) -> None:
    """164 (NVIDIA) is central; the range holds 273 (ADEME) and 575 (BoaviztAPI)."""
    factor = devices["h100-sxm5"].factor

    assert (factor.low, factor.value, factor.high, factor.grade) == (131.2, 164.0, 575.1, "C")


def test_only_published_footprints_have_grade_c(devices: dict[str, Accelerator]) -> None:
    """A product footprint, a teardown, or figures of a maker's own chips; every other figure is a model's."""
    published = {device.id for device in devices.values() if device.factor.grade == "C"}

    assert published == {"h100-sxm5", "b200-sxm", "a100-sxm4-40", "tpu-v4i", "tpu-v5p", "tpu-v6e"}


def test_accelerators_without_published_power_have_none(devices: dict[str, Accelerator]) -> None:
    """TPU v5e to v7, Trainium and Inferentia: nothing is published, so nothing is guessed."""
    unpublished = ["tpu-v5e", "tpu-v5p", "tpu-v6e", "tpu-v7"]
    unpublished += ["trainium1", "trainium2", "trainium3", "inferentia1", "inferentia2"]

    assert {name: devices[name].tdp_w for name in unpublished} == dict.fromkeys(unpublished)


def test_accelerators_whose_copies_disagree_have_no_power(devices: dict[str, Accelerator]) -> None:
    """B100, MI250 and MI300A are unresolved: the copies stand in the note and the range, never as a default."""
    assert [devices[name].tdp_w for name in ("b100", "mi250", "mi300a")] == [None, None, None]
    assert (devices["mi300a"].tdp_low_w, devices["mi300a"].tdp_high_w) == (550.0, 760.0)
    assert "a copy prints 560 W" in devices["mi250"].factor.note


def test_powers_that_tables_swap_or_round_are_the_makers(devices: dict[str, Accelerator]) -> None:
    """V100 SXM2 300 W and PCIe 250 W (tables swap them), L40S 350 W, A10G 300 W as its cap, from 150 W."""
    assert (devices["v100-sxm2-16"].tdp_w, devices["v100-pcie-16"].tdp_w) == (300.0, 250.0)
    assert devices["l40s"].tdp_w == 350.0
    a10g = devices["a10g"]
    assert (a10g.tdp_low_w, a10g.tdp_w, a10g.tdp_high_w) == (150.0, 300.0, 300.0)


def test_twenty_accelerators_have_no_embodied_figure(devices: dict[str, Accelerator]) -> None:
    """They have no value, not 0, and say so."""
    without = [device for device in devices.values() if device.factor.value is None]

    assert len(without) == 20
    assert all("no embodied figure" in device.factor.note for device in without)


def test_memory_is_what_was_sold_not_what_was_announced(devices: dict[str, Accelerator]) -> None:
    """MI325X 256 GB, B200 180 GB usable."""
    assert (devices["mi325x"].memory_gb, devices["b200-sxm"].memory_gb) == (256.0, 180.0)


def test_no_name_stands_for_two_accelerators(tables: Tables) -> None:
    """Whatever the separators and the case, a name leads to one device."""
    keys = [
        (accelerator_key(name), device.id) for device in tables.accelerators for name in (device.id, *device.aliases)
    ]
    owners: dict[str, set[str]] = {}
    for key, device_id in keys:
        owners.setdefault(key, set()).add(device_id)

    assert [key for key, ids in owners.items() if len(ids) > 1] == []


@pytest.mark.parametrize(
    ("device", "spellings"),
    [
        (
            "h100-sxm5",
            "nvidia-h100-sxm|H100 SXM|H100|NVIDIA H100 80GB HBM3|NVIDIA-H100-80GB-HBM3|nvidia-h100-mega-80gb",
        ),
        ("h100-pcie", "NVIDIA H100 PCIe|H100 80GB PCIe|h100_pcie"),
        ("h100-nvl", "NVIDIA H100 NVL|H100NVL"),
        ("h200-sxm", "NVIDIA H200|nvidia-h200-141gb|H200 SXM"),
        ("a100-sxm4-80", "a100-80gb|NVIDIA A100-SXM4-80GB|nvidia-a100-80gb|A100 80GB SXM|A100-80GB-SXM"),
        ("a100-sxm4-40", "A100|NVIDIA A100-SXM4-40GB|nvidia-tesla-a100|A100 40GB"),
        ("a100-pcie-80", "NVIDIA A100 80GB PCIe|A100 PCIe 80GB"),
        ("t4", "Tesla T4|NVIDIA T4|nvidia-tesla-t4|T4|nvidia-tesla-t4-vws"),
        ("v100-sxm2-16", "Tesla V100-SXM2-16GB|V100|nvidia-tesla-v100|V100 SXM2"),
        ("v100-sxm2-32", "Tesla V100-SXM2-32GB|V100-32GB|Tesla V100-SXM3-32GB"),
        ("a10g", "NVIDIA A10G|a10g|NVIDIA_A10G"),
        ("l4", "NVIDIA L4|nvidia-l4|L4"),
        ("l40s", "NVIDIA L40S|L40S"),
        ("b200-sxm", "NVIDIA B200|nvidia-b200|B200 SXM"),
        ("gb200", "NVIDIA GB200|nvidia-gb200"),
        ("rtx4090", "NVIDIA GeForce RTX 4090|GeForce RTX 4090|RTX 4090|rtx4090"),
        ("a6000", "NVIDIA RTX A6000|RTX A6000|RTXA6000"),
        ("rtxpro6000-bw", "NVIDIA RTX PRO 6000 Blackwell Server Edition|nvidia-rtx-pro-6000"),
        ("mi300x", "AMD Instinct MI300X|MI300X|AMD MI300X"),
        ("gaudi2", "Intel Gaudi 2|HL-225|Intel® Gaudi® 2"),
        ("tpu-v5e", "tpu-v5-lite-podslice|TPU v5e|v5litepod"),
        ("tpu-v4", "tpu-v4-podslice|TPUv4"),
        ("trainium2", "AWS Trainium2|Trn2"),
        ("apple-m3-max", "Apple M3 Max"),
    ],
)
def test_what_tools_print_finds_the_device(names: dict[str, str], device: str, spellings: str) -> None:
    """nvidia-smi and rocm-smi, CodeCarbon, Kubernetes and GCP labels, price lists: each spelling has a device."""
    assert {spelling: names.get(accelerator_key(spelling)) for spelling in spellings.split("|")} == dict.fromkeys(
        spellings.split("|"), device
    )


def test_a_slice_of_four_chips_is_no_name_of_one(names: dict[str, str], types: dict[tuple[str, str], Instance]) -> None:
    """v3-8 and v4-8 count TensorCores, two a chip: they are machines of four chips."""
    assert names.keys().isdisjoint({"v2-8", "v3-8", "v4-8"})
    assert [types["gcp", name].accelerators for name in ("v3-8", "v4-8")] == [4.0, 4.0]


# instance types


def test_the_shipped_figures_are_those_that_the_shipped_rows_give() -> None:
    """The embodied figures of instance types follow from the columns and the accelerators; none is edited by hand."""
    shipped = rows_of("cloud_instance")

    assert with_figures(shipped, rows_of("accelerator")) == shipped


def test_p4d_is_its_gpus_and_the_platform_without_cards(types: dict[tuple[str, str], Instance]) -> None:
    """8 × 127.6 + (4676.79 − 8 × 150) × 8/8 = 1020.8 + 3476.79."""
    factor = types["aws", "p4d.24xlarge"].factor

    assert factor.value == pytest.approx(4497.59)
    assert factor.low == pytest.approx(2555.195)  # 8 × 102.1 + 0.5 × 3476.79
    assert factor.high == pytest.approx(9507.98)  # 8 × 319.3 + 2 × 3476.79


def test_p5_has_no_platform_and_says_so(types: dict[tuple[str, str], Instance]) -> None:
    """8 × 164 kg without a host; SPRUCE's 200 g/h × 52,560 h = 10,512 kg lies inside the range."""
    type_ = types["aws", "p5.48xlarge"]

    assert (type_.factor.value, type_.factor.low, type_.host_included) == (1312.0, 1049.6, False)
    assert type_.factor.high == 10512.0


def test_every_range_holds_spruces_figure(types: dict[tuple[str, str], Instance]) -> None:
    """Grams an hour × 52,560 h lies inside the range, or inside 0.5× to 2× where none is written."""
    compared = 0
    for row in rows_of("cloud_instance"):
        factor = types[row["provider"], instance_key(row["instance"])].factor
        if not row["spruce_g_co2e_per_hour"] or factor.value is None:
            continue
        whole_life_kg = float(row["spruce_g_co2e_per_hour"]) * 52_560 / 1000
        low = factor.value * 0.5 if factor.low is None else factor.low
        high = factor.value * 2 if factor.high is None else factor.high
        assert low * (1 - 1e-12) <= whole_life_kg <= high * (1 + 1e-12), row["id"]
        compared += 1

    assert compared > 1000


def test_a_figure_is_a_whole_life_never_an_hour(types: dict[tuple[str, str], Instance]) -> None:
    """m5.large: 1610.79 kg × 2/96 vCPUs; SPRUCE's 0.46 g/h is a column of its own."""
    assert types["aws", "m5.large"].factor.value == pytest.approx(33.558125)
    assert all(type_.factor.value is None or type_.factor.value > 1 for type_ in types.values())


def test_fractions_of_a_gpu_stay_fractions(types: dict[tuple[str, str], Instance]) -> None:
    """g6f.large has an eighth of an L4, NV6ads_A10_v5 a sixth of an A10."""
    assert (types["aws", "g6f.large"].accelerators, types["aws", "g6f.2xlarge"].accelerators) == (0.125, 0.25)
    assert types["aws", "g6f.large"].factor.value == pytest.approx(6.5125)  # 0.125 × 52.1
    assert types["azure", "nv6ads_a10_v5"].accelerators == 0.1667


def test_boards_of_two_gpus_are_counted_in_boards(types: dict[tuple[str, str], Instance]) -> None:
    """Older tables count K80 and M60 chips: p2.16xlarge has eight boards, g3.4xlarge half of one."""
    assert (types["aws", "p2.16xlarge"].accelerators, types["aws", "g3.4xlarge"].accelerators) == (8.0, 0.5)
    platforms = {row["instance"]: row["platform_accelerators"] for row in rows_of("cloud_instance")}
    assert (platforms["p2.16xlarge"], platforms["g3.4xlarge"], platforms["p3.2xlarge"]) == ("8", "2", "8")


def test_an_accelerator_without_a_figure_leaves_its_instances_without(types: dict[tuple[str, str], Instance]) -> None:
    """The host alone would look like a small figure: there is none."""
    for name in ("p2.xlarge", "g3.4xlarge", "g4ad.4xlarge"):
        assert types["aws", name].factor.value is None
        assert "has no embodied figure" in types["aws", name].factor.note


def test_tpus_contain_their_host(types: dict[tuple[str, str], Instance]) -> None:
    """The figure of a TPU holds the host's share; adding one would count it twice."""
    type_ = types["gcp", "ct5p-hightpu-4t"]

    assert (type_.factor.value, type_.host_included) == (4404.0, True)  # 4 × 1101


def test_a2_ultragpu_has_170_gb(types: dict[tuple[str, str], Instance]) -> None:
    """One list prints 85."""
    assert types["gcp", "a2-ultragpu-1g"].memory_gb == 170.0


def test_unresolved_types_are_never_chosen(types: dict[tuple[str, str], Instance]) -> None:
    """ct6e-standard-8t: 360 vCPUs in one list, 180 in another."""
    never = {type_.name for type_ in types.values() if type_.factor.use == "never"}

    assert {"ct6e-standard-8t", "trn2.3xlarge", "ct4p-hightpu-4t", "gpu_1x_gh200", "H100-SXM-8-80G"} <= never
    assert {"f1.2xlarge", "g2.2xlarge", "Standard_NP10s"} <= never
    assert len(never) == 15


def test_types_with_devices_that_no_table_knows_have_no_figure(types: dict[tuple[str, str], Instance]) -> None:
    """FPGAs and GRID K520: the processors' share would be too small a figure."""
    uncounted = [type_ for type_ in types.values() if type_.name.startswith(tuple(UNCOUNTED))]

    assert len(uncounted) == 8
    assert {type_.factor.value for type_ in uncounted} == {None}


def test_constrained_sizes_have_the_vcpus_that_are_on(types: dict[tuple[str, str], Instance]) -> None:
    """The source's column holds 0.5, the part of them: DS11-1 v2 has one, M128-32ms 32."""
    assert types["azure", "ds11-1_v2"].vcpus == 1.0
    assert types["azure", "m128-32ms"].vcpus == 32.0
    assert types["azure", "hb120-16rs_v3"].vcpus == 16.0
    assert types["azure", "m128-32ms"].factor.value == types["azure", "m128ms"].factor.value


@pytest.mark.parametrize("spelling", ["Standard_D4s_v3", "D4s v3", "d4s_v3", "standard_d4s_v3"])
def test_all_spellings_of_an_azure_size_find_it(types: dict[tuple[str, str], Instance], spelling: str) -> None:
    """One type, one row, one figure."""
    type_ = types["azure", instance_key(spelling)]

    assert (type_.name, type_.vcpus, type_.memory_gb) == ("Standard_D4s_v3", 4.0, 16.0)


def test_a_footnote_is_no_part_of_a_name(tables: Tables) -> None:
    """The list marks some sizes with a 1 behind their name."""
    assert not [type_.name for type_ in tables.instances if type_.name.endswith(("_1", " 1"))]


def test_no_name_stands_for_two_types_of_a_provider(tables: Tables) -> None:
    """Over all types and aliases."""
    keys = [
        (type_.provider, key)
        for type_ in tables.instances
        for key in {instance_key(name) for name in (type_.name, *type_.aliases)}
    ]

    assert len(keys) == len(set(keys))


def test_vcpus_that_a_name_tells_agree_with_the_lists(types: dict[tuple[str, str], Instance]) -> None:
    """Newer types that only SPRUCE lists have their vCPUs and memory by the name."""
    told = {name: (types["aws", name].vcpus, types["aws", name].memory_gb) for name in ("m7i.4xlarge", "r7g.large")}

    assert told == {"m7i.4xlarge": (16.0, 64.0), "r7g.large": (2.0, 16.0)}
    assert types["aws", "m6a.metal"].vcpus is None
    assert (types["azure", "d2ads_v5"].vcpus, types["azure", "e104ids_v5"].memory_gb) == (2.0, None)


def test_processors_of_aws_lead_to_their_family(types: dict[tuple[str, str], Instance]) -> None:
    """AWS names processors, not families; Ice Lake is a family without published power."""
    families = {name: types["aws", name].platforms for name in ("m5.large", "c5a.large", "c4.large", "m6i.large")}

    assert families == {
        "m5.large": ("SKYLAKE",),
        "c5a.large": ("AMD_EPYC_2ND_GEN",),
        "c4.large": ("HASWELL",),
        "m6i.large": ("ICE_LAKE",),
    }


# servers, power, money, providers


def test_a_server_is_a_base_and_parts_beyond_it(tables: Tables) -> None:
    """1000 kg with 1 CPU and 16 GB; 533/384 kg a GB; drives of 3,840 and 14,000 GB."""
    parts = {part.id: part for part in tables.components if not part.archetype}

    assert {name: part.factor.value for name, part in parts.items()} == pytest.approx(
        {"base": 1000.0, "cpu": 100.0, "ram": 1.3880208333333333, "ssd": 100.0, "hdd": 50.0}
    )
    assert (parts["cpu"].included, parts["ram"].included) == (1.0, 16.0)
    assert (parts["ssd"].unit_gb, parts["hdd"].unit_gb) == (3840.0, 14000.0)


def test_a_life_cycle_figure_is_no_embodied_one(tables: Tables) -> None:
    """The PowerEdge R750's 5870 kg hold years of electricity, servers without GPUs leave most out: not shipped."""
    archetypes = {part.id: part.factor.value for part in tables.components if part.archetype}

    assert archetypes == {
        "dell-r740": 1313.0,
        "dgx-a100": 3000.0,
        "dgx-h100": 4000.0,
    }


def test_constants_go_before_the_use_files(tables: Tables) -> None:
    """Haswell is 1 to 4.74 W in the constants, 1.90 to 6.01 W in the files, which add Graviton."""
    powers = {power.id: (power.idle_w, power.factor.value) for power in tables.powers}

    assert powers["HASWELL"] == (1.0, 4.74)
    assert powers["AWS_GRAVITON"] == pytest.approx((0.4742621527777778, 1.6929615162037037))
    assert powers["memory"] == (None, 0.392)
    assert (powers["storage_ssd"][1], powers["storage_hdd"][1], powers["network"][1]) == (1.2, 0.65, 0.001)
    averages = {name: powers[f"average:{name}"] for name in ("aws", "gcp", "azure")}
    assert averages == {"aws": (0.74, 3.5), "gcp": (0.68, 4.11), "azure": (0.74, 3.54)}


def test_stale_pues_are_not_in_the_power_table(tables: Tables) -> None:
    """AWS 1.135 and its like are older than the fleets' own figures."""
    assert not [power.id for power in tables.powers if "pue" in power.id]


def test_money_shows_its_currencys_year(tables: Tables) -> None:
    """NAICS 518210: the release in force is in dollars of 2022; that of 2021 is for 2021 alone."""
    rows = {factor.id: factor for factor in tables.factors if factor.kind == "spend" and factor.zone == "518210"}

    assert rows.keys() == {"spend:518210:2021", "spend:518210:2022"}
    assert rows["spend:518210:2022"].edition == "v1.3.0 (2022 USD)"
    assert rows["spend:518210:2022"].valid_to is None
    assert "2021 USD" in rows["spend:518210:2021"].note
    assert {factor.grade for factor in rows.values()} == {"E"}


@pytest.mark.parametrize("naics", ["334111", "334112", "334413", "518210", "541512"])
def test_money_is_taken_with_margins(tables: Tables, naics: str) -> None:
    """What the buyer pays holds the margins: the value is with them and never below the one without."""
    [row] = [row for row in rows_of("spend") if row["id"] == f"spend:{naics}:2022"]

    assert float(row["value"]) >= float(row["without_margins"])


def test_all_codes_are_there_in_both_releases(tables: Tables) -> None:
    """1,016 codes in each."""
    years = [factor.id.rsplit(":", 1)[1] for factor in tables.factors if factor.kind == "spend"]

    assert (years.count("2021"), years.count("2022")) == (1016, 1016)


def test_a_providers_totals_are_numbers_with_units(tables: Tables) -> None:
    """Google 2024: 3.06 Mt market-based beside 11.3 Mt location-based; Microsoft's year ends in June."""
    totals = {factor.id: factor for factor in tables.factors if factor.kind == "provider"}

    assert len(totals) == 22
    assert totals["provider:google:scope2_market_based:2024"].value == 3059100.0
    assert totals["provider:google:scope2_location_based:2024"].value == 11283200.0
    assert totals["provider:microsoft:scope2_market_based:2024"].valid_from.isoformat() == "2023-07-01"
    change = totals["provider:amazon:total_emissions_change:2024"]
    assert (change.value, change.unit) == (6.0, "%")


def test_all_shipped_numbers_are_finite(tables: Tables) -> None:
    """No NaN and no infinity hides in a column."""
    held = [*tables.accelerators, *tables.instances, *tables.components, *tables.powers]
    numbers = [number for thing in held for number in (thing.factor.value, thing.factor.low, thing.factor.high)]

    assert all(number is None or math.isfinite(number) for number in numbers)


def test_the_shipped_tables_load_without_the_parts_that_may_be_left_out() -> None:
    """An operator who may not use AIB's or Green-e's figures starts without them."""
    tables = load(shipped_factors(), exclude=["residual_mix.aib", "residual_mix.greene"])

    assert {factor.publisher for factor in tables.factors if factor.kind == "residual_mix"}.isdisjoint({"AIB"})
    with pytest.raises(FactorDataInvalid):
        load(shipped_factors(), exclude=["residual_mix.nobody"])
