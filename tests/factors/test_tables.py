"""Loading: what is refused and how, the SQLite file and what happens to a bad one, overlay, left-out tables."""

import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from service.errors import FactorDataInvalid
from service.factors.columns import COLUMNS, Row
from service.factors.csvfiles import csv_text, read_texts
from service.factors.tables import load
from service.model.factor import Factor, Tables
from service.settings import shipped_factors

SOURCE = {
    "edition": "2024",
    "publisher": "Example Agency",
    "title": "Factors",
    "url": "https://example.org",
    "license": "CC BY 4.0",
    "evidence": "raw",
    "grade": "C",
    "data_year": "2023",
    "valid_from": "2023-01-01",
    "valid_to": "2023-12-31",
}


def grid(zone: str = "DE", year: int = 2023, **cells: str) -> Row:
    """A sound row of grid_intensity, then the cells given."""
    sound = {
        "id": f"grid_location:{zone}:{year}",
        "value": "0.4",
        "unit": "kg CO2e/kWh",
        "zone": zone,
        "use": "default",
    }
    dates = {"data_year": str(year), "valid_from": f"{year}-01-01", "valid_to": f"{year}-12-31"}
    return row("grid_intensity", **SOURCE | dates | {"basis": "direct"} | sound | cells)


def loss(zone: str = "DE", **cells: str) -> Row:
    """A sound row of td_loss."""
    sound = {"id": f"td_loss:{zone}:2023", "value": "0.05", "unit": "share", "zone": zone, "boundary": "of_generation"}
    return row("td_loss", **SOURCE | sound | {"use": "default"} | cells)


def device(name: str = "h100-sxm5", **cells: str) -> Row:
    """A sound row of accelerator."""
    sound = {"id": f"accelerator:{name}", "value": "164", "unit": "kg CO2e/device", "accelerator": name, "valid_to": ""}
    return row("accelerator", **SOURCE | sound | cells)


def instance(name: str = "p5.48xlarge", provider: str = "aws", **cells: str) -> Row:
    """A sound row of cloud_instance."""
    sound = {"id": f"cloud_instance:{provider}:{name}", "unit": "kg CO2e/instance", "provider": provider}
    words = {"instance": name, "host_included": "no", "use": "default", "valid_to": ""}
    return row("cloud_instance", **SOURCE | sound | words | cells)


def region(name: str = "aws:eu-central-1", **cells: str) -> Row:
    """A sound place row of cloud_region."""
    sound = {"id": f"cloud_region:{name}", "unit": "place", "region": name, "metric": "place", "country": "DE"}
    return row("cloud_region", **SOURCE | sound | {"grid_zone": "DE", "use": "default", "valid_to": ""} | cells)


def row(table: str, **cells: str) -> Row:
    return {column: cells.get(column, "") for column in COLUMNS[table]}


def write(directory: Path, **tables: list[Row]) -> Path:
    """Tables into a directory, `__` in a name for its dot."""
    directory.mkdir(parents=True, exist_ok=True)
    for stem, rows in tables.items():
        name = stem.replace("__", ".")
        (directory / f"{name}.csv").write_text(csv_text(name.partition(".")[0], rows), encoding="utf-8", newline="")
    return directory


def faults(directory: Path, **options: Path) -> list[str]:
    with pytest.raises(FactorDataInvalid) as refused:
        load(directory, **options)
    return refused.value.faults


def by_id(tables: Tables) -> dict[str, Factor]:
    return {factor.id: factor for factor in tables.factors}


# what is refused: file, line, what is wrong and how to mend it


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([grid(unit="")], "no unit; a row does not get in without one"),
        ([grid(data_year="")], "no data_year; a row does not get in without one"),
        ([grid(publisher="")], "no publisher; a row does not get in without one"),
        ([grid(license=" ")], "no license; a row does not get in without one"),
        ([grid(valid_from="")], "no valid_from; a row does not get in without one"),
        ([grid(value="380")], "value 380.0 kg CO2e/kWh lies outside 0 to 3; divide grams by 1000"),
        ([grid(value="-0.1")], "value -0.1 kg CO2e/kWh lies outside 0 to 3; divide grams by 1000"),
        ([grid(high="3.1")], "high 3.1 kg CO2e/kWh lies outside 0 to 3; divide grams by 1000"),
        ([grid(unit="g CO2e/kWh")], "the unit 'g CO2e/kWh' is not one of this table; convert to kg CO2e/kWh or"),
        ([grid(low="0.5")], "low 0.5 is above value 0.4; order them low, value, high"),
        ([grid(high="0.3")], "value 0.4 is above high 0.3; order them low, value, high"),
        ([grid(value="", low="0.5", high="0.3")], "low 0.5 is above high 0.3; order them low, value, high"),
        ([grid(value="nan")], "value is 'nan', not a finite number; write plain decimals with a point"),
        ([grid(value="inf")], "value is 'inf', not a finite number; write plain decimals with a point"),
        ([grid(value="1e999")], "value is '1e999', too large for a number; check its unit"),
        ([grid(value="0,4")], "value is '0,4', not a finite number; write plain decimals with a point"),
        ([grid(valid_from="01.01.2023")], "valid_from is '01.01.2023'; write a date as 2024-01-31"),
        ([grid(valid_to="2022-12-31")], "valid_to 2022-12-31 lies before valid_from 2023-01-01; exchange them"),
        ([grid(data_year="FY24")], "data_year is 'FY24'; write a year of four digits"),
        ([grid(grade="F")], "grade is 'F'; write one of: A, B, C, D, E"),
        ([grid(basis="marginal")], "basis is 'marginal'; write one of: direct, life_cycle, empty"),
        ([grid(zone="XX")], "unknown zone 'XX'; write a country of ISO 3166-1 (DE), a part of one (US-SRVC)"),
        ([grid(zone="us-srvc", id="grid_location:a")], "unknown zone 'us-srvc'; write a country of ISO 3166-1"),
        ([grid(id="residual_mix:DE:2023")], "is of kind 'residual_mix'; begin it with grid_location:"),
        ([grid(id="grid_location:D E")], "the id 'grid_location:D E' is not path-safe; use letters, digits and"),
    ],
)
def test_a_wrong_cell_is_refused_with_file_line_and_mend(tmp_path: Path, rows: list[Row], said: str) -> None:
    """A cell that cannot be right stops the loading and says where, what and how to mend it."""
    file = write(tmp_path, grid_intensity=rows) / "grid_intensity.csv"

    [fault] = faults(tmp_path)

    assert fault.startswith(f"{file}:2: ")
    assert said in fault


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([loss(value="5")], "value 5.0 is no share of 0 to 1; divide percent by 100"),
        ([loss(value="-0.01")], "value -0.01 is no share of 0 to 1; divide percent by 100"),
        ([loss(unit="kg CO2e/kWh")], "boundary 'of_generation' and unit 'kg CO2e/kWh' do not go together"),
        ([loss(unit="kg CO2e/kWh", boundary="published_rate", value="4")], "value 4.0 kg CO2e/kWh lies outside 0 to 3"),
    ],
)
def test_a_loss_is_a_share_or_a_rate(tmp_path: Path, rows: list[Row], said: str) -> None:
    """A loss is a share of 0 to 1, or a published rate of 0 to 3 kg a kWh, and its boundary says which."""
    file = write(tmp_path, td_loss=rows) / "td_loss.csv"

    [fault] = faults(tmp_path)

    assert fault.startswith(f"{file}:2: {said}")


def test_a_pue_below_one_is_refused(tmp_path: Path) -> None:
    """Facility energy is never less than IT energy."""
    pue = region(id="pue:aws:2024", region="aws", metric="pue", value="0.87", unit="ratio", country="", grid_zone="")
    file = write(tmp_path, cloud_region=[region(), pue]) / "cloud_region.csv"

    assert faults(tmp_path) == [f"{file}:3: value 0.87 of a PUE lies below 1; check which way it was divided"]


def test_two_rows_of_one_id_are_refused(tmp_path: Path) -> None:
    """An id names one row."""
    other = grid(edition="another", value="0.5")
    write(tmp_path, grid_intensity=[grid()], grid_intensity__more=[other])

    [fault] = faults(tmp_path)

    first, second = tmp_path / "grid_intensity.csv", tmp_path / "grid_intensity.more.csv"
    assert fault == f"{second}:2: the id grid_location:DE:2023 stands at {first}:2 too; rename one or delete it"


def test_two_rows_of_one_key_and_edition_are_refused(tmp_path: Path) -> None:
    """A kind, zone, first day, edition and basis have one figure, whatever the ids are."""
    file = write(tmp_path, grid_intensity=[grid(), grid(id="grid_location:DE:2023:b")]) / "grid_intensity.csv"

    [fault] = faults(tmp_path)

    assert fault.startswith(f"{file}:3: grid_location DE 2023-01-01 2024 direct stands at {file}:2 too; name another")


def test_two_editions_of_a_year_stand_side_by_side(tmp_path: Path) -> None:
    """A second edition is a row of its own."""
    write(tmp_path, grid_intensity=[grid(), grid(id="grid_location:DE:2023:b", edition="revised")])

    assert len(load(tmp_path).factors) == 2


def test_an_alias_of_two_accelerators_is_refused(tmp_path: Path) -> None:
    """A name stands for one device, however its words are parted."""
    rows = [device("a100", aliases="NVIDIA A100"), device("b100", aliases="B100|nvidia-a100")]
    file = write(tmp_path, accelerator=rows) / "accelerator.csv"

    [fault] = faults(tmp_path)

    assert fault.startswith(
        f"{file}:3: the name accelerator nvidia-a100 stands for another at {file}:2; leave it to one"
    )


def test_an_alias_of_two_instances_of_one_provider_is_refused(tmp_path: Path) -> None:
    """A name stands for one type of a provider; another provider may use it too."""
    rows = [
        instance("Standard_D4s_v3", "azure"),
        instance("x", "azure", aliases="D4s v3"),
        instance("D4s_v3", "ovh"),
    ]
    file = write(tmp_path, cloud_instance=rows) / "cloud_instance.csv"

    [fault] = faults(tmp_path)

    assert fault.startswith(f"{file}:3: the name azure d4s_v3 stands for another at {file}:2")


def test_an_instance_needs_an_accelerator_that_exists(tmp_path: Path) -> None:
    """An instance's accelerator has a row."""
    rows = [instance(accelerator="h1000", accelerators="8")]
    file = write(tmp_path, accelerator=[device()], cloud_instance=rows) / "cloud_instance.csv"

    assert faults(tmp_path) == [
        f"{file}:2: there is no accelerator 'h1000'; add its row or write the id of another",
    ]


def test_an_accelerator_comes_with_its_number(tmp_path: Path) -> None:
    """An instance's accelerators are counted."""
    file = write(tmp_path, accelerator=[device()], cloud_instance=[instance(accelerator="h100-sxm5")])

    [fault] = faults(tmp_path)

    assert fault.startswith(f"{file}/cloud_instance.csv:2: no number of the accelerator 'h100-sxm5'")


def test_a_metric_needs_a_region_that_exists(tmp_path: Path) -> None:
    """A PUE is of a region with a place, of a provider, or the default."""
    pue = {"metric": "pue", "value": "1.2", "unit": "ratio", "country": "", "grid_zone": ""}
    rows = [region(), region("aws:mars-1", **pue | {"id": "pue:aws:mars-1"})]
    rows += [region(name, **pue | {"id": f"pue:{name}"}) for name in ("aws", "default", "aws-geography:europe")]
    write(tmp_path, cloud_region=rows)

    [fault] = faults(tmp_path)

    assert "unknown region 'aws:mars-1'; add its place row, or write a provider or default" in fault


def test_an_unknown_column_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    """A header has the table's columns, all of them and no others."""
    file = write(tmp_path, grid_intensity=[grid()]) / "grid_intensity.csv"
    header, line = file.read_text().splitlines()
    file.write_text(f"{header.replace(',grade,', ',rank,')}\n{line}\n")

    missing, unknown = faults(tmp_path)

    assert missing == f"{file}:1: no column grade; add it, empty cells are allowed"
    assert unknown.startswith(f"{file}:1: unknown column 'rank'; the columns are id, value, low")


def test_a_row_with_a_comma_too_many_is_refused_by_its_line(tmp_path: Path) -> None:
    """A line has as many cells as the header, and the line counted is the one where the row begins."""
    rows = [grid("AT", note="two\nlines"), grid()]
    file = write(tmp_path, grid_intensity=rows) / "grid_intensity.csv"
    file.write_text(file.read_text().rstrip("\n") + ",surplus\n")

    assert faults(tmp_path) == [f"{file}:4: 23 cells under 22 columns; quote a cell that holds a comma"]


def test_a_file_of_no_table_is_refused(tmp_path: Path) -> None:
    """A file that would be read by nobody is a mistake in its name."""
    write(tmp_path, grid_intensity=[grid()])
    (tmp_path / "grid_intensitty.csv").write_text("id\n")

    [fault] = faults(tmp_path)

    assert fault.startswith(f"{tmp_path}/grid_intensitty.csv:1: there is no table grid_intensitty; name the file after")


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    """Text is UTF-8, and the line with the other byte is named."""
    file = write(tmp_path, grid_intensity=[grid(publisher="Bundesamt fuer")]) / "grid_intensity.csv"
    file.write_bytes(file.read_bytes().replace(b"fuer", b"f\xfcr"))

    assert faults(tmp_path) == [f"{file}:2: a byte is not UTF-8; save the file in that encoding"]


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    """One run names everything that is wrong, in whichever table."""
    write(tmp_path, grid_intensity=[grid(unit=""), grid("FR", value="380")], td_loss=[loss(value="5")])

    assert len(faults(tmp_path)) == 3


def test_no_tables_are_no_factor_set(tmp_path: Path) -> None:
    """A directory without tables, or none at all, is a mistake in its name."""
    assert faults(tmp_path) == [f"{tmp_path}:1: there is no factor table in it; name the directory of the tables"]
    missing = tmp_path / "missing"
    assert faults(missing) == [f"{missing}:1: there is no such directory; name one that holds factor tables"]


# what is read


def test_cells_become_the_models_values(tmp_path: Path) -> None:
    """Numbers, dates, lists and empty cells arrive as such, and a missing value is None, never 0."""
    rows = [device(value="", tdp_w="700", aliases="H100|NVIDIA H100", note="none published")]
    types = [instance(accelerator="h100-sxm5", accelerators="0.125", platforms="SKYLAKE|HASWELL", vcpus="2")]
    tables = load(write(tmp_path, accelerator=rows, cloud_instance=types))

    [accelerator], [type_] = tables.accelerators, tables.instances
    assert (accelerator.factor.value, accelerator.tdp_w, accelerator.memory_gb) == (None, 700.0, None)
    assert accelerator.aliases == ("H100", "NVIDIA H100")
    assert (accelerator.factor.valid_from.isoformat(), accelerator.factor.valid_to) == ("2023-01-01", None)
    assert (type_.accelerators, type_.platforms, type_.vcpus) == (0.125, ("SKYLAKE", "HASWELL"), 2.0)
    assert (type_.factor.kind, type_.factor.zone, type_.host_included) == ("cloud_instance", "aws:p5.48xlarge", False)


def test_windows_line_ends_and_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    """The same content has the same hash, however an editor ends its lines."""
    plain = load(write(tmp_path / "a", grid_intensity=[grid()]))
    file = write(tmp_path / "b", grid_intensity=[grid()]) / "grid_intensity.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))

    assert load(tmp_path / "b") == plain


def test_the_hash_changes_with_content_only(tmp_path: Path) -> None:
    """Where the files lie and when they were written is not content; a digit is, and so is what is left out."""
    first = write(tmp_path / "a", grid_intensity=[grid()], td_loss=[loss()])
    again = write(tmp_path / "b" / "c", td_loss=[loss()], grid_intensity=[grid()])
    other = write(tmp_path / "d", grid_intensity=[grid(value="0.41")], td_loss=[loss()])

    assert load(first).content_hash == load(again).content_hash
    assert load(first).content_hash != load(other).content_hash
    assert load(first).content_hash != load(first, exclude=["td_loss"]).content_hash


# overlay and left-out tables


def test_an_overlay_outranks_the_shipped_row_of_the_same_id(tmp_path: Path) -> None:
    """An operator's row of the same id takes the place of the shipped one and is marked."""
    shipped = write(tmp_path / "shipped", grid_intensity=[grid(), grid("FR", value="0.05")])
    own = write(tmp_path / "own", grid_intensity=[grid(value="0.35", publisher="Own meter")])

    factors = by_id(load(shipped, overlay=own))

    assert {key: (factor.value, factor.overlay) for key, factor in factors.items()} == {
        "grid_location:DE:2023": (0.35, True),
        "grid_location:FR:2023": (0.05, False),
    }


def test_an_overlay_outranks_the_shipped_rows_of_the_same_kind_zone_and_year(tmp_path: Path) -> None:
    """It needs no knowledge of our ids: its kind, zone and year are enough; another year stays."""
    shipped = write(tmp_path / "shipped", grid_intensity=[grid(), grid(year=2022)])
    own = write(tmp_path / "own", grid_intensity=[grid(id="grid_location:DE:licensed", value="0.3")])

    assert sorted(by_id(load(shipped, overlay=own))) == ["grid_location:DE:2022", "grid_location:DE:licensed"]


def test_an_overlay_may_know_zones_and_devices_of_its_own(tmp_path: Path) -> None:
    """New zones and devices are added; a device is replaced by its name, whatever its first day."""
    shipped = write(tmp_path / "shipped", grid_intensity=[grid()], accelerator=[device()])
    own = write(
        tmp_path / "own",
        grid_intensity=[grid("DE-BY")],
        accelerator=[device(value="150", valid_from="2026-01-01"), device("own-chip", value="90")],
    )

    tables = load(shipped, overlay=own)

    assert {factor.zone for factor in tables.factors} == {"DE", "DE-BY"}
    assert {device.id: device.factor.value for device in tables.accelerators} == {"h100-sxm5": 150.0, "own-chip": 90.0}


@pytest.mark.skipif(sys.platform == "win32", reason="rights of a folder are POSIX")
def test_an_overlay_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    """Its rows are never left out without a word; root may read all, so it is somebody else meanwhile."""
    own = tmp_path / "own"
    own.mkdir(mode=0)
    somebody = 65534 if os.geteuid() == 0 else os.geteuid()
    before = os.geteuid()
    os.seteuid(somebody)
    try:
        with pytest.raises(FactorDataInvalid) as refused:
            read_texts(own, overlay=True)
    finally:
        os.seteuid(before)
    [fault] = refused.value.faults
    assert fault == f"{own}:1: the directory cannot be read: Permission denied"


def test_an_overlay_is_held_to_the_same_rules(tmp_path: Path) -> None:
    """A fault in an operator's table is named by its own file."""
    shipped = write(tmp_path / "shipped", grid_intensity=[grid()])
    own = write(tmp_path / "own", grid_intensity=[grid(value="380")])

    [fault] = faults(shipped, overlay=own)

    assert fault.startswith(f"{own}/grid_intensity.csv:2: value 380.0")


def test_a_table_can_be_left_out(tmp_path: Path) -> None:
    """A part that may not be used is left out by its file's name; a name that is no table's is a mistake."""
    mix = {
        "id": "residual_mix:DE:2023",
        "availability": "published",
        "value": "0.7",
        "unit": "kg CO2e/kWh",
        "zone": "DE",
    }
    rows = [row("residual_mix", **SOURCE | mix | {"use": "default"})]
    directory = write(tmp_path, grid_intensity=[grid()], residual_mix__aib=rows)

    assert [factor.kind for factor in load(directory, exclude=["residual_mix.aib"]).factors] == ["grid_location"]
    with pytest.raises(
        FactorDataInvalid, match=r"there is no table residual_mix.iab to leave out; the tables are grid_"
    ):
        load(directory, exclude=["residual_mix.iab"])


# the SQLite file


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    return write(tmp_path / "tables", grid_intensity=[grid(), grid("FR", value="0.05")], accelerator=[device()])


def built(tables: Path, cache: Path) -> Path:
    load(tables, cache_dir=cache)
    [file] = cache.iterdir()
    return file


def test_the_file_is_named_after_the_content_and_serves_the_next_start(tables: Path, tmp_path: Path) -> None:
    """The second start reads the file that the first one wrote and holds the same."""
    cache = tmp_path / "new" / "cache"
    first = load(tables, cache_dir=cache)
    [file] = cache.iterdir()
    written = file.stat().st_mtime_ns

    assert file.name == f"factors-{first.content_hash[:12]}.sqlite"
    assert load(tables, cache_dir=cache) == first == load(tables)
    assert file.stat().st_mtime_ns == written


def test_the_file_can_be_opened_with_sqlite(tables: Path, tmp_path: Path) -> None:
    """It holds strict tables with typed columns, and says how many rows and of which content."""
    with closing(sqlite3.connect(built(tables, tmp_path / "cache"))) as connection:
        values = connection.execute("SELECT value FROM grid_intensity WHERE zone = 'FR'").fetchall()
        strict = connection.execute("SELECT strict FROM pragma_table_list WHERE name = 'grid_intensity'").fetchone()
        count = connection.execute("SELECT value FROM meta WHERE name = 'rows:grid_intensity'").fetchone()

    assert values == [(0.05,)]
    assert strict == (1,)
    assert count == ("2",)


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def halved(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def overwritten(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096 : 4096 * 3] = b"\xff" * 8192
    file.write_bytes(bytes(content))


def of_text(file: Path) -> None:
    file.write_text("not a database")


def foreign(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE grid_intensity (id TEXT)")


def of_other_content(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE meta SET value = 'f00' WHERE name = 'content_hash'")


def short_of_a_row(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM grid_intensity WHERE zone = 'FR'")


def edited(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE grid_intensity SET value = 0.5 WHERE zone = 'FR'")


@pytest.mark.parametrize(
    "spoil", [emptied, halved, overwritten, of_text, foreign, of_other_content, short_of_a_row, edited]
)
def test_a_bad_file_is_rebuilt_and_never_served(tables: Path, tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    """A file that is corrupt, half-written, foreign or changed gives way to one built from the tables."""
    expected = load(tables)
    file = built(tables, tmp_path / "cache")
    spoil(file)

    assert load(tables, cache_dir=tmp_path / "cache") == expected

    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT value FROM grid_intensity WHERE zone = 'FR'").fetchone() == (0.05,)


def test_new_tables_get_a_file_of_their_own(tables: Path, tmp_path: Path) -> None:
    """A change of the tables is seen at the next start; nothing old is served."""
    cache = tmp_path / "cache"
    built(tables, cache)
    write(tables, grid_intensity=[grid(value="0.35")])

    assert by_id(load(tables, cache_dir=cache))["grid_location:DE:2023"].value == 0.35
    assert len(list(cache.iterdir())) == 2


LOAD_AT_A_WORD = """
import sys
from pathlib import Path
from service.factors.tables import load
sys.stdin.readline()
load(Path(sys.argv[1]), cache_dir=Path(sys.argv[2]))
"""


def test_two_processes_may_build_at_once(tmp_path: Path) -> None:
    """Both end well, the file is whole, and nothing half-written is left beside it."""
    cache = tmp_path / "cache"
    command = [sys.executable, "-c", LOAD_AT_A_WORD, str(shipped_factors()), str(cache)]
    pair = [subprocess.Popen(command, stdin=subprocess.PIPE) for _ in range(2)]
    for process in pair:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.close()

    assert [process.wait(60) for process in pair] == [0, 0]
    [file] = cache.iterdir()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_without_a_place_to_write_all_is_held_in_memory(
    tables: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A directory that cannot be written costs the file, not the start, and the log says so."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way of a directory")

    with caplog.at_level(logging.WARNING):
        held = load(tables, cache_dir=blocked / "cache")

    assert held == load(tables)
    assert "cannot be written" in caplog.text
    assert "held in memory only" in caplog.text


ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
from service.factors.tables import load
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
print(len(load(Path(sys.argv[1]), cache_dir=Path(sys.argv[2])).accelerators))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX")
def test_a_full_disk_leaves_nothing_half_written(tables: Path, tmp_path: Path) -> None:
    """When the file cannot be finished, the tables are held in memory and the beginning of a file is taken away."""
    cache = tmp_path / "cache"
    command = [sys.executable, "-c", ON_A_FULL_DISK, str(tables), str(cache)]

    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout == "1\n"
    assert list(cache.iterdir()) == []


# the shipped tables


@pytest.fixture(scope="module")
def shipped() -> Tables:
    return load(shipped_factors())


def every_factor(tables: Tables) -> list[Factor]:
    held = (tables.places, tables.accelerators, tables.instances, tables.components, tables.powers)
    return [*tables.factors, *(thing.factor for things in held for thing in things)]


def test_every_shipped_row_has_its_whole_source(shipped: Tables) -> None:
    """Publisher, title, address, edition and license stand in every row, and no machine's path."""
    for factor in every_factor(shipped):
        texts = (factor.publisher, factor.title, factor.edition, factor.license)
        assert all(texts), factor.id
        assert factor.url.startswith("https://"), factor.id
        assert not any(word in factor.note for word in ("/work", "/home", "/tmp")), factor.id  # noqa: S108 - looked for


def test_a_shipped_row_without_a_value_says_why(shipped: Tables) -> None:
    """A missing value is None with a reason."""
    without = [factor for factor in every_factor(shipped) if factor.value is None and factor.kind != "cloud_region"]

    assert without
    assert [factor.id for factor in without if not factor.note] == []


def test_shipped_files_are_sorted_and_end_their_lines_alike() -> None:
    """A change of a table is a change of its lines only: sorted by id, LF, UTF-8."""
    for file in shipped_factors().glob("*.csv"):
        content = file.read_bytes()
        ids = [line.split(b",")[0] for line in content.splitlines()[1:] if b":" in line.split(b",")[0]]
        assert b"\r" not in content, file.name
        assert content.endswith(b"\n"), file.name
        assert ids == sorted(ids), file.name
