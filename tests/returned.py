"""Answers of POST /emissions as a caller sends them back, and the disclosure of them."""

from typing import Any

import msgspec

from service.disclosures import disclose
from service.model.disclosed import Disclosure
from service.model.disclosure import DisclosureRequest
from tests.workloads import FLAT, YEAR, estimate_of

Json = dict[str, Any]
GO: Json = {
    "id": "go-1",
    "type": "go",
    "kwh": 300,
    "technology": "wind",
    "market": "FR",
    "serial": "0001",
    "retired": True,
    "vintage_year": 2025,
    "bundled": False,
}
"""A guarantee of origin that attests every criterion."""


def answer(**workload: Any) -> Json:
    """1000 kWh at .4 (residual .5) in France in 2025, but for what is given."""
    asked = {"region": "FR", "period": YEAR, "energy": {"kwh": 1000, "level": "facility"}, "factors": FLAT} | workload
    return estimate_of(**{name: value for name, value in asked.items() if value is not None})


def cloud(**workload: Any) -> Json:
    """On a provider's machines."""
    return answer(region="aws:us-east-1", hardware={"instance": "p5.48xlarge"}, **workload)


def spend() -> Json:
    """Of cost alone."""
    return answer(energy=None, factors=None, cost={"amount": 100, "currency": "USD"})


def every_kind() -> list[Json]:
    """Cloud, owned, bought, colocated, leased, spend, with instruments, with a provider's claims, explained."""
    gpus = {"accelerator": "nvidia-h100-sxm", "accelerators": 8}
    provider = {"components": [{"name": "hall", "kg_co2e": 5e6}], "driver": "energy_kwh", "provider_driver_total": 1e8}
    return [
        cloud(id="cloud"),
        answer(region="gcp:europe-west9", factors={"grid_carbon_free_share": 0.4}, market={"provider_claims": True}),
        answer(id="owned", deployment="owned", hardware=gpus, energy={"kwh": 700.7}, factors=None),
        answer(id="bought", deployment="owned", hardware=gpus | {"acquired_in_period": True}, instruments=[GO]),
        answer(deployment="colocated", hardware=gpus, energy={"kwh": 333.3}, factors=None, instruments=[GO]),
        answer(region="DE", deployment="leased", energy={"kwh": 123.4}, factors=None, infrastructure=provider),
        estimate_of(explain=True, region="DE", period=YEAR, energy={"kwh": 1e-6}),
        spend(),
    ]


def disclosed(*answers: Json, **more: Any) -> Disclosure:
    """The block of answers as they are sent."""
    body = {"period": YEAR, "organization": "Example Ltd", "emissions": answers} | more
    return disclose(msgspec.json.decode(msgspec.json.encode(body), type=DisclosureRequest))
