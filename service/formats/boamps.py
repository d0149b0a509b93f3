"""BoAmps: reports of what a task of a model consumed, as Boavizta's schema has them.

`powerConsumption` is an energy in kWh, despite its name. Several measures of a report are of the same task by other
means: the best one counts, a meter at the plug before sensors of the chips. Times state no zone.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from service.errors import Fault, Refused
from service.formats.devices import devices_of
from service.formats.elements import records, row_of
from service.formats.imported import Given, Imported, LeftOut, Record, unread
from service.formats.local_time import LONGEST_SECONDS, instant_of, period_from
from service.formats.places import PROVIDERS, cloud_region, country_zone
from service.formats.sheet import Row
from service.model.resolved import Note
from service.model.workload import Allocation, Cpu, Energy, Hardware, Host, Level, Workload

FIELDS = {  # theirs -> ours
    "header.reportId": "id",
    "header.publisher.name": "tags.publisher",
    "task.taskStage": "tags.stage",
    "task.taskFamily": "tags.task",
    "task.nbRequest": "functional_units.inference",
    "measures[].measurementMethod": "energy.level",
    "measures[].powerConsumption": "energy.kwh",  # kWh
    "measures[].measurementDuration": "duration_hours",  # s
    "measures[].measurementDateTime": "period.start",
    "measures[].averageUtilizationGpu": "utilization",  # 0 to 1
    "infrastructure.infraType": "deployment",
    "infrastructure.cloudProvider": "region",
    "infrastructure.cloudInstance": "hardware.instance",
    "infrastructure.components[]": "hardware",
    "environment.country": "region",
    "environment.location": "region",
}
IGNORED = {
    "header.reportDatetime": "when it was published, not when it ran",
    "measures[].powerCalibrationMeasurement": "not part of the task",
    "environment.powerSourceCarbonIntensity": "the region's factor says the same with its source",
    "environment.powerSource powerSupplierType": "a claim without an instrument",
    "components[].nbComponent of a cpu": "some count processors, some cores",
    "components[].memorySize of a gpu": "its name says it",
    "system software quality task.dataset task.algorithms": "of no effect on the figures",
}
NAME = "boamps"
REQUIRED = ("task", "measures", "infrastructure")
OTHER_MEASURE = "another measurement of the same task"
AT_THE_PLUG = ("wattmeter", "watt meter", "pdu", "plug", "ipmi", "redfish", "bmc", "smart meter")
"""Words in the name of a method that measures the whole machine; all others read sensors of its chips."""
_DEPLOYMENTS = {"publicCloud": "cloud", "privateCloud": "owned", "onPremise": "owned"}


def read(stream: BinaryIO, given: Given) -> Iterator[Record | None]:
    """The reports of a file: one, several in a list, or one a line."""
    for number, value in records(stream, NAME, REQUIRED):
        yield from _report(number, value, given)


def _report(number: int, value: object, given: Given) -> Iterator[Record]:
    notes: list[Note] = []
    try:
        report = row_of(number, value, NAME, REQUIRED)
        body: Any = value
        measures = [_part(report, "measures", measure) for measure in _list(report, body, "measures")]
        if not measures:
            raise report.wrong("measures", "there is none")
        measure = max(measures, key=lambda each: _level(each) == "it")
        workload = _workload(_Parts(report, body), measure, given, notes)
    except Refused as refused:
        yield unread(refused)
        return
    yield Imported(row=number, workload=workload, notes=tuple(notes))
    for _ in measures[1:]:
        yield LeftOut(row=number, reason=OTHER_MEASURE)


class _Parts:
    """The blocks of a report, each as a record whose pointers begin with the report's number."""

    def __init__(self, report: Row, body: dict[str, Any]) -> None:
        self.header, self.task, self.infrastructure, self.environment = (
            _part(report, name, body.get(name) or {}) for name in ("header", "task", "infrastructure", "environment")
        )
        publisher = (body.get("header") or {}).get("publisher") or {}
        self.publisher = _part(report, "publisher", publisher)
        listed = _list(report, body.get("infrastructure") or {}, "components")
        self.components = [_part(report, "components", component) for component in listed]


def _part(report: Row, name: str, value: object) -> Row:
    if not isinstance(value, dict):
        raise report.wrong(name, "it is no object")
    return row_of(report.number, value, NAME, ())


def _list(report: Row, body: dict[str, Any], name: str) -> list[Any]:
    found = body.get(name) or []
    if not isinstance(found, list):
        raise report.wrong(name, "it is no list")
    return found


def _level(measure: Row) -> Level:
    method = (measure.text("measurementMethod") or "").lower()
    return "it" if any(word in method for word in AT_THE_PLUG) else "component"


def _workload(parts: _Parts, measure: Row, given: Given, notes: list[Note]) -> Workload:
    seconds = measure.needed("measurementDuration", highest=LONGEST_SECONDS)
    start = instant_of(measure, "measurementDateTime", given, notes)
    requests = parts.task.amount("nbRequest")
    level = _level(measure)
    utilization = _utilization(measure, notes)
    return Workload(
        id=parts.header.short("reportId"),
        tags=_tags(parts),
        region=_region(parts, given, notes),
        period=period_from(start, seconds) if start is not None else None,
        deployment=_DEPLOYMENTS.get(parts.infrastructure.text("infraType") or ""),  # type: ignore[arg-type]
        energy=Energy(kwh=measure.needed("powerConsumption"), level=level),
        host_overhead_ratio=given.host_overhead_ratio if level == "component" else None,
        duration_hours=seconds / 3600,
        hardware=_hardware(parts, given, notes),
        utilization=utilization,
        utilization_metric="gpu" if utilization is not None else None,
        allocation=Allocation(method=given.allocation) if given.allocation is not None else None,
        functional_units={"inference": requests} if requests else {},
    )


def _utilization(measure: Row, notes: list[Note]) -> float | None:
    share = measure.amount("averageUtilizationGpu")
    if share is None or share <= 1:
        return share
    detail = f"{share:g} is no share of 0 to 1, and whether it is a percentage is not said; it was left out"
    notes.append(("VALUE_INVALID", measure.pointer("averageUtilizationGpu"), detail))
    return None


def _region(parts: _Parts, given: Given, notes: list[Note]) -> str:
    if given.region is not None:
        return given.region
    provider, location = parts.infrastructure.text("cloudProvider"), parts.environment.text("location")
    if provider is not None and location is not None:
        region = cloud_region(given.store, provider, location)
        if region is not None:
            return region
    country = parts.environment.text("country")
    zone = country_zone(given.store, country, location) if country is not None else None
    if zone is None:
        detail = f"the country {(country or 'that is missing')[:64]} is not known here; say by region= where it ran"
        raise Refused([Fault(parts.environment.pointer("country"), "REGION_UNKNOWN", detail)])
    if provider is not None:
        detail = f"which region of {provider[:64]} it was is not said; its country was taken; say region="
        notes.append(("FACTOR_FALLBACK_COARSER", parts.environment.pointer("location"), detail))
    return zone


def _hardware(parts: _Parts, given: Given, notes: list[Note]) -> Hardware | None:
    """The caller's instance, else the report's where it is known, else what its components describe."""
    if given.instance is not None:
        return Hardware(instance=given.instance)
    infrastructure = parts.infrastructure
    instance, provider = infrastructure.text("cloudInstance"), infrastructure.text("cloudProvider")
    if instance is not None:
        name = f"{PROVIDERS.get(provider.strip().lower(), provider)}:{instance}" if provider is not None else instance
        if len(given.store.instances(name)) == 1:
            return Hardware(instance=name)
        detail = f"the instance type {name[:64]!r} is not known here; the components were taken"
        notes.append(("HARDWARE_UNKNOWN", infrastructure.pointer("cloudInstance"), detail))
    described = _described(parts, given)
    if isinstance(described, Hardware):
        return described
    detail = f"{described}; the making of the hardware is left out; say by instance= what it ran on"
    notes.append(("HARDWARE_UNKNOWN", infrastructure.pointer("components"), detail))
    return None


def _described(parts: _Parts, given: Given) -> Hardware | str:
    by_type: dict[str, list[Row]] = {}
    for component in parts.components:
        by_type.setdefault((component.text("componentType") or "").strip().lower(), []).append(component)
    ram = [(each.amount("memorySize") or 0.0) * (each.amount("nbComponent") or 1.0) for each in by_type.get("ram", ())]
    models = [model for each in by_type.get("cpu", ()) if (model := each.short("componentName")) is not None]
    cpu = Cpu(model=models[0]) if models else None
    host = Host(cpu=cpu, ram_gb=sum(ram) if ram else None) if cpu or ram else None
    gpus = by_type.get("gpu", [])
    if len(gpus) > 1:
        return "it has several kinds of accelerators"
    in_cloud = parts.infrastructure.text("infraType") == "publicCloud"
    if not gpus:
        if host is None or in_cloud:
            return "what part of a server it had is not known"
        return Hardware(host=host, share=_share(by_type.get("cpu", [])))
    (gpu,) = gpus
    count = gpu.amount("nbComponent", highest=1e6)
    devices = devices_of(given.store, gpu.text("componentName") or "", int(count or 1))
    if isinstance(devices, str):
        return devices
    number = int(count) if count else devices.count
    host = None if in_cloud else host  # a virtual machine's processors and memory are a part of a server's
    return Hardware(accelerator=devices.accelerator, accelerators=number, host=host, share=_share(gpus))


def _share(components: list[Row]) -> float:
    """The part of the equipment that the task had."""
    given = [share for each in components if (share := each.amount("share", highest=1)) is not None]
    return given[0] if given else 1.0


def _tags(parts: _Parts) -> dict[str, str]:
    named = {
        "publisher": parts.publisher.short("name"),
        "stage": parts.task.short("taskStage"),
        "task": parts.task.short("taskFamily"),
    }
    return {tag: text for tag, text in named.items() if text is not None}
