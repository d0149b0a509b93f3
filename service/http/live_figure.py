"""What a live BoaviztAPI says of a piece of hardware, beside what the tables say; and how it fares."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from service.boavizta import Answer, Boavizta
from service.boavizta.answers import Position
from service.hardware import HardwareRow
from service.live import Live


class LiveFigure(Struct, frozen=True, kw_only=True):
    """The server's figure, or why it has none."""

    kg_co2e: Annotated[float | None, Meta(description="Whole-life figure of one. [kg CO2e]")] = None
    low_kg_co2e: Annotated[float | None, Meta(description="The server's min. [kg CO2e]")] = None
    high_kg_co2e: Annotated[float | None, Meta(description="The server's max. [kg CO2e]")] = None
    lifetime_hours: Annotated[float | None, Meta(description="The life that the server assumes. [h]")] = None
    version: Annotated[str | None, Meta(description="Of the server.")] = None
    warnings: Annotated[tuple[str, ...], Meta(description="What the server warns of.")] = ()
    stale: Annotated[bool, Meta(description="An older answer, because the server does not answer.")] = False
    reason: Annotated[str | None, Meta(description="Why there is no figure.")] = None


class LiveState(Struct, frozen=True, kw_only=True):
    """How the live hardware source fares; where it fails the tables answer, and requests do not."""

    status: Annotated[Literal["off", "ready", "degraded"], Meta(description="`off`: none is configured.")]
    breaker: Annotated[Position | None, Meta(description="Open: it is left alone.")] = None
    version: Annotated[str | None, Meta(description="Of the server, as last heard.")] = None
    last_failure: Annotated[str | None, Meta(description="The last thing that went wrong.")] = None


async def live_figure(live: Live, row: HardwareRow) -> LiveFigure | None:
    """What the server says of one entry of the tables; `None` where it has no such thing."""
    result = await live.of_row(row)
    if result is None:
        return None
    if not isinstance(result, Answer):
        return LiveFigure(reason=result.reason)
    return LiveFigure(
        kg_co2e=result.kg_co2e,
        low_kg_co2e=result.low,
        high_kg_co2e=result.high,
        lifetime_hours=result.life_hours,
        version=result.version,
        warnings=result.warnings,
        stale=result.stale,
    )


def live_state(boavizta: Boavizta | None) -> LiveState:
    """Ready while its breaker is closed and its version has been heard."""
    if boavizta is None:
        return LiveState(status="off")
    state = boavizta.state()
    fares_well = state.breaker == "closed" and state.version is not None and state.failures_in_row == 0
    return LiveState(
        status="ready" if fares_well else "degraded",
        breaker=state.breaker,
        version=state.version,
        last_failure=state.last_failure,
    )
