"""Whether a total is within what was planned; and what to say where it is not, or where nobody can tell."""

import argparse
from collections.abc import Mapping
from typing import Literal, get_args

import msgspec
from msgspec import Struct

from service.commands.parsing import number
from service.commands.telling import OVER_BUDGET, UNJUDGED, CommandInvalid
from service.model.result import Emissions, Total
from service.reports.wording import readable

Basis = Literal["location_based", "market_based", "larger"]
KG, BASIS = "DUALSCOPE_BUDGET_KG", "DUALSCOPE_BUDGET_BASIS"
_SCOPE2 = "scope2."


class Budget(Struct, frozen=True):
    """The most that a workload may emit."""

    kg_co2e: float
    basis: Basis


class Verdict(Struct, frozen=True):
    """An exit code, and why."""

    code: int
    lines: list[str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What sets a budget."""
    parser.add_argument(
        "--budget-kg",
        type=_kg,
        metavar="KG",
        help=f"most that the total may be [kg CO2e]: exit code 3 when it is exceeded; default: {KG}",
    )
    parser.add_argument(
        "--budget-basis",
        choices=get_args(Basis),
        help=f"total that is held against it; default: {BASIS} or the larger of the two",
    )


def budget_of(args: argparse.Namespace, environment: Mapping[str, str]) -> Budget | None:
    """The budget, if there is one.

    Raises:
        CommandInvalid: a variable makes no sense, or a basis was chosen for no budget.
    """
    kg, basis = args.budget_kg, args.budget_basis
    if kg is None and environment.get(KG, "").strip():
        try:
            kg = _kg(environment[KG])
        except argparse.ArgumentTypeError as error:
            raise CommandInvalid(f"{KG}: {error}") from None
    if kg is None:
        if basis is not None:
            raise CommandInvalid("--budget-basis: there is no budget; give --budget-kg too")
        return None
    chosen = basis or environment.get(BASIS, "").strip() or "larger"
    try:
        return msgspec.convert({"kg_co2e": kg, "basis": chosen}, Budget)
    except msgspec.ValidationError:
        raise CommandInvalid(f"{BASIS}: {chosen!r} is not one of {', '.join(get_args(Basis))}") from None


def judged(emissions: Emissions, budget: Budget) -> Verdict:
    """What is there is compared; electricity that is not there makes a total that says nothing."""
    name, total = _chosen(emissions, budget.basis)
    kg, most = readable(total.kg_co2e), readable(budget.kg_co2e)
    whole = emissions.scope3.spend_based is not None  # it stands for all the others
    missing = [] if whole else total.missing
    lines = [f"budget: {path} is not known, and so not in the total" for path in missing]
    if total.kg_co2e > budget.kg_co2e:
        over = readable(total.kg_co2e - budget.kg_co2e)
        return Verdict(
            OVER_BUDGET, [*lines, f"budget exceeded: {kg} kg CO2e {name}, {over} kg over the {most} kg planned"]
        )
    if any(path.startswith(_SCOPE2) for path in missing):
        return Verdict(UNJUDGED, [*lines, "budget not judged: without its electricity the total says nothing"])
    return Verdict(0, [*lines, f"budget kept: {kg} kg CO2e {name}, of {most} kg planned"])


def _chosen(emissions: Emissions, basis: Basis) -> tuple[str, Total]:
    totals = emissions.totals
    location = "with location-based Scope 2", totals.location_based
    market = "with market-based Scope 2", totals.market_based
    if basis == "larger":
        return max(location, market, key=lambda named: named[1].kg_co2e)
    return location if basis == "location_based" else market


def _kg(text: str) -> float:
    kg = number(text)
    if kg < 0:
        raise argparse.ArgumentTypeError(f"{text} is below 0")
    return kg
