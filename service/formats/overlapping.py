"""Series of Kepler and RAPL that measure the same energy, which must not be counted twice."""

from collections import defaultdict

from service.formats.meter import Series, refused
from service.formats.meter_units import MEASURES, unit_of

INSIDE = "its energy is inside that of another series that the file has"
_ZONES = {  # a zone -> those whose energy it holds
    "platform": {"psys", "package", "core", "uncore", "dram", "gpu", "other"},
    "psys": {"package", "core", "uncore", "dram"},
    "package": {"core", "uncore"},
}
_ALL_ZONES = frozenset({*_ZONES, *(zone for inside in _ZONES.values() for zone in inside)})
_KEPLER = ("node", "container", "pod", "process", "vm")
_OF_ZONES = frozenset({"__name__", "zone", "path", "index"})


def check_kinds(series: list[Series]) -> None:
    """Kepler measures the same energy by node, by pod, by container and by process."""
    kinds = {kind for one in series for kind in _KEPLER if one.labels.get("__name__", "").startswith(f"kepler_{kind}_")}
    if len(kinds) > 1:
        told = " and ".join(f"kepler_{kind}_*" for kind in sorted(kinds))
        raise refused(f"the file has {told}, which hold the same energy; send one of them")
    counters = {(MEASURES[unit].counter, one.labels["__name__"].startswith("kepler_"))
                for one in series if (unit := unit_of(one.labels.get("__name__", ""))) is not None}  # fmt: skip
    if {(True, True), (False, True)} <= counters:
        raise refused("the file has Kepler's joules and its watts, which are the same energy; send one of them")


def inside_others(series: list[Series]) -> set[int]:
    """Series whose energy another series of the same place holds: cores are inside the package."""
    by_place: dict[tuple[tuple[str, str], ...], list[tuple[str, int]]] = defaultdict(list)
    names = {one.labels.get("__name__", "") for one in series}
    found = {one.number for one in series if _whole(one.labels.get("__name__", "")) in names}
    for one in series:
        zone = _zone(one.labels)
        if zone is not None:
            place = tuple(sorted((name, text) for name, text in one.labels.items() if name not in _OF_ZONES))
            by_place[place].append((zone, one.number))
    for zones in by_place.values():
        held = {inside for zone, _ in zones for inside in _ZONES.get(zone, ())}
        found |= {number for zone, number in zones if zone in held}
    return found


def _whole(name: str) -> str | None:
    """Kepler's metric that a metric of its active or idle energy is a part of."""
    parts = [part for part in ("_active_", "_idle_") if part in name]
    return name.replace(parts[0], "_") if parts and name.startswith("kepler_") else None


def _zone(labels: dict[str, str]) -> str | None:
    """The zone of RAPL or Kepler that a series is of, by its label or its name."""
    named = labels.get("zone", "").lower().partition("-")[0]
    if named in _ALL_ZONES:
        return named
    name = labels.get("__name__", "")
    if not name.startswith(("kepler_", "node_rapl_")):
        return None
    return next((word for word in name.split("_") if word in _ALL_ZONES), None)
