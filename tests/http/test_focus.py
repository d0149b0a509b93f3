"""`POST /imports/focus`: bills by HTTP, in both forms, and what is said of bad ones."""

import csv
import io
from collections.abc import Iterator

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from service.app import create_app
from service.bulk import extra
from service.factors.store import FactorStore
from service.formats.focus.columns import ADDED
from service.settings import Settings
from tests.bills import COLUMNS, bill, csv_of
from tests.bulk.reading_bills import batch_of
from tests.serving import serving

PARQUET = "application/vnd.apache.parquet"


def parquet_of(table: pa.Table) -> bytes:
    """The bytes of a Parquet file."""
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def send(client: httpx.Client, body: bytes, media_type: str = "text/csv", **headers: str) -> httpx.Response:
    """A bill, sent."""
    return client.post("/imports/focus", content=body, headers={"Content-Type": media_type, **headers})


def test_rows_come_back_as_they_came(client: httpx.Client) -> None:
    """CSV for CSV: as many, in order, each cell as it was, ours behind them."""
    rows = bill(300)
    answer = send(client, csv_of(rows))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    back = list(csv.DictReader(io.StringIO(answer.text)))
    assert list(back[0]) == [*COLUMNS, *ADDED]
    for sent, got in zip(rows, back, strict=True):
        assert {name: got[name].removeprefix("'") for name in COLUMNS} == sent


def test_parquet_comes_back_as_parquet(client: httpx.Client) -> None:
    """With the same figures as CSV."""
    rows = bill(300)
    answer = send(client, parquet_of(pa.Table.from_batches([batch_of(rows)])), PARQUET)
    assert (answer.status_code, answer.headers["content-type"]) == (200, PARQUET)
    table = pq.read_table(io.BytesIO(answer.content))
    assert table.select(list(COLUMNS)).to_pylist() == [{k: v or None for k, v in row.items()} for row in rows]
    of_csv = list(csv.DictReader(io.StringIO(send(client, csv_of(rows)).text)))
    kwh = [float(row["x_CarbonEnergyKwh"]) if row["x_CarbonEnergyKwh"] else None for row in of_csv]
    assert table["x_CarbonEnergyKwh"].to_pylist() == kwh


def test_accept_chooses_the_form(client: httpx.Client) -> None:
    """The sums alone as JSON; rows in the other form; nothing else."""
    body = csv_of(bill(100))
    summary = send(client, body, Accept="application/json")
    assert summary.json()["rows"] == 100
    assert summary.json()["totals"]["location_based_kg_co2e"] > 0
    assert pq.read_table(io.BytesIO(send(client, body, Accept=PARQUET).content)).num_rows == 100
    assert send(client, body, Accept="text/html").status_code == 406


@pytest.mark.parametrize(
    ("body", "media_type", "pointer", "detail"),
    [
        (b"", "text/csv", "", "the file is empty"),
        (b"run_id,energy_consumed,codecarbon_version\n", "text/csv", "", "file of codecarbon"),
        (b"ChargeCategory,ServiceName\nUsage,x\n", "text/csv", "", "ChargePeriodStart, ChargePeriodEnd, EffectiveCost"),
        (b'{"a": 1}', "text/csv", "", "this is JSON"),
        (b"PK\x03\x04", "text/csv", "", "a zip file"),
        (csv_of(bill(3)) + b"a,b\n", "text/csv", "/4", "Expected 51 columns, got 2"),
        (csv_of(bill(3)).rstrip(b"\n") + b'"cut', "text/csv", "", "ends within a quoted cell"),
        (csv_of(bill(3)), PARQUET, "", "no Parquet file"),
        (b"PAR1" + bytes(100), PARQUET, "", "damaged or cut off"),
        (parquet_of(pa.table({"a": [1]})), PARQUET, "", "focus needs the columns"),
        (csv_of(bill(3)).replace(b"Sweden", b"Sch\xfcden").replace(b"AWS", b"A\xfc"), "text/csv", None, None),
        (b"x" * 2_000_000, "text/csv", "", "longer than 1 MiB"),
        (csv_of(bill(1)) + b"x" * 9_000_000, "text/csv", "", "longer than 4 MiB"),
        (
            csv_of(bill(400, faulty=0.0)) + csv_of(bill(1)).splitlines()[1].replace(b"Acme", b"Acm\xe9"),
            "text/csv",
            "/401/BillingAccountName",
            "save the whole file as UTF-8",
        ),
    ],
)
def test_a_bad_file_is_refused_whole(
    client: httpx.Client, body: bytes, media_type: str, pointer: str | None, detail: str | None
) -> None:
    """With what is wrong, and where; Latin-1 is read as such."""
    answer = send(client, body, media_type)
    if pointer is None:
        assert answer.status_code == 200
        return
    assert (answer.status_code, answer.json()["code"]) == (400, "VALUE_INVALID")
    error = answer.json()["errors"][0]
    assert error["pointer"] == pointer
    assert detail is None or detail in error["detail"]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_the_usual_forms_are_read(mark: str, bom: bytes, client: httpx.Client) -> None:
    """Any usual delimiter, with a byte order mark or without: the same answer, which is plain CSV."""
    rows = bill(50)
    text = io.StringIO()
    csv.writer(text, delimiter=mark).writerows([COLUMNS, *([row[name] for name in COLUMNS] for row in rows)])
    assert send(client, bom + text.getvalue().encode()).content == send(client, csv_of(rows)).content


def test_currencies_are_told_apart(client: httpx.Client) -> None:
    """Their costs are not added to each other; 4 of 10 rows are in euros, so of no spend."""
    rows = [row | {"BillingCurrency": "EUR" if place < 4 else "USD"} for place, row in enumerate(bill(10, faulty=0.0))]
    summary = send(client, csv_of(rows), Accept="application/json").json()
    assert [(one["currency"], one["rows"]) for one in summary["currencies"]] == [("EUR", 4), ("USD", 6)]
    assert summary["covered_cost_share"] is None


def test_bytes_without_a_type_are_known_by_their_first(client: httpx.Client) -> None:
    """A generated client sends any file as application/octet-stream."""
    table = bill(50)
    for body in (csv_of(table), parquet_of(pa.Table.from_batches([batch_of(table)]))):
        summary = send(client, body, "application/octet-stream", Accept="application/json")
        assert summary.json()["rows"] == 50
        assert send(client, body, "application/octet-stream").headers["content-type"] == "text/csv; charset=utf-8"


def test_other_media_types_are_not_taken(client: httpx.Client) -> None:
    """Nor compressed bodies, so that nothing is inflated."""
    assert send(client, b"{}", "application/json").status_code == 415
    assert send(client, csv_of(bill(1)), **{"Content-Encoding": "gzip"}).status_code == 415


def test_a_server_without_the_extra_says_what_to_install(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes no bills, whatever their form."""
    monkeypatch.setattr(extra, "PACKAGES", ("not_installed_anywhere",))
    answer = send(client, csv_of(bill(1)))
    assert (answer.status_code, answer.json()["code"]) == (415, "MEDIA_TYPE_UNSUPPORTED")
    assert "pip install 'dualscope[bulk]'" in answer.json()["detail"]


def test_a_file_that_unfolds_without_end_is_refused(client: httpx.Client) -> None:
    """One long text repeated in every row takes no space in Parquet, and all there is when it is written out."""
    rows = pa.Table.from_batches([batch_of(bill(1))]).take(pa.array([0] * 60_000))
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 60_000, pa.int32()), pa.array(["x" * 100_000]))
    body = parquet_of(rows.set_column(rows.schema.get_field_index("Tags"), "Tags", long))
    assert len(body) < 1_000_000
    answer = send(client, body, PARQUET)
    assert (answer.status_code, answer.json()["code"]) == (400, "VALUE_INVALID")
    assert "longer than" in answer.json()["detail"]


def test_no_cell_becomes_a_formula(client: httpx.Client) -> None:
    """Text that a spreadsheet would run gets an apostrophe; numbers keep their sign."""
    (row,) = bill(1, faulty=0.0)
    row |= {"ResourceName": "=1+1", "Tags": "@SUM(A1)", "BilledCost": "-2.5", "ResourceId": "-x"}
    (back,) = csv.DictReader(io.StringIO(send(client, csv_of([row])).text))
    assert (back["ResourceName"], back["Tags"], back["BilledCost"], back["ResourceId"]) == (
        "'=1+1",
        "'@SUM(A1)",
        "-2.5",
        "'-x",
    )


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary(), pa.large_binary(), pa.binary(4)])
def test_no_text_of_parquet_becomes_a_formula(client: httpx.Client, kind: pa.DataType) -> None:
    """Whatever type it is held in, bytes too, which CSV has as text; names of columns are no better than cells."""
    rows = pa.Table.from_batches([batch_of(bill(1, faulty=0.0))])
    rows = rows.append_column("=HYPERLINK(1)", pa.array(["=1+1"]).cast(kind))
    (back,) = csv.DictReader(io.StringIO(send(client, parquet_of(rows), PARQUET, Accept="text/csv").text))
    assert "=HYPERLINK(1)" not in back
    assert back["'=HYPERLINK(1)"] == "'=1+1"


def test_the_limit_is_a_setting(store: FactorStore) -> None:
    """Announced, or found out on the way: 413, and the command that takes more."""
    content = csv_of(bill(100))

    def pieces() -> Iterator[bytes]:
        yield from (content[at : at + 1000] for at in range(0, len(content), 1000))

    app = create_app(Settings(log_format="off", import_limit_bytes=4096), store=store)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as small:
        for body in (content, pieces()):
            answer = small.post("/imports/focus", content=body, headers={"Content-Type": "text/csv"})
            assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")
            assert "at most 4096 bytes" in answer.json()["detail"]
            assert "dualscope bulk focus" in answer.json()["detail"]


def test_a_bill_without_figures_has_no_totals(client: httpx.Client) -> None:
    """A tax emits nothing that is known, which is not 0."""
    (row,) = bill(1, faulty=0.0)
    summary = send(client, csv_of([row | {"ChargeCategory": "Tax"}]), Accept="application/json").json()
    assert summary["totals"] == {"location_based_kg_co2e": None, "market_based_kg_co2e": None}
