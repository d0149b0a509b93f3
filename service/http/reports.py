"""Reports over HTTP: as Markdown, and as a page with the policy that holds for it."""

from asyncio import to_thread
from collections.abc import Callable
from typing import Any

from service.http.representations import HTML, MARKDOWN, Representation
from service.method.allocation import Steps
from service.pools.pace import paced
from service.reports.markdown import in_steps
from service.reports.page import POLICY, page, template
from service.reports.parts import Report

HEADERS = ((b"content-security-policy", POLICY.encode()),)
Builder = Callable[[Any], Report | Steps[Report]]
"""Makes a report of an answer; in steps, where that takes long."""


def markdown(build: Builder) -> Representation:
    """The report of an answer as Markdown."""

    async def render(answer: object) -> bytes:
        return await paced(in_steps(await _built(build, answer)))

    return Representation(MARKDOWN, render)


def html(build: Builder) -> Representation:
    """The report of an answer as a page."""

    async def render(answer: object) -> bytes:
        await ready()
        return await paced(page(await _built(build, answer)))

    return Representation(HTML, render, HEADERS)


async def ready() -> None:
    """See to it that the page is compiled, which holds nobody else up."""
    if not template.cache_info().currsize:
        await to_thread(template)


async def _built(build: Builder, answer: object) -> Report:
    report = build(answer)
    return report if isinstance(report, Report) else await paced(report)
