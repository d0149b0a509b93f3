"""What the figures rest on: factors with version and year, global warming potentials, fingerprints."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from service.method.unedited import hash_and_fingerprint, method_of
from service.model.disclosed import DisclosedFactors, DisclosedGwp, FactorSetLine, FingerprintLine
from service.model.returned import Returned, ReturnedSource

_OF_ELECTRICITY = ("grid_location", "residual_mix", "upstream_wtt")
"""Kinds of factors whose potentials are compared. Source: METHOD section 0."""


def factors(answers: Sequence[Returned], of_batch: Sequence[ReturnedSource]) -> DisclosedFactors:
    """Every factor once; the same id with two values stands twice."""
    sets = Counter((answer.methodology.factor_set.id, answer.methodology.factor_set.version) for answer in answers)
    items = {msgspec.json.encode(source): source for source in _sources(answers, of_batch)}
    return DisclosedFactors(
        factor_sets=[
            FactorSetLine(id=name, version=version, answers=count) for (name, version), count in sorted(sets.items())
        ],
        items=[items[key] for key in sorted(items, key=lambda key: (items[key].id, key))],
        answers_without_sources=sum(answer.sources is None for answer in answers),
    )


def gwp(answers: Sequence[Returned], of_batch: Sequence[ReturnedSource]) -> DisclosedGwp:
    """The sets of the method, and those that the factors of electricity state."""
    stated = {source.gwp_set for source in _sources(answers, of_batch) if source.kind in _OF_ELECTRICITY}
    sets = {answer.methodology.parameters.get("gwp_set") for answer in answers}
    return DisclosedGwp(
        sets=sorted(name for name in sets if isinstance(name, str)),
        factor_sets_stated=sorted(name for name in stated if name),
    )


def fingerprints(answers: Sequence[Returned]) -> list[FingerprintLine]:
    """Each method that answers were made by, the most used first."""
    counts = Counter(msgspec.json.encode(answer.methodology) for answer in answers)
    first = {msgspec.json.encode(answer.methodology): answer for answer in answers}
    lines: dict[str, FingerprintLine] = {}
    for key, count in counts.items():
        method = method_of(first[key])
        hashed, printed = hash_and_fingerprint(method)
        known = lines[printed].answers if printed in lines else 0
        lines[printed] = FingerprintLine(
            id=method.id,
            version=method.version,
            factor_set=method.factor_set,
            parameters=dict(sorted(method.parameters.items())),
            parameters_hash=hashed,
            fingerprint=printed,
            answers=known + count,
        )
    return sorted(lines.values(), key=lambda line: (-line.answers, line.fingerprint))


def _sources(answers: Sequence[Returned], of_batch: Sequence[ReturnedSource]) -> list[ReturnedSource]:
    return [source for answer in answers for source in answer.sources or ()] + list(of_batch)
