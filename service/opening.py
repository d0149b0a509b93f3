"""Where factors come from, as the settings name it: the store of the tables, and a live hardware source."""

from typing import TYPE_CHECKING

from service.factors.store import FactorStore
from service.factors.tables import load
from service.settings import RELEASE, Settings, SettingsInvalid

if TYPE_CHECKING:
    from service.boavizta import Boavizta


def open_store(settings: Settings) -> FactorStore:
    """The factor store that the settings name.

    Raises:
        FactorDataInvalid: a table cannot be loaded.
    """
    tables = load(
        settings.factors_dir,
        overlay=settings.factors_overlay,
        exclude=settings.factors_exclude,
        cache_dir=settings.cache_dir,
    )
    return FactorStore(tables, RELEASE)


def open_boavizta(settings: Settings) -> "Boavizta | None":
    """The live hardware source that the settings name, not yet opened; none where they name none.

    Raises:
        SettingsInvalid: its address is none.
    """
    if settings.boavizta_url is None:
        return None
    from service.boavizta import Boavizta, Policy  # noqa: PLC0415 - its client takes as long to load as the tables

    file = settings.cache_dir / "boavizta.sqlite" if settings.cache_dir is not None else None
    policy = Policy(budget_s=settings.boavizta_budget_seconds)
    try:
        return Boavizta(settings.boavizta_url, cache_file=file, policy=policy)
    except ValueError as error:
        raise SettingsInvalid(f"DUALSCOPE_BOAVIZTA_URL: {error}") from None
