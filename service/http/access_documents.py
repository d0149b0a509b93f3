"""What the OpenAPI document says of keys, quotas and load: how a key is sent, and the answers of those who refuse."""

from collections.abc import Mapping
from typing import Any

from service.http.guard import OPEN, OPERATIONS
from service.http.problems import MEDIA_TYPE

SECURITY_SCHEMES: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "The key as `Authorization: Bearer KEY`."},
    "api_key": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "The key in a header of its own.",
    },
    "basic": {"type": "http", "scheme": "basic", "description": "The key as the password; the name does not matter."},
}
HEADERS: dict[str, Any] = {
    "RateLimit": {
        "description": "Where requests are counted: how many remain, `r`, and seconds `t` until there are all again.",
        "schema": {"type": "string"},
        "example": '"minute";r=599;t=42',
    },
    "RateLimit-Policy": {
        "description": "Where requests are counted: how many, `q`, in each window of `w` seconds.",
        "schema": {"type": "string"},
        "example": '"minute";q=600;w=60',
    },
    "Retry-After": {"description": "When to try again. [s]", "schema": {"type": "integer"}},
    "WWW-Authenticate": {"description": "How a key is sent.", "schema": {"type": "string"}},
}
_KEYED: list[dict[str, list[str]]] = [{}, {"bearer": []}, {"api_key": []}, {"basic": []}]
"""Keys are a matter of the server's settings: none, or one in any of these forms."""
_COUNTED = ("RateLimit", "RateLimit-Policy")
_REFUSALS: dict[str, tuple[str, tuple[str, ...]]] = {
    "401": ("Keys are asked for, and there is none, or none that is good.", ("WWW-Authenticate",)),
    "403": ("The key is good, but not for this.", ()),
    "429": ("The quota is used up; Retry-After says until when.", (*_COUNTED, "Retry-After")),
    "503": ("There is no room for it now; Retry-After says when to try again.", ("Retry-After",)),
}
_UNHEARD = "The body did not arrive in time; `type` is `about:blank`."
_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def with_access(path: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    """An operation with what any request may meet before it is answered."""
    if path in OPEN:
        return dict(operation)
    statuses = ("401", "403") if path in OPERATIONS else tuple(_REFUSALS)
    answers: dict[str, Any] = dict(operation["responses"])
    always = next(iter(answers.values()))["headers"]
    common = {name: always[name] for name in ("X-Request-Id", "X-Factor-Set")}
    for status in statuses:
        description, names = _REFUSALS[status]
        own = answers.get(status, {"description": description, "content": _PROBLEM})
        answers[status] = {**own, "headers": {**common, **_referring(names)}}
    if path not in OPERATIONS:
        answers["200"] = {**answers["200"], "headers": {**answers["200"]["headers"], **_referring(_COUNTED)}}
    if "requestBody" in operation:
        answers["408"] = {"description": _UNHEARD, "content": _PROBLEM, "headers": common}
    return {**operation, "responses": dict(sorted(answers.items())), "security": _KEYED}


def _referring(names: tuple[str, ...]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
