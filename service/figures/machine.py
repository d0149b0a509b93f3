"""Whole-life embodied figure of one machine: the caller's, else the table's. Source: METHOD section 5."""

import msgspec
from msgspec import Struct

from service.figures.caller import own
from service.figures.case import Case
from service.figures.ledger import Ledger, number
from service.method.embodied import RANGE_HIGH, RANGE_LOW
from service.method.uncertainty import worst
from service.model.factor import Grade
from service.model.resolved import Component, Matched, Note
from service.model.resolved import Machine as Known
from service.model.workload import EmbodiedRange, Hardware, Host


class Machine(Struct, frozen=True, kw_only=True, gc=False):
    """[kg CO2e of one machine]"""

    kg_co2e: float
    low: float
    high: float
    grade: Grade
    origin: str
    parts: tuple[tuple[float, Matched], ...]
    """Units and factor of each part."""
    notes: tuple[Note, ...] = ()
    life_hours: float | None = None
    """The life that the source assumed; shown, not used. [h]"""

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of the factors."""
        return tuple(factor.id for _, factor in self.parts)

    @property
    def derivation(self) -> str:
        """Its arithmetic in one line."""
        terms = " + ".join(f"{number(units)} × {number(factor.value)}" for units, factor in self.parts)
        return f"{terms} = {number(self.kg_co2e)} kg CO2e"

    def count(self, ledger: Ledger) -> None:
        """The figure is formed: show its factors, tell its notes."""
        self.show(ledger)
        ledger.notes += self.notes

    def show(self, ledger: Ledger) -> None:
        """Show its factors."""
        for _, factor in self.parts:
            ledger.use(factor)


class _Part(Struct, frozen=True, gc=False):
    units: float
    component: Component


def machine_embodied(case: Case, hardware: Hardware) -> Machine | None:
    """The figure of one machine, or `None` where no source has it."""
    if hardware.embodied_kg_co2e is not None:
        return _callers(case, hardware.embodied_kg_co2e)
    known = case.resolved.machine
    host = _host_parts(hardware.host, case.resolved.components) if hardware.host is not None else []
    device = known.embodied if known is not None else None
    if device is None:
        whole_server = hardware.accelerator is None and hardware.instance is None and hardware.server is None
        return _sum(host, None, 0.0, ()) if host and whole_server else None
    if known is not None and not known.embodied_per_device:
        notes = () if known.host_included else (_host_missing("/hardware/instance", known.name),)
        return _of_known(known, _sum([], device, 1.0, notes))
    notes = () if host else (_host_missing("/hardware/host", hardware.accelerator or ""),)
    devices = 1.0 if case.activity.accelerators is None else case.activity.accelerators
    total = _sum(host, device, devices, notes)
    return _of_known(known, total) if known is not None else total


def _of_known(known: Known, machine: Machine) -> Machine:
    """A figure of the tables, or of the live source that answered in their place."""
    return msgspec.structs.replace(machine, origin=known.embodied_origin, life_hours=known.embodied_life_hours)


def _host_missing(pointer: str, name: str) -> Note:
    detail = f"only the accelerators of {name[:64]} are counted; describe hardware.host, or send embodied_kg_co2e"
    return "EMBODIED_HOST_MISSING", pointer, detail


def _callers(case: Case, given: float | EmbodiedRange) -> Machine | None:
    pointer = "/hardware/embodied_kg_co2e"
    notes: tuple[Note, ...] = ()
    if isinstance(given, EmbodiedRange):
        if not given.low <= given.central <= given.high:
            case.ledger.fault(pointer, "FIELDS_CONFLICT", "low ≤ central ≤ high must hold")
            return None
        kg, low, high = given.central, given.low, given.high
    else:
        kg, low, high = given, given * RANGE_LOW, given * RANGE_HIGH
        notes = (("EMBODIED_RANGE_DEFAULTED", pointer, "no range was sent; half to double was taken"),)
    factor = own("embodied_kg_co2e", kg, unit="kg CO2e")
    return Machine(kg_co2e=kg, low=low, high=high, grade="B", origin="user", parts=((1.0, factor),), notes=notes)


def _host_parts(host: Host, components: dict[str, Component]) -> list[_Part]:
    """The base server with what the host has beyond it; drives are counted whole."""
    amounts = {
        "cpu": host.cpu.units if host.cpu is not None and host.cpu.units is not None else None,
        "ram": host.ram_gb,
        "ssd": host.ssd_gb,
        "hdd": host.hdd_gb,
    }
    parts = [_Part(1.0, components["base"])]
    for name, amount in amounts.items():
        if amount is not None:
            component = components[name]
            units = amount if component.unit_gb is None else -(-amount // component.unit_gb)
            if units > component.included:
                parts.append(_Part(units - component.included, component))
    return parts


def _sum(host: list[_Part], device: Matched | None, devices: float, notes: tuple[Note, ...]) -> Machine:
    parts = [(part.units, part.component.matched) for part in host]
    if device is not None:
        parts.append((devices, device))
    kg = low = high = 0.0
    grade = parts[0][1].grade
    for units, factor in parts:
        kg += units * factor.value
        low += units * factor.low
        high += units * factor.high
        grade = worst(grade, factor.grade)
    unranged = [factor.id for _, factor in parts if not factor.ranged]
    if unranged:
        detail = f"no range is published for {', '.join(unranged)}; half to double was taken"
        notes = (*notes, ("EMBODIED_RANGE_DEFAULTED", "/hardware", detail))
    return Machine(kg_co2e=kg, low=low, high=high, grade=grade, origin="embedded", parts=tuple(parts), notes=notes)
