"""Text and addresses of callers, as reports show them."""

import pytest

from service.reports.wording import linked


@pytest.mark.parametrize("url", ["https://example.org/a?b=c#d", "http://example.org/é", "https://example.org/a_(b)"])
def test_an_address_of_the_web_is_linked(url: str) -> None:
    """As it is."""
    assert linked(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "https://example.org/ onclick",
        "https://example.org/><b>",
        "https://example.org/\u202egpj.exe",
        "https://example.org\u2066.example.com/",
        "https://example.org/\u200b",
    ],
)
def test_what_is_no_address_or_shows_as_another_is_none(url: str | None) -> None:
    """A mark that turns or hides what follows would make one look like another: Markdown has addresses as they are."""
    assert linked(url) is None
