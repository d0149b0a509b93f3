"""`POST /imports/{format}`: files of other tools in, footprints out."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from service.app import create_app
from service.factors.store import FactorStore
from service.formats.registry import FORMATS
from service.http.import_forms import IMPORT_COLUMNS, ImportEmissions, ImportLine
from service.settings import Settings
from tests.serving import serving

Json = dict[str, Any]
SAMPLES = Path(__file__).parent.parent / "formats" / "samples"
RUNS = (SAMPLES / "codecarbon_emissions.csv").read_bytes()
RUN = (SAMPLES / "codecarbon_http_post.body.json").read_bytes()
AS_CSV = {"content-type": "text/csv"}
AS_JSON = {"content-type": "application/json"}
AS_LINES = {"content-type": "application/x-ndjson"}


def imported(client: httpx.Client, path: str, content: bytes, headers: dict[str, str], status: int = 200) -> Json:
    """The answer to an import, which is of its schema."""
    response = client.post(f"/imports/{path}", content=content, headers=headers)
    assert response.status_code == status, response.text
    msgspec.json.decode(response.content, type=ImportEmissions)
    answer: Json = response.json()
    return answer


def refused(response: httpx.Response, status: int, code: str) -> Json:
    """The problem of a file that was refused."""
    problem: Json = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, problem["code"]) == (status, code), problem
    return problem


def lines_of(rows: int) -> bytes:
    """The sample's runs many times over, each with an id of its own, and every tenth in two states."""
    head, *runs = csv.reader(io.StringIO(RUNS.decode()))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    for number in range(rows):
        run = list(runs[number % 3])
        run[2] = f"run-{number - 1 if number % 10 == 9 else number}"
        run[4] = repr(number + 0.5)
        writer.writerow(run)
    return text.getvalue().encode()


@pytest.mark.parametrize(
    ("path", "file", "headers", "status", "count"),
    [
        ("codecarbon", "codecarbon_emissions.csv", AS_CSV, 200, 3),
        ("codecarbon", "codecarbon_emissions.csv", {"content-type": "application/octet-stream"}, 200, 3),
        ("codecarbon", "codecarbon_http_post.body.json", AS_JSON, 201, 1),
        ("boamps", "boamps_report.json", AS_JSON, 200, 1),
        ("eco-ci", "ecoci_post.body.json", AS_JSON, 202, 1),
        ("ccf", "ccf_footprint.json", AS_JSON, 200, 3),
        ("ccf", "ccf_footprint.csv", AS_CSV, 200, 2),
    ],
)
def test_every_sample_is_answered(
    path: str, file: str, headers: dict[str, str], status: int, count: int, client: httpx.Client
) -> None:
    """With the status that its tool wants; every record has its footprint or its problem."""
    answer = imported(client, path, (SAMPLES / file).read_bytes(), headers, status)
    assert [result["index"] for result in answer["results"]] == [*range(count)]
    assert all((result["emissions"] is None) != (result["problem"] is None) for result in answer["results"])
    summary = answer["summary"]
    assert (summary["format"], summary["count"], summary["complete"]) == (path, count, True)


def test_the_figures_are_those_of_emissions(client: httpx.Client) -> None:
    """Of the same workload, written out: 4.2084 / 1.2 kWh of components in France, eight modules and their host."""
    (result,) = imported(client, "codecarbon?tz=Z", RUN, AS_JSON, 201)["results"]
    workload = {
        "id": "0d6c8f0e-6c1b-4f2a-9a55-0f4f0b0e7a01",
        "tags": {"project": "llm-finetune", "codecarbon": "3.3.2", "tracking_mode": "machine"},
        "region": "FR",
        "period": {"start": "2026-08-03T12:52:07Z", "end": "2026-08-03T14:22:07Z"},
        "energy": {"kwh": 4.208399999999999 / 1.2, "level": "component"},
        "pue": 1.2,
        "duration_hours": 1.5,
        "hardware": {
            "accelerator": "a100-sxm4-40",
            "accelerators": 8,
            "host": {"cpu": {"model": "Intel(R) Xeon(R) Platinum 8275CL CPU @ 3.00GHz"}, "ram_gb": 1121.8},
            "vcpus": 96,
            "ram_gb": 1121.8,
        },
        "utilization": 0.872,
        "utilization_metric": "gpu",
    }
    expected = client.post("/emissions", json=workload).json()
    assert result["emissions"] == expected | {"sources": None}
    assert (result["reported_kg_co2e"], result["warnings"]) == (0.23609123999999995, [])


def test_what_is_reported_is_summed_beside_ours(client: httpx.Client) -> None:
    """.23609124 + .14927914 + .00262549 = .38799587 kg of theirs; ours are the sum of our results."""
    answer = imported(client, "codecarbon", RUNS, AS_CSV)
    summary = answer["summary"]
    assert (summary["reported_kg_co2e"], summary["reported_count"]) == (pytest.approx(0.3879958696909722), 3)
    for basis in ("location_based", "market_based"):
        ours = sum(result["emissions"]["totals"][basis]["kg_co2e"] for result in answer["results"])
        assert summary["totals"][basis]["kg_co2e"] == pytest.approx(ours)
    used = {source["id"] for source in answer["sources"]}
    assert {"pue:gcp:us-central1:2024", "user:pue"} <= used
    assert len(answer["sources"]) == len({json.dumps(source) for source in answer["sources"]})


def test_a_long_file_is_answered_in_order(client: httpx.Client) -> None:
    """3000 records, of which 300 are an earlier state of the next."""
    answer = imported(client, "codecarbon?tz=Europe/Paris", lines_of(3000), AS_CSV)
    assert [result["index"] for result in answer["results"]] == [*range(2700)]
    rows = [result["row"] for result in answer["results"]]
    assert rows == [number for number in range(1, 3001) if number % 10 != 9]
    (left_out,) = answer["summary"]["left_out"]
    assert (left_out["count"], left_out["rows"]) == (300, [*range(9, 1000, 10)])


def test_lines(client: httpx.Client) -> None:
    """One line a result with its own sources, the summary last."""
    headers = AS_CSV | {"accept": "application/x-ndjson"}
    response = client.post("/imports/codecarbon", content=RUNS, headers=headers)
    assert response.headers["content-type"] == "application/x-ndjson"
    lines = [msgspec.json.decode(line, type=ImportLine) for line in response.content.splitlines()]
    assert [line.index for line in lines] == [0, 1, 2, None]
    assert all(line.emissions and line.emissions.sources for line in lines[:3])
    whole = imported(client, "codecarbon", RUNS, AS_CSV)
    assert json.loads(response.content.splitlines()[-1])["summary"] == whole["summary"]


def test_rows(client: httpx.Client) -> None:
    """CSV, and cells of the caller's that a spreadsheet would take for a formula are text."""
    content = RUNS.replace(b"llm-finetune", b"=1+1").replace(
        b"0d6c8f0e-6c1b-4f2a-9a55-0f4f0b0e7a01", b"=cmd|' /C calc'!A0"
    )
    response = client.post("/imports/codecarbon", content=content, headers=AS_CSV | {"accept": "text/csv"})
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    found = list(csv.DictReader(io.StringIO(response.text)))
    assert tuple(found[0]) == IMPORT_COLUMNS
    assert [row["row"] for row in found] == ["1", "2", "3"]
    assert found[0]["id"] == "'=cmd|' /C calc'!A0"
    assert float(found[0]["reported_kg_co2e"]) == 0.23609123999999995
    assert found[0]["reading_warnings"] == "VALUE_INVALID"


def test_features(client: httpx.Client) -> None:
    """GeoJSON: a point at each region that has a place."""
    response = client.post("/imports/codecarbon", content=RUNS, headers=AS_CSV | {"accept": "application/geo+json"})
    features = response.json()["features"]
    assert [feature["geometry"] is not None for feature in features] == [False, True, True]
    assert features[1]["properties"]["reported_kg_co2e"] == 0.14927913680555557


def test_a_map(client: httpx.Client) -> None:
    """One point a region and month, with the sums of its records; what is not on the map is counted."""
    content = RUNS.replace(b",3612.5,", b",-5,")
    headers = AS_CSV | {"accept": "application/vnd.kepler.gl+json"}
    answer = client.post("/imports/codecarbon", content=content, headers=headers).json()
    data = answer["datasets"][0]["data"]
    column = [field["name"] for field in data["fields"]].index("total_location_based_kg_co2e")
    results = imported(client, "codecarbon", content, AS_CSV)["results"]
    kgs = [one["emissions"]["totals"]["location_based"]["kg_co2e"] for one in results if one["emissions"] is not None]
    assert sum(row[column] for row in data["allData"]) == pytest.approx(sum(kgs), rel=1e-12)
    assert answer["info"]["description"] == (
        "Workloads: 3; not to be estimated, so in no sum: 1; without a place, so in the table only: 1."
    )


def test_a_map_of_a_file_that_breaks_off_says_so(client: httpx.Client) -> None:
    """In its description."""
    content = (SAMPLES / "ccf_footprint.json").read_bytes()
    headers = AS_JSON | {"accept": "application/vnd.kepler.gl+json"}
    answer = client.post("/imports/ccf", content=content[: content.rindex(b"{")], headers=headers).json()
    assert answer["info"]["description"].endswith(" The file could not be read to its end.")


@pytest.mark.parametrize(
    "accept", ["application/x-ndjson", "text/csv", "application/geo+json", "application/vnd.kepler.gl+json"]
)
def test_a_posted_run_is_answered_in_every_form(accept: str, client: httpx.Client) -> None:
    """With 201."""
    response = client.post("/imports/codecarbon", content=RUN, headers=AS_JSON | {"accept": accept})
    assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (201, accept)


def test_a_bad_record_spoils_no_other(client: httpx.Client) -> None:
    """Its problem has row and column; one that only the estimate finds has row and field."""
    content = RUNS.replace(b",3612.5,", b",-5,").replace(b",1.0,0.0\n", b",0.5,0.0\n")
    first, second, third = imported(client, "codecarbon", content, AS_CSV)["results"]
    assert first["emissions"] is not None
    assert [error["pointer"] for error in second["problem"]["errors"]] == ["/2/duration"]
    assert (second["problem"]["code"], second["problem"]["status"]) == ("VALUE_INVALID", 400)
    assert [error["pointer"] for error in third["problem"]["errors"]] == ["/3/pue"]
    assert (third["problem"]["code"], third["reported_kg_co2e"]) == ("PUE_BELOW_ONE", 0.0026254928854166667)


def test_a_file_that_breaks_off_says_so(client: httpx.Client) -> None:
    """The results before it stand; the last is its problem, and the summary is not complete."""
    content = (SAMPLES / "ccf_footprint.json").read_bytes()
    answer = imported(client, "ccf", content[: content.rindex(b"{")], AS_JSON)
    assert [result["row"] for result in answer["results"]] == [1, 2, None]
    assert answer["results"][-1]["problem"]["code"] == "BODY_NOT_JSON"
    assert answer["summary"]["complete"] is False
    content = lines_of(1000) + b"x" * 2_000_000
    answer = imported(client, "codecarbon", content[:-1_500_000], AS_CSV)
    assert answer["summary"]["complete"] is True


@pytest.mark.parametrize(
    ("path", "content", "headers", "refusal", "words"),
    [
        ("nonsense", b"", AS_CSV, (404, "NOT_FOUND"), "codecarbon"),
        ("codecarbon", b"", AS_CSV, (400, "VALUE_INVALID"), "empty"),
        ("codecarbon", b"\x1f\x8b\x08\x00", AS_CSV, (400, "VALUE_INVALID"), "a gzip file"),
        ("codecarbon", b"PK\x03\x04", AS_CSV, (400, "VALUE_INVALID"), "a zip file"),
        ("codecarbon", b"a,b\n1,2\n", AS_CSV, (400, "VALUE_INVALID"), "needs the columns timestamp"),
        (
            "codecarbon",
            b"BilledCost,EffectiveCost,ChargePeriodStart\n",
            AS_CSV,
            (400, "VALUE_INVALID"),
            "a file of focus",
        ),
        ("codecarbon", b"x" * 3_000_000, AS_CSV, (400, "VALUE_INVALID"), "longer than 1 MiB"),
        ("codecarbon", RUNS, AS_JSON, (400, "BODY_NOT_JSON"), "no JSON"),
        ("codecarbon", b"", AS_JSON, (400, "BODY_NOT_JSON"), "empty"),
        ("codecarbon", b"{", AS_JSON, (400, "BODY_NOT_JSON"), "cut off"),
        ("codecarbon", b"{}", AS_JSON, (400, "VALUE_INVALID"), "needs timestamp"),
        ("codecarbon", b"3", AS_JSON, (400, "VALUE_INVALID"), "one JSON object"),
        ("codecarbon", b"{}{}", AS_JSON, (400, "VALUE_INVALID"), "one JSON object"),
        ("codecarbon", b'{"a": "' + b"x" * 1_100_000 + b'"}', AS_JSON, (413, "BODY_TOO_LARGE"), "1048576"),
        ("codecarbon", RUN.replace(b"5400.0", b'"x"'), AS_JSON, (400, "VALUE_INVALID"), "/duration"),
        ("codecarbon", RUN.replace(b'"FRA"', b'"XXX"'), AS_JSON, (422, "REGION_UNKNOWN"), "/country_iso_code"),
        ("codecarbon", RUN.replace(b'"pue": 1.2', b'"pue": 0.2'), AS_JSON, (422, "PUE_BELOW_ONE"), "/pue"),
        ("codecarbon", RUNS, AS_LINES, (415, "MEDIA_TYPE_UNSUPPORTED"), "--data-binary"),
        (
            "codecarbon",
            RUNS,
            AS_CSV | {"content-encoding": "gzip"},
            (415, "MEDIA_TYPE_UNSUPPORTED"),
            "Content-Encoding",
        ),
        (
            "codecarbon",
            RUNS,
            {"content-type": "multipart/form-data; boundary=x"},
            (415, "MEDIA_TYPE_UNSUPPORTED"),
            "curl",
        ),
        ("eco-ci", b'{"task": 1, "measures": 1, "infrastructure": 1}', AS_LINES, (400, "VALUE_INVALID"), "of boamps"),
        ("ccf", b"[]x", AS_JSON, (400, "BODY_NOT_JSON"), "behind the end"),
        ("ccf?instance=p4d.24xlarge", b"[]", AS_JSON, (400, "VALUE_INVALID"), "takes no instance"),
        ("codecarbon?cost=5&currency=USD", RUNS, AS_CSV, (400, "VALUE_INVALID"), "one record"),
        ("codecarbon?cost=5", RUN, AS_JSON, (400, "VALUE_INVALID"), "go together"),
        ("codecarbon?cost=5&currency=Euro", RUN, AS_JSON, (400, "VALUE_INVALID"), "no currency"),
        ("codecarbon?cost=nan&currency=USD", RUN, AS_JSON, (400, "VALUE_INVALID"), "cost"),
        ("codecarbon?host_overhead_ratio=-1", RUN, AS_JSON, (400, "VALUE_INVALID"), "host_overhead_ratio"),
        ("codecarbon?tz=Mars/Olympus", RUNS, AS_CSV, (400, "VALUE_INVALID"), "Europe/Paris"),
        ("codecarbon?tz=../../etc/passwd", RUNS, AS_CSV, (400, "VALUE_INVALID"), "Europe/Paris"),
        ("codecarbon?tz=%2B99:00", RUNS, AS_CSV, (400, "VALUE_INVALID"), "Europe/Paris"),
        ("codecarbon?region=moon", RUNS, AS_CSV, (422, "REGION_UNKNOWN"), "nearest"),
        ("codecarbon?instance=p9.huge", RUNS, AS_CSV, (422, "HARDWARE_UNKNOWN"), "nearest"),
        ("codecarbon?user=me", RUNS, AS_CSV, (400, "VALUE_INVALID"), "no such parameter"),
    ],
    ids=range(34),
)
def test_a_bad_request_is_refused(
    path: str, content: bytes, headers: dict[str, str], refusal: tuple[int, str], words: str, client: httpx.Client
) -> None:
    """Whole, with what would be right."""
    problem = refused(client.post(f"/imports/{path}", content=content, headers=headers), *refusal)
    assert words in problem["detail"]


def test_a_form_is_told_how(client: httpx.Client) -> None:
    """`curl -F` sends a form: the command that is right is said."""
    response = client.post("/imports/codecarbon", files={"file": ("emissions.csv", RUNS)})
    assert (
        "curl --data-binary @FILE -H 'Content-Type: text/csv'"
        in refused(response, 415, "MEDIA_TYPE_UNSUPPORTED")["detail"]
    )
    assert response.headers["accept"] == "text/csv, application/json"


def test_what_the_query_says_fills_in(client: httpx.Client) -> None:
    """Region, instance, zone of the times; a cost with its allocation."""
    query = "region=gcp:us-central1&instance=a2-highgpu-8g&tz=America/Chicago&cost=40&currency=usd&allocation=economic"
    (result,) = imported(client, f"codecarbon?{query}", RUN, AS_JSON, 201)["results"]
    emissions = result["emissions"]
    assert emissions["region"]["id"] == "gcp:us-central1"
    assert emissions["period"]["end"] == "2026-08-03T19:22:07Z"  # 14:22:07 in Chicago's summer
    assert emissions["allocation"]["method"] == "economic"
    assert result["warnings"] == []


def test_a_tool_may_name_itself(client: httpx.Client) -> None:
    """CodeCarbon can send a name and token in the address: they are taken, and not looked at."""
    response = client.post("/imports/codecarbon", content=RUN, headers=AS_JSON, auth=("ci", "token"))
    assert response.status_code == 201


@pytest.mark.parametrize("file", ["codecarbon_http_post.body.json", "ecoci_post.body.json", "boamps_report.json"])
def test_a_stray_body_is_told_where_it_belongs(file: str, client: httpx.Client) -> None:
    """On `/emissions` it is refused, with the path that takes it."""
    name = {"co": "codecarbon", "ec": "eco-ci", "bo": "boamps"}[file[:2]]
    response = client.post("/emissions", content=(SAMPLES / file).read_bytes(), headers=AS_JSON)
    assert f"/imports/{name}" in refused(response, 400, "VALUE_INVALID")["detail"]


def test_a_stray_part_of_a_run_is_told_what_to_set(client: httpx.Client) -> None:
    """`save_to_api` of CodeCarbon posts to a path of this name."""
    body = (SAMPLES / "codecarbon_api_emissions.body.json").read_bytes()
    problem = refused(client.post("/emissions", content=body, headers=AS_JSON), 400, "VALUE_INVALID")
    assert "emissions_endpoint" in problem["detail"]
    assert "/imports/codecarbon" in problem["detail"]


def test_other_bad_bodies_are_told_as_before(client: httpx.Client) -> None:
    """What is no other tool's."""
    problem = refused(client.post("/emissions", json={"regoin": "FR"}), 400, "VALUE_INVALID")
    assert problem["errors"][0]["pointer"] == "/regoin"


@pytest.fixture(scope="module")
def small(store: FactorStore) -> Iterator[httpx.Client]:
    """A caller of a server that takes little."""
    app = create_app(Settings(log_format="off", import_limit_bytes=4096), store=store)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as caller:
        yield caller


def test_the_limit_is_a_setting(small: httpx.Client) -> None:
    """Announced, or found out on the way."""
    content = lines_of(40)

    def pieces() -> Iterator[bytes]:
        yield from (content[at : at + 1000] for at in range(0, len(content), 1000))

    for body in (content, pieces()):
        problem = refused(small.post("/imports/codecarbon", content=body, headers=AS_CSV), 413, "BODY_TOO_LARGE")
        assert "4096" in problem["detail"]
    assert small.post("/imports/codecarbon", content=RUNS, headers=AS_CSV).status_code == 200


def test_an_upload_in_pieces_is_the_same(client: httpx.Client) -> None:
    """Larger than what is held in memory, and sent a few bytes more than a megabyte at a time."""
    content = lines_of(6000)
    assert len(content) > 2 * 1024 * 1024
    size = 1024 * 1024 + 7
    pieces = (content[at : at + size] for at in range(0, len(content), size))
    headers = AS_CSV | {"accept": "text/csv"}
    whole = client.post("/imports/codecarbon", content=content, headers=headers)
    assert client.post("/imports/codecarbon", content=pieces, headers=headers).text == whole.text


def test_other_callers_have_their_turn(client: httpx.Client) -> None:
    """While a long file is answered, another request is."""
    with client.stream("POST", "/imports/codecarbon", content=lines_of(5000), headers=AS_CSV) as response:
        blocks = response.iter_raw()
        next(blocks)
        assert client.get("/health/live").status_code == 200
        assert sum(map(len, blocks)) > 0


def test_all_formats_are_named_in_the_document(client: httpx.Client) -> None:
    """As what the path takes."""
    document = client.get("/openapi.json").json()
    operation = document["paths"]["/imports/{format}"]["post"]
    (path,) = [parameter for parameter in operation["parameters"] if parameter["in"] == "path"]
    assert path["schema"] == {"type": "string", "enum": [*FORMATS]}
    assert {"200", "201", "202"} <= operation["responses"].keys()


def _steps() -> bytes:
    body = json.loads((SAMPLES / "ecoci_post.body.json").read_bytes())
    return b"\n".join(json.dumps(body | {"run_id": str(number)}).encode() for number in range(2000))


def _reports() -> bytes:
    report = json.loads((SAMPLES / "boamps_report.json").read_bytes())
    return json.dumps([report | {"header": {"reportId": str(number)}} for number in range(500)]).encode()


def _estimates() -> bytes:
    first, _ = json.loads((SAMPLES / "ccf_footprint.json").read_bytes())
    days = [f"2024-{month:02}-{day:02}T00:00:00.000Z" for month in range(1, 13) for day in range(1, 29)]
    return json.dumps([first | {"timestamp": day, "groupBy": "day"} for day in days]).encode()


LONG = {
    "eco-ci": (_steps, AS_LINES, 2000, 2000 * 118e-6),  # 118000 µg each
    "boamps": (_reports, AS_JSON, 500, None),
    "ccf": (_estimates, AS_JSON, 672, 336 * 4727.81925),  # two estimates on each of 12 × 28 days
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_file_of_each_format_is_answered(name: str, client: httpx.Client) -> None:
    """Every record of it, and the sum of what it reports."""
    content, headers, count, reported = LONG[name]
    summary = imported(client, name, content(), headers)["summary"]
    assert (summary["count"], summary["failed"], summary["complete"]) == (count, 0, True)
    assert summary["reported_kg_co2e"] == (pytest.approx(reported) if reported is not None else None)


def test_no_room_for_an_upload_is_told(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder for temporary files that is not there: 503, and when to try again."""
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    response = client.post("/imports/codecarbon", content=lines_of(3000), headers=AS_CSV)
    refused(response, 503, "OVERLOADED")
    assert response.headers["retry-after"] == "60"
