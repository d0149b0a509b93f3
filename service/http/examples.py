"""Requests and refusals that the OpenAPI document shows."""

from typing import Any

from service.http.report_examples import REPORT_REQUESTS

_LEAST = {"region": "aws:us-east-1", "energy": {"kwh": 100}}
_TRAINING = {
    "id": "train-42",
    "tags": {"team": "vision", "commit": "9fceb02"},
    "region": "aws:us-east-1",
    "period": {"start": "2025-03-01T00:00:00Z", "end": "2025-03-04T00:00:00Z"},
    "energy": {"kwh": 1180.5, "level": "it"},
    "pue": 1.12,
    "hardware": {"instance": "p5.48xlarge", "count": 2, "lifetime_years": 4},
    "utilization": 0.83,
    "cost": {"amount": 14150.4, "currency": "USD"},
    "instruments": [
        {
            "id": "wind-2025",
            "type": "rec",
            "percent": 60,
            "technology": "wind",
            "vintage_year": 2025,
            "market": "US",
            "retired": True,
            "attributes_transferred": True,
        }
    ],
    "functional_units": {"1M tokens": 9000},
}
_MONTH = {
    "defaults": {"period": {"start": "2025-03-01", "end": "2025-04-01"}, "tags": {"team": "vision"}},
    "workloads": [
        {"id": "train-42", "region": "aws:us-east-1", "energy": {"kwh": 1180.5}},
        {"id": "serve-7", "region": "gcp:europe-west9", "energy": {"kwh": 310}, "tags": {"team": "search"}},
        {"id": "notebook-3", "region": "aws:us-east-1", "energy": {"kwh": 12.25}, "pue": 1.12},
    ],
    "group_by": ["tags.team", "region"],
}
_TEAMS = {
    "pool": {"kg_co2e": 1200},
    "method": "utilization",
    "compare": True,
    "consumers": [
        {"id": "training", "devices": 8, "hours": 100, "utilization": 0.9, "cost": {"amount": 2400, "currency": "USD"}},
        {"id": "chat", "devices": 4, "hours": 150, "utilization": 0.35, "cost": {"amount": 2100, "currency": "USD"}},
    ],
}
_REPORTED = {
    "pool": {
        "components": {"scope1": 12.5, "scope2": 840, "scope3": 1310.2},
        "report": {
            "provider": "aws",
            "account": "111122223333",
            "period": {"start": "2025-03-01", "end": "2025-04-01"},
            "title": "Customer Carbon Footprint Tool, March 2025",
        },
    },
    "method": "physical",
    "idle_policy": "unallocated",
    "capacity": {"vcpu_hours": 744000},
    "consumers": [
        {"id": "search", "tags": {"cost_centre": "4711"}, "usage": {"vcpu_hours": 297600}},
        {"id": "shop", "tags": {"cost_centre": "4712"}, "usage": {"vcpu_hours": 372000}},
    ],
}
_METHODOLOGY = {
    "id": "dualscope",
    "version": "1.0.0",
    "factor_set": {"id": "embedded", "version": "2025.1"},
    "parameters": {"category_scheme": "ghg_protocol", "deployment": "owned", "gwp_set": "AR6", "matching": "annual"},
}
_YEARS = {
    "baseline": {
        "period": {"start": "2024-01-01", "end": "2025-01-01"},
        "energy_kwh": 1000,
        "kg_co2e": 400,
        "methodology": _METHODOLOGY,
    },
    "current": {
        "period": {"start": "2025-01-01", "end": "2026-01-01"},
        "energy_kwh": 1200,
        "kg_co2e": 420,
        "methodology": _METHODOLOGY | {"factor_set": {"id": "embedded", "version": "2026.1"}},
    },
}


def _returned() -> dict[str, Any]:
    """An answer of POST /emissions for a spend of 100 USD, without what is not read of it."""
    figure = {"kg_co2e": 9.3, "low_kg_co2e": 2.79, "high_kg_co2e": 27.9, "grade": "E"}
    total = figure | {"worst_grade": "E", "primary_data_share": 0.0}
    return {
        "deployment": "owned",
        "period": {"start": "2025-03-01", "end": "2025-04-01"},
        "energy": {"tier": 5},
        "scope2": {"location_based": None, "market_based": None},
        "scope3": {
            "spend_based": figure | {"workload_scope": "scope3.cat1", "inventory_category": "scope3.cat1"},
        },
        "totals": {"location_based": total, "market_based": total},
        "allocation": {"method": "time"},
        "methodology": {
            "id": "dualscope",
            "version": "1.0.0",
            "factor_set": {"id": "embedded", "version": "2026.1"},
            "parameters": {"deployment": "owned", "figures": ["scope3.spend_based"], "gwp_set": "AR6"},
            "parameters_hash": "ae71b44684c86f2f20933cf7aa779d7bcd97e5245cb847b3b35389d12f902cdb",
            "fingerprint": "mf1:97a45cf666571419d9d8ef33b3aaa4ab3cbcb3118177eebc8aa0a72224a804d5",
        },
        "warnings": [{"code": "SPEND_BASED_ESTIMATE", "pointer": "/cost"}],
    }


_RUN = {
    "timestamp": "2025-08-03T14:22:07",
    "project_name": "llm-finetune",
    "run_id": "0d6c8f0e-6c1b-4f2a-9a55-0f4f0b0e7a01",
    "duration": 5400.0,
    "emissions": 0.236,
    "energy_consumed": 4.2084,
    "country_iso_code": "FRA",
    "region": "ile-de-france",
    "codecarbon_version": "3.3.2",
    "gpu_count": 8,
    "gpu_model": "8 x NVIDIA A100-SXM4-40GB",
    "tracking_mode": "machine",
    "on_cloud": "N",
    "pue": 1.2,
}
REQUESTS: dict[str, dict[str, Any]] = {
    **REPORT_REQUESTS,
    "allocate_pool": {
        "teams": {"summary": "A total, divided by used device-hours, beside every other method", "value": _TEAMS},
        "reported": {
            "summary": "A month that a provider reported, divided by vCPU-hours; idle capacity is a line of its own",
            "value": _REPORTED,
        },
    },
    "estimate_emissions": {
        "least": {"summary": "The least request", "value": _LEAST},
        "training": {"summary": "A training run with hardware and a contractual instrument", "value": _TRAINING},
    },
    "estimate_batch": {
        "month": {"summary": "Workloads of a month by team, with what they have in common", "value": _MONTH},
    },
    "compare_years": {
        "by_hand": {"summary": "More energy, cleaner: 1000 kWh at 0.40 and 1200 kWh at 0.35", "value": _YEARS},
    },
    "disclose_emissions": {
        "spend": {
            "summary": "One answer of POST /emissions",
            "value": {
                "period": {"start": "2025-01-01", "end": "2026-01-01"},
                "organization": "Example Ltd",
                "emissions": [_returned()],
            },
        },
    },
    "import_file": {
        "codecarbon": {"summary": "A run, as CodeCarbon posts it", "value": _RUN},
    },
}
"""By operation."""


def _refusal(status: int, code: str, title: str, pointer: str, detail: str) -> dict[str, Any]:
    return {
        code: {
            "value": {
                "type": f"urn:dualscope:problem:{code}",
                "title": title,
                "status": status,
                "detail": f"{pointer}: {detail}" if pointer else detail,
                "instance": "/emissions",
                "code": code,
                "errors": [{"pointer": pointer, "code": code, "detail": detail}],
            }
        }
    }


REFUSALS: dict[str, dict[str, Any]] = {
    "422": _refusal(
        422,
        "REGION_UNKNOWN",
        "The region is missing or unknown, or no factor covers it under the fallback allowed.",
        "/region",
        "'aws:us-east-7' is not known; the nearest names are aws:us-east-1, aws:us-east-2, aws:us-west-1",
    ),
}
"""By status."""
