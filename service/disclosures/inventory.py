"""The inventory lines: what the company books where, of all answers. Source: METHOD sections 0, 8 and 10."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from service.method.disclosure import Amount, acquired, primary_share
from service.method.numeric import total
from service.method.uncertainty import weighted
from service.method.unedited import BASES
from service.model.booked import (
    CapitalGoods,
    DisclosedScope2,
    DisclosedTotal,
    DisclosedTotals,
    InventoryLine,
    InventoryPart,
    WorkloadLine,
    WorkloadView,
)
from service.model.factor import Grade
from service.model.returned import Basis, Returned, ReturnedEmbodied, ReturnedFigure

CAPITAL_GOODS = "scope3.cat2"
TITLES = {
    "scope2": "Purchased electricity",
    "scope3.cat1": "Purchased goods and services",
    CAPITAL_GOODS: "Capital goods",
    "scope3.cat3": "Fuel- and energy-related activities",
    "scope3.cat8": "Upstream leased assets",
}
"""Categories that an answer may book in, in the order of their numbers."""
PARTS = ("electricity", "fuel_and_energy", "embodied", "acquisition_year", "infrastructure", "spend_based")


class Entry(Struct, frozen=True, kw_only=True, gc=False):
    """One figure of one answer, where the company books it."""

    part: str
    basis: Basis
    category: str
    amount: Amount


class Inventory(Struct, frozen=True, kw_only=True, gc=False):
    """All lines and their sums."""

    scope2: DisclosedScope2
    scope3: list[InventoryLine]
    totals: DisclosedTotals
    workloads: WorkloadView
    capital_goods: CapitalGoods


def inventory(answers: Sequence[Returned]) -> Inventory:
    """Book every figure of every answer, under both methods."""
    entries = [entry for answer in answers for basis in BASES for entry in _entries(answer, basis)]
    lines = list(_lines(entries))
    return Inventory(
        scope2=DisclosedScope2(
            location_based_kg_co2e=_electricity(answers, "location_based"),
            market_based_kg_co2e=_electricity(answers, "market_based"),
            booked=[line for line in lines if line.category == "scope2"],
        ),
        scope3=[line for line in lines if line.category != "scope2"],
        totals=DisclosedTotals(
            location_based=_total(answers, entries, lines, "location_based"),
            market_based=_total(answers, entries, lines, "market_based"),
        ),
        workloads=_workloads(answers),
        capital_goods=_capital_goods(answers),
    )


def amortized(answer: Returned) -> ReturnedEmbodied | None:
    """Hardware of one's own, whose amortized figure is no inventory figure."""
    embodied = answer.scope3.embodied
    return embodied if embodied is not None and embodied.inventory_category == CAPITAL_GOODS else None


def _entries(answer: Returned, basis: Basis) -> Iterator[Entry]:
    scope3 = answer.scope3
    upstream = getattr(scope3.fuel_and_energy, basis, None)
    own = amortized(answer)
    figures: list[tuple[str, ReturnedFigure | None]] = [
        ("electricity", getattr(answer.scope2, basis)),
        ("fuel_and_energy", upstream),
        ("embodied", scope3.embodied if own is None else None),
        ("infrastructure", scope3.infrastructure),
        ("spend_based", scope3.spend_based),
    ]
    for part, figure in figures:
        if figure is not None:
            yield Entry(part=part, basis=basis, category=figure.inventory_category, amount=_amount(figure))
    if own is not None and own.acquisition_year_kg_co2e is not None:
        by_life = answer.allocation.method != "economic"
        amount = acquired(own.acquisition_year_kg_co2e, _amount(own), by_life=by_life)
        yield Entry(part="acquisition_year", basis=basis, category=CAPITAL_GOODS, amount=amount)


def _amount(figure: ReturnedFigure) -> Amount:
    return Amount(figure.kg_co2e, figure.low_kg_co2e, figure.high_kg_co2e, figure.grade)


def _lines(entries: Sequence[Entry]) -> Iterator[InventoryLine]:
    """By category and basis; Scope 2 always, the other categories where something is booked."""
    booked: dict[tuple[str, Basis], dict[str, list[Amount]]] = {}
    for entry in entries:
        booked.setdefault((entry.category, entry.basis), {}).setdefault(entry.part, []).append(entry.amount)
    for category in TITLES:
        for basis in BASES:
            parts = booked.get((category, basis))
            if parts is not None or category == "scope2":
                yield _line(category, basis, parts or {})


def _line(category: str, basis: Basis, booked: dict[str, list[Amount]]) -> InventoryLine:
    parts = [
        InventoryPart(
            part=part,  # type: ignore[arg-type]
            kg_co2e=total(amount.kg_co2e for amount in booked[part]),
            answers=len(booked[part]),
        )
        for part in PARTS
        if part in booked
    ]
    amounts = [amount for part in booked.values() for amount in part]
    return InventoryLine(
        category=category,
        title=TITLES[category],
        basis=basis,
        kg_co2e=total(part.kg_co2e for part in parts),
        low_kg_co2e=total(amount.low_kg_co2e for amount in amounts),
        high_kg_co2e=total(amount.high_kg_co2e for amount in amounts),
        grade=_grades(amounts)[0] if amounts else None,
        parts=parts,
    )


def _grades(amounts: Sequence[Amount]) -> tuple[Grade, Grade]:
    return weighted([amount.kg_co2e for amount in amounts], [amount.grade for amount in amounts])


def _total(
    answers: Sequence[Returned], entries: Sequence[Entry], lines: Sequence[InventoryLine], basis: Basis
) -> DisclosedTotal:
    mine = [line for line in lines if line.basis == basis]
    amounts = [entry.amount for entry in entries if entry.basis == basis]
    kg = total(line.kg_co2e for line in mine)
    grade, worst_grade = _grades(amounts)
    return DisclosedTotal(
        kg_co2e=kg,
        low_kg_co2e=total(line.low_kg_co2e for line in mine),
        high_kg_co2e=total(line.high_kg_co2e for line in mine),
        grade=grade,
        worst_grade=worst_grade,
        primary_data_share=primary_share([part for answer in answers for part in _primary(answer, basis)], kg),
    )


def _primary(answer: Returned, basis: Basis) -> Iterator[float]:
    """What of an answer's inventory figures rests on metered energy or the sender's own factors. [kg CO2e]"""
    stated = getattr(answer.totals, basis)
    yield stated.primary_data_share * stated.kg_co2e
    own = amortized(answer)
    if own is None:
        return
    user_factors = answer.methodology.parameters.get("user_factors")
    names = user_factors if isinstance(user_factors, list) else []
    by_money = answer.allocation.method == "economic"
    if ("hardware_kg_co2e_per_usd" if by_money else "embodied_kg_co2e") in names:
        yield -own.kg_co2e
    if own.acquisition_year_kg_co2e is not None and "embodied_kg_co2e" in names:
        yield own.acquisition_year_kg_co2e


def _electricity(answers: Sequence[Returned], basis: Basis) -> float | None:
    figures = [figure for answer in answers if (figure := getattr(answer.scope2, basis)) is not None]
    return total(figure.kg_co2e for figure in figures) if figures else None


def _workloads(answers: Sequence[Returned]) -> WorkloadView:
    """The answers' own figures, summed as they are."""
    lines = [
        _workload_line("scope2", [(answer.scope2.location_based, answer.scope2.market_based) for answer in answers]),
        _workload_line("scope3.fuel_and_energy", map(_upstream, answers)),
    ]
    for name in ("embodied", "infrastructure", "spend_based"):
        pairs = [(getattr(answer.scope3, name), getattr(answer.scope3, name)) for answer in answers]
        lines.append(_workload_line(f"scope3.{name}", pairs))
    return WorkloadView(
        lines=lines,
        location_based_kg_co2e=total(line.location_based_kg_co2e or 0.0 for line in lines),
        market_based_kg_co2e=total(line.market_based_kg_co2e or 0.0 for line in lines),
    )


def _upstream(answer: Returned) -> tuple[ReturnedFigure | None, ReturnedFigure | None]:
    of_energy = answer.scope3.fuel_and_energy
    return (None, None) if of_energy is None else (of_energy.location_based, of_energy.market_based)


def _workload_line(name: str, pairs: Iterable[tuple[ReturnedFigure | None, ReturnedFigure | None]]) -> WorkloadLine:
    known = [(location, market) for location, market in pairs if location is not None and market is not None]
    return WorkloadLine(
        figure=name,
        answers=len(known),
        location_based_kg_co2e=total(location.kg_co2e for location, _ in known) if known else None,
        market_based_kg_co2e=total(market.kg_co2e for _, market in known) if known else None,
    )


def _capital_goods(answers: Sequence[Returned]) -> CapitalGoods:
    own = [figure for answer in answers if (figure := amortized(answer)) is not None]
    bought = [figure.acquisition_year_kg_co2e for figure in own if figure.acquisition_year_kg_co2e is not None]
    return CapitalGoods(
        acquisition_year_kg_co2e=total(bought),
        acquisition_answers=len(bought),
        amortized_left_out_kg_co2e=total(figure.kg_co2e for figure in own),
        amortized_answers=len(own),
    )
