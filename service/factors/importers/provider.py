"""Corporate totals of the cloud providers: emissions, electricity, PUE."""

import re

from service.factors.importers.rows import Row, Tables, records, remarks, row, unreadable
from service.factors.names import accelerator_key

COLUMNS = {  # theirs -> ours
    "provider": "provider",
    "year": "period_label",
    "metric": "metric",
    "value": "value",
    "unit": "unit",
    "source": "document",
    "source_found": "found",
}
UNITS = {  # theirs -> ours; the numbers stay
    "tCO2e": "t CO2e",
    "MtCO2e": "Mt CO2e",
    "gCO2e/kWh": "g CO2e/kWh",
    "MWh": "MWh",
    "%": "%",
    "ratio": "ratio",
}
_REPORTS = {  # provider -> where its reports stand
    "Amazon": "https://sustainability.aboutamazon.com",
    "Google": "https://sustainability.google/reports/",
    "Microsoft": "https://www.microsoft.com/en-us/corporate-responsibility/sustainability/report",
}
_SAME = "same"
_RESTATED = "restated"
_LABEL = re.compile(r"(FY)?(\d{2}|\d{4})")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def read(text: str, file_name: str) -> Tables:
    """Rows of provider; a row that says `same` has the document of the row above it."""
    rows = []
    document = ""
    for at, line in records(text, file_name, COLUMNS):
        ours = {name: line[theirs].strip() for theirs, name in COLUMNS.items()}
        document = document if ours["document"] == _SAME else ours["document"]
        rows.append(_row(ours | {"document": document}, file_name, at))
    return {"provider": rows}


def _row(ours: Row, file_name: str, at: int) -> Row:
    label = _LABEL.fullmatch(ours["period_label"])
    if label is None or not _NUMBER.fullmatch(ours["value"]) or ours["unit"] not in UNITS:
        raise unreadable(file_name, at, f"no rule for {ours['value']!r} {ours['unit']!r} in {ours['period_label']!r}")
    year = int(label[2]) % 2000 + 2000
    metric = _slug(ours["metric"])
    provider = ours["provider"].lower()
    derived = ours["document"] == "derived"
    return row(
        "provider",
        id=f"provider:{provider}:{metric}:{year}",
        value=ours["value"].removeprefix("+"),
        unit=UNITS[ours["unit"]],
        data_year=str(year),
        **_period(year, fiscal=bool(label[1])),
        edition=ours["period_label"],
        publisher="Dualscope (derived)" if derived else ours["provider"],
        title=_title(ours, derived=derived),
        url=_REPORTS[ours["provider"]],
        license="Figures cited with their source",
        evidence="derived" if derived else "transcribed",
        grade="C",
        note=_note(ours),
        provider=provider,
        metric=metric,
        period_label=ours["period_label"],
    )


def _slug(metric: str) -> str:
    """`Scope 2 market-based` → `scope2_market_based`; what stands in brackets explains and is left out."""
    bare = re.sub(r"\s*\(.*?\)", "", metric).replace("Scope ", "scope").replace("/", " to ")
    return accelerator_key(bare).replace("-", "_")


def _period(year: int, *, fiscal: bool) -> Row:
    """A calendar year, or Microsoft's from July to June."""
    if fiscal:
        return {"valid_from": f"{year - 1}-07-01", "valid_to": f"{year}-06-30"}
    return {"valid_from": f"{year}-01-01", "valid_to": f"{year}-12-31"}


def _title(ours: Row, *, derived: bool) -> str:
    if derived:
        return f"Computed from {ours['provider']}'s reported figures: {ours['metric']}"
    unnamed = ours["document"] in ("", ours["provider"], _RESTATED)
    return ours["metric"] if unnamed else f"{ours['document']}: {ours['metric']}"


def _note(ours: Row) -> str:
    change = "change against the year before" if ours["value"].startswith("+") else ""
    remark = ours["found"].split(";")[-1].strip()
    said = remark if "not found" in remark or "not hourly" in remark else ""
    return remarks("one transcription", ours["document"] if ours["document"] == _RESTATED else "", change, said)
