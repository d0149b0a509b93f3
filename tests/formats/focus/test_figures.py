"""Worked rows of the sample bill, and what corrections, commitments, currencies and cost alone come to."""

import asyncio
import csv
from pathlib import Path

import pytest

from service.formats.focus.figures import Figures, figures_of
from service.resolve import Resolver
from tests.bills import Cells

SAMPLE = Path(__file__).parent.parent / "samples" / "focus_1_2.csv"


@pytest.fixture(scope="module")
def rows() -> list[Cells]:
    """A100 on demand, A10G under a savings plan, block storage, tokens, a purchase, a tax."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figures(resolver: Resolver, cells: Cells, **changed: str) -> Figures:
    """The figures of a row with some cells changed."""
    return asyncio.run(figures_of(cells | changed, resolver))


def test_an_instance_is_modeled_at_default_utilization(rows: list[Cells], resolver: Resolver) -> None:
    """96 × (0.64 + 3.33 × 0.5) W + 1152 × 0.392 W + 8 × 400 W = 3872.864 W; × 1 h × PUE 1.15 = 4.4537936 kWh."""
    found = figures(resolver, rows[0])
    assert found.energy_kwh == pytest.approx(4.4537936, rel=1e-12)
    assert (found.grade, found.allocation_method, found.factor_year) == ("D", "time", 2026)
    assert (found.infrastructure, found.spend, found.reason) == (None, None, "INFRA_NOT_COMPUTED")


def test_a_row_that_a_commitment_covers_has_its_energy(rows: list[Cells], resolver: Resolver) -> None:
    """Its BilledCost is 0; that of the purchase is 960, and a purchase uses nothing."""
    assert rows[1]["BilledCost"] == "0.0"
    assert (figures(resolver, rows[1]).energy_kwh or 0.0) > 0
    assert figures(resolver, rows[4]) == Figures(reason="ENERGY_MISSING")
    assert figures(resolver, rows[5]) == Figures(reason="ENERGY_MISSING")


def test_storage_is_counted_by_its_coefficient(rows: list[Cells], resolver: Resolver) -> None:
    """500 GB-months × 730 h = 365 TB·h; × 1.2 W / 1000 × PUE 1.15 = 0.5037 kWh, grade D."""
    found = figures(resolver, rows[2])
    assert found.energy_kwh == pytest.approx(0.5037, rel=1e-12)
    assert (found.grade, found.embodied) == ("D", None)
    assert found.reason == "EMBODIED_NOT_COMPUTED;INFRA_NOT_COMPUTED"
    assert (found.factor_source or "").startswith("power:storage_ssd;")


def test_a_gpu_that_is_billed_by_itself_has_no_host(rows: list[Cells], resolver: Resolver) -> None:
    """Google bills cores and memory on rows of their own: 2 h × 72 W × PUE 1.1 = 0.1584 kWh."""
    gpu = {
        "ProviderName": "Google Cloud",
        "RegionId": "us-central1",
        "ServiceName": "Compute Engine",
        "SkuMeter": "Nvidia L4 GPU running in Iowa",
        "SkuPriceDetails": "",
        "ConsumedQuantity": "2",
        "x_ServiceCode": "",
    }
    assert figures(resolver, rows[0], **gpu).energy_kwh == pytest.approx(0.1584, rel=1e-9)


def test_tokens_are_estimated_from_money(rows: list[Cells], resolver: Resolver) -> None:
    """18.75 USD × 0.093 kg/USD = 1.74375 kg; the rest is inside it, and so null."""
    found = figures(resolver, rows[3])
    assert found.spend == pytest.approx(1.74375, rel=1e-12)
    assert (found.scope2_location, found.grade, found.reason) == (None, "E", "SPEND_BASED_ESTIMATE")
    assert found.allocation_method == "economic"


def test_a_correction_takes_away(rows: list[Cells], resolver: Resolver) -> None:
    """Its negative quantity or cost keeps its sign; elsewhere a negative number is a fault."""
    sound = figures(resolver, rows[0])
    back = figures(resolver, rows[0], ChargeClass="Correction", ConsumedQuantity="-1", EffectiveCost="-21")
    assert back.scope2_location == pytest.approx(-(sound.scope2_location or 0.0))
    assert back.embodied == pytest.approx(-(sound.embodied or 0.0))
    assert figures(resolver, rows[3], ChargeClass="Correction", EffectiveCost="-2").spend == pytest.approx(-0.186)
    assert figures(resolver, rows[0], ConsumedQuantity="-1") == Figures(reason="VALUE_INVALID")


def test_an_unused_commitment_runs_nothing(rows: list[Cells], resolver: Resolver) -> None:
    """By its status, or because its quantity is null; and nothing is estimated from what it cost."""
    assert figures(resolver, rows[1], CommitmentDiscountStatus="Unused") == Figures(reason="ENERGY_MISSING")
    silent = {"CommitmentDiscountStatus": "", "ConsumedQuantity": ""}
    assert figures(resolver, rows[1], **silent) == Figures(reason="ENERGY_MISSING")


def test_money_of_another_currency_is_not_converted(rows: list[Cells], resolver: Resolver) -> None:
    """The row has no figure and says why; one with hardware needs no currency."""
    assert figures(resolver, rows[3], BillingCurrency="EUR") == Figures(reason="CURRENCY_UNKNOWN")
    assert figures(resolver, rows[0], BillingCurrency="EUR") == figures(resolver, rows[0])


def test_free_usage_is_no_zero(rows: list[Cells], resolver: Resolver) -> None:
    """A cost of 0 says nothing of tokens; hardware has its energy whatever it cost."""
    assert figures(resolver, rows[3], EffectiveCost="0.0") == Figures(reason="ENERGY_MISSING")
    assert figures(resolver, rows[0], EffectiveCost="0.0") == figures(resolver, rows[0])


def test_a_global_service_has_no_region(rows: list[Cells], resolver: Resolver) -> None:
    """None is assumed: the row is estimated from its cost, and its reason names the region first."""
    found = figures(resolver, rows[0], RegionId="")
    assert (found.scope2_location, found.reason) == (None, "REGION_UNKNOWN;SPEND_BASED_ESTIMATE")


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        ("03/06/2026", "04/06/2026", "PERIOD_INVALID"),
        ("2026-06-04T00:00:00Z", "2026-06-03T00:00:00Z", "PERIOD_INVALID"),
        ("1999-06-03T00:00:00Z", "1999-06-04T00:00:00Z", "PERIOD_INVALID"),
        ("2026-06-03 10:00", "2026-06-03T13:00+02:00", "INFRA_NOT_COMPUTED"),
    ],
)
def test_a_period_is_of_the_calendar(rows: list[Cells], resolver: Resolver, start: str, end: str, reason: str) -> None:
    """Local dates are refused, not guessed at; a time without an offset is UTC, as FOCUS has it."""
    assert figures(resolver, rows[0], ChargePeriodStart=start, ChargePeriodEnd=end).reason == reason
