"""What a billing export costs, beside Polars reading and writing the same file: `python -m tests.bench.bulk`.

Run it from the checkout, on two cores. A bill of a month is made: 51 columns, some 40 SKUs, hours, resources and
amounts that all differ, a fiftieth of its rows with a fault. Each figure is of a process of its own; times are those of
the whole conversion, Parquet in, Parquet out, without the start of the process, memory with it.
"""

import argparse
import asyncio
import contextlib
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from service.bulk.kernel import Kernel
from service.bulk.sources import opened
from service.bulk.stream import enriched
from service.errors import Refused
from service.estimator import Estimator
from service.factors.store import FactorStore
from service.factors.tables import load
from service.formats.focus.figures import figures_of, workload_of
from service.formats.focus.rows import decided, row_of, year_of
from service.model.workload import Money, Workload
from service.resolve import YEARS_AHEAD, Resolver
from service.settings import RELEASE, shipped_factors
from tests.bills import COLUMNS, bill

PART = 50_000
NUMBERS = ("BilledCost", "ConsumedQuantity", "ContractedCost", "EffectiveCost", "ListCost", "PricingQuantity")
MOST = {"× Polars": 2.5, "memory [MB]": 600.0, "10,000,000: time a row ÷ that of 100,000": 1.25}
LEAST = {"× one by one": 15.0, "× one by one with plans": 15.0}
ONE_BY_ONE = 5_000
UNTIL_PLANNED = 20
"""So often the rows are estimated before they are timed: a kind has its plan once it was seen 16 times."""


def make(path: Path, rows: int) -> None:
    """Write a bill of a month."""
    chance = np.random.default_rng(7)
    sound = bill(PART, faulty=0.02)
    texts = {name: pa.array([row[name] or None for row in sound], pa.string()) for name in COLUMNS}
    writer = None
    for start in range(0, rows, PART):
        many = min(PART, rows - start)
        order = pa.array(chance.permutation(PART)[:many])
        columns = {name: column.take(order) for name, column in texts.items()}
        for name in NUMBERS:
            columns[name] = pa.array(chance.lognormal(0, 2, many))
        hours = chance.integers(0, 720, many)
        begin = np.datetime64("2026-06-01T00:00:00", "us") + hours.astype("timedelta64[h]")
        columns["ChargePeriodStart"] = pa.array(begin).cast(pa.timestamp("us", "UTC"))
        columns["ChargePeriodEnd"] = pa.array(begin + np.timedelta64(1, "h")).cast(pa.timestamp("us", "UTC"))
        columns["ResourceId"] = pa.array([f"i-{number:016x}" for number in chance.integers(0, 2**62, many)])
        batch = pa.record_batch(columns)
        writer = writer or pq.ParquetWriter(path, batch.schema, compression="zstd")
        writer.write_batch(batch)
    if writer is not None:
        writer.close()


def ours(source: Path, target: Path) -> float:
    """Seconds of the kernel's way."""
    kernel = Kernel(Resolver(FactorStore(load(shipped_factors()), RELEASE)))
    begun = time.perf_counter()
    with source.open("rb") as file, target.open("wb") as out:
        asyncio.run(enriched(kernel, opened(file), (out, "parquet")))
    return time.perf_counter() - begun


def polars(source: Path, target: Path) -> float:
    """Seconds of reading and writing alone."""
    import polars as pl  # noqa: PLC0415 - of this process alone

    begun = time.perf_counter()
    pl.scan_parquet(source).sink_parquet(target)
    return time.perf_counter() - begun


def one_by_one(source: Path, target: Path) -> float:
    """Seconds of some rows by the way of single workloads, without reading and writing."""
    del source, target
    resolver = Resolver(FactorStore(load(shipped_factors()), RELEASE))
    rows = bill(ONE_BY_ONE, faulty=0.02)
    random.Random(1).shuffle(rows)  # noqa: S311 - no secret

    async def all_of_them() -> None:
        for row in rows:
            await figures_of(row, resolver)

    asyncio.run(all_of_them())
    begun = time.perf_counter()
    asyncio.run(all_of_them())
    return time.perf_counter() - begun


def planned(source: Path, target: Path) -> float:
    """Seconds of the same rows by the quickest way of single workloads: with plans that are made, and the JSON."""
    del source, target
    resolver, estimator = Resolver(FactorStore(load(shipped_factors()), RELEASE)), Estimator()
    rows = bill(ONE_BY_ONE, faulty=0.02)

    async def all_of_them() -> None:
        for row in rows:
            charge, amounts, period = row_of(row, resolver.store)
            covered = year_of(period, resolver.store, YEARS_AHEAD) is not None
            decision = decided(charge, amounts, covered=covered)
            if decision.quantity is not None and period is not None:
                workload = workload_of(charge, period, abs(decision.quantity), resolver.store)
            elif decision.cost is not None:
                workload = Workload(
                    period=period, deployment="cloud", cost=Money(amount=abs(decision.cost), currency="USD")
                )
            else:
                continue
            with contextlib.suppress(Refused):  # its hardware has no model
                estimator.estimated(workload, await resolver.resolve(workload), sources=False)

    for _ in range(UNTIL_PLANNED):
        asyncio.run(all_of_them())
    begun = time.perf_counter()
    asyncio.run(all_of_them())
    return time.perf_counter() - begun


WAYS = {"ours": ours, "polars": polars, "one-by-one": one_by_one, "planned": planned}


def alone(way: str, source: Path, target: Path) -> tuple[float, float]:
    """Seconds and peak memory [MB] of a process of its own."""
    command = [sys.executable, "-m", "tests.bench.bulk", "--way", way, str(source), str(target)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(told[0]), float(told[1])


def main() -> int:
    """Print the table; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("files", type=Path, nargs="*")
    args = parser.parse_args()
    if args.way:
        seconds = WAYS[args.way](*args.files)
        print(seconds, _peak_mb())
        return 0
    return _table(args.rows, args.rounds)


def _peak_mb() -> float:
    """Most memory that this process had; `ru_maxrss` would be that of the process that started it. [MB]"""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def _table(sizes: list[int], rounds: int) -> int:
    print(f"Python {platform.python_version()}, {platform.machine()}, medians of {rounds} rounds")
    figures: dict[str, float] = {}
    a_row: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.parquet"), Path(folder, "out.parquet")
        single, quick = (
            statistics.median(alone(way, source, target)[0] for _ in range(rounds)) / ONE_BY_ONE
            for way in ("one-by-one", "planned")
        )
        for rows in sizes:
            make(source, rows)
            turns = [(alone("ours", source, target), alone("polars", source, target)) for _ in range(rounds)]
            seconds, other = (statistics.median(turn[way][0] for turn in turns) for way in (0, 1))
            memory, base = (max(turn[way][1] for turn in turns) for way in (0, 1))
            a_row[rows] = seconds / rows
            print(
                f"{rows:>10,} rows ({source.stat().st_size / 1e6:,.0f} MB): "
                f"{seconds:.2f} s, {rows / seconds:,.0f} rows/s, "
                f"{memory:.0f} MB; Polars alone {other:.2f} s, {base:.0f} MB; one by one {1 / single:,.0f} rows/s, "
                f"with plans {1 / quick:,.0f} rows/s"
            )
            if rows == 1_000_000:
                figures |= {"× Polars": seconds / other, "memory [MB]": memory}
                figures |= {"× one by one": single / a_row[rows], "× one by one with plans": quick / a_row[rows]}
    if {100_000, 10_000_000} <= a_row.keys():
        figures["10,000,000: time a row ÷ that of 100,000"] = a_row[10_000_000] / a_row[100_000]
    missed = 0
    for name, figure in figures.items():
        good = figure <= MOST[name] if name in MOST else figure >= LEAST[name]
        goal = f"at most {MOST[name]}" if name in MOST else f"at least {LEAST[name]}"
        print(f"{name}: {figure:.2f} ({goal}){'' if good else ' MISSED'}")
        missed += not good
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
