"""Columns give what the rows give one by one, whatever the batch, its types and its order."""

import asyncio
import math
from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.bulk import coefficients
from service.bulk.kernel import Kernel
from service.bulk.sums import Sums
from service.formats.focus.columns import ADDED, FIGURES
from service.formats.focus.figures import Figures, figures_of
from service.method.fingerprint import METHOD_VERSION
from service.resolve import Resolver
from tests.bills import COLUMNS, FAULTS, SERVICES, Cells, bill
from tests.bulk.reading_bills import batch_of, enriched

ROWS = len(SERVICES) * len(FAULTS)
OURS = dict(zip(ADDED, Figures.__struct_fields__, strict=False))
"""Column → field of the figures; the last two columns are the same in every row."""


@pytest.fixture(scope="module")
def rows() -> list[Cells]:
    """Every service with and without every fault."""
    sound = bill(len(SERVICES), faulty=0.0)
    return [row | fault for row in sound for fault in ({}, *FAULTS)]


async def one_by_one(resolver: Resolver, rows: list[Cells]) -> list[Figures]:
    """The figures by the way of a single workload."""
    return [await figures_of(row, resolver) for row in rows]


def assert_same(answer: list[dict[str, object]], expected: list[Figures]) -> None:
    """To 1e-9 in every number, and to the letter in every text."""
    assert len(answer) == len(expected)
    for number, (row, figures) in enumerate(zip(answer, expected, strict=True)):
        for column, field in OURS.items():
            ours, theirs = row[column], getattr(figures, field) or None
            if isinstance(getattr(figures, field), float):
                theirs = pytest.approx(getattr(figures, field), rel=1e-9, abs=0.0)
            assert ours == theirs, (number, column)


def test_columns_equal_single_workloads_on_every_row(rows: list[Cells], resolver: Resolver) -> None:
    """All services × all faults: machines, storage, network, money, and every reason there is."""
    expected = asyncio.run(one_by_one(resolver, rows))
    answer = enriched(resolver, batch_of(rows)).batch.to_pylist()
    assert_same(answer, expected)
    reasons = Counter(figures.reason for figures in expected)
    assert len(reasons) >= 15
    assert all(row["x_CarbonMethodVersion"] == METHOD_VERSION for row in answer)
    assert sum(figures.energy_kwh is not None for figures in expected) > len(rows) / 4


def test_no_figure_is_a_silent_zero(rows: list[Cells], resolver: Resolver) -> None:
    """0 only where the quantity is 0, and a row without any figure says why."""
    batch = enriched(resolver, batch_of(rows)).batch
    for given_, row in zip(rows, batch.to_pylist(), strict=True):
        known = [row[name] for name in FIGURES if row[name] is not None]
        assert known or row["x_CarbonReason"]
        assert 0.0 not in known or given_["ConsumedQuantity"] == "0"


def test_rows_keep_their_number_order_and_cells(rows: list[Cells], resolver: Resolver) -> None:
    """The file can be joined back: its own columns are untouched, ours follow."""
    batch = batch_of(rows)
    answer = enriched(resolver, batch).batch
    assert answer.schema.names == [*COLUMNS, *ADDED]
    assert answer.select(list(COLUMNS)).equals(batch)


@given(cut=st.integers(0, 600), seed=st.integers(0, 1000))
@settings(max_examples=10, deadline=None)
def test_splitting_a_bill_changes_nothing(resolver: Resolver, cut: int, seed: int) -> None:
    """Two parts one after the other are the whole."""
    rows = bill(600, seed=seed)
    whole = enriched(resolver, batch_of(rows)).batch.to_pylist()
    kernel = Kernel(resolver)
    parts = [enriched(resolver, batch_of(part), kernel).batch.to_pylist() for part in (rows[:cut], rows[cut:])]
    assert parts[0] + parts[1] == whole


@given(seed=st.integers(0, 1000), shuffled=st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_the_order_of_rows_does_not_matter_to_the_sums(resolver: Resolver, seed: int, shuffled: object) -> None:
    """Counts are equal, sums to the rounding of floats."""
    rows = bill(400, seed=seed)
    other = list(rows)
    shuffled.shuffle(other)  # type: ignore[attr-defined]
    summaries = []
    for each in (rows, other):
        sums = Sums("set")
        sums.add(enriched(resolver, batch_of(each)))
        summaries.append(sums.summary())
    first, second = summaries
    assert (first.rows, first.estimated, first.not_estimated) == (second.rows, second.estimated, second.not_estimated)
    assert first.totals.location_based_kg_co2e == pytest.approx(second.totals.location_based_kg_co2e, rel=1e-9)
    assert first.by_spend == second.by_spend


def test_the_summary_adds_the_rows_up(rows: list[Cells], resolver: Resolver) -> None:
    """Each column's sum, each reason's rows, and every row counted once."""
    done = enriched(resolver, batch_of(rows))
    sums = Sums("set")
    sums.add(done)
    summary = sums.summary()
    answer = done.batch.to_pylist()
    for name, total in zip(
        FIGURES, (getattr(summary.figures, f) for f in summary.figures.__struct_fields__), strict=True
    ):
        column = [row[name] for row in answer if row[name] is not None]
        assert total == (pytest.approx(math.fsum(column)) if column else None)
    known = summary.estimated
    estimated = known.machine + known.storage + known.network + known.spend
    assert estimated + sum(one.rows for one in summary.not_estimated) == len(rows) == summary.rows
    assert sum(one.rows for one in summary.by_spend) == known.spend
    assert {one.currency for one in summary.currencies} == {"USD", "EUR", "other"}
    assert summary.covered_cost_share is None


def test_columns_may_have_types_of_their_own(rows: list[Cells], resolver: Resolver) -> None:
    """Numbers, decimals, times, maps and dictionaries, as Parquet exports have them, give the same."""
    sound = bill(300, faulty=0.0)
    texts = batch_of(sound)
    expected = enriched(resolver, texts).batch.select(list(ADDED)).to_pylist()
    typed = {name: texts.column(name) for name in COLUMNS}
    for name in ("ConsumedQuantity", "EffectiveCost"):
        typed[name] = typed[name].cast(pa.float64())
    typed["PricingQuantity"] = typed["PricingQuantity"].cast(pa.float64()).cast(pa.decimal128(38, 12))
    for name in ("ChargePeriodStart", "ChargePeriodEnd"):
        typed[name] = typed[name].cast(pa.timestamp("ns", "UTC"))
    details = [[("InstanceType", "m5.xlarge")] if text and "m5.xlarge" in text else None
               for text in typed["SkuPriceDetails"].to_pylist()]  # fmt: skip
    kept = [index for index, row in enumerate(sound) if not row["SkuPriceDetails"] or details[index]]
    typed["SkuPriceDetails"] = pa.array(details, pa.map_(pa.string(), pa.string()))
    typed["SkuMeter"] = typed["SkuMeter"].dictionary_encode()
    typed["RegionId"] = typed["RegionId"].cast(pa.large_string())
    answer = enriched(resolver, pa.record_batch(typed)).batch.select(list(ADDED)).to_pylist()
    for index in kept:
        for name in ADDED:
            same = expected[index][name]
            assert answer[index][name] == (pytest.approx(same, rel=1e-9) if isinstance(same, float) else same)


def test_columns_that_are_missing_are_empty(resolver: Resolver) -> None:
    """Those of other versions, and those that only some providers have."""
    rows = bill(100, faulty=0.0)
    few = [name for name in COLUMNS if name not in {"CommitmentDiscountId", "HostProviderName", "x_SkuDetails", "Tags"}]
    answer = enriched(resolver, batch_of(rows, few)).batch
    assert answer.num_rows == 100
    assert_same(
        answer.to_pylist(), asyncio.run(one_by_one(resolver, [{name: row[name] for name in few} for row in rows]))
    )


def test_an_empty_batch_stays_empty(resolver: Resolver) -> None:
    """It has the columns all the same."""
    answer = enriched(resolver, batch_of([])).batch
    assert (answer.num_rows, answer.schema.names[-len(ADDED) :]) == (0, list(ADDED))


def test_distinct_names_without_end_do_not_fill_the_table(resolver: Resolver, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept has a bound, also of names that resolve to nothing."""
    monkeypatch.setattr(coefficients, "_MOST", 100)
    kernel = Kernel(resolver)
    rows = bill(1000, faulty=0.0)
    for index, row in enumerate(rows):
        row["SkuMeter"] = f"BoxUsage:made.up-{index}"
        row["RegionId"] = f"made-up-{index}"
        row["BillingCurrency"] = f"{index:03}"
    for start in range(0, 1000, 50):
        enriched(resolver, batch_of(rows[start : start + 50]), kernel)
        assert 0 < len(kernel.table) <= 100
        assert 0 < len(kernel.table._by_charge) <= 100
