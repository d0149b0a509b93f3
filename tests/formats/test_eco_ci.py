"""Eco-CI: the step of a build as it posts it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from service.errors import Refused
from service.factors.store import FactorStore
from service.formats.eco_ci import FIELDS, IGNORED, posted, read
from service.formats.imported import Given, Imported, Unread
from service.model.workload import CallerFactors
from tests.workloads import about

BODY: dict[str, Any] = json.loads((Path(__file__).parent / "samples" / "ecoci_post.body.json").read_bytes())


@pytest.fixture
def given(store: FactorStore) -> Given:
    """Nothing but the store."""
    return Given(store=store)


def test_the_sample_is_read(given: Given) -> None:
    """812345678 µJ / 3.6e12 kWh at the plug, 184 s, 118000 µg reported, 472 g/kWh where no region is named."""
    found = posted(BODY, given)
    workload = found.workload
    assert workload.energy is not None
    assert workload.energy.kwh == about(0.00022565157722222223)
    assert (workload.energy.level, workload.energy.origin) == ("it", "estimated")
    assert workload.duration_hours == about(184 / 3600)
    assert workload.utilization == about(0.417)
    assert found.reported_kg_co2e == about(0.000118)
    assert workload.region is None
    assert workload.factors == CallerFactors(location_kg_co2e_per_kwh=0.472, location_basis="life_cycle")
    assert workload.tags["repo"] == "acme/ml"
    assert workload.tags["label"] == "pytest"
    assert workload.id == "987654321"


def test_a_region_goes_before_the_intensity(store: FactorStore) -> None:
    """Our own factor has a source."""
    workload = posted(BODY, Given(store=store, region="azure:westeurope")).workload
    assert workload.region == "azure:westeurope"
    assert workload.factors == CallerFactors()


def test_neither_region_nor_intensity_is_refused(given: Given) -> None:
    """It is said what to send."""
    with pytest.raises(Refused, match="region=") as caught:
        posted(BODY | {"carbon_intensity_g": None}, given)
    assert (caught.value.faults[0].pointer, caught.value.faults[0].code) == ("/carbon_intensity_g", "REGION_UNKNOWN")


def test_addresses_are_dropped(given: Given) -> None:
    """Nothing of the runner's network stays."""
    found = posted(BODY | {"ip": "203.0.113.9", "city": "Atlantis", "lat": "1.5"}, given)
    assert "203.0.113.9" not in repr(found)
    assert "Atlantis" not in repr(found)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"energy_uj": "-1"}, "/energy_uj"),
        ({"energy_uj": ""}, "/energy_uj"),
        ({"energy_uj": "lots"}, "/energy_uj"),
        ({"duration_us": None}, "/duration_us"),
        ({"cpu_util_avg": "140"}, "/cpu_util_avg"),
        ({"carbon_ug": "x"}, "/carbon_ug"),
        ({"label": "x" * 300}, "/label"),
    ],
)
def test_a_bad_field_is_pointed_at(change: dict[str, Any], pointer: str, given: Given) -> None:
    """In the body."""
    with pytest.raises(Refused) as caught:
        posted(BODY | change, given)
    assert caught.value.faults[0].pointer == pointer


def test_many_are_read_from_lines(given: Given) -> None:
    """One bad step spoils no other."""
    lines = [BODY, BODY | {"energy_uj": "?"}, BODY]
    content = b"\n".join(json.dumps(line).encode() for line in lines)
    found = list(read(io.BytesIO(content), given))
    assert [type(record) for record in found] == [Imported, Unread, Imported]


def test_another_format_is_named(given: Given) -> None:
    """The file is refused whole."""
    with pytest.raises(Refused, match="a file of boamps, not of eco-ci"):
        list(read(io.BytesIO(b'{"task": 1, "measures": 2, "infrastructure": 3}'), given))


def test_every_field_is_mapped_or_ignored() -> None:
    """None is passed over in silence."""
    assert {*FIELDS, *(name for names in IGNORED for name in names.split())} == {*BODY}
