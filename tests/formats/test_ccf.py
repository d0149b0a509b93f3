"""Cloud Carbon Footprint: its exports, and its own estimators' expected values from our method."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from service.errors import Refused
from service.factors.store import FactorStore
from service.formats.ccf import COLUMNS, IGNORED, read
from service.formats.imported import Given, Imported, Record, Unread
from service.method.energy import facility_energy_kwh, server_power_w
from tests.workloads import about, codes_of, estimate_of

SAMPLES = Path(__file__).parent / "samples"
JSON = (SAMPLES / "ccf_footprint.json").read_bytes()
CSV = (SAMPLES / "ccf_footprint.csv").read_bytes()


@pytest.fixture
def given(store: FactorStore) -> Given:
    """Nothing but the store."""
    return Given(store=store)


def records(content: bytes, given: Given) -> list[Record]:
    """The records of a file."""
    return [record for record in read(io.BytesIO(content), given) if record is not None]


def test_an_export_is_read(given: Given) -> None:
    """kWh hold an unstated PUE: at the building's meter, and estimated; metric tons are kept as kg."""
    first, second, third = records(JSON, given)
    assert isinstance(first, Imported)
    assert isinstance(second, Imported)
    assert first.workload.energy is not None
    energy = first.workload.energy
    assert (energy.kwh, energy.level, energy.origin) == (11350, "facility", "estimated")
    assert first.workload.period is not None
    assert (first.workload.period.start, first.workload.period.end) == ("2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z")
    assert first.workload.tags == {"account": "ml", "service": "AmazonEC2"}
    assert first.reported_kg_co2e == pytest.approx(4718.81925)
    assert (first.workload.region, second.workload.region) == ("aws:us-east-1", "azure:uksouth")
    assert isinstance(third, Unread)
    assert (third.faults[0].pointer, third.faults[0].code) == ("/3/region", "REGION_UNKNOWN")


def test_csv_gives_the_same(given: Given) -> None:
    """One estimate a record."""
    assert records(CSV, given) == records(JSON, given)[:2]


def test_the_caller_says_where_it_is_not_known(store: FactorStore) -> None:
    """Only there: estimates of other regions keep theirs."""
    found = records(JSON, Given(store=store, region="gcp:us-central1"))
    regions = [record.workload.region for record in found if isinstance(record, Imported)]
    assert regions == ["aws:us-east-1", "azure:uksouth", "gcp:us-central1"]


def test_lines_are_read(given: Given) -> None:
    """One result a line."""
    lines = b"\n".join(json.dumps(result).encode() for result in json.loads(JSON))
    assert records(lines, given) == records(JSON, given)


@pytest.mark.parametrize(
    ("by", "end"),
    [
        ("day", "2024-02-01T00:00:00Z"),
        ("week", "2024-02-07T00:00:00Z"),
        ("month", "2024-03-02T00:00:00Z"),
        ("quarter", "2024-05-01T00:00:00Z"),
        ("year", "2025-01-31T00:00:00Z"),
        ("", "2024-02-01T00:00:00Z"),
    ],
)
def test_a_period_is_as_long_as_it_is_grouped_by(by: str, end: str, given: Given) -> None:
    """From the timestamp; a day where nothing is said. From the 31st: as many days into the next months."""
    row = f"timestamp,groupBy,cloudProvider,region,kilowattHours,co2e\n2024-01-31T00:00:00Z,{by},AWS,us-east-1,1,1\n"
    (record,) = records(row.encode(), given)
    assert isinstance(record, Imported)
    assert record.workload.period is not None
    assert record.workload.period.end == end


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"kilowattHours": -1}, "/1/kilowattHours"),
        ({"kilowattHours": None}, "/1/kilowattHours"),
        ({"co2e": "much"}, "/1/co2e"),
        ({"region": 7}, "/1/region"),
    ],
)
def test_a_bad_estimate_spoils_no_other(change: dict[str, Any], pointer: str, given: Given) -> None:
    """It is told by its number and field."""
    results = json.loads(JSON)
    results[0]["serviceEstimates"][0] |= change
    found = records(json.dumps(results).encode(), given)
    assert isinstance(found[0], Unread)
    assert found[0].faults[0].pointer == pointer
    assert isinstance(found[1], Imported)


def test_what_is_no_list_of_estimates_is_told(given: Given) -> None:
    """In its place."""
    results = json.loads(JSON)
    results[0]["serviceEstimates"] = "none"
    results.insert(1, 5)
    found = records(json.dumps(results).encode(), given)
    assert [type(record) for record in found] == [Unread, Unread, Unread]


def test_another_table_is_refused(given: Given) -> None:
    """The table of days that its command line writes says no region."""
    with pytest.raises(Refused, match="ccf needs the columns timestamp"):
        records(b"Date (UTC),EC2 kilowatt hours,EC2 metric tons CO2e Emissions\n2020-07-01,1,1\n", given)


def test_every_field_is_mapped_or_ignored() -> None:
    """None is passed over in silence."""
    known = {*COLUMNS, *(name for names in IGNORED for name in names.split())}
    results = json.loads(JSON)
    seen = {name for result in results for name in result} - {"serviceEstimates"}
    assert known >= seen | {name for result in results for estimate in result["serviceEstimates"] for name in estimate}


@pytest.mark.parametrize("level", ["facility", "it", "component"])
def test_its_energy_claims_no_meter(level: str) -> None:
    """Estimators from billing are tier 4, with the same kWh as from a meter, and no primary data."""
    energy = {"kwh": 1000, "level": level}
    metered = estimate_of(region="US", energy=energy, pue=1.2)
    answer = estimate_of(region="US", energy=energy | {"origin": "estimated"}, pue=1.2)
    assert answer["energy"]["facility_kwh"] == metered["energy"]["facility_kwh"]
    assert answer["totals"]["location_based"]["kg_co2e"] == metered["totals"]["location_based"]["kg_co2e"]
    assert (answer["energy"]["tier"], answer["energy"]["grade"]) == (4, "D")
    assert answer["totals"]["location_based"]["primary_data_share"] == 0
    assert metered["totals"]["location_based"]["primary_data_share"] > 0
    assert codes_of(answer) - codes_of(metered) == {"ENERGY_MODELED"}


# Parity. Expected values and inputs: cloud-carbon-footprint, packages/core/src/*/__tests__, at e851afc7 (compute,
# memory, storage), dba7f3e3 (networking), da451412 (embodied); its co2e in metric tons stands here in kg.


def computed(**workload: Any) -> tuple[float, float]:
    """Facility kWh and location-based kg of a workload with CCF's coefficients."""
    answer = estimate_of(region="US", **workload)
    return answer["energy"]["facility_kwh"], answer["scope2"]["location_based"]["kg_co2e"]


@pytest.mark.parametrize(
    ("machines", "factor", "kwh", "kg"),
    [
        # ComputeEstimator.test.ts: (.71 + 1 % × (3.46 − .71)) W × 1 h × 1.135 × 2 / 1000; × .415755
        (2, 0.415755, 0.0016741249999999998, 6.960258393749999e-4),
        # one: .7375 × 1.135 / 1000; × .928
        (1, 0.928, 0.0008370624999999999, 7.76794e-4),
    ],
)
def test_compute_is_as_ccf_has_it(machines: int, factor: float, kwh: float, kg: float) -> None:
    """minW and maxW as idle and maximum power, vCPU-hours as hours, the replication factor as machines."""
    found = computed(
        hardware={"tdp_w": 3.46, "idle_w": 0.71, "count": machines},
        duration_hours=1,
        utilization=0.01,
        pue=1.135,
        factors={"location_kg_co2e_per_kwh": factor},
    )
    assert found == (about(kwh), about(kg))


@pytest.mark.parametrize(
    ("gigabyte_hours", "pue", "kwh"),
    [
        (80, 1.135, 0.035593599999999996),  # MemoryEstimator.test.ts: 80 × .000392 × 1.135
        (2 * 90, 1.11, 0.0783216),  # 90 × .000392 × 1.11, replication 2
    ],
)
def test_memory_is_as_ccf_has_it(gigabyte_hours: float, pue: float, kwh: float) -> None:
    """Our power of a server without processors, for an hour."""
    power_w = server_power_w(0.0, 0.0, 0.0, 0.0, gigabyte_hours)
    assert facility_energy_kwh(power_w / 1000, pue) == about(kwh)


@pytest.mark.parametrize(
    ("it_kwh", "pue", "factor", "kwh", "kg"),
    [
        (1.0 * 1.2 / 1000, 1.135, 0.415755, 0.001362, 5.6625831e-4),  # StorageEstimator.test.ts: 1 TBh × 1.2 Wh, SSD
        (1.0 * 0.65 / 1000, 1.135, 0.415755, 0.00073775, 3.0672325125e-4),  # 1 TBh × .65 Wh, HDD
        (10_000_000 * 0.001, 1.135, 0.415755, 11350, 4718.81925),  # NetworkingEstimator.test.ts: 10^7 GB × .001 kWh
        (10_000_000 * 0.001, 1.09, 0.109, 10900, 1188.1000000000002),
    ],
)
def test_storage_and_network_are_as_ccf_has_them(
    it_kwh: float, pue: float, factor: float, kwh: float, kg: float
) -> None:
    """Its kWh before PUE as IT energy."""
    found = computed(energy={"kwh": it_kwh}, pue=pue, factors={"location_kg_co2e_per_kwh": factor})
    assert found == (about(kwh), about(kg))


def test_embodied_is_as_ccf_has_it() -> None:
    """EmbodiedEmissionsEstimator.test.ts: 1795.7 kg × 24 / 35040 h × 1 / 96 vCPUs."""
    answer = estimate_of(
        region="US",
        energy={"kwh": 0},
        hardware={"embodied_kg_co2e": 1795.7, "share": 1 / 96, "lifetime_years": 4},
        duration_hours=24,
    )
    assert answer["scope3"]["embodied"]["kg_co2e"] == about(0.012811786529680366)


def test_an_accelerator_instance_is_as_ccf_has_it() -> None:
    """p4d.24xlarge: eight A100 of 46 to 407 W at 50 %, 8 × 226.5 W = 1812 W; an hour × 1.135 = 2.05662 kWh."""
    hardware = {"tdp_w": 407, "idle_w": 46, "accelerators": 8}
    kwh, _ = computed(
        hardware=hardware,
        duration_hours=1,
        utilization=0.5,
        pue=1.135,
        factors={"location_kg_co2e_per_kwh": 0.4},
    )
    assert kwh == about(2.05662)
