"""Worked cases that a carbon accountant can redo and sign: request in, figures out, over HTTP."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

CASES = [
    case
    for file in sorted((Path(__file__).parent / "cases").glob("*.json"))
    for case in json.loads(file.read_text(encoding="utf-8"))["cases"]
]


def at(answer: Any, path: str) -> Any:
    """What stands at `a.b.0.c` or `list[key=value].c` of an answer."""
    for step in re.split(r"\.(?![^\[]*\])", path):
        chosen = re.fullmatch(r"(\w+)\[(\w+)=(.*)\]", step)
        if chosen:
            name, key, value = chosen.groups()
            answer = next(entry for entry in answer[name] if entry[key] == value)
        else:
            answer = answer[int(step)] if isinstance(answer, list) else answer[step]
    return answer


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_worked_case(client: httpx.Client, case: dict[str, Any]) -> None:
    """Every worked case answers its figures and codes; the arithmetic stands in its derivation."""
    answer = client.post(case["request"]["path"], json=case["request"]["body"])
    assert answer.status_code == case["status"], answer.text
    body = answer.json()
    for path, expected in case["expect"].items():
        found = at(body, path)
        if isinstance(expected, str) or expected is None:
            assert found == expected, path
        else:
            assert found == pytest.approx(expected, rel=1e-9, abs=0), path
    codes = {warning["code"] for warning in body.get("warnings", [])}
    assert codes >= set(case["codes"])
    assert not codes & set(case["no_codes"])
