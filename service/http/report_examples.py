"""Requests about provider reports that the OpenAPI document shows."""

from typing import Any

_TOTAL = {
    "provider": "aws",
    "account": "210987654321",
    "month": "2026-06",
    "service": "AmazonEC2",
    "region": "aws:us-east-1",
    "model_version": "v3.0.0",
    "scopes": ["scope1", "scope2", "scope3"],
    "location_based": {"scope1_kg_co2e": 0.112, "scope2_kg_co2e": 214.53, "scope3_kg_co2e": 61.204, "kg_co2e": 275.846},
    "market_based": {"scope1_kg_co2e": 0.112, "scope2_kg_co2e": 0, "scope3_kg_co2e": 55.911, "kg_co2e": 56.023},
}
_TOTAL_OF_OURS = {
    "low_kg_co2e": 190.2,
    "high_kg_co2e": 310.9,
    "grade": "C",
    "worst_grade": "D",
    "primary_data_share": 0.7,
    "missing": ["scope3.infrastructure"],
}
_GROUP = {
    "key": {"month": "2026-06", "region": "aws:us-east-1"},
    "count": 12,
    "totals": {
        "location_based": {"kg_co2e": 241.5, **_TOTAL_OF_OURS},
        "market_based": {"kg_co2e": 243.1, **_TOTAL_OF_OURS},
    },
}
_AWS_PAGE = {
    "Results": [
        {
            "TimePeriod": {"Start": "2026-06-01T00:00:00Z", "End": "2026-07-01T00:00:00Z"},
            "DimensionsValues": {"USAGE_ACCOUNT_ID": "210987654321", "REGION": "us-east-1", "SERVICE": "AmazonEC2"},
            "ModelVersion": "v3.0.0",
            "EmissionsValues": {
                "TOTAL_LBM_CARBON_EMISSIONS": {"Value": 0.275846, "Unit": "MTCO2e"},
                "TOTAL_MBM_CARBON_EMISSIONS": {"Value": 0.056023, "Unit": "MTCO2e"},
            },
        }
    ],
    "NextToken": None,
}
_GOOGLE_LINE = {
    "usage_month": "2026-06-01",
    "billing_account_id": "007GD7-15C0E6-BDE6B3",
    "project": {"number": "802583874831", "id": "ml-prod"},
    "service": {"id": "6F81-5844-456A", "description": "Compute Engine"},
    "location": {"location": "us-central1-a", "region": "us-central1"},
    "carbon_model_version": 12,
    "carbon_footprint_kgCO2e": {
        "scope1": 0.42,
        "scope2": {"location_based": 118.3, "market_based": 9.7},
        "scope3": 41.6,
    },
    "carbon_footprint_total_kgCO2e": {"location_based": 160.32, "market_based": 51.72},
}
_AZURE_PAGE = {
    "value": [
        {
            "dataType": "MonthlySummaryData",
            "date": "2026-06-01",
            "latestMonthEmissions": 15.23,
            "carbonIntensity": 22.0,
        }
    ],
    "subscriptionAccessDecisionList": [
        {"subscriptionId": "00000000-0000-0000-0000-000000000001", "decision": "Allowed"}
    ],
}
REPORT_REQUESTS: dict[str, dict[str, Any]] = {
    "import_aws": {"page": {"summary": "An answer of the Sustainability API", "value": _AWS_PAGE}},
    "import_google": {"line": {"summary": "A line of the export", "value": _GOOGLE_LINE}},
    "import_azure": {"monthly": {"summary": "A monthly summary", "value": _AZURE_PAGE}},
    "reconcile": {
        "month": {
            "summary": "A month of a region, ours as a group of a batch",
            "value": {"report": [_TOTAL], "groups": [_GROUP]},
        }
    },
}
"""By operation."""
