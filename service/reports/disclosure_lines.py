"""The disclosure block as lines: section, item, basis, value, unit, note. Both of its texts are made from these."""

from collections.abc import Iterator

from msgspec import Struct

from service.model.booked import InventoryLine
from service.model.disclosed import Disclosure, InstrumentShares

KG = "kg CO2e"
KWH = "kWh"
SHARE = "share"


class Line(Struct, frozen=True, gc=False):
    """One line of a report; `value` is a number, or a text where there is none to give."""

    section: str
    item: str
    basis: str
    value: float | str | None
    unit: str
    note: str = ""


def lines(block: Disclosure) -> Iterator[Line]:
    """Every line, section by section."""
    yield from _about(block)
    yield from _energy(block)
    yield from _inventory(block)
    yield from _totals(block)
    yield from _workloads(block)
    yield from _instruments(block)
    yield from _method(block)
    yield from _base_year(block)
    yield from _left_out(block)
    yield from _frameworks(block)


def _about(block: Disclosure) -> Iterator[Line]:
    name, edge = "Boundary", block.boundary
    yield Line(name, "organization", "", block.organization, "")
    yield Line(name, "period", "", f"{block.period.start} to {block.period.end}", "", "the end is not part of it")
    yield Line(name, "answers", "", edge.answers, "answers", edge.note)
    yield Line(name, "answers without period", "", edge.answers_without_period, "answers", "counted on trust")
    for repeated in edge.repeated_ids:
        yield Line(name, "repeated id", "", repeated, "", "stands on more than one answer")


def _energy(block: Disclosure) -> Iterator[Line]:
    name, energy = "Energy", block.energy
    for one in energy.by_deployment:
        yield Line(name, f"{one.deployment}, facility energy", "", one.facility_kwh, KWH)
    yield Line(name, "facility energy", "", energy.facility_kwh, KWH, "sum of the deployments")
    yield Line(name, "IT energy", "", energy.it_kwh, KWH, "of answers that know it")
    yield Line(name, "component energy", "", energy.component_kwh, KWH, "of answers that know it")
    yield Line(name, "PUE", "", energy.pue, "kWh/kWh", f"of {energy.pue_facility_kwh:,} kWh facility energy")


def _inventory(block: Disclosure) -> Iterator[Line]:
    for basis in ("location_based", "market_based"):
        for line in (*block.scope2.booked, *block.scope3):
            if line.basis == basis:
                yield Line("Inventory", _category(line), basis, line.kg_co2e, KG, _parts(line))
        total = block.totals.location_based if basis == "location_based" else block.totals.market_based
        yield Line("Inventory", "total", basis, total.kg_co2e, KG, "sum of the lines of this basis")


def _category(line: InventoryLine) -> str:
    number = line.category.removeprefix("scope3.cat")
    return f"Scope 2, {line.title}" if line.category == "scope2" else f"Scope 3 category {number}, {line.title}"


def _parts(line: InventoryLine) -> str:
    parts = "; ".join(f"{part.part.replace('_', ' ')} {part.kg_co2e:,}" for part in line.parts)
    return f"{parts} (grade {line.grade})" if parts else "nothing is booked here"


def _totals(block: Disclosure) -> Iterator[Line]:
    name, totals = "Quality of the totals", block.totals
    for basis, total in (("location_based", totals.location_based), ("market_based", totals.market_based)):
        yield Line(name, "low end of the range", basis, total.low_kg_co2e, KG)
        yield Line(name, "high end of the range", basis, total.high_kg_co2e, KG)
        yield Line(name, "grade", basis, total.grade, "", f"emission-weighted; the worst is {total.worst_grade}")
        yield Line(name, "primary data", basis, total.primary_data_share, SHARE)


def _workloads(block: Disclosure) -> Iterator[Line]:
    name, view = "The workloads' own view", block.workloads
    for basis in ("location_based", "market_based"):
        for line in view.lines:
            kg = line.location_based_kg_co2e if basis == "location_based" else line.market_based_kg_co2e
            yield Line(name, line.figure, basis, kg, KG, f"answers: {line.answers}")
        whole = view.location_based_kg_co2e if basis == "location_based" else view.market_based_kg_co2e
        yield Line(name, "total", basis, whole, KG, "hardware amortized; not the inventory")
    goods = block.capital_goods
    yield Line("Own hardware", "in the year of purchase", "", goods.acquisition_year_kg_co2e, KG, "in the inventory")
    yield Line("Own hardware", "amortized", "", goods.amortized_left_out_kg_co2e, KG, "not in the inventory")


def _instruments(block: Disclosure) -> Iterator[Line]:
    found = block.contractual_instruments
    yield from _shares("Contractual instruments", found)
    for line in found.quality:
        yield Line("Contractual instruments", f"outcome {line.outcome}", "", line.instruments, "instruments")
    for lack in found.unverified:
        yield Line("Contractual instruments", f"not attested: {lack.criterion}", "", lack.instruments, "instruments")
    if found.of_scope2 is not None:
        yield from _shares("Contractual instruments of Scope 2", found.of_scope2)
    mix = block.residual_mix
    sources = ", ".join(mix.sources)
    yield Line("Residual mix", "state", "", mix.state, "", sources)
    yield Line("Residual mix", "energy that no instrument covers", "", mix.uncovered_kwh, KWH)
    yield Line("Residual mix", "of it priced by the location factor", "", mix.priced_by_location_kwh, KWH)


def _shares(name: str, shares: InstrumentShares) -> Iterator[Line]:
    for line in shares.by_type:
        yield Line(name, f"type {line.type}", "", line.applied_kwh, KWH, f"instruments: {line.instruments}")
    yield Line(name, "covered energy", "", shares.covered_kwh, KWH, "sum of the types")
    yield Line(name, "share", "", shares.share, SHARE, f"of {shares.facility_kwh:,} kWh: energy, not emissions")
    yield Line(name, "bundled share", "", shares.bundled_share, SHARE)
    yield Line(name, "unbundled share", "", shares.unbundled_share, SHARE)
    yield Line(name, "share that does not say", "", shares.unstated_share, SHARE)


def _method(block: Disclosure) -> Iterator[Line]:
    for line in block.allocation.methods:
        note = f"answers: {line.answers}; amortized"
        yield Line("Allocation", f"embodied by {line.method}", "", line.embodied_kg_co2e, KG, note)
    idle = "; ".join(block.allocation.idle_policies)
    yield Line("Allocation", "unallocated", "", block.allocation.unallocated_kg_co2e, KG, idle)
    for made in block.fingerprints:
        yield Line("Method", made.fingerprint, "", made.answers, "answers", f"{made.id} {made.version}")
    for used in block.factors.factor_sets:
        yield Line("Method", f"factor set {used.id}", "", used.answers, "answers", used.version)
    yield Line("Method", "GWP set", "", ", ".join(block.gwp.sets), "", ", ".join(block.gwp.factor_sets_stated))
    for item in block.factors.items:
        words = [item.publisher, item.title, item.edition, str(item.year) if item.year is not None else None]
        yield Line("Factors", item.id, "", item.value, item.unit or "", ", ".join(word for word in words if word))


def _base_year(block: Disclosure) -> Iterator[Line]:
    base, name = block.base_year, "Base year"
    if base is None:
        return
    yield Line(name, "period", "", f"{base.period.start} to {base.period.end}", "", base.reason or "")
    yield Line(name, "status", "", base.status, "")
    for what, pair, unit in (
        ("as reported", base.kg_co2e, KG),
        ("recalculated", base.recalculated_kg_co2e, KG),
        ("moved by the recalculation", base.shift_share, SHARE),
        ("change since", base.delta_kg_co2e, KG),
        ("change since", base.delta_share, SHARE),
    ):
        if pair is not None:
            yield Line(name, what, "location_based", pair.location_based, unit)
            yield Line(name, what, "market_based", pair.market_based, unit)


def _left_out(block: Disclosure) -> Iterator[Line]:
    for gap in block.exclusions:
        note = f"answers: {gap.answers}. {gap.reason}" + (" In part." if gap.partial else "")
        yield Line("Exclusions", gap.figure, "", gap.kg_co2e, KG, note)
    for warning in block.warnings:
        yield Line("Notes", warning.code, "", warning.detail, "")


def _frameworks(block: Disclosure) -> Iterator[Line]:
    for point in block.frameworks:
        read = "" if point.evidence == "read" else "The numbering is second-hand."
        note = " ".join(part for part in (point.reason, point.note, read) if part)
        item = f"{point.framework} {point.datapoint}: {point.title}"
        yield Line("Frameworks", item, "", point.value, point.unit, note)
