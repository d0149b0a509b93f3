"""Whatever place, year and hardware is asked for: a factor that fits, or a fault that says why; never a guess."""

import asyncio
import json
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from service.factors.store import FactorStore
from service.model.resolved import Resolved
from service.model.workload import Workload
from service.resolve import Resolver
from service.settings import RELEASE
from tests.workloads import shipped_resolver, shipped_tables

bounded = settings(max_examples=60, deadline=None)
FAULTS = {"REGION_UNKNOWN", "REGION_AMBIGUOUS", "HARDWARE_UNKNOWN", "PERIOD_INVALID", "FACTOR_NOT_FOUND"}

names = sorted([*shipped_resolver().store._places, *shipped_resolver().store._zones.values()])
known = st.sampled_from(names)
chips = st.sampled_from(["nvidia-h100-sxm", "nvidia-a100-80gb-sxm", "h100", "google-tpu-v4", "nonesuch", "=1+1"])
store = shipped_resolver().store
years = st.integers(store.first_year, store.newest_year + 2)
fallbacks = st.sampled_from(["coarser", "none", "world"])


@st.composite
def nearly(draw: st.DrawFn) -> str:
    """A known name with characters of it changed, dropped or added."""
    name = list(draw(known))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(name)))
        name[at : at + draw(st.integers(0, 2))] = draw(st.text(max_size=2))
    return "".join(name)[:64] or "-"


def asked(resolver: Resolver, region: str, year: int | None = None, **fields: Any) -> Resolved:
    """What a context comes down to."""
    workload: dict[str, Any] = {"region": region, "energy": {"kwh": 1}} | fields
    if year is not None:
        workload["period"] = {"start": f"{year}-01-01", "end": f"{year}-12-31"}
    return asyncio.run(resolver.resolve(msgspec.json.decode(json.dumps(workload), type=Workload)))


@bounded
@given(
    region=st.one_of(nearly(), st.text(min_size=1, max_size=64).filter(lambda text: max(text, default="") < "\ud800")),
    year=years,
)
def test_any_place_is_found_or_refused(region: str, year: int) -> None:
    """A place is one of the store's, or a fault of the region says so; no other place is taken for it."""
    resolved = asked(shipped_resolver(), region, year)
    assert {fault.code for fault in resolved.faults} <= FAULTS
    if resolved.region is None:
        assert any(fault.pointer == "/region" for fault in resolved.faults)
    else:
        found = resolved.region.id.casefold()
        assert found in {
            region.strip().casefold(),
            *(f"{provider}:{region.strip().casefold()}" for provider in _providers()),
        }


def _providers() -> set[str]:
    return {name.partition(":")[0] for name in names if ":" in name}


@bounded
@given(region=known, year=st.integers(2019, 2026), data=st.data())
def test_case_does_not_matter(region: str, year: int, data: st.DataObject) -> None:
    """However a name is written, the same is looked up."""
    written = "".join(letter.swapcase() if data.draw(st.booleans()) else letter for letter in region)
    assert asked(shipped_resolver(), written, year) is asked(shipped_resolver(), region, year)


@bounded
@given(region=known, year=st.integers(2015, 2028))
def test_what_a_stricter_caller_gets_a_laxer_one_gets_too(region: str, year: int) -> None:
    """Without coarser zones a factor is of the zone itself; where there is one, leave to go further changes nothing."""
    strict, coarser, world = (
        asked(shipped_resolver(), region, year, factors={"fallback": fallback}).grid
        for fallback in ("none", "coarser", "world")
    )
    assert strict is None or strict.match not in {"coarser_zone", "world"}
    assert strict is None or coarser is not None
    assert coarser is None or world is not None
    # a direct factor of the country goes before a life-cycle one of the zone
    kept = strict is not None and strict.match != "life_cycle_basis"
    assert not kept or coarser is None or (strict.id, strict.match) == (coarser.id, coarser.match)
    assert coarser is None or coarser.match != "world"
    assert coarser is None or world is None or (coarser.id, coarser.match) == (world.id, world.match)


@bounded
@given(region=known, year=years, fallback=fallbacks)
def test_a_factor_is_never_of_a_year_to_come(region: str, year: int, fallback: str) -> None:
    """A period is answered by its own year's factor or an earlier one."""
    resolved = asked(shipped_resolver(), region, year, factors={"fallback": fallback})
    for factor in (resolved.grid, resolved.residual):
        assert factor is None or factor.year is None or factor.year <= year


@settings(max_examples=15, deadline=None)
@given(questions=st.lists(st.tuples(nearly(), st.integers(2019, 2027), chips, fallbacks), min_size=2, max_size=12))
def test_what_was_asked_before_changes_no_answer(questions: list[tuple[str, int, str, str]]) -> None:
    """In any order, from an empty cache or a full one, a context comes down to the same."""
    fresh = Resolver(FactorStore(shipped_tables(), RELEASE))

    def answered(resolver: Resolver, question: tuple[str, int, str, str]) -> Resolved:
        region, year, chip, fallback = question
        return asked(resolver, region, year, hardware={"accelerator": chip}, factors={"fallback": fallback})

    forwards = [answered(fresh, question) for question in questions]
    backwards = [answered(shipped_resolver(), question) for question in reversed(questions)]
    assert forwards == backwards[::-1]
