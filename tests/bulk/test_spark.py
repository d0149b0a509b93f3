"""The same figures from Apache Spark, on a local one."""

import os
import shutil
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from service.formats.focus.columns import ADDED, FIGURES
from service.resolve import Resolver
from tests.bills import bill
from tests.bulk.reading_bills import batch_of, enriched

pytest.importorskip("pyspark", reason="pip install '.[spark]' to test on Spark")
pytestmark = [
    pytest.mark.skipif(
        shutil.which("java") is None, reason="Spark needs Java 17: apt-get install openjdk-17-jre-headless"
    ),
    pytest.mark.filterwarnings("ignore"),  # of Spark's own
]


def test_spark_gives_the_same_rows(resolver: Resolver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parquet in, Parquet out, each row with the figures of one machine."""
    from pyspark.sql import SparkSession  # noqa: PLC0415

    from service.bulk.spark import enriched as on_spark  # noqa: PLC0415

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    )
    batch = batch_of(bill(500))
    pq.write_table(pa.Table.from_batches([batch]), tmp_path / "bill.parquet")
    spark = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    try:
        rows = on_spark(spark.read.parquet(str(tmp_path / "bill.parquet"))).collect()
    finally:
        spark.stop()
    expected = enriched(resolver, batch).batch.select(list(ADDED)).to_pylist()
    assert len(rows) == 500
    for got, one in zip(rows, expected, strict=True):
        for name in ADDED:
            same = one[name]
            assert got[name] == (pytest.approx(same, rel=1e-12) if name in FIGURES and same is not None else same)
