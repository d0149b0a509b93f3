"""`POST /allocations`: what a caller gets, and in which form."""

import csv
import io
import json
from decimal import Decimal

import httpx
import msgspec
import pytest

from service.http.examples import REQUESTS
from service.model.pool import Allocations
from tests.workloads import Json

CSV = {"accept": "text/csv"}
TEAMS: Json = {
    "pool": {"components": {"scope2": 100, "embodied": 10.5}},
    "method": "time",
    "consumers": [
        {"id": "c", "tags": {"team": "=HYPERLINK(1)"}, "device_hours": 1},
        {"id": "+a", "tags": {"cost centre": "47,11"}, "device_hours": 1},
        {"id": "b", "device_hours": 1},
    ],
}


def rows_of(response: httpx.Response) -> list[list[str]]:
    """The cells of a table."""
    assert response.status_code == 200, response.text
    return list(csv.reader(io.StringIO(response.text)))


def test_an_answer_is_of_its_schema(client: httpx.Client) -> None:
    """Every example of the document is answered, and the answer decodes as the type that is documented."""
    for example in REQUESTS["allocate_pool"].values():
        response = client.post("/allocations", json=example["value"])
        assert response.status_code == 200, response.text
        assert response.headers["content-type"] == "application/json"
        answer = msgspec.json.decode(response.content, type=Allocations)
        assert answer.method == example["value"]["method"]
        assert client.post("/allocations", json=example["value"]).content == response.content


def test_an_answer_has_what_the_contract_names(client: httpx.Client) -> None:
    """The fields of the interface, consumers in the order sent, each with id, driver, share, kg and components."""
    answer = client.post("/allocations", json=TEAMS | {"compare": True}).json()
    assert {"method", "allocations", "unallocated", "pool", "comparison", "methodology", "warnings"} <= answer.keys()
    assert [line["id"] for line in answer["allocations"]] == ["c", "+a", "b"]
    assert answer["allocations"][2] == {
        "id": "b",
        "tags": {},
        "driver": 1,
        "share": 1 / 3,
        "kg_co2e": 36.833333,  # 33.333333 + 3.5
        "components": {"scope2": 33.333333, "embodied": 3.5},
    }
    assert answer["allocations"][1]["components"]["scope2"] == 33.333334  # + is before b and c
    assert answer["unallocated"] is None
    assert set(answer["comparison"]["by_method"]) == {"time"}
    assert len(answer["comparison"]["not_computable"]) == 4


def test_a_table_has_one_row_a_consumer(client: httpx.Client) -> None:
    """Tags and components are columns, a caller's text is no formula, numbers are those of the JSON."""
    response = client.post("/allocations", json=TEAMS, headers=CSV)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert rows_of(response) == [
        "id|line|tags.team|tags.cost centre|driver|share|kg_co2e|components.scope2|components.embodied".split("|"),
        ["c", "consumer", "'=HYPERLINK(1)", "", "1", "0.3333333333333333", "36.833333", "33.333333", "3.5"],
        ["'+a", "consumer", "", "47,11", "1", "0.3333333333333333", "36.833334", "33.333334", "3.5"],
        ["b", "consumer", "", "", "1", "0.3333333333333333", "36.833333", "33.333333", "3.5"],
    ]


def test_a_table_sums_to_the_pool(client: httpx.Client) -> None:
    """The unallocated part is a row, whose id is empty; the pool is none, so that the column is its sum."""
    body = TEAMS | {"idle_policy": "unallocated", "capacity": {"device_hours": 7}, "precision": 9}
    head, *rows = rows_of(client.post("/allocations", json=body, headers=CSV))
    assert rows[-1][:2] == ["", "unallocated"]
    for name, kg in (("kg_co2e", "110.5"), ("components.scope2", "100"), ("components.embodied", "10.5")):
        assert sum(Decimal(row[head.index(name)]) for row in rows) == Decimal(kg)


def test_small_parts_are_plain_decimals(client: httpx.Client) -> None:
    """Where JSON may write 1e-9, a table writes 0.000000001."""
    body = TEAMS | {"pool": {"kg_co2e": 3e-9}, "precision": 9}
    assert [row[-1] for row in rows_of(client.post("/allocations", json=body, headers=CSV))[1:]] == ["0.000000001"] * 3


def test_tags_of_endless_names_are_no_table(client: httpx.Client) -> None:
    """Each name is a column: beyond 256 the caller is told to ask for JSON."""
    consumers = [{"id": str(index), "tags": {f"t{index}": "x"}, "device_hours": 1} for index in range(257)]
    response = client.post("/allocations", json=TEAMS | {"consumers": consumers}, headers=CSV)
    assert (response.status_code, response.json()["code"]) == (406, "NOT_ACCEPTABLE")
    assert client.post("/allocations", json=TEAMS | {"consumers": consumers}).status_code == 200


@pytest.mark.parametrize("accept", ["application/json", "*/*", "application/*", "text/csv;q=0.5, */*"])
def test_json_is_the_default(client: httpx.Client, accept: str) -> None:
    """A table only for those who ask."""
    response = client.post("/allocations", json=TEAMS, headers={"accept": accept})
    assert response.headers["content-type"] == "application/json"


def test_another_form_is_refused(client: httpx.Client) -> None:
    """406 names both."""
    response = client.post("/allocations", json=TEAMS, headers={"accept": "application/pdf"})
    assert response.status_code == 406
    assert "application/json, text/csv" in response.json()["detail"]


@pytest.mark.parametrize(
    ("change", "status", "code", "pointer"),
    [
        ({"method": "spend"}, 400, "VALUE_INVALID", "/method"),
        ({"method": None}, 422, "ALLOC_METHOD_REQUIRED", "/method"),
        ({"consumers": []}, 400, "VALUE_INVALID", "/consumers"),
        ({"consumers": [{"device_hours": 1}]}, 400, "VALUE_INVALID", "/consumers/0/id"),
        ({"consumers": [{"id": "a", "device_hours": -1}]}, 400, "VALUE_INVALID", "/consumers/0/device_hours"),
        ({"consumers": [{"id": "a", "gpu_hours": 1}]}, 400, "VALUE_INVALID", "/consumers/0/gpu_hours"),
        ({"consumers": [{"id": "a", "utilization": 1.1}]}, 400, "VALUE_INVALID", "/consumers/0/utilization"),
        ({"precision": 10}, 400, "VALUE_INVALID", "/precision"),
        ({"precision": 1.5}, 400, "VALUE_INVALID", "/precision"),
        ({"static_share": 2}, 400, "VALUE_INVALID", "/static_share"),
        ({"pool": {"kg_co2e": -1}}, 400, "VALUE_INVALID", "/pool/kg_co2e"),
        ({"pool": {"components": {}}}, 400, "VALUE_INVALID", "/pool/components"),
        ({"pool": {"components": {str(n): 1 for n in range(101)}}}, 400, "VALUE_INVALID", "/pool/components"),
        ({"pool": {"kg_co2e": 1, "report": {}}}, 400, "VALUE_INVALID", "/pool/report/provider"),
        ({"pool": {"emissions": {"kg_co2e": 1}}}, 400, "VALUE_INVALID", "/pool/emissions/deployment"),
        ({"pool": {}}, 422, "FIELDS_CONFLICT", "/pool"),
        ({"basis": "market_based"}, 422, "FIELDS_CONFLICT", "/basis"),
        ({"method": "economic"}, 422, "ALLOC_DRIVER_MISSING", "/consumers/0/cost"),
        ({"idle_policy": "unallocated"}, 422, "ALLOC_CAPACITY_REQUIRED", "/capacity/device_hours"),
    ],
)
def test_a_bad_request_is_refused_by_name(
    client: httpx.Client, change: Json, status: int, code: str, pointer: str
) -> None:
    """400 for what is not of the schema, 422 for what makes no sense; the pointer is at the fault."""
    response = client.post("/allocations", json=TEAMS | change)
    problem = response.json()
    assert (response.status_code, problem["code"]) == (status, code), problem
    assert problem["errors"][0]["pointer"] == pointer
    assert response.headers["content-type"] == "application/problem+json"


def test_an_answer_of_emissions_can_be_sent_back(client: httpx.Client) -> None:
    """What POST /emissions answers is a pool as it stands, explained or not."""
    workload = {"region": "aws:us-east-1", "energy": {"kwh": 100}}
    for query in ("", "?explain=true"):
        emissions = client.post(f"/emissions{query}", json=workload).json()
        for basis in ("location_based", "market_based"):
            body = TEAMS | {"pool": {"emissions": emissions}, "basis": basis, "precision": 9}
            answer = client.post("/allocations", json=body).json()
            assert answer["pool"]["kg_co2e"] == pytest.approx(emissions["totals"][basis]["kg_co2e"], abs=1e-8)
            body["pool"] = {"workload": workload}
            assert client.post("/allocations", json=body).json()["allocations"] == answer["allocations"]


def test_what_a_pool_warns_of_is_counted(client: httpx.Client) -> None:
    """A pool's warnings stand in the metrics like those of an estimate."""

    def counted() -> float:
        lines = client.get("/metrics").text.splitlines()
        name = 'dualscope_warnings_total{code="ALLOC_OVERCOMMIT"} '
        return sum(float(line.removeprefix(name)) for line in lines if line.startswith(name))

    before = counted()
    client.post("/allocations", json=TEAMS | {"capacity": {"device_hours": 1}})
    assert counted() == before + 1


def test_a_hundred_thousand_consumers_are_answered_exactly(client: httpx.Client) -> None:
    """As many as one request may have, drivers all different or all equal: no unit is lost, and one more is refused."""
    count = 100_000
    for drivers in ([index / 7 for index in range(count)], [0.1] * count):
        consumers = [
            {"id": f"team-{index * 7919 % count}", "device_hours": driver} for index, driver in enumerate(drivers)
        ]
        response = client.post("/allocations", json=TEAMS | {"consumers": consumers})
        answer = json.loads(response.content, parse_float=Decimal)
        assert [line["id"] for line in answer["allocations"]] == [consumer["id"] for consumer in consumers]
        assert sum(Decimal(line["kg_co2e"]) for line in answer["allocations"]) == Decimal("110.5")
        for name, kg in (("scope2", 100), ("embodied", Decimal("10.5"))):
            assert sum(Decimal(line["components"][name]) for line in answer["allocations"]) == kg
    response = client.post("/allocations", json=TEAMS | {"consumers": [*consumers, {"id": "x", "device_hours": 1}]})
    assert (response.status_code, response.json()["code"]) == (400, "VALUE_INVALID")
