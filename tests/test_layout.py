"""Who may import whom, read from the imports themselves; and what stands where."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SERVICE = ROOT / "service"

LAYERS = [
    {"errors", "telemetry"},
    {"model"},
    {"method"},
    {"settings", "factors", "boavizta", "access"},
    {"opening"},
    {"matched"},
    {"hardware"},
    {"live"},
    {"resolve"},
    {"figures"},
    {"estimate"},
    {"plans"},
    {"estimator"},
    {"batch", "pools", "years", "disclosures", "formats"},
    {"bulk"},
    {"reports"},
    {"http"},
    {"app", "listening"},
    {"running"},
    {"commands"},
    {"importing"},
    {"__main__"},
]
"""Rooms from the ground up: each may import from those below it and from itself, from nothing else of ours."""

ONLY_IN = {
    "jinja2": {"reports"},
    "litestar": {"http", "app", "listening", "running"},
    "uvicorn": {"listening", "running"},
    "opentelemetry": {"telemetry"},
    "prometheus_client": {"http", "app"},
    "httpx": {"boavizta", "commands"},
    "tenacity": {"boavizta"},
    "sqlite3": {"factors", "boavizta"},
    "sqlite_utils": {"factors", "boavizta"},
    "argparse": {"access", "bulk", "commands", "factors", "importing"},
    "numpy": {"bulk", "method"},
    "polars": {"method"},
    "pyarrow": {"bulk"},
    "pyspark": {"bulk"},
}
"""Packages that one concern owns."""

PURE = {"model", "errors", "method"}
IMPURE = {"asyncio", "cachetools", "io", "logging", "os", "pathlib", "random", "socket", "subprocess", "sys", "time"}
CLOCKS = {"now", "utcnow", "today"}
TABLES = {"model.codes"}
"""Reads a table that ships beside it, when asked."""

VAGUE = {"base", "common", "core", "helpers", "manager", "misc", "utils"}
TOP = {"pyproject.toml", "README.md", "LICENSE", "Dockerfile", "service", "tests", "openapi", "factors"}
LEFTOVERS = {"build", "dist", "__pycache__"}
MOST_LINES = 320

MODULES = sorted(SERVICE.rglob("*.py"))
each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: dotted(path) or "__init__")


def dotted(path: Path) -> str:
    """Return a module's name inside the package: `method.energy`."""
    parts = path.relative_to(SERVICE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def room(name: str) -> str:
    """Return the first part of a module's name inside the package; empty for the package itself."""
    return name.split(".", maxsplit=1)[0]


def height(name: str) -> int:
    """Return the layer that a room stands in."""
    found = [index for index, rooms in enumerate(LAYERS) if name in rooms]
    assert found, f"service/{name} is new: give it a place in LAYERS"
    return found[0]


def parsed(path: Path) -> ast.Module:
    """Return a module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def is_broad(caught: ast.expr | None) -> bool:
    """Whether an except clause catches whatever comes."""
    return caught is None or (isinstance(caught, ast.Name) and caught.id in {"Exception", "BaseException"})


def is_raised_on(handler: ast.ExceptHandler) -> bool:
    """Whether a handler ends by raising what it caught."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def imported(path: Path) -> set[str]:
    """Return the full names of what a module imports, wherever in it the import stands."""
    names = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports say the whole name"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@each_module
def test_a_module_imports_only_from_below(path: Path) -> None:
    """model, errors ◄ method ◄ factors ◄ resolve ◄ figures ◄ estimate ◄ bulk, formats ◄ http ◄ app ◄ commands."""
    own = room(dotted(path))
    ours = {room(name.removeprefix("service.")) for name in imported(path) if name.startswith("service.")}
    rooms = {name for name in ours if (SERVICE / name).is_dir() or (SERVICE / f"{name}.py").is_file()}
    if own:
        assert {name for name in rooms - {own} if height(name) >= height(own)} == set()
    else:
        assert rooms == set(), "the package's own __init__ imports nothing of ours"


@each_module
def test_what_one_concern_owns_is_imported_nowhere_else(path: Path) -> None:
    """HTTP stays in http, SQL in factors, the command line in commands."""
    own, outside = room(dotted(path)), {name.split(".")[0] for name in imported(path)}
    assert {name for name in outside & ONLY_IN.keys() if own not in ONLY_IN[name]} == set()


@pytest.mark.parametrize("path", [path for path in MODULES if room(dotted(path)) in PURE], ids=dotted)
def test_the_method_knows_no_clock_no_disk_no_network(path: Path) -> None:
    """The same arguments give the same figures, whenever and wherever."""
    outside = {name.split(".")[0] for name in imported(path)}
    assert outside & IMPURE <= ({"pathlib"} if dotted(path) in TABLES else set())
    calls = [node.func for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)]
    assert not [call.attr for call in calls if isinstance(call, ast.Attribute) and call.attr in CLOCKS]


@each_module
def test_a_broad_except_stands_only_where_problems_are_made(path: Path) -> None:
    """Only http/problems turns what nobody foresaw into an answer; others may tidy up and raise it on."""
    handlers = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.ExceptHandler)]
    swallowing = [node for node in handlers if is_broad(node.type) and not is_raised_on(node)]
    assert not swallowing or dotted(path) == "http.problems"


@each_module
def test_a_module_is_short(path: Path) -> None:
    """A module that outgrows a few screens holds two things."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@each_module
def test_a_module_is_named_for_what_it_holds(path: Path) -> None:
    """A vague name collects whatever has no place."""
    assert not VAGUE & set(dotted(path).split("."))


def test_the_top_of_the_repository_is_short() -> None:
    """What a newcomer sees first: the package, its tables, its tests, its documents, and dotfiles."""
    seen = {entry.name for entry in ROOT.iterdir() if not entry.name.startswith(".")}
    assert seen - LEFTOVERS == TOP


def test_the_extra_for_tests_is_the_group_for_tests() -> None:
    """Older pips know no groups, newer ones need no extra: both get the same."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["optional-dependencies"]["test"] == project["dependency-groups"]["test"]
