"""Answers of `POST /emissions` → the disclosure block, in the order of METHOD section 10."""

import msgspec

from service.disclosures.base_year import base_year, base_year_warnings
from service.disclosures.checks import check
from service.disclosures.energy import allocation, boundary, energy
from service.disclosures.exclusions import answer_warnings, exclusions, warnings
from service.disclosures.frameworks import datapoints
from service.disclosures.instruments import contractual_instruments, residual_mix
from service.disclosures.inventory import inventory
from service.disclosures.provenance import factors, fingerprints, gwp
from service.model.booked import ByMethod, DisclosedTotal
from service.model.disclosed import Disclosure, KgRange, MethodGrades, MethodRanges
from service.model.disclosure import DisclosureRequest


def disclose(request: DisclosureRequest) -> Disclosure:
    """Put the answers together; their order does not matter.

    Raises:
        Refused: with every fault of the request.
    """
    check(request)
    answers = request.emissions
    booked = inventory(answers)
    location, market = booked.totals.location_based, booked.totals.market_based
    methods = fingerprints(answers)
    base = base_year(request, booked.totals, methods)
    residual, potentials = residual_mix(answers, request.sources), gwp(answers, request.sources)
    block = Disclosure(
        period=request.period,
        organization=request.organization,
        boundary=boundary(answers),
        energy=energy(answers),
        scope2=booked.scope2,
        scope3=booked.scope3,
        totals=booked.totals,
        workloads=booked.workloads,
        capital_goods=booked.capital_goods,
        contractual_instruments=contractual_instruments(answers),
        residual_mix=residual,
        allocation=allocation(answers),
        factors=factors(answers, request.sources),
        gwp=potentials,
        exclusions=exclusions(answers, of_batch=bool(request.sources)),
        grade=MethodGrades(location_based=location.grade, market_based=market.grade),
        range=MethodRanges(location_based=_range(location), market_based=_range(market)),
        primary_data_share=ByMethod(location_based=location.primary_data_share, market_based=market.primary_data_share),
        base_year=base,
        fingerprints=methods,
        answer_warnings=answer_warnings(answers),
        frameworks=[],
        warnings=sorted([*warnings(answers, residual, potentials), *base_year_warnings(request, base)]),
    )
    return msgspec.structs.replace(block, frameworks=datapoints(block))


def _range(total: DisclosedTotal) -> KgRange:
    return KgRange(low_kg_co2e=total.low_kg_co2e, high_kg_co2e=total.high_kg_co2e)
