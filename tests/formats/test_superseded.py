"""Which of several records counts, found out in bounded memory."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.formats import superseded
from service.formats.superseded import Superseded

RECORDS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.floats(0, 1e9)), max_size=40)


def beaten(records: list[tuple[str, float]]) -> set[int]:
    """Numbers of the records that do not count."""
    found = Superseded()
    for number, (key, measure) in enumerate(records, start=1):
        found.add(number, key, measure)
    for _ in found.settle():
        pass
    numbers = {number for number in range(1, len(records) + 9) if number in found}
    found.close()
    return numbers


def expected(records: list[tuple[str, float]]) -> set[int]:
    """All but the last of the greatest of each key, the plain way."""
    best: dict[str, tuple[float, int]] = {}
    for number, (key, measure) in enumerate(records, start=1):
        best[key] = max(best.get(key, (-1.0, 0)), (measure, number))
    return set(range(1, len(records) + 1)) - {number for _, number in best.values()}


@given(RECORDS)
def test_the_greatest_of_each_key_counts(records: list[tuple[str, float]]) -> None:
    """Of equal ones the last."""
    assert beaten(records) == expected(records)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Parts of two keys, blocks of three records, nothing in memory."""
    monkeypatch.setattr(superseded, "_PART", 2)
    monkeypatch.setattr(superseded, "_BLOCK", 3 * 32)
    monkeypatch.setattr(superseded, "_IN_MEMORY", 1)


@pytest.mark.usefixtures("small")
def test_parts_and_disk_change_nothing() -> None:
    """What is decided part by part is the same."""
    records = [("abcdefgh"[number * 7 % 8], float(number * 13 % 17)) for number in range(200)]
    assert beaten(records) == expected(records)
