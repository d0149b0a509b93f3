"""The disclosure block as CSV: one line a figure or datapoint."""

import csv
import io

from service.http.csv_cells import safe
from service.model.disclosed import Disclosure
from service.reports.disclosure_lines import lines

CSV = "text/csv; charset=utf-8"
_HEAD = ("section", "item", "basis", "value", "unit", "note")


def disclosure_csv(block: Disclosure) -> bytes:
    """All lines; numbers with every digit, an empty value where there is none."""
    text = io.StringIO(newline="")
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(_HEAD)
    for line in lines(block):
        value = safe(line.value) if isinstance(line.value, str) else line.value
        cells = (safe(cell) for cell in (line.section, line.item, line.basis))
        out.writerow([*cells, value, safe(line.unit), safe(line.note)])
    return text.getvalue().encode()
