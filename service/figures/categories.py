"""Where a figure stands: in the guide's view of the workload, and in the reporting company's inventory.

Source: METHOD section 0; GHG Protocol, Corporate Value Chain Standard.
"""

from msgspec import Struct

from service.model.workload import Deployment


class Category(Struct, frozen=True, gc=False):
    """One figure's two places."""

    workload_scope: str
    inventory_category: str


def _of(workload_scope: str, owned: str, colocated: str, leased: str, cloud: str) -> dict[Deployment, Category]:
    return {
        "owned": Category(workload_scope, owned),
        "colocated": Category(workload_scope, colocated),
        "leased": Category(workload_scope, leased),
        "cloud": Category(workload_scope, cloud),
    }


ELECTRICITY = _of("scope2", "scope2", "scope2", "scope3.cat8", "scope3.cat1")
FUEL_AND_ENERGY = _of("scope3.cat3", "scope3.cat3", "scope3.cat3", "scope3.cat8", "scope3.cat1")
EMBODIED = _of("scope3.cat1", "scope3.cat2", "scope3.cat2", "scope3.cat8", "scope3.cat1")
INFRASTRUCTURE = _of("scope3.cat3", "scope3.cat2", "scope3.cat1", "scope3.cat8", "scope3.cat1")
INFRASTRUCTURE_GUIDE = _of("scope3.cat3", "scope3.cat2", "scope3.cat1", "scope3.cat8", "scope3.cat3")
SPEND = Category("scope3.cat1", "scope3.cat1")
