"""Parquet as tools write it: nested columns, texts of other types, row groups, columns of other versions."""

import io
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from service.bulk.sinks import Sink
from service.bulk.sources import Limits, opened
from service.errors import Fault, Refused
from tests.bills import bill
from tests.bulk.reading_bills import batch_of


def file_of(table: pa.Table, **how: object) -> io.BytesIO:
    """A Parquet file."""
    out = io.BytesIO()
    pq.write_table(table, out, **how)
    out.seek(0)
    return out


def table_of(rows: int = 20, **columns: pa.Array) -> pa.Table:
    """A bill with some columns in the place of its own."""
    table = pa.Table.from_batches([batch_of(bill(rows, faulty=0.0))])
    for name, column in columns.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, column) if place >= 0 else table.append_column(name, column)
    return table


def fault_of(stream: io.BytesIO, limits: Limits | None = None) -> Fault:
    """What is said of a file that is refused, while it is opened or read."""
    with pytest.raises(Refused) as caught:
        list(opened(stream, limits).batches)
    return caught.value.faults[0]


NESTED = {
    "Tags": pa.array([[("team", "nlp")], None] * 10, pa.map_(pa.string(), pa.string())),
    "SkuPriceDetails": pa.array([{"InstanceType": "m5.large", "CoreCount": 2}, None] * 10),
    "x_Lists": pa.array([["a", "b"], []] * 10),
}


@pytest.mark.parametrize("column", NESTED)
def test_nested_columns_are_handed_on(column: str) -> None:
    """Maps, structs and lists keep their type and their values."""
    table = table_of(**{column: NESTED[column]})
    bill_ = opened(file_of(table), Limits())
    back = pa.Table.from_batches([*bill_.batches])
    assert bill_.schema.field(column).type == NESTED[column].type
    assert back[column].to_pylist() == NESTED[column].to_pylist()


@pytest.mark.parametrize("kind", [pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.large_string())])
def test_texts_of_any_type_are_texts(kind: pa.DataType) -> None:
    """What wrote the file may hold them in another way."""
    names = pa.array(["AWS", None] * 10)
    column = names.dictionary_encode().cast(kind) if pa.types.is_dictionary(kind) else names.cast(kind)
    back = pa.Table.from_batches([*opened(file_of(table_of(ProviderName=column))).batches])
    assert back["ProviderName"].to_pylist() == names.to_pylist()


def test_what_is_nested_is_json_in_csv() -> None:
    """A cell holds text; a formula among it is one no longer."""
    bill_ = opened(file_of(table_of(2, Tags=pa.array([[("team", "=1+1")], None], NESTED["Tags"].type))))
    (batch,) = bill_.batches
    out = io.BytesIO()
    sink = Sink(out, "csv", bill_)
    sink._schema = batch.schema
    sink.write(batch)
    sink.close()
    assert b'"{""team"":""=1+1""}"' in out.getvalue()


def test_row_groups_are_read_one_after_the_other() -> None:
    """In their order; the number of rows is known before."""
    table = table_of(1000)
    bill_ = opened(file_of(table, row_group_size=70), Limits())
    back = pa.Table.from_batches([*bill_.batches])
    assert bill_.rows == 1000
    assert back["ResourceId"].to_pylist() == table["ResourceId"].to_pylist()


def test_a_row_group_that_unfolds_too_far_is_refused() -> None:
    """Its size is read from the file's index, before any of it is decompressed."""
    said = fault_of(file_of(table_of(1000)), Limits(row_group=1000)).detail
    assert "write smaller row groups" in said


def test_too_many_rows_are_refused_from_outside() -> None:
    """Equal rows take no space; the file's index tells how many there are."""
    assert fault_of(file_of(table_of(1000)), Limits(rows=999)).code == "BODY_TOO_LARGE"


def test_an_encoding_that_grows_each_text_by_the_last_is_refused_from_outside() -> None:
    """A megabyte could stand in each row in a few bytes."""
    stream = file_of(table_of(), use_dictionary=False, column_encoding={"Tags": "DELTA_BYTE_ARRAY"})
    assert "DELTA_BYTE_ARRAY" in fault_of(stream, Limits()).detail
    stream.seek(0)
    assert sum(batch.num_rows for batch in opened(stream).batches) == 20


def test_a_cost_may_be_a_decimal_of_bytes() -> None:
    """Some tools write decimals so."""
    cost = pa.array(["1.50", "2.25"] * 10).cast(pa.float64()).cast(pa.decimal128(38, 10))
    (batch,) = opened(file_of(table_of(EffectiveCost=cost))).batches
    assert batch.column("EffectiveCost").to_pylist() == cost.to_pylist()


def test_columns_that_stand_twice_are_refused() -> None:
    """Nobody knows which counts."""
    table = table_of()
    twice = pa.Table.from_arrays([*table.columns, table["RegionId"]], names=[*table.schema.names, "RegionId"])
    assert "RegionId twice" in fault_of(file_of(twice)).detail


def test_damage_within_a_file_is_told_with_its_place() -> None:
    """The index is whole, a page is not."""
    body = bytearray(file_of(table_of(1000), compression="zstd").getvalue())
    body[2000:6000] = bytes(4000)
    fault = fault_of(io.BytesIO(bytes(body)))
    assert (fault.pointer, fault.code) == ("/1", "VALUE_INVALID")
    assert "damaged after row 0" in fault.detail


def test_times_without_a_zone_are_utc() -> None:
    """As FOCUS has them; a date is its 00:00."""
    naive = pa.array([datetime(2026, 6, 3, 10)] * 20, pa.timestamp("ns"))  # noqa: DTZ001 - without a zone
    (batch,) = opened(file_of(table_of(ChargePeriodStart=naive))).batches
    assert batch.column("ChargePeriodStart")[0].as_py().replace(tzinfo=UTC).hour == 10
