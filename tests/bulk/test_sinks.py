"""Bills that are written: how much text is held at once."""

import csv
import io

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from service.bulk.sinks import Sink, portions
from service.bulk.sources import Bill, written_out


@given(lengths=st.lists(st.sampled_from([0, 1, 50, 900]), max_size=60), most=st.integers(1, 2000))
@settings(deadline=None)
def test_portions_are_the_batch_in_pieces(lengths: list[int], most: int) -> None:
    """In order, none with more text than allowed; a row that has more by itself stands alone."""
    texts = ["x" * length for length in lengths]
    maps = pa.array([[("key", text)] for text in texts], pa.map_(pa.string(), pa.string()))
    batch = pa.record_batch({"text": pa.array(texts, pa.string()).dictionary_encode(), "map": maps})
    pieces = [*portions(batch, most)]
    assert [row for piece in pieces for row in piece.to_pylist()] == batch.to_pylist()
    sizes = [(written_out(piece), written_out(pa.record_batch(piece.to_pydict(), batch.schema))) for piece in pieces]
    assert all(of_a_part == whole for of_a_part, whole in sizes)
    assert all(written_out(piece) <= most or piece.num_rows == 1 for piece in pieces)


def test_a_text_that_all_rows_share_is_counted_in_each() -> None:
    """60,000 × 100,000 bytes would be 6 GB at once: in 64 MiB portions of at most 671 rows."""
    shared = pa.DictionaryArray.from_arrays(pa.array([0] * 60_000, pa.int32()), pa.array(["x" * 100_000]))
    pieces = [*portions(pa.record_batch({"text": shared}), 64 * 1024 * 1024)]
    assert sum(piece.num_rows for piece in pieces) == 60_000
    assert max(piece.num_rows for piece in pieces) <= 671


@given(kind=st.sampled_from([pa.string(), pa.binary(), pa.large_binary(), pa.dictionary(pa.int32(), pa.string())]))
def test_text_of_any_width_and_type_is_no_formula(kind: pa.DataType) -> None:
    """Signs of full width count as the others do; numbers stay, and letters that begin with the same byte."""
    texts = ["=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20A", "\n=1", "-3", "\uff21", "", None]
    plain = pa.array(texts, pa.string())
    column = plain.dictionary_encode() if pa.types.is_dictionary(kind) else plain.cast(kind)
    out = io.BytesIO()
    batch = pa.record_batch({"text": column})
    sink = Sink(out, "csv", Bill("parquet", batch.schema, iter(()), None))
    sink._schema = batch.schema
    sink.write(batch)
    sink.close()
    back = [cells[0] for cells in csv.reader(io.StringIO(out.getvalue().decode())) if cells][1:]
    assert back[:9] == [*(f"'{text}" for text in texts[:6]), "-3", "\uff21", ""]
