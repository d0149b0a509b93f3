"""Hardware by name → what the tables know of it: power, capacities, embodied figure. No near name is ever taken."""

import msgspec

from service.errors import Fault
from service.factors.store import FactorStore, Found
from service.matched import encoded, matched, source_of
from service.model.factor import Accelerator, Component, Instance, Match, Power
from service.model.resolved import Machine, Matched
from service.model.result import Source
from service.model.workload import Hardware

_MODULES = ("SXM", "OAM")
"""Form factors of data-center modules, by the start of their names."""


HardwareRow = Accelerator | Instance | Component | Power
"""What a name of the hardware stands for."""


def named_hardware(
    store: FactorStore, hardware: Hardware | None, provider: str | None, faults: list[Fault]
) -> HardwareRow | None:
    """The row that the hardware's name stands for; nothing named, nothing known.

    Args:
        store: the tables.
        hardware: its first name counts; the request's own check tells of more than one.
        provider: of the region, for an instance named without one.
        faults: gets what is not known.
    """
    if hardware is None:
        return None
    if hardware.instance is not None:
        return _named_instance(store, hardware.instance, provider, faults)
    if hardware.accelerator is not None:
        device = store.accelerator(hardware.accelerator)
        if device is None:
            nearest = store.nearest_accelerators(hardware.accelerator)
            faults.append(_unknown("/hardware/accelerator", hardware.accelerator, nearest))
        return device
    if hardware.server is not None:
        server = store.server(hardware.server)
        if server is None:
            faults.append(_unknown("/hardware/server", hardware.server, store.nearest_servers(hardware.server)))
        return server
    cpu = hardware.host.cpu if hardware.host is not None else None
    return store.power_of_cpu(cpu.model) if cpu is not None and cpu.model is not None else None


def machine_of(store: FactorStore, row: HardwareRow) -> Machine:
    """What the tables know of a piece of hardware."""
    if isinstance(row, Accelerator):
        return _accelerator_machine(row)
    if isinstance(row, Instance):
        return _instance_machine(store, row)
    if isinstance(row, Component):
        return _server_machine(store, row)
    return _bare_server(store, row)


def _unknown(pointer: str, name: str, nearest: tuple[str, ...]) -> Fault:
    detail = f"{name[:64]!r} is not known; the nearest names are {', '.join(nearest)}"
    return Fault(pointer, "HARDWARE_UNKNOWN", detail)


def _named_instance(store: FactorStore, name: str, provider: str | None, faults: list[Fault]) -> Instance | None:
    found = store.instances(name)
    if len(found) > 1:
        found = [instance for instance in found if instance.provider == provider] or found
    if not found:
        faults.append(_unknown("/hardware/instance", name, store.nearest_instances(name)))
        return None
    if len(found) > 1:
        several = ", ".join(f"{instance.provider}:{instance.name}" for instance in found)
        faults.append(Fault("/hardware/instance", "HARDWARE_UNKNOWN", f"write provider:instance, one of {several}"))
        return None
    instance = found[0]
    if provider is not None and provider != instance.provider:
        detail = f"{instance.name} is an instance type of {instance.provider}, the region is one of {provider}"
        faults.append(Fault("/hardware/instance", "FIELDS_CONFLICT", detail))
    return instance


def _accelerator_machine(device: Accelerator) -> Machine:
    return Machine(
        name=device.id,
        tdp_w=device.tdp_w,
        tdp_low_w=device.tdp_low_w,
        tdp_high_w=device.tdp_high_w,
        module=device.form_factor.startswith(_MODULES),
        power_sources=(_tdp(device),) if device.tdp_w is not None else (),
        embodied=_embodied(device),
        embodied_per_device=True,
        host_included=False,
    )


def _instance_machine(store: FactorStore, instance: Instance) -> Machine:
    if instance.factor.use == "never":  # its copies disagree, or part of it is not known: no figure may rest on it
        return Machine(
            name=f"{instance.provider}:{instance.name}",
            accelerators=instance.accelerators or None,
            server_level=True,
        )
    device = store.accelerator(instance.accelerator) if instance.accelerator else None
    idle_w, maximum_w, sources = _vcpu_power(store, instance)
    if device is not None and device.tdp_w is not None:
        sources = (*sources, _tdp(device))
    return Machine(
        name=f"{instance.provider}:{instance.name}",
        accelerators=instance.accelerators or None,
        tdp_w=device.tdp_w if device else None,
        tdp_low_w=device.tdp_low_w if device else None,
        tdp_high_w=device.tdp_high_w if device else None,
        vcpus=instance.vcpus,
        ram_gb=instance.memory_gb,
        vcpu_idle_w=idle_w,
        vcpu_maximum_w=maximum_w,
        power_sources=sources,
        server_level=True,
        embodied=_embodied(instance),
        host_included=instance.host_included,
    )


def _vcpu_power(store: FactorStore, instance: Instance) -> tuple[float | None, float | None, tuple[Matched, ...]]:
    """Idle and maximum power of one vCPU: the mean over the type's processor families, else the provider's average."""
    powers = [store.powers[key] for key in instance.platforms if key in store.powers]
    average = store.powers.get(f"average:{instance.provider}")
    if not powers and average is not None:
        powers = [average]
    if not powers:
        return None, None, ()
    idle_w = sum(power.idle_w or 0.0 for power in powers) / len(powers)
    maximum_w = sum(power.factor.value or 0.0 for power in powers) / len(powers)
    match: Match = "provider_default" if powers == [average] else "exact"
    sources = [matched(Found(power.factor, match), asked=power.id, year=None) for power in powers]
    return idle_w, maximum_w, (*sources, _memory(store))


def _memory(store: FactorStore) -> Matched:
    return matched(Found(store.powers["memory"].factor, "exact"), asked="memory", year=None)


def _server_machine(store: FactorStore, part: Component) -> Machine:
    device = store.accelerator(part.accelerator) if part.accelerator else None
    return Machine(
        name=part.id,
        accelerators=part.accelerators or None,
        tdp_w=device.tdp_w if device else None,
        tdp_low_w=device.tdp_low_w if device else None,
        tdp_high_w=device.tdp_high_w if device else None,
        power_sources=(_tdp(device),) if device and device.tdp_w is not None else (),
        server_level=True,
        embodied=_embodied(part),
    )


def _bare_server(store: FactorStore, power: Power) -> Machine:
    sources = (matched(Found(power.factor, "exact"), asked=power.id, year=None), _memory(store))
    return Machine(
        name=power.id,
        vcpu_idle_w=power.idle_w,
        vcpu_maximum_w=power.factor.value,
        power_sources=sources,
        server_level=True,
        host_included=False,
    )


def _embodied(thing: Accelerator | Instance | Component) -> Matched | None:
    factor = thing.factor
    if factor.value is None:
        return None
    return matched(Found(factor, "exact"), asked=factor.zone, year=None)


def _tdp(device: Accelerator) -> Matched:
    """The device's power as a factor of its own, of the same row as its embodied figure."""
    assert device.tdp_w is not None  # noqa: S101 - callers look first
    row = source_of(Found(device.factor, "exact"))
    source: Source = msgspec.structs.replace(
        row,
        id=f"accelerator_power:{device.id}",
        kind="accelerator_power",
        value=device.tdp_w,
        low=device.tdp_low_w,
        high=device.tdp_high_w,
        unit="W",
        grade="B",
        publisher=device.vendor,
        title=f"{device.vendor} {device.model} {device.form_factor}: maximum power of one device",
        url=None,
        note=None,
    )
    return Matched(
        id=source.id,
        kind=source.kind,
        value=device.tdp_w,
        low=device.tdp_low_w or device.tdp_w,
        high=device.tdp_high_w or device.tdp_w,
        grade="B",
        match="exact",
        unit="W",
        source=encoded(source),
    )
