"""CodeCarbon 3.x: its emissions.csv, and the body that its `emissions_endpoint` posts for one run.

What its columns hold, and in which unit, was read in its source and seen in its output (3.3.2). Every energy holds its
`pue`, which is 1 where nobody set it; it is divided out here, once. Times are local and state no zone.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from service.errors import Fault, Refused
from service.formats.devices import devices_of
from service.formats.elements import row_of
from service.formats.imported import Given, Imported, LeftOut, Record, Unread, alone, unread
from service.formats.local_time import LONGEST_SECONDS, instant_of, period_until
from service.formats.places import cloud_region, country_zone
from service.formats.sheet import Row, Sheet
from service.formats.superseded import Superseded
from service.model.resolved import Note
from service.model.workload import Allocation, Cpu, Energy, Hardware, Host, Usage, Workload

COLUMNS = {  # theirs -> ours
    "run_id": "id",
    "project_name": "tags.project",
    "codecarbon_version": "tags.codecarbon",
    "tracking_mode": "tags.tracking_mode",
    "timestamp": "period.end",  # local time, end of the run
    "duration": "duration_hours",  # s
    "energy_consumed": "energy.kwh",  # kWh of the components, their PUE inside
    "pue": "pue",  # 1 where nobody set it: then ours
    "cloud_provider": "region",
    "cloud_region": "region",
    "country_iso_code": "region",  # ISO 3166 alpha-3
    "region": "region",  # a state or province, by name
    "on_cloud": "deployment",
    "gpu_model": "hardware.accelerator",  # "8 x NVIDIA A100-SXM4-40GB"
    "gpu_count": "hardware.share",  # those tracked
    "cpu_model": "hardware.host.cpu.model",
    "cpu_count": "hardware.vcpus",  # logical
    "ram_total_size": "hardware.host.ram_gb",  # 2^30 bytes, as memory is sold and our tables count it
    "gpu_utilization_percent": "utilization",
    "cpu_utilization_percent": "utilization",
    "emissions": "reported_kg_co2e",  # kg, by their method
}
IGNORED = {
    "user": "a person's login name",
    "experiment_id": "the same for everyone who sets none",
    "emissions_rate": "emissions over duration",
    "cpu_power gpu_power ram_power": "means; the energies say more, and whether PUE is inside depends on the version",
    "cpu_energy gpu_energy ram_energy": "parts of energy_consumed",
    "water_consumed wue": "water is out of scope",
    "country_name": "country_iso_code says it unmistakably",
    "os python_version": "of no effect",
    "longitude latitude": "of the network address, not of the machine",
    "ram_utilization_percent ram_used_gb": "memory's power does not follow its use here",
}
NAME = "codecarbon"
REQUIRED = ("timestamp", "run_id", "duration", "emissions", "energy_consumed")
EARLIER_STATE = "an earlier state of a run that another record has whole"
_DELTA = frozenset({"emissions_sum", "run_id"})
_LONGEST_DETAIL = 256
_QUEBEC = ("CAN", "quebec")
"""What it writes where it could not locate the machine."""


def read(stream: BinaryIO, given: Given) -> Iterator[Record | None]:
    """The runs of an emissions.csv of any generation, by the names of its columns.

    A run may have several records, each with all until then (`flush()`): the one of the longest duration counts.
    """
    earlier = Superseded()
    try:
        for row in Sheet(stream, NAME, REQUIRED).rows():
            if isinstance(row, Row):
                _remember(earlier, row)
            yield None
        yield from earlier.settle()
        stream.seek(0)
        for row in Sheet(stream, NAME, REQUIRED).rows():
            if isinstance(row, Refused):
                yield unread(row)
            elif row.number in earlier:
                yield LeftOut(row=row.number, reason=EARLIER_STATE)
            else:
                yield _run(row, given)
    finally:
        earlier.close()


def posted(body: dict[str, Any], given: Given) -> Imported:
    """The run that `emissions_endpoint` posts.

    Raises:
        Refused: with pointers into the body.
    """
    if body.keys() >= _DELTA:
        detail = "this is what save_to_api sends, a part of a run; set emissions_endpoint to this address instead"
        raise Refused([Fault("", "VALUE_INVALID", detail)])
    try:
        row = row_of(1, body, NAME, REQUIRED)
    except Refused as refused:
        return alone(unread(refused))
    return alone(_run(row, given))


def _remember(earlier: Superseded, row: Row) -> None:
    """Which run it is of, and how much of it; what cannot be read is told of later."""
    run_id = row.text("run_id")
    try:
        duration = row.amount("duration")
    except Refused:
        return
    if run_id is not None and duration is not None:
        earlier.add(row.number, run_id, duration)


def _run(row: Row, given: Given) -> Imported | Unread:
    notes: list[Note] = []
    try:
        workload = _workload(row, given, notes)
        reported = row.amount("emissions")
    except Refused as refused:
        return unread(refused)
    return Imported(row=row.number, workload=workload, reported_kg_co2e=reported, notes=tuple(notes))


def _workload(row: Row, given: Given, notes: list[Note]) -> Workload:
    run_id = row.short("run_id")
    if run_id is None:
        raise row.wrong("run_id", "it is empty")
    seconds = row.needed("duration", highest=LONGEST_SECONDS)
    end = instant_of(row, "timestamp", given, notes)
    if end is None:
        raise row.wrong("timestamp", "it is empty")
    kwh, pue = _energy(row, notes)
    hours = seconds / 3600
    hardware = _hardware(row, given, notes)
    return Workload(
        id=run_id,
        tags=_tags(row),
        region=_region(row, given, notes),
        period=period_until(end, seconds),
        deployment="cloud" if row.text("on_cloud") == "Y" else None,
        energy=Energy(kwh=kwh, level="component"),
        pue=pue,
        host_overhead_ratio=given.host_overhead_ratio,
        duration_hours=hours,
        hardware=hardware,
        cost=given.cost,
        usage=_usage(row, hours) if given.allocation == "physical" else None,
        allocation=Allocation(method=given.allocation) if given.allocation is not None else None,
        **_utilization(row),
    )


def _energy(row: Row, notes: list[Note]) -> tuple[float, float | None]:
    """Energy of the components without the PUE that it holds [kWh], and that PUE where someone set it."""
    held = row.amount("pue")
    if held is None:
        detail = "the record states no PUE; its energy was taken as holding none"
        notes.append(("PUE_DEFAULTED", row.pointer("pue"), detail))
    pue = held or 1.0
    return row.needed("energy_consumed") / pue, pue if pue != 1.0 else None


def _region(row: Row, given: Given, notes: list[Note]) -> str:
    """The caller's, else the cloud's, else the country's or that of its part."""
    if given.region is not None:
        return given.region
    provider, code = row.text("cloud_provider"), row.text("cloud_region")
    if provider is not None and code is not None:
        region = cloud_region(given.store, provider, code)
        if region is not None:
            return region
        detail = f"{provider}:{code} is not known here; the country was taken; send region"
        notes.append(("FACTOR_FALLBACK_COARSER", row.pointer("cloud_region"), detail[:_LONGEST_DETAIL]))
    country, part = row.text("country_iso_code"), row.text("region")
    zone = country_zone(given.store, country, part) if country is not None else None
    if zone is None:
        detail = f"the country {(country or 'that is empty')[:32]} is not known here; say by region= where it ran"
        raise Refused([Fault(row.pointer("country_iso_code"), "REGION_UNKNOWN", detail)])
    if (country, part) == _QUEBEC and row.text("longitude") is None:
        detail = "CodeCarbon writes Canada, Quebec too where it could not locate the machine; say region= to be sure"
        notes.append(("REGION_UNKNOWN", row.pointer("country_iso_code"), detail))
    return zone


def _hardware(row: Row, given: Given, notes: list[Note]) -> Hardware | None:
    """The caller's instance, else what the record describes; nothing where part of it cannot be told."""
    if given.instance is not None:
        return Hardware(instance=given.instance)
    cpu, ram_gb, vcpus = row.short("cpu_model"), row.amount("ram_total_size"), row.amount("cpu_count")
    tracked = row.amount("gpu_count", highest=1e6)
    in_cloud = row.text("on_cloud") == "Y"
    host = Host(cpu=Cpu(model=cpu) if cpu is not None else None, ram_gb=ram_gb)
    text = row.text("gpu_model")
    if text is None and not tracked:
        if in_cloud or cpu is None:
            detail = "what part of a server it had is not known; say by instance= what it ran on"
            notes.append(("HARDWARE_UNKNOWN", row.pointer("cpu_model"), detail))
            return None
        return Hardware(host=host, vcpus=vcpus, ram_gb=ram_gb)
    devices = devices_of(given.store, text, int(tracked or 1)) if text is not None else "its name is missing"
    if isinstance(devices, str):
        detail = f"{devices}; the making of the hardware is left out; say by instance= what it ran on"
        notes.append(("HARDWARE_UNKNOWN", row.pointer("gpu_model"), detail))
        return None
    return Hardware(
        accelerator=devices.accelerator,
        accelerators=devices.count,
        host=None if in_cloud else host,  # a virtual machine's processors and memory are a part of a server's
        share=tracked / devices.count if tracked and tracked < devices.count else 1.0,
        vcpus=vcpus,
        ram_gb=ram_gb,
    )


def _utilization(row: Row) -> dict[str, Any]:
    """Of the accelerators where there are some, else of the processors."""
    kind = "gpu" if row.amount("gpu_count", highest=1e6) else "cpu"
    percent = row.amount(f"{kind}_utilization_percent", highest=100)
    return {"utilization": percent / 100, "utilization_metric": kind} if percent is not None else {}


def _usage(row: Row, hours: float) -> Usage:
    """Resource-hours that the run had for itself."""
    gpus, vcpus = row.amount("gpu_count", highest=1e6), row.amount("cpu_count")
    if gpus:
        return Usage(gpu_hours=gpus * hours)
    return Usage(vcpu_hours=vcpus * hours if vcpus is not None else None)


def _tags(row: Row) -> dict[str, str]:
    named = {"project": "project_name", "codecarbon": "codecarbon_version", "tracking_mode": "tracking_mode"}
    return {tag: text for tag, column in named.items() if (text := row.short(column)) is not None}
