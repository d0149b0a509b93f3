"""What our figures and a provider's contain and lack, in words."""

from service.model.provider_report import Boundary

OURS = Boundary(
    side="ours",
    contains=[
        "electricity of the workloads at the facility's meter (scope2)",
        "its upstream and grid losses (scope3.fuel_and_energy)",
        "the making of the machines, over their life (scope3.embodied)",
        "buildings, plant and network where their totals were sent (scope3.infrastructure)",
    ],
    lacks=[
        "fuel burnt and refrigerants lost on site: the provider's Scope 1",
        "the provider's offices, travel, logistics, and equipment that no workload names: parts of its Scope 3",
        "services that no workload of ours describes: storage, network, managed services, idle capacity",
    ],
)
THEIRS = Boundary(
    side="theirs",
    contains=[
        "Scope 1 of the provider: fuel and refrigerants",
        "Scope 2 of the provider: electricity of its data centers that falls on the customer",
        "Scope 3 of the provider, where its method has it: equipment, buildings, upstream of fuel and energy, travel",
        "the above is wider than our embodied figure",
        "to the customer all three are Scope 3 (category 1; leased: category 8)",
    ],
    lacks=[
        "the customer's own contractual instruments: market-based follows the provider's purchases",
        "hours, machines and single jobs: its figures are those of a month",
    ],
)
