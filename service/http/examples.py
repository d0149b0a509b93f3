"""Requests and refusals that the OpenAPI document shows."""

from typing import Any

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
REQUESTS: dict[str, dict[str, Any]] = {
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
