"""What the texts of a row say: whether it used anything, what, where, and what one of its units holds."""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from service.factors.store import FactorStore
from service.formats.focus.machines import Machine, Texts, machine_of
from service.formats.focus.media import between_data_centers, medium_of
from service.formats.focus.units import Unit, unit
from service.model.factor import Place
from service.model.workload import MAX

Kind = Literal["machine", "storage", "network", ""]
Why = Literal[
    "",
    "not_usage",
    "unused_commitment",
    "correction_without_quantity",
    "region_missing",
    "region_unknown",
    "hardware_unknown",
    "not_modeled",
    "quantity_missing",
    "refused",
    "period",
    "value",
    "value_negative",
    "currency",
    "no_cost",
]
REASONS: dict[Why, tuple[str, str]] = {
    "not_usage": ("ENERGY_MISSING", "a purchase, tax, credit or adjustment uses no energy"),
    "unused_commitment": ("ENERGY_MISSING", "a commitment that was paid and not used runs nothing"),
    "correction_without_quantity": ("ENERGY_MISSING", "a correction of money alone changes no activity"),
    "region_missing": ("REGION_UNKNOWN", "the row names no region, as global services do; none is assumed"),
    "region_unknown": ("REGION_UNKNOWN", "the provider's region is not in the tables"),
    "hardware_unknown": ("HARDWARE_UNKNOWN", "the instance type is not in the tables, and no near one is taken"),
    "not_modeled": ("ENERGY_MISSING", "the row names no hardware, storage or transfer that a model is known for"),
    "quantity_missing": ("ENERGY_MISSING", "the row has no quantity in a unit of the hardware, storage or transfer"),
    "refused": ("ENERGY_MISSING", "no energy is known for this hardware here"),
    "period": ("PERIOD_INVALID", "the charge period is no period, or outside the years that the factors cover"),
    "value": ("VALUE_INVALID", "a quantity or cost is no number, or beyond any real one"),
    "value_negative": ("VALUE_INVALID", "a negative quantity or cost stands on a row that is no correction"),
    "currency": ("CURRENCY_UNKNOWN", "the spend factor is per USD and no rate of exchange is assumed"),
    "no_cost": ("ENERGY_MISSING", "without a cost there is nothing to estimate from; free usage is no zero"),
}
"""Why there is no figure → its code, and in words."""
MOST = 1e9
"""Of machine-hours, terabyte-hours or gigabytes on one row."""
MOST_COST = MAX
SPEND_CURRENCY = "USD"
_LONGEST = 512
"""Characters of a text that are looked at: no name is longer."""


class Charge(Struct, frozen=True, kw_only=True, gc=False):
    """A row without its numbers and its year."""

    kind: Kind = ""
    why: Why = ""
    """Why it has no activity to compute with."""
    closed: bool = False
    """Nor is it to be estimated from its cost."""
    region: str = ""
    """`provider:region`."""
    machine: Machine | None = None
    medium: str = ""
    per_consumed: float | None = None
    """Machine-hours, TB·h or GB in one ConsumedQuantity; nothing where its unit is another."""
    per_priced: float | None = None
    correction: bool = False
    committed: bool = False
    currency: str = ""


_PROVIDERS = {
    "aws": "aws", "amazon": "aws",
    "microsoft": "azure", "azure": "azure",
    "google": "gcp", "gcp": "gcp",
    "oracle": "oci", "oci": "oci",
    "ovh": "ovh", "ovhcloud": "ovh", "scaleway": "scaleway", "hetzner": "hetzner", "coreweave": "coreweave",
    "lambda": "lambda",
}  # fmt: skip
"""First word of a provider's name, which is free text → ours."""
_NOT_KNOWN = {"region_missing", "region_unknown"}
_NO_REGION = frozenset({"", "global", "unassigned", "unknown", "all", "any", "no region", "null", "n/a"})


def charge_of(texts: Texts, store: FactorStore, *, committed: bool) -> Charge:
    """Read the texts of a row.

    Args:
        texts: by column or property; what is empty is left out.
        store: the tables, for the names that they know.
        committed: whether the row belongs to a commitment discount.
    """
    texts = {name: text[:_LONGEST] for name, text in texts.items()}
    said = Charge(
        correction=texts.get("ChargeClass", "").lower() == "correction",
        committed=committed,
        currency=texts.get("BillingCurrency", "").upper(),
    )
    if texts.get("ChargeCategory", "").lower() != "usage":
        return replace(said, why="not_usage", closed=True)
    if texts.get("CommitmentDiscountStatus", "").lower() == "unused":
        return replace(said, why="unused_commitment", closed=True)
    provider = provider_of(texts)
    consumed, priced = _unit(texts, "ConsumedUnit"), _unit(texts, "PricingUnit")
    found = _activity(provider, texts, store, {each.dimension for each in (consumed, priced) if each is not None})
    if isinstance(found, str):
        return replace(said, why=found)
    kind, machine, medium = found
    region = _region(provider, texts.get("RegionId", ""), store)
    if region in _NOT_KNOWN:
        return replace(said, why=region)
    dimension, times = _MEASURE[kind], machine.count if machine is not None else 1.0
    return replace(
        said,
        kind=kind,
        region=region,
        machine=machine,
        medium=medium,
        per_consumed=_per(consumed, dimension, times),
        per_priced=_per(priced, dimension, times),
    )


_MEASURE: dict[Kind, str] = {"machine": "hours", "storage": "terabyte_hours", "network": "gigabytes"}


def provider_of(texts: Texts) -> str:
    """Whose data center it is; empty where the name is not one of ours."""
    for column in ("HostProviderName", "ServiceProviderName", "ProviderName"):
        words = texts.get(column, "").lower().replace(",", " ").split()
        if words and words[0] in _PROVIDERS:
            return _PROVIDERS[words[0]]
    return ""


def _activity(
    provider: str, texts: Texts, store: FactorStore, dimensions: set[str]
) -> tuple[Kind, Machine | None, str] | Why:
    """What was used, or why that is not known."""
    if "terabyte_hours" in dimensions:
        medium = medium_of(texts)
        return ("storage", None, medium) if medium is not None else "not_modeled"
    if "gigabytes" in dimensions:
        return ("network", None, "network") if between_data_centers(texts) else "not_modeled"
    machine = machine_of(provider, texts, store)
    if isinstance(machine, str):
        return machine
    if "hours" not in dimensions:
        return "quantity_missing"
    if texts.get("CapacityReservationStatus", "").lower() == "unused":
        machine = Machine(machine.instance, machine.accelerator, machine.count, idle=True)
    return "machine", machine, ""


def place_of(texts: Texts, store: FactorStore) -> Place | None:
    """The provider's region that the row names, whatever it used there."""
    name = _region(provider_of(texts), texts.get("RegionId", "")[:_LONGEST], store)
    return None if name in _NOT_KNOWN else store.places(name)[0]


def _region(provider: str, name: str, store: FactorStore) -> str:
    plain = name.strip().lower()
    if plain in _NO_REGION:
        return "region_missing"
    if provider == "azure":
        plain = plain.replace(" ", "")  # 1.0 has display names too
    places = store.places(f"{provider}:{plain}") if provider else ()
    return places[0].id if len(places) == 1 else "region_unknown"


def _unit(texts: Texts, column: str) -> Unit | None:
    text = texts.get(column)
    return unit(text) if text is not None else None


def _per(of: Unit | None, dimension: str, times: float) -> float | None:
    return of.amount * times if of is not None and of.dimension == dimension else None
