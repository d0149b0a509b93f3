"""`POST /emissions/batch` with a JSON body."""

import csv
import io
import random
from typing import Any

import httpx
import msgspec
import pytest

from service.http.batch_forms import BatchEmissions, BatchResult
from service.http.tables import COLUMNS

Json = dict[str, Any]
PATH = "/emissions/batch"
LEAST = {"region": "aws:us-east-1", "energy": {"kwh": 100}}
FLAT = {"location_kg_co2e_per_kwh": 0.4, "residual_kg_co2e_per_kwh": 0.5, "upstream_kg_co2e_per_kwh": 0}
FLAT |= {"td_loss_share": 0}
MIB = 1024 * 1024


def answered(client: httpx.Client, body: Json) -> Json:
    """Return the answer to a batch, which is of its schema."""
    response = client.post(PATH, json=body)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    msgspec.json.decode(response.content, type=BatchEmissions)
    answer: Json = response.json()
    return answer


def refused(response: httpx.Response, status: int, code: str) -> list[str]:
    """Return the pointers of a refusal of the whole."""
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code), problem
    return [error["pointer"] for error in problem["errors"]]


def mixed(count: int) -> list[Json]:
    """Return workloads of several regions, teams and months."""
    chance = random.Random(7)  # noqa: S311 - the same each time
    regions = ["aws:us-east-1", "gcp:europe-west9", "FR", "azure:westeurope", "US-CA"]
    return [
        {
            "id": f"job-{index}",
            "tags": {"team": chance.choice(["vision", "search"])},
            "region": chance.choice(regions),
            "period": {"start": f"2025-0{index % 3 + 1}-05", "end": f"2025-0{index % 3 + 1}-25"},
            "energy": {"kwh": chance.random() * 10 ** chance.randint(-3, 9)},
        }
        for index in range(count)
    ]


def test_a_batch_of_one_is_that_one(client: httpx.Client) -> None:
    """The same figures, warnings and methodology as alone; its sources stand once, at the end."""
    body = {"id": "x", "hardware": {"instance": "p5.48xlarge"}, "duration_hours": 5} | LEAST
    alone = client.post("/emissions", json=body).json()
    answer = answered(client, {"workloads": [body]})
    ((index, emissions, problem),) = [tuple(result.values()) for result in answer["results"]]
    assert (index, problem) == (0, None)
    assert emissions == alone | {"sources": None}
    assert sorted(answer["sources"], key=lambda one: one["id"]) == sorted(alone["sources"], key=lambda one: one["id"])
    summary = answer["summary"]
    assert (summary["count"], summary["failed"], summary["groups"]) == (1, 0, [])
    assert summary["energy_kwh"] == alone["energy"]["facility_kwh"]
    for basis, total in summary["totals"].items():
        assert total["kg_co2e"] == alone["totals"][basis]["kg_co2e"]
        assert total["missing"] == sorted(alone["totals"][basis]["missing"])


def test_a_sum_by_hand(client: httpx.Client) -> None:
    """Facility energy 100 + 50 kWh; at 0.4 and 0.5 kg/kWh: 60 kg location-based, 75 kg market-based."""
    workloads = [
        {"energy": {"kwh": 100, "level": "facility"}, "factors": FLAT},
        {"energy": {"kwh": 50, "level": "facility"}, "factors": FLAT},
    ]
    summary = answered(client, {"workloads": workloads})["summary"]
    assert summary["energy_kwh"] == 150
    assert summary["totals"]["location_based"]["kg_co2e"] == 60
    assert summary["totals"]["market_based"]["kg_co2e"] == 75
    assert summary["totals"]["location_based"]["primary_data_share"] == 1


def test_the_order_does_not_matter_to_sums(client: httpx.Client) -> None:
    """Summary, groups and sources of the same workloads in another order are the same to the last digit."""
    workloads = mixed(60)
    turned = random.Random(1).sample(workloads, len(workloads))  # noqa: S311
    asked = {"group_by": ["tags.team", "region"]}
    one, other = (answered(client, asked | {"workloads": order}) for order in (workloads, turned))
    assert one["summary"] == other["summary"]
    assert one["sources"] == other["sources"]
    assert [result["emissions"]["id"] for result in other["results"]] == [job["id"] for job in turned]


def test_groups_divide_the_sum(client: httpx.Client) -> None:
    """Each workload is in one group; counts and energies of the groups add up to the whole."""
    answer = answered(client, {"workloads": mixed(40), "group_by": ["month", "tags.team"]})
    groups, summary = answer["summary"]["groups"], answer["summary"]
    keys = [(group["key"]["month"], group["key"]["tags.team"]) for group in groups]
    assert keys == sorted(keys)
    assert {month for month, _ in keys} == {"2025-01", "2025-02", "2025-03"}
    assert sum(group["count"] for group in groups) == summary["count"] == 40
    assert sum(group["energy_kwh"] for group in groups) == pytest.approx(summary["energy_kwh"], rel=1e-12)
    for basis in ("location_based", "market_based"):
        parts = [group["totals"][basis]["kg_co2e"] for group in groups]
        assert sum(parts) == pytest.approx(summary["totals"][basis]["kg_co2e"], rel=1e-12)


@pytest.mark.parametrize(
    ("dimension", "keys"),
    [
        ("region", ["FR", "aws:us-east-1"]),
        ("provider", [None, "aws"]),
        ("hardware", [None, "aws:p5.48xlarge"]),
        ("month", [None, "2025-03"]),
        ("tags.team", [None, "vision"]),
        ("tags.nobody", [None]),
    ],
)
def test_each_dimension_groups(client: httpx.Client, dimension: str, keys: list[str | None]) -> None:
    """Null is a key of its own, and the first."""
    hardware = {"hardware": {"instance": "P5.48xlarge"}, "duration_hours": 1}
    period = {"period": {"start": "2025-03-01", "end": "2025-03-02"}}
    workloads = [
        LEAST | hardware | period | {"tags": {"team": "vision"}},
        {"region": "fr", "energy": {"kwh": 1}},
    ]
    groups = answered(client, {"workloads": workloads, "group_by": [dimension]})["summary"]["groups"]
    assert [group["key"] for group in groups] == [{dimension: key} for key in keys]


def test_a_bad_one_spoils_no_other(client: httpx.Client) -> None:
    """Each has its own problem, as alone but for where it points; the good one is summed."""
    bad: list[Any] = [
        {"region": "aws:us-east-1", "energy": {"kwh": -1}},
        {"region": "aws:us-esat-1", "energy": {"kwh": 1}, "pue": 0.5},
        {"colour": "red"},
        5,
        None,
        "text",
        [],
        {},
    ]
    answer = answered(client, {"workloads": [*bad, LEAST]})
    for index, body in enumerate(bad):
        result = answer["results"][index]
        assert (result["index"], result["emissions"]) == (index, None)
        alone = client.post(
            "/emissions", content=msgspec.json.encode(body), headers={"content-type": "application/json"}
        ).json()
        told = result["problem"]
        assert told["instance"] == PATH
        assert [told[name] for name in ("type", "title", "status", "code")] == [
            alone[name] for name in ("type", "title", "status", "code")
        ]
        moved = [error | {"pointer": f"/workloads/{index}{error['pointer']}"} for error in alone["errors"]]
        assert told["errors"] == moved
    summary = answer["summary"]
    assert (summary["count"], summary["failed"]) == (9, 8)
    assert (
        answer["results"][8]["emissions"]["totals"]["location_based"]["kg_co2e"]
        == (summary["totals"]["location_based"]["kg_co2e"])
    )


def test_when_all_fail_there_is_no_sum(client: httpx.Client) -> None:
    """Null, not 0: status 200 still."""
    summary = answered(client, {"workloads": [{}], "group_by": ["region"]})["summary"]
    assert summary == {"count": 1, "failed": 1, "totals": None, "groups": [], "energy_kwh": None, "warnings": []}


def test_an_empty_batch_is_answered(client: httpx.Client) -> None:
    """A month in which nothing ran."""
    answer = answered(client, {"workloads": []})
    assert (answer["results"], answer["sources"]) == ([], [])
    assert answer["summary"]["count"] == 0
    assert answer["summary"]["totals"] is None


def test_defaults_stand_in_for_what_is_not_sent(client: httpx.Client) -> None:
    """Field by field, each whole."""
    defaults = LEAST | {"tags": {"team": "a", "stage": "b"}, "pue": 1.5}
    own = [{}, {"tags": {"team": "c"}}, {"pue": 1.2, "energy": {"kwh": 7}}]
    results = answered(client, {"defaults": defaults, "workloads": own})["results"]
    for result, fields in zip(results, own, strict=True):
        alone = client.post("/emissions", json=defaults | fields).json()
        assert result["emissions"] == alone | {"sources": None}


@pytest.mark.parametrize("defaults", [None, {}])
def test_no_defaults_are_none(client: httpx.Client, defaults: Json | None) -> None:
    """Null and an empty object change nothing."""
    assert answered(client, {"defaults": defaults, "workloads": [LEAST], "group_by": None}) == answered(
        client, {"workloads": [LEAST]}
    )


def test_a_fault_of_the_defaults_points_there(client: httpx.Client) -> None:
    """What a workload takes from them and cannot be answered with is wrong there, for each that takes it."""
    body = {"defaults": {"region": "aws:us-esat-1"}, "workloads": [{"energy": {"kwh": 1}}, LEAST]}
    first, second = answered(client, body)["results"]
    assert [error["pointer"] for error in first["problem"]["errors"]] == ["/defaults/region"]
    assert second["problem"] is None


@pytest.mark.parametrize(
    ("body", "status", "code", "pointers"),
    [
        ({}, 400, "VALUE_INVALID", ["/workloads"]),
        ({"workloads": {}}, 400, "VALUE_INVALID", ["/workloads"]),
        ({"workloads": [], "colour": 1}, 400, "VALUE_INVALID", ["/colour"]),
        ({"workloads": [], "defaults": 5}, 400, "VALUE_INVALID", ["/defaults"]),
        ({"workloads": [], "defaults": {"pue": "x"}}, 400, "VALUE_INVALID", ["/defaults/pue"]),
        ({"workloads": [], "defaults": {"energy": {"kw": 1}}}, 400, "VALUE_INVALID", ["/defaults/energy/kw"]),
        ({"workloads": [], "group_by": "region"}, 400, "VALUE_INVALID", ["/group_by"]),
        ({"workloads": [], "group_by": [5]}, 400, "VALUE_INVALID", ["/group_by/0"]),
        ({"workloads": [], "group_by": ["region", "team"]}, 400, "VALUE_INVALID", ["/group_by/1"]),
        ({"workloads": [], "group_by": ["region", "region"]}, 400, "VALUE_INVALID", ["/group_by/1"]),
        ({"workloads": [], "group_by": [f"tags.{i}" for i in range(9)]}, 400, "VALUE_INVALID", ["/group_by"]),
        (
            {"workloads": [LEAST], "defaults": {"pue": "x"}, "group_by": ["x"]},
            400,
            "VALUE_INVALID",
            ["/defaults/pue", "/group_by/0"],
        ),
        (
            {"workloads": [LEAST], "defaults": {"instruments": [{"id": "a", "type": "rec", "kwh": 5}]}},
            422,
            "FIELDS_CONFLICT",
            ["/defaults/instruments/0/kwh"],
        ),
        ([LEAST], 400, "VALUE_INVALID", [""]),
    ],
)
def test_faults_outside_the_workloads_refuse_the_body(
    client: httpx.Client, body: Any, status: int, code: str, pointers: list[str]
) -> None:
    """Nothing is answered in part then."""
    assert refused(client.post(PATH, json=body), status, code) == pointers


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"workloads":[{]}', b'{"workloads":[01]}', b'{"workloads":[]} x', b'{"workloads":[' + b"[" * 100_000],
)
def test_a_body_that_is_no_json_is_refused(client: httpx.Client, body: bytes) -> None:
    """400, before anything is answered."""
    response = client.post(PATH, content=body, headers={"content-type": "application/json"})
    assert refused(response, 400, "BODY_NOT_JSON") == [""]


def test_invalid_utf8_in_one_is_its_own(client: httpx.Client) -> None:
    """The structure of the body is sound, so the others are answered."""
    body = b'{"workloads":[{"id":"\xff"},{"region":"FR","energy":{"kwh":1}}]}'
    results = client.post(PATH, content=body, headers={"content-type": "application/json"}).json()["results"]
    assert (results[0]["problem"]["code"], results[0]["problem"]["errors"][0]["pointer"]) == (
        "BODY_NOT_JSON",
        "/workloads/0",
    )
    assert results[1]["problem"] is None


def test_a_serial_in_two_workloads_is_told(client: httpx.Client) -> None:
    """`MB_DOUBLE_CLAIM` at the second; the figures are those of each alone."""
    period = {"start": "2025-01-01", "end": "2026-01-01"}
    claim = {"id": "a", "type": "rec", "kwh": 10, "serial": "s-1", "retired": True, "vintage_year": 2025}
    claim |= {"market": "US", "kg_co2e_per_kwh": 0}
    body = LEAST | {"period": period, "instruments": [claim]}
    answer = answered(client, {"workloads": [body, LEAST, body]})
    told = [warning for warning in answer["summary"]["warnings"] if warning["code"] == "MB_DOUBLE_CLAIM"]
    assert [(warning["pointer"], warning["severity"]) for warning in told] == [
        ("/workloads/2/instruments/0/serial", "warning")
    ]
    alone = client.post("/emissions", json=body).json()
    assert answer["results"][2]["emissions"]["totals"] == alone["totals"]


def test_warnings_are_counted(client: httpx.Client) -> None:
    """Each code once, with how many workloads have it, sorted by code."""
    answer = answered(client, {"workloads": [LEAST, LEAST | {"pue": 1.2}, {}]})
    found = {warning["code"]: warning for warning in answer["summary"]["warnings"]}
    assert list(found) == sorted(found)
    assert found["PUE_DEFAULTED"]["detail"].startswith("in 1 of 2: ")
    assert found["CLOUD_SCOPE2_IS_SCOPE3"]["detail"].startswith("in 2 of 2: ")
    assert {warning["pointer"] for warning in found.values()} == {"/workloads"}


def test_own_factors_that_vary_stand_once(client: httpx.Client) -> None:
    """Without a value; the ids that figures refer to are all in the list."""
    workloads = [{"energy": {"kwh": 1}, "factors": FLAT | {"location_kg_co2e_per_kwh": kg}} for kg in (0.1, 0.2, 0.1)]
    answer = answered(client, {"workloads": workloads})
    by_id = {source["id"]: source for source in answer["sources"]}
    assert len(by_id) == len(answer["sources"])
    own = next(source for id_, source in by_id.items() if source["kind"].startswith("location"))
    assert (own["value"], own["note"]) == (None, "differs from workload to workload")
    used = {id_ for result in answer["results"] for id_ in result["emissions"]["scope2"]["location_based"]["sources"]}
    assert used <= by_id.keys()


def test_ten_thousand_are_answered(client: httpx.Client) -> None:
    """The most that a JSON body takes, in order, in pieces."""
    response = client.post(PATH, json={"workloads": [LEAST] * 10_000}, timeout=60)
    assert response.headers["transfer-encoding"] == "chunked"
    answer = msgspec.json.decode(response.content, type=BatchEmissions)
    assert [result.index for result in answer.results] == list(range(10_000))
    assert answer.summary.count == 10_000
    assert answer.summary.failed == 0


def test_one_more_is_refused_with_the_way_out(client: httpx.Client) -> None:
    """413 names the other form of the body."""
    response = client.post(PATH, json={"workloads": [{}] * 10_001})
    assert refused(response, 413, "BODY_TOO_LARGE") == [""]
    assert "application/x-ndjson" in response.json()["detail"]
    assert "10001" in response.json()["detail"]


def test_a_body_over_the_limit_is_refused_with_the_way_out(client: httpx.Client) -> None:
    """16 MiB are taken, one byte more is not."""
    body = b'{"workloads":[]}'.ljust(16 * MIB)
    headers = {"content-type": "application/json"}
    assert client.post(PATH, content=body, headers=headers).status_code == 200
    response = client.post(PATH, content=body + b" ", headers=headers)
    refused(response, 413, "BODY_TOO_LARGE")
    assert "application/x-ndjson" in response.json()["detail"]


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("*/*", "application/json"),
        ("application/x-ndjson", "application/x-ndjson"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("application/geo+json, text/csv;q=0.5", "application/geo+json"),
    ],
)
def test_accept_chooses_the_form(client: httpx.Client, accept: str, given: str) -> None:
    """JSON unless another is liked better."""
    response = client.post(PATH, json={"workloads": [LEAST]}, headers={"accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, given)


def test_an_unknown_form_is_refused(client: httpx.Client) -> None:
    """406 names those that there are."""
    response = client.post(PATH, json={"workloads": [LEAST]}, headers={"accept": "application/pdf"})
    refused(response, 406, "NOT_ACCEPTABLE")
    assert "application/json, application/x-ndjson, text/csv, application/geo+json" in response.json()["detail"]


def test_json_in_may_be_lines_out(client: httpx.Client) -> None:
    """Each line is a result with its own sources."""
    response = client.post(PATH, json={"workloads": [LEAST, 5]}, headers={"accept": "application/x-ndjson"})
    first, second = [msgspec.json.decode(line, type=BatchResult) for line in response.content.splitlines()]
    assert first.emissions is not None
    assert first.emissions.sources
    assert second.problem is not None
    assert second.problem.errors[0].pointer == "/workloads/1"


def test_rows_of_a_spreadsheet(client: httpx.Client) -> None:
    """One a workload, a problem in its own columns."""
    body = {"workloads": [LEAST, {"id": "-1", "energy": {"kwh": 1}}], "defaults": {"tags": {"a": "b"}}}
    response = client.post(PATH, json=body, headers={"accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(response.text, newline=""), strict=True))
    assert tuple(rows[0]) == COLUMNS
    assert [row["index"] for row in rows] == ["0", "1"]
    assert (rows[0]["problem_code"], rows[0]["tags"]) == ("", '{"a":"b"}')
    assert (rows[1]["problem_code"], rows[1]["problem_pointer"]) == ("REGION_UNKNOWN", "/workloads/1/region")
    assert (rows[1]["id"], rows[1]["total_location_based_kg_co2e"]) == ("'-1", "")


def test_points_on_a_map(client: httpx.Client) -> None:
    """Longitude first; without a place no geometry; properties are the columns."""
    body = {"workloads": [LEAST, {"region": "FR", "energy": {"kwh": 1}}, 5]}
    response = client.post(PATH, json=body, headers={"accept": "application/geo+json"})
    collection = response.json()
    assert collection["type"] == "FeatureCollection"
    first, second, third = collection["features"]
    longitude, latitude = first["geometry"]["coordinates"]
    assert -80 < longitude < -75 < 36 < latitude < 41
    assert (second["geometry"], third["geometry"]) == (None, None)
    assert tuple(first["properties"]) == COLUMNS
    assert third["properties"]["problem_code"] == "VALUE_INVALID"
    empty = client.post(PATH, json={"workloads": []}, headers={"accept": "application/geo+json"}).json()
    assert empty == {"type": "FeatureCollection", "features": []}


@pytest.mark.parametrize(
    "media_type", ["text/plain", "", "application/json;charset=utf-16", "application/x-www-form-urlencoded"]
)
def test_another_media_type_is_refused(client: httpx.Client, media_type: str) -> None:
    """415 names those that are taken."""
    response = client.post(PATH, content=b"{}", headers={"content-type": media_type})
    refused(response, 415, "MEDIA_TYPE_UNSUPPORTED")
    assert response.headers["accept"].startswith("application/json, application/x-ndjson")


def test_a_compressed_body_is_refused(client: httpx.Client) -> None:
    """Nothing is inflated."""
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    refused(client.post(PATH, content=b"{}", headers=headers), 415, "MEDIA_TYPE_UNSUPPORTED")


def test_an_unknown_query_is_refused(client: httpx.Client) -> None:
    """The path has no parameters."""
    refused(client.post(f"{PATH}?explain=true", json={"workloads": []}), 400, "VALUE_INVALID")


def test_workloads_are_counted(client: httpx.Client) -> None:
    """By result, and the matches of their factors like those of single requests."""

    def counted() -> dict[str, float]:
        lines = client.get("/metrics").text.splitlines()
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}

    before = counted()
    answered(client, {"workloads": [LEAST, LEAST, {}]})
    after = counted()
    grid = 'dualscope_factor_matches_total{kind="grid_location",match="exact"}'
    names = ['dualscope_batch_items_total{result="estimated"}', 'dualscope_batch_items_total{result="failed"}', grid]
    assert [after[name] - before.get(name, 0) for name in names] == [2, 1, 2]


@pytest.mark.parametrize("bad", ['{"region": "FR", "energy": {"kwh": NaN}}', '{"id": "\\ud800"}', '{"pue": Infinity}'])
def test_what_is_no_json_within_a_workload_is_that_workloads_problem(client: httpx.Client, bad: str) -> None:
    """Python writes NaN into JSON: the others are answered all the same."""
    good = '{"region": "FR", "energy": {"kwh": 1}}'
    body = f'{{"workloads": [{good}, {bad}, {good}]}}'
    response = client.post("/emissions/batch", content=body, headers={"content-type": "application/json"})
    results = response.json()["results"]
    assert [result["problem"] is None for result in results] == [True, False, True]
    assert results[1]["problem"]["errors"][0]["pointer"].startswith("/workloads/1")
    outside = body.replace('"workloads"', '"group_by": NaN, "workloads"')
    assert (
        client.post("/emissions/batch", content=outside, headers={"content-type": "application/json"}).status_code
        == 400
    )
