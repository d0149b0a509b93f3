"""A month of a cluster: estimated, divided among its teams, plotted, and on a map.

The cells (`# %%`) open as a notebook in VS Code and Jupytext; `python month.py` runs them all. It takes httpx and
matplotlib, and a running service (`dualscope serve`), whose address may stand in DUALSCOPE_URL. What it makes is
written into DUALSCOPE_OUT, else the current folder.
"""

# %% The service, and the jobs of one month of an invented cluster
import importlib.util
import json
import math
import os
from datetime import datetime
from pathlib import Path

import httpx
import matplotlib.pyplot as plt

URL = os.environ.get("DUALSCOPE_URL", "http://localhost:8000")
OUT = Path(os.environ.get("DUALSCOPE_OUT", "."))
MONTH = os.environ.get("DUALSCOPE_MONTH", "2025-03")
HERE = Path(__file__).parent if "__file__" in globals() else Path("openapi/examples")

year = json.loads((HERE / "cluster" / "jobs.json").read_text(encoding="utf-8"))
jobs = [job for job in year["workloads"] if job["period"]["start"].startswith(MONTH)]
if not jobs:
    raise SystemExit(f"jobs.json has no job that began in {MONTH}; it is of 2025")
batch = {**year, "workloads": jobs, "group_by": ["tags.team"]}
service = httpx.Client(base_url=URL, timeout=60)


def asked(path: str, body: dict, accept: str = "application/json") -> dict:
    """The answer of a path; a refusal is shown with every fault."""
    response = service.post(path, json=body, headers={"Accept": accept})
    if response.status_code != 200:
        raise SystemExit("\n".join(f"{fault['pointer']}: {fault['detail']}" for fault in response.json()["errors"]))
    return response.json()


# %% Estimate: every job, and the sums by team
estimated = asked("/emissions/batch", batch)
summary = estimated["summary"]
if summary["failed"]:
    raise SystemExit(f"{summary['failed']} of {summary['count']} jobs have a problem; see results")
teams = {group["key"]["tags.team"]: group for group in summary["groups"]}
print(f"{MONTH}: {summary['count']} jobs, {summary['energy_kwh']:,.1f} kWh at the facility")
for basis in ("location_based", "market_based"):
    total = summary["totals"][basis]
    print(f"  {basis}: {total['kg_co2e']:,.1f} kg CO2e, grade {total['grade']}, without {total['missing']}")

# %% Allocate: the month's location-based figures, by component, divided among the teams by every method
PARTS = ("scope2", "fuel_and_energy", "embodied")


def parts(emissions: dict, basis: str) -> dict:
    """The figures of one job that a total is made of. [kg CO2e]"""
    figures = (
        emissions["scope2"][basis],
        emissions["scope3"]["fuel_and_energy"][basis],
        emissions["scope3"]["embodied"],
    )
    if None in figures:
        raise SystemExit(f"job {emissions['id']} lacks a figure; see its warnings")
    return {name: figure["kg_co2e"] for name, figure in zip(PARTS, figures, strict=True)}


answers = [result["emissions"] for result in estimated["results"]]
BASES = ("location_based", "market_based")
stacked = {team: {basis: dict.fromkeys(PARTS, 0.0) for basis in BASES} for team in teams}
drivers = {team: {"device_hours": 0.0, "busy_hours": 0.0, "kwh": 0.0} for team in teams}
for job, answer in zip(jobs, answers, strict=True):
    team, hardware, period = job["tags"]["team"], job["hardware"], job["period"]
    hours = (datetime.fromisoformat(period["end"]) - datetime.fromisoformat(period["start"])).total_seconds() / 3600
    device_hours = hours * hardware["accelerators"] * hardware["count"]
    drivers[team]["device_hours"] += device_hours
    drivers[team]["busy_hours"] += device_hours * job["utilization"]
    drivers[team]["kwh"] += job["energy"]["kwh"]
    for basis in BASES:
        for name, kilograms in parts(answer, basis).items():
            stacked[team][basis][name] += kilograms

pool = {name: math.fsum(stacked[team]["location_based"][name] for team in teams) for name in PARTS}
divided = asked(
    "/allocations",
    {
        "pool": {"components": pool},
        "method": "utilization",
        "weights": {"gpu_hours": 0.5, "energy_kwh": 0.5},
        "compare": True,
        "consumers": [
            {
                "id": team,
                "device_hours": driver["device_hours"],
                "utilization": driver["busy_hours"] / driver["device_hours"],
                "usage": {"gpu_hours": driver["device_hours"], "energy_kwh": driver["kwh"]},
            }
            for team, driver in drivers.items()
        ],
    },
)
methods = divided["comparison"]["by_method"]
for line in divided["allocations"]:
    print(f"  {line['id']}: {line['kg_co2e']:,.1f} kg CO2e, {line['share']:.1%} of the month by utilization")
for missing in divided["comparison"]["not_computable"]:
    print(f"  not by {missing['method']}: {missing['detail']}")

# %% Plot: both Scope 2 methods side by side, stacked by component; and what each allocation method gives each team
figure, (bars, heat) = plt.subplots(1, 2, figsize=(13, 5), layout="constrained")
names = sorted(teams)
for offset, basis, hatch in ((-0.2, "location_based", None), (0.2, "market_based", "//")):
    places, below = [index + offset for index in range(len(names))], [0.0] * len(names)
    for color, part in zip(("C0", "C1", "C2"), PARTS, strict=True):
        kilograms = [stacked[team][basis][part] for team in names]
        bars.bar(places, kilograms, 0.38, bottom=below, color=color, hatch=hatch, label=f"{part}, {basis}")
        below = [low + more for low, more in zip(below, kilograms, strict=True)]
bars.set_xticks(range(len(names)), names)
bars.set_ylabel("kg CO2e")
bars.set_title(f"{MONTH} by team: alternatives, never added")
bars.legend(fontsize="small")
values = [[methods[method][team] for team in names] for method in methods]
image = heat.imshow(values, aspect="auto", cmap="viridis")
heat.set_xticks(range(len(names)), names)
heat.set_yticks(range(len(methods)), list(methods))
heat.set_title("The same pool by every method that the data allows")
figure.colorbar(image, ax=heat, label="kg CO2e")
picture = OUT / f"month-{MONTH}.png"
figure.savefig(picture)
print(f"wrote {picture}")
plt.show(block=False)

# %% Map: the saved map of the same jobs, for kepler.gl
saved = asked("/emissions/batch", batch, accept="application/vnd.kepler.gl+json")
map_file = OUT / f"month-{MONTH}.kepler.json"
map_file.write_text(json.dumps(saved), encoding="utf-8")
print(f"wrote {map_file}")
if importlib.util.find_spec("keplergl") is None:
    print(f"drop {map_file} on https://kepler.gl/demo to open it; here: pip install keplergl")
    shown = None
else:
    from keplergl import KeplerGl

    (dataset,) = saved["datasets"]
    columns = [field["name"] for field in dataset["data"]["fields"]]
    table = {
        "columns": columns,
        "data": dataset["data"]["allData"],
        "index": list(range(len(dataset["data"]["allData"]))),
    }
    shown = KeplerGl(height=600, data={dataset["data"]["id"]: table}, config=saved["config"])
shown  # noqa: B018 - a notebook shows the last line of a cell
