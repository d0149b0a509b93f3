"""A caller's text in a CSV stays text."""

import pytest

from service.http.csv_cells import safe


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20A"]
)
def test_what_a_spreadsheet_would_run_is_quoted(text: str) -> None:
    """A leading apostrophe makes it text."""
    assert safe(text) == "'" + text


@pytest.mark.parametrize("text", ["", "team-1", "a=b", "1-2", "'=1", "é", "\uff21"])
def test_other_text_is_left_alone(text: str) -> None:
    """Only the first character decides."""
    assert safe(text) == text
