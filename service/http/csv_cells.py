"""Text of a caller's in a cell of a table."""

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """The text, so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULAS) else text
