"""Broken requests: the service refuses just those that its published schema refuses, and never fails."""

import asyncio

from litestar import Litestar

from tests.fuzz.bodies import tried


def test_broken_bodies_are_refused_by_the_schema(app: Litestar) -> None:
    """3,000 sound bodies of six routes, broken at random, are answered as the OpenAPI document says; no 5xx."""
    counts, faults = asyncio.run(tried(app, 3000, seed=20261125))
    assert faults == []
    assert sum(counts.values()) == 3000
    by_status = {
        status: sum(number for (_, found), number in counts.items() if found == status) for status in (200, 400, 422)
    }
    assert min(by_status.values()) > 100  # all three happen
