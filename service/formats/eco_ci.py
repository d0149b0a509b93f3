"""Eco-CI: what it posts for each measured step of a build.

Its energy is that of the runner at the plug, modeled from its utilization; no PUE is inside. It states neither when nor
where it ran, only how much the grid emitted there.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from service.errors import Fault, Refused
from service.formats.elements import records, row_of
from service.formats.imported import Given, Imported, Record, Unread, alone, unread
from service.formats.local_time import LONGEST_SECONDS
from service.formats.sheet import Row
from service.model.resolved import Note
from service.model.workload import Allocation, CallerFactors, Energy, Hardware, Workload

FIELDS = {  # theirs -> ours; many numbers are strings
    "energy_uj": "energy.kwh",  # microjoules
    "duration_us": "duration_hours",  # microseconds
    "cpu_util_avg": "utilization",  # percent
    "run_id": "id",
    "carbon_intensity_g": "factors.location_kg_co2e_per_kwh",  # g CO2e/kWh, used where no region is given
    "carbon_ug": "reported_kg_co2e",  # micrograms
    "repo": "tags.repo",
    "branch": "tags.branch",
    "commit_hash": "tags.commit",
    "workflow_name": "tags.workflow",
    "job_id": "tags.job",
    "label": "tags.label",
    "source": "tags.source",
    "filter_machine": "tags.machine",
}
IGNORED = {
    "ip": "of a person or a machine",
    "lat lon city": "of the network address",
    "workflow version note": "of no effect",
    "filter_type filter_project filter_tags": "their sorting",
    "cpu os_name cpu_arch": "a runner is a part of a server, and which part is not said",
}
NAME = "eco-ci"
REQUIRED = ("energy_uj", "duration_us")
_UJ_PER_KWH = 3.6e12
_UG_PER_KG = 1e9
_TAGS = {field: tag.removeprefix("tags.") for field, tag in FIELDS.items() if tag.startswith("tags.")}


def read(stream: BinaryIO, given: Given) -> Iterator[Record | None]:
    """The steps of a file of such bodies, one a line or in a list."""
    for number, value in records(stream, NAME, REQUIRED):
        yield _step(number, value, given)


def posted(body: dict[str, Any], given: Given) -> Imported:
    """The step that Eco-CI posts.

    Raises:
        Refused: with pointers into the body.
    """
    return alone(_step(1, body, given))


def _step(number: int, value: object, given: Given) -> Imported | Unread:
    """One body as a workload."""
    try:
        row = row_of(number, value, NAME, REQUIRED)
        notes: list[Note] = []
        workload = _workload(row, given, notes)
        micrograms = row.amount("carbon_ug", highest=1e18)
    except Refused as refused:
        return unread(refused)
    reported = micrograms / _UG_PER_KG if micrograms is not None else None
    return Imported(row=number, workload=workload, reported_kg_co2e=reported, notes=tuple(notes))


def _workload(row: Row, given: Given, notes: list[Note]) -> Workload:
    percent = row.amount("cpu_util_avg", highest=100)
    return Workload(
        id=row.short("run_id"),
        tags={tag: text for field, tag in _TAGS.items() if (text := row.short(field)) is not None},
        region=given.region,
        energy=Energy(kwh=row.needed("energy_uj", highest=1e24) / _UJ_PER_KWH, origin="estimated"),
        duration_hours=row.needed("duration_us", highest=LONGEST_SECONDS * 1e6) / 3.6e9,
        hardware=_hardware(row, given, notes),
        utilization=percent / 100 if percent is not None else None,
        utilization_metric="cpu" if percent is not None else None,
        allocation=Allocation(method=given.allocation) if given.allocation is not None else None,
        factors=CallerFactors() if given.region is not None else _stated_intensity(row),
    )


def _stated_intensity(row: Row) -> CallerFactors:
    """The grid's intensity that the step was measured with, which Electricity Maps gives over the life cycle."""
    grams = row.amount("carbon_intensity_g")
    if grams is None:
        detail = "neither a region nor a carbon intensity is known; say by region= where the runner stands"
        raise Refused([Fault(row.pointer("carbon_intensity_g"), "REGION_UNKNOWN", detail)])
    return CallerFactors(location_kg_co2e_per_kwh=grams / 1000, location_basis="life_cycle")


def _hardware(row: Row, given: Given, notes: list[Note]) -> Hardware | None:
    """The caller's instance; a runner by its processor alone is a part of a server, and which part is not known."""
    if given.instance is not None:
        return Hardware(instance=given.instance)
    detail = "what part of a server the runner is, is not known; say by instance= what it ran on"
    notes.append(("HARDWARE_UNKNOWN", row.pointer("cpu"), detail))
    return None
