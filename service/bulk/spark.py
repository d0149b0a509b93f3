"""The kernel on many machines: Apache Spark feeds it record batches and takes them back.

from pyspark.sql import SparkSession
from service.bulk.spark import enriched

spark = SparkSession.builder.getOrCreate()
enriched(spark.read.parquet("bills")).write.parquet("bills-with-carbon")
"""

import asyncio
import os
from collections.abc import Iterable, Iterator
from functools import cache

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.types import DataType, DoubleType, IntegerType, StringType, StructType

from service.bulk.kernel import ADDED_FIELDS, Kernel
from service.bulk.sources import check
from service.factors.store import FactorStore
from service.factors.tables import load
from service.resolve import Resolver
from service.settings import RELEASE, read_settings


def enriched(bill: DataFrame) -> DataFrame:
    """The bill's rows with their figures; nothing is computed before Spark needs it.

    Raises:
        Refused: it is no FOCUS bill.
    """
    check(bill.columns)
    schema = StructType(bill.schema.fields[:])
    for field in ADDED_FIELDS:
        schema = schema.add(field.name, _type(field))
    return bill.mapInArrow(_figured, schema)


def _type(field: pa.Field) -> DataType:
    if pa.types.is_floating(field.type):
        return DoubleType()
    return IntegerType() if pa.types.is_integer(field.type) else StringType()


def _figured(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What a worker does with its part."""
    kernel = _kernel()
    for batch in batches:
        yield _plain(asyncio.run(kernel.enriched(batch)).batch)


@cache
def _kernel() -> Kernel:
    """One a worker, from the tables that its environment's settings name."""
    settings = read_settings(os.environ)
    tables = load(
        settings.factors_dir,
        overlay=settings.factors_overlay,
        exclude=settings.factors_exclude,
        cache_dir=settings.cache_dir,
    )
    return Kernel(Resolver(FactorStore(tables, RELEASE)))


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Spark takes no dictionaries."""
    arrays = [
        column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)
