"""A batch, or a file of another tool, as a saved map of kepler.gl: one point a region and month."""

from collections.abc import Generator, Sequence

from msgspec import Raw

from service.batch.places import SUMMED, Heap, Places
from service.estimate import estimate
from service.formats.imported import Imported
from service.formats.keplergl import PLACE, Cell, Column, Layer, Table, saved_map
from service.http.import_forms import Broken, Told
from service.http.problems import Problem
from service.http.representations import KEPLER_GL
from service.model.imports import ImportSummary
from service.model.resolved import Resolved
from service.model.result import Warn
from service.model.workload import Workload
from service.plans.reading import reading

COLUMNS = (
    *PLACE,
    Column("period_start", "timestamp"),
    Column("workloads", "integer"),
    *(Column(name, "real", "kWh" if name.endswith("kwh") else "kg CO2e") for name in SUMMED),
    Column("scope2_location_based_kg_co2e_per_kwh", "real", "kg CO2e/kWh"),
    Column("scope2_market_based_kg_co2e_per_kwh", "real", "kg CO2e/kWh"),
    Column("missing", "string"),
)
"""`period_start` is the first day of the month; `missing` names figures that some of the workloads have not."""
LAYERS = (
    Layer(
        id="location_based",
        label="Total with location-based Scope 2",
        size="total_location_based_kg_co2e",
        color="scope2_location_based_kg_co2e_per_kwh",
    ),
    Layer(
        id="market_based",
        label="Total with market-based Scope 2",
        size="total_market_based_kg_co2e",
        color="scope2_market_based_kg_co2e_per_kwh",
        visible=False,  # an alternative to the other, not to be added
    ),
)
TOOLTIP = (
    "region_id",
    "name",
    "period_start",
    "workloads",
    "facility_kwh",
    "total_location_based_kg_co2e",
    "total_market_based_kg_co2e",
    "scope2_location_based_kg_co2e_per_kwh",
    "scope2_market_based_kg_co2e_per_kwh",
    "missing",
)


class MapForm:
    """Sums while workloads come in, and writes the map at the end."""

    media_type = KEPLER_GL

    def __init__(self) -> None:
        self._places = Places()

    def opening(self) -> bytes:
        """Nothing."""
        return b""

    def add(self, out: list[bytes], index: int, workload: Workload, resolved: Resolved) -> Sequence[str]:  # noqa: ARG002
        """Add to the sums of its region and month."""
        emissions = estimate(workload, resolved)
        self._places.add(emissions)
        return [warning.code for warning in emissions.warnings]

    def refuse(self, out: list[bytes], index: int, workload: Workload | None, problem: Problem) -> None:
        """Nothing: problems are counted, and told at the end."""

    def closing(self, failed: int) -> Generator[None, None, bytes]:
        """The map."""
        yield
        return places_map(self._places, failed)


def places_map(places: Places, failed: int, remark: str = "") -> bytes:
    """The map of sums, its description with what is not to be seen on it."""
    table = Table(
        id="emissions",
        label="Emissions by region and month",
        columns=COLUMNS,
        rows=[_row(heap) for heap in places.heaps()],
        layers=LAYERS,
        latitude="region_latitude",
        longitude="region_longitude",
        time="period_start",
        tooltip=TOOLTIP,
    )
    return saved_map("Emissions by region and month", _about(places, failed) + remark, table)


def _about(places: Places, failed: int) -> str:
    """What of the batch is not to be seen, so that nobody takes the map for the whole."""
    hidden = [
        f"{what}: {number}"
        for what, number in (
            ("not to be estimated, so in no sum", failed),
            ("without a place, so in the table only", places.unplaced),
            ("without a period, so hidden by a filter over time", places.undated),
        )
        if number
    ]
    return "; ".join([f"Workloads: {places.count + failed}", *hidden]) + "."


def _row(heap: Heap) -> list[Cell]:
    region = heap.region
    place: list[Cell] = [None] * 7
    if region is not None:
        place = [region.id, region.provider, region.name, region.country, region.grid]
        place += [region.latitude, region.longitude]
    month = f"{heap.month}-01T00:00:00Z" if heap.month is not None else None
    sums = [amount.known for amount in heap.amounts]
    return [*place, month, heap.count, *sums, *heap.intensities(), " ".join(sorted(heap.missing)) or None]


class ImportMap:
    """The same of the records of a file."""

    media_type = KEPLER_GL

    def __init__(self) -> None:
        self._places = Places()

    def opening(self) -> bytes:
        """Nothing."""
        return b""

    def add(self, out: list[bytes], index: int, found: Imported, resolved: Resolved, warnings: Sequence[Warn]) -> Told:  # noqa: ARG002
        """Add to the sums of its region and month."""
        emissions = estimate(found.workload, resolved)
        self._places.add(emissions)
        return reading(emissions), ()

    def refuse(self, out: list[bytes], index: int, broken: Broken) -> None:
        """Nothing: problems are counted, and told at the end."""

    def closing(self, summary: ImportSummary, sources: Sequence[Raw]) -> bytes:  # noqa: ARG002
        """The map."""
        remark = "" if summary.complete else " The file could not be read to its end."
        return places_map(self._places, summary.failed, remark)
