"""The `factors` command: import, build, check, compare, list."""

import argparse
import shutil
from pathlib import Path

import pytest

from service.errors import FactorDataInvalid
from service.factors import commands
from service.factors.tables import load
from service.settings import shipped_factors

PROVIDERS = "provider,year,metric,value,unit,source,source_found\n"
GOOGLE = "Google,2024,Scope 1,73100,tCO2e,2025 Environmental Report,x\n"
CONSTANTS = "kind,key,idle_or_min,max_or_value,unit,source,note\n"
HASWELL = "cpu_per_vcpu,HASWELL,1,4.74,W,cloud-carbon-footprint b7,\n"
USE = ",Architecture,Min Watts,Max Watts,GB/Chip\n0,Haswell,1.9,6.01,27.3\n1,Graviton,0.47,1.69,129.7\n"


def upstream(tmp_path: Path, name: str, text: str) -> Path:
    file = tmp_path / name
    file.write_text(text)
    return file


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    tables = tmp_path / "factors"
    tables.mkdir()
    return tables


def test_an_import_reports_what_it_did(tmp_path: Path, directory: Path) -> None:
    """Added at first, unchanged the second time, and the file is the same byte for byte."""
    file = upstream(tmp_path, "provider.csv", PROVIDERS + GOOGLE)

    first = commands.import_source("provider", file, directory)
    written = (directory / "provider.csv").read_bytes()
    second = commands.import_source("provider", file, directory)

    assert first.startswith("provider: 1 added, 0 changed, 0 unchanged")
    assert "added: provider:google:scope1:2024" in first
    assert second.startswith("provider: 0 added, 0 changed, 1 unchanged")
    assert (directory / "provider.csv").read_bytes() == written
    assert [path.name for path in directory.iterdir()] == ["provider.csv"]


def test_an_import_does_not_edit_a_figure(tmp_path: Path, directory: Path) -> None:
    """A row is superseded, never edited: another figure under the same id is refused and nothing is written."""
    commands.import_source("provider", upstream(tmp_path, "a.csv", PROVIDERS + GOOGLE), directory)
    before = (directory / "provider.csv").read_bytes()
    file = upstream(tmp_path, "b.csv", PROVIDERS + GOOGLE.replace("73100", "99999"))

    with pytest.raises(FactorDataInvalid) as refused:
        commands.import_source("provider", file, directory)

    [fault] = refused.value.faults
    assert fault.startswith(f"{file}:1: provider:google:scope1:2024: value 73100 would become 99999; ")
    assert fault.endswith("a row is superseded, never edited: give the new one an edition of its own, or use --replace")
    assert (directory / "provider.csv").read_bytes() == before


def test_replace_edits_a_figure_that_was_wrong(tmp_path: Path, directory: Path) -> None:
    """A figure that was read wrongly is mended on purpose."""
    commands.import_source("provider", upstream(tmp_path, "a.csv", PROVIDERS + GOOGLE), directory)
    file = upstream(tmp_path, "b.csv", PROVIDERS + GOOGLE.replace("73100", "99999"))

    report = commands.import_source("provider", file, directory, replace=True)

    assert report.startswith("provider: 0 added, 1 changed")
    assert load(directory).factors[0].value == 99999.0


def test_the_first_source_to_give_a_cell_keeps_it(tmp_path: Path, directory: Path) -> None:
    """Where several sources fill a table, a later one adds what is missing and the report names the rest."""
    commands.import_source("power", upstream(tmp_path, "power.csv", CONSTANTS + HASWELL), directory)

    report = commands.import_source("power", upstream(tmp_path, "ccf-aws-use.csv", USE), directory)

    assert report.startswith("power: 1 added, 0 changed, 1 unchanged, 2 cells kept")
    assert "kept: power:HASWELL value: 4.74 stands, 6.01 given" in report
    assert {power.id: power.factor.value for power in load(directory).powers} == {"HASWELL": 4.74, "AWS_GRAVITON": 1.69}


def test_a_row_that_completes_nothing_is_left_out_and_named(tmp_path: Path, directory: Path) -> None:
    """A drive's capacity without a row of drives has no source of its own."""
    drive = "silicon:\n  ssd.main0:\n    model: flash\n    process: nand_30nm\n    n_ics: 13\n    capacity: 3840 GB\n"

    report = commands.import_source("components", upstream(tmp_path, "bom.yaml", drive), directory)

    assert "1 incomplete left out" in report
    assert "left out: server_component:ssd" in report
    assert list(directory.iterdir()) == []


def test_an_accelerators_figure_moves_its_instances(tmp_path: Path, directory: Path) -> None:
    """Instance types are derived anew whenever accelerators are imported."""
    for name in ("accelerator", "cloud_instance"):
        shutil.copy(shipped_factors() / f"{name}.csv", directory)
    text = (
        "accelerator_id,vendor,model,form_factor,memory_gb,tdp_w,embodied_low_kgco2e,embodied_central_kgco2e,"
        "embodied_high_kgco2e,central_basis,primary_source,boaviztapi_2_5_0_kgco2e,aliases,tdp_low_w,tdp_high_w,status,"
        "spec_note\nh100-sxm5,NVIDIA,H100,SXM5,80,700,150,200,600,primary,NVIDIA HGX H100 PCF,,H100,,,single,\n"
    )

    commands.import_source("accelerators", upstream(tmp_path, "accelerators.csv", text), directory, replace=True)

    [p5] = [type_ for type_ in load(directory).instances if type_.name == "p5.48xlarge"]
    assert (p5.factor.value, p5.factor.low) == (1600.0, 1200.0)  # 8 × 200, 8 × 150


def test_an_import_that_makes_a_faulty_row_writes_nothing(tmp_path: Path, directory: Path) -> None:
    """What could not be loaded is not written."""
    line = "cpu_per_vcpu,HASWELL,1,-4.74,W,cloud-carbon-footprint b7,\n"
    file = upstream(tmp_path, "power.csv", CONSTANTS + line)

    with pytest.raises(FactorDataInvalid, match=r"power.csv:2: value -4.74 lies below 0; a factor cannot"):
        commands.import_source("power", file, directory)

    assert list(directory.iterdir()) == []


def test_an_unknown_source_and_an_unreadable_file_are_refused(tmp_path: Path, directory: Path) -> None:
    """The sources are named, and so is the file."""
    with pytest.raises(FactorDataInvalid, match="no source 'epa'; the sources are accelerators, aib"):
        commands.import_source("epa", tmp_path / "x.csv", directory)
    with pytest.raises(FactorDataInvalid, match=r"x.csv:1: the file cannot be read"):
        commands.import_source("power", tmp_path / "x.csv", directory)


def test_build_says_where_the_file_lies(tmp_path: Path, directory: Path) -> None:
    """The path of the SQLite file and the content hash."""
    commands.import_source("provider", upstream(tmp_path, "p.csv", PROVIDERS + GOOGLE), directory)

    path, content_hash = commands.build(directory, tmp_path / "cache").splitlines()

    assert Path(path).is_file()
    assert content_hash == load(directory).content_hash


def test_check_counts_the_rows(tmp_path: Path, directory: Path) -> None:
    """Rows by table, their sum and the content hash."""
    commands.import_source("provider", upstream(tmp_path, "p.csv", PROVIDERS + GOOGLE), directory)

    lines = commands.check(directory).splitlines()

    assert [line.split() for line in lines[:2]] == [["provider", "1"], ["total", "1"]]
    assert lines[2] == load(directory).content_hash


def test_diff_shows_what_was_added_removed_and_moved(tmp_path: Path) -> None:
    """Figures move in per cent, other changes by their columns."""
    old, new = tmp_path / "old", tmp_path / "new"
    for tables in (old, new):
        tables.mkdir()
    lines = [GOOGLE, GOOGLE.replace("Scope 1", "total"), GOOGLE.replace("2024", "2022")]
    commands.import_source("provider", upstream(tmp_path, "a.csv", PROVIDERS + "".join(lines)), old)
    lines = [GOOGLE.replace("73100", "80410"), GOOGLE.replace("Scope 1", "total").replace("2025 E", "New E"), lines[2]]
    lines[2] = lines[2].replace("2022", "2023")
    commands.import_source("provider", upstream(tmp_path, "b.csv", PROVIDERS + "".join(lines)), new)

    assert commands.diff(old, new).splitlines() == [
        "- provider:google:scope1:2022",
        "+ provider:google:scope1:2023 73100 t CO2e",
        "~ provider:google:scope1:2024 73100 → 80410 t CO2e (+10.0 %)",  # 80410 / 73100 = 1.1
        "~ provider:google:total:2024 title",
        "1 added, 1 removed, 2 changed",
    ]


def test_list_asks_by_kind_zone_and_year() -> None:
    """One row a line, its id first."""
    [header, *rows] = commands.list_factors(shipped_factors(), kind="spend", zone="518210", year=2024).splitlines()

    assert header.startswith("id,value,unit,")
    assert [row.split(",")[0] for row in rows] == ["spend:518210:2022"]
    assert len(commands.list_factors(shipped_factors(), kind="accelerator", zone="h100-sxm5").splitlines()) == 2
    assert len(commands.list_factors(shipped_factors(), zone="aws:p5.48xlarge").splitlines()) == 2


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    commands.add_arguments(parser)
    return commands.run(parser.parse_args(words), shipped_factors(), Path("unused"))


def test_the_command_line_reaches_every_command(
    tmp_path: Path, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 0 and a report on standard output."""
    file = str(upstream(tmp_path, "p.csv", PROVIDERS + GOOGLE))
    tables = ("--directory", str(directory))

    assert run("import", "provider", file, *tables) == 0
    assert run("check", *tables) == 0
    assert run("build", "--cache", str(tmp_path / "cache"), *tables) == 0
    assert run("list", "--kind", "provider", "--year", "2024", *tables) == 0
    assert run("diff", str(directory), str(directory)) == 0
    assert capsys.readouterr().out.endswith("0 added, 0 removed, 0 changed\n")


def test_a_fault_ends_with_exit_code_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Faults go to standard error, nothing to standard output."""
    assert run("check", "--directory", str(tmp_path / "nowhere")) == 1

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "there is no such directory" in printed.err


def test_a_build_that_cannot_be_written_fails(tmp_path: Path, directory: Path) -> None:
    """Unlike a start, which goes on in memory, a build has only the file to give."""
    commands.import_source("provider", upstream(tmp_path, "p.csv", PROVIDERS + GOOGLE), directory)

    with pytest.raises(OSError, match="could not be written"):
        commands.build(directory, directory / "provider.csv" / "cache")
