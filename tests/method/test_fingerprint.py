"""The fingerprint: METHOD section 7's worked hashes, and the rules of its canonical text."""

import hashlib

import pytest

from service.method.fingerprint import fingerprint, parameters_hash, plain

WORKED = {
    "allocation_method": "time",
    "category_scheme": "ghg_protocol",
    "gwp_set": "AR6",
    "idle_share_of_tdp": 0.1,
    "lifetime_years": 4.0,
    "matching": "annual",
}
WORKED_TEXT = (
    '{"allocation_method":"time","category_scheme":"ghg_protocol","gwp_set":"AR6",'
    '"idle_share_of_tdp":"0.1","lifetime_years":"4","matching":"annual"}'
)
WORKED_HASH = "17dff9e159446fc071fd98151d5070b0e90710af274f71fdad83e82ed49aa41f"


def sha256(text: str) -> str:
    """SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_worked_parameters() -> None:
    """The method's example hashes to the printed value, in any order of keys."""
    assert sha256(WORKED_TEXT) == WORKED_HASH
    assert parameters_hash(WORKED) == WORKED_HASH
    assert parameters_hash(dict(reversed(WORKED.items()))) == WORKED_HASH


def test_the_worked_fingerprint() -> None:
    """Method, factor set and parameters: the printed `mf1:` value."""
    expected = "mf1:472f8e37852d5aa0e36e436f7781aa5272bde115ab1fb4c257380d3c41aaf7ba"
    assert fingerprint("embedded@2026.1", WORKED_HASH) == expected


def test_another_factor_set_is_another_fingerprint() -> None:
    """The text hashed is `dualscope@1.0.0|factor set|hash of the parameters`."""
    text = f"dualscope@1.0.0|embedded@2026.1+1a2b3c4d5e6f|{WORKED_HASH}"
    assert fingerprint("embedded@2026.1+1a2b3c4d5e6f", WORKED_HASH) == "mf1:" + sha256(text)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (4, "4"),
        (4.0, "4"),
        (0.1, "0.1"),
        (8760.0, "8760"),
        (100.0, "100"),
        (1e-7, "0.0000001"),
        (1e22, "10000000000000000000000"),
        (0.30000000000000004, "0.30000000000000004"),
        (0.0, "0"),
    ],
)
def test_numbers_are_shortest_plain_decimals(number: float, text: str) -> None:
    """No exponent, no trailing zero, the shortest digits that are this number."""
    assert plain(number) == text


def test_lists_are_sorted_and_names_are_composed() -> None:
    """Lists in order, keys of nested objects too, text in NFC, no spaces."""
    e_acute = "e\u0301"  # e and a combining acute: one character in NFC
    parameters = {"weights": {"vcpu_hours": 0.3, "gpu_hours": 0.7}, "user_factors": ["b", e_acute, "a"]}
    expected = '{"user_factors":["a","b","\u00e9"],"weights":{"gpu_hours":"0.7","vcpu_hours":"0.3"}}'
    assert parameters_hash(parameters) == sha256(expected)


def test_truth_is_not_a_number() -> None:
    """`false` stays `false`; it does not become "0"."""
    assert parameters_hash({"provider_claims": False}) == sha256('{"provider_claims":false}')
