"""The reading routes: what the store knows, with its sources."""

from typing import Annotated, Any, Literal

from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter, QueryParameter
from msgspec import Meta, Struct

from service.http.calls import reading
from service.http.catalog import (
    CURSOR,
    Catalog,
    FactorPage,
    HardwareItem,
    HardwareKind,
    HardwarePage,
    RegionItem,
    RegionPage,
    Slice,
)
from service.http.documents import problems
from service.http.geojson import region_feature, region_features
from service.http.region_tables import region_csv, region_map
from service.http.representations import CSV, GEO_JSON, JSON, KEPLER_GL, Representation
from service.model.codes import Code
from service.model.factor import Factor
from service.model.result import FactorSet

CACHING = b"public, max-age=300"
"""The lists change with a release or an operator's overlay: at a restart."""

Limit = Annotated[int, QueryParameter(ge=1, le=1000, description="Most items of one page.")]
Cursor = Annotated[
    str | None, QueryParameter(pattern=CURSOR, max_length=512, description="`next_cursor` of the page before.")
]
Provider = Annotated[str | None, QueryParameter(max_length=64, description="`aws`, `azure`, `gcp` …")]
Country = Annotated[str | None, QueryParameter(pattern="^[A-Za-z]{2}$", description="ISO 3166 alpha-2.")]
Zone = Annotated[str | None, QueryParameter(max_length=64, description="What the factor holds for, e.g. `US-SRVC`.")]
Year = Annotated[int | None, QueryParameter(ge=1990, le=2100, description="Factors in force in this year.")]
Search = Annotated[str | None, QueryParameter(max_length=64, description="Part of a name or alias.")]
RegionId = Annotated[str, PathParameter(description="`provider:region`, a country or a grid zone, in any case.")]
FactorId = Annotated[str, PathParameter(description="E.g. `grid_location:US-SRVC:2023`.")]
HardwareId = Annotated[str, PathParameter(description="Id or alias, e.g. `h100-sxm5`, `aws:p5.48xlarge`.")]
FactorKind = Literal[
    "grid_location",
    "residual_mix",
    "td_loss",
    "upstream_wtt",
    "cloud_region",
    "pue",
    "wue",
    "carbon_free_share",
    "provider_market_intensity",
    "provider_grid_intensity",
    "accelerator",
    "cloud_instance",
    "server_component",
    "power",
    "spend",
    "provider",
]


class Method(Struct, frozen=True, kw_only=True):
    """By which method and factors this service makes its figures, and every code that an answer may carry."""

    id: str
    version: str
    program_version: str
    factor_set: FactorSet
    parameters: Annotated[dict[str, Any], Meta(description="In force where a request does not say otherwise.")]
    codes: list[Code]


def _reading(path: str, name: str, summary: str, *statuses: int, **more: Any) -> HTTPRouteHandler:
    return reading(
        path,
        operation_id=name,
        summary=summary,
        tags=["reference"],
        caching=CACHING,
        responses=problems(400, 406, *statuses),
        **more,
    )


@_reading(
    "/regions",
    "list_regions",
    "List regions",
    representations=(
        JSON,
        Representation(GEO_JSON, region_features),
        Representation(CSV, region_csv),
        Representation(KEPLER_GL, region_map),
    ),
)
async def list_regions(
    catalog: NamedDependency[Catalog],
    provider: Provider = None,
    country: Country = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> RegionPage:
    """List what `region` of a workload may name: regions of cloud providers, countries, sub-national grid zones.

    As CSV one row a region, each factor with its year, match and source. `application/vnd.kepler.gl+json` is a saved
    map for kepler.gl, with a point where the place is known. In every form `limit` and `cursor` hold, and where there
    is a next page the header `Link` has its address.
    """
    items, next_cursor = Slice(limit, cursor).of(
        await catalog.regions(),
        lambda item: _is(provider, item.provider) and _is(country, item.country),
    )
    return RegionPage(items=items, next_cursor=next_cursor)


@_reading(
    "/regions/{region_id:str}",
    "read_region",
    "Read one region",
    404,
    representations=(JSON, Representation(GEO_JSON, region_feature)),
)
async def read_region(region_id: RegionId, catalog: NamedDependency[Catalog]) -> RegionItem:
    """Read one region: where it is, which grid feeds it, and the newest factors that hold there."""
    return await catalog.region(region_id)


@_reading("/factors", "list_factors", "List factors")
async def list_factors(
    catalog: NamedDependency[Catalog],
    kind: Annotated[FactorKind | None, QueryParameter(description="Kind of factor.")] = None,
    zone: Zone = None,
    year: Year = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> FactorPage:
    """List the rows of the factor tables, each with its value, unit, validity, publisher and license."""
    items, next_cursor = Slice(limit, cursor).of(
        catalog.factors,
        lambda row: _is(kind, row.kind) and _is(zone, row.zone) and (year is None or in_force(row, year)),
    )
    return FactorPage(items=items, next_cursor=next_cursor)


@_reading("/factors/{factor_id:str}", "read_factor", "Read one factor", 404)
async def read_factor(factor_id: FactorId, catalog: NamedDependency[Catalog]) -> Factor:
    """Read one row of the factor tables: the source behind an id in `sources` of an answer."""
    return catalog.factor(factor_id)


@_reading("/hardware", "list_hardware", "List hardware")
async def list_hardware(
    catalog: NamedDependency[Catalog],
    kind: Annotated[HardwareKind | None, QueryParameter(description="Kind of hardware.")] = None,
    provider: Provider = None,
    q: Search = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> HardwarePage:
    """List accelerators, cloud instance types and server archetypes, with their power and embodied emissions."""
    items, next_cursor = Slice(limit, cursor).of(
        catalog.hardware,
        lambda item: _is(kind, item.kind) and _is(provider, item.provider) and (q is None or _named(item, q.lower())),
    )
    return HardwarePage(items=items, next_cursor=next_cursor)


@_reading("/hardware/{hardware_id:str}", "read_hardware", "Read one device or machine", 404)
async def read_hardware(hardware_id: HardwareId, catalog: NamedDependency[Catalog]) -> HardwareItem:
    """Read one accelerator, cloud instance type or server archetype."""
    return await catalog.hardware_item(hardware_id)


@_reading("/methodology", "read_methodology", "Read the methodology")
async def read_methodology(method: NamedDependency[Method]) -> Method:
    """Read the version of the method, its default parameters, the factor set, and all codes with their meaning."""
    return method


def in_force(row: Factor, year: int) -> bool:
    """Whether a row holds for some day of a year."""
    return row.valid_from.year <= year and (row.valid_to is None or row.valid_to.year >= year)


def _is(wanted: str | None, value: str | None) -> bool:
    return wanted is None or (value is not None and wanted.lower() == value.lower())


def _named(item: HardwareItem, part: str) -> bool:
    return any(part in name.lower() for name in (item.id, item.name, *item.aliases))
