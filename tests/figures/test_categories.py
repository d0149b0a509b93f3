"""Where each figure stands: the guide's view of the workload, the company's inventory. Rules: METHOD section 0."""

import pytest

from tests.workloads import Json, codes_of, estimate_of, figures_of, warned

EVERYTHING: Json = {
    "energy": {"kwh": 100},
    "pue": 1.2,
    "factors": {
        "location_kg_co2e_per_kwh": 0.38,
        "residual_kg_co2e_per_kwh": 0.45,
        "upstream_kg_co2e_per_kwh": 0.06,
        "td_loss_share": 0.05,
        "infrastructure_kg_co2e_per_it_kwh": 0.02,
    },
    "duration_hours": 72,
    "hardware": {"embodied_kg_co2e": 1000},
}
SCOPES = {
    "scope2.location_based": "scope2",
    "scope2.market_based": "scope2",
    "scope3.fuel_and_energy.location_based": "scope3.cat3",
    "scope3.fuel_and_energy.location_based.upstream": "scope3.cat3",
    "scope3.fuel_and_energy.location_based.td_losses": "scope3.cat3",
    "scope3.fuel_and_energy.market_based": "scope3.cat3",
    "scope3.fuel_and_energy.market_based.upstream": "scope3.cat3",
    "scope3.fuel_and_energy.market_based.td_losses": "scope3.cat3",
    "scope3.embodied": "scope3.cat1",
    "scope3.infrastructure": "scope3.cat3",
}


def placed(deployment: str, scheme: str) -> dict[str, Json]:
    """Every figure of an answer that has them all, totals left out."""
    answer = estimate_of(**EVERYTHING, deployment=deployment, allocation={"category_scheme": scheme})
    return {path: figure for path, figure in figures_of(answer).items() if not path.startswith("totals.")}


@pytest.mark.parametrize("scheme", ["ghg_protocol", "guide"])
@pytest.mark.parametrize(
    ("deployment", "electricity", "fuel_and_energy", "embodied"),
    [
        ("owned", "scope2", "scope3.cat3", "scope3.cat2"),
        ("colocated", "scope2", "scope3.cat3", "scope3.cat2"),
        ("leased", "scope3.cat8", "scope3.cat8", "scope3.cat8"),
        ("cloud", "scope3.cat1", "scope3.cat1", "scope3.cat1"),
    ],
)
def test_inventory_category(
    deployment: str, electricity: str, fuel_and_energy: str, embodied: str, scheme: str
) -> None:
    """What the company books depends on whose the machines and the building are, not on the scheme."""
    categories = {path: figure["inventory_category"] for path, figure in placed(deployment, scheme).items()}
    assert {categories["scope2.location_based"], categories["scope2.market_based"]} == {electricity}
    of_energy = {category for path, category in categories.items() if path.startswith("scope3.fuel_and_energy.")}
    assert of_energy == {fuel_and_energy}
    assert categories["scope3.embodied"] == embodied


@pytest.mark.parametrize(
    ("deployment", "scheme", "category"),
    [
        ("owned", "ghg_protocol", "scope3.cat2"),
        ("colocated", "ghg_protocol", "scope3.cat1"),
        ("leased", "ghg_protocol", "scope3.cat8"),
        ("cloud", "ghg_protocol", "scope3.cat1"),
        ("owned", "guide", "scope3.cat2"),
        ("colocated", "guide", "scope3.cat1"),
        ("leased", "guide", "scope3.cat8"),
        ("cloud", "guide", "scope3.cat3"),
    ],
)
def test_inventory_category_of_infrastructure(deployment: str, scheme: str, category: str) -> None:
    """Only infrastructure of a cloud provider is placed otherwise under the guide's scheme."""
    assert placed(deployment, scheme)["scope3.infrastructure"]["inventory_category"] == category


@pytest.mark.parametrize("scheme", ["ghg_protocol", "guide"])
@pytest.mark.parametrize("deployment", ["owned", "colocated", "leased", "cloud"])
def test_workload_scope(deployment: str, scheme: str) -> None:
    """The guide's view of the workload is the same whoever owns what."""
    scopes = {path: figure["workload_scope"] for path, figure in placed(deployment, scheme).items()}
    assert scopes == SCOPES


def test_scheme_changes_no_value() -> None:
    """The scheme is a label: every number stays."""
    one, other = placed("cloud", "ghg_protocol"), placed("cloud", "guide")
    assert {path: figure["kg_co2e"] for path, figure in one.items()} == {
        path: figure["kg_co2e"] for path, figure in other.items()
    }


def test_totals_carry_no_category() -> None:
    """A total is of several categories, and so of none."""
    for total in estimate_of(**EVERYTHING)["totals"].values():
        assert not {"workload_scope", "inventory_category"} & set(total)


def test_cloud_is_told() -> None:
    """On cloud the provider's Scope 2 is the customer's Scope 3, and the answer says so."""
    answer = estimate_of(**EVERYTHING, deployment="cloud")
    assert ("/deployment", "CLOUD_SCOPE2_IS_SCOPE3") in warned(answer)


@pytest.mark.parametrize("deployment", ["owned", "colocated", "leased"])
def test_elsewhere_it_is_not(deployment: str) -> None:
    """The note belongs to cloud alone."""
    assert "CLOUD_SCOPE2_IS_SCOPE3" not in codes_of(estimate_of(**EVERYTHING, deployment=deployment))


def test_guide_is_told() -> None:
    """The guide's scheme carries its note, the other none."""
    guide = estimate_of(**EVERYTHING, deployment="cloud", allocation={"category_scheme": "guide"})
    assert ("/allocation/category_scheme", "CATEGORY_SCHEME_GUIDE") in warned(guide)
    assert "CATEGORY_SCHEME_GUIDE" not in codes_of(estimate_of(**EVERYTHING, deployment="cloud"))


@pytest.mark.parametrize(
    ("region", "deployment"),
    [("aws:us-east-1", "cloud"), ("US-SRVC", "owned"), ("FR", "owned"), (None, "owned")],
)
def test_deployment_by_default(region: str | None, deployment: str) -> None:
    """A provider's region is cloud, everything else one's own."""
    workload = EVERYTHING | ({} if region is None else {"region": region})
    assert estimate_of(**workload)["deployment"] == deployment


def test_deployment_sent() -> None:
    """A deployment that is sent goes before the region's."""
    assert estimate_of(**EVERYTHING, region="aws:us-east-1", deployment="leased")["deployment"] == "leased"
