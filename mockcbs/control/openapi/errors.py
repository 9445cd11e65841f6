"""The errors of a service as responses of its operations."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockcbs.control.openapi.fields import component
from mockcbs.control.openapi.stated import documentation_of
from mockcbs.core.errors import ErrorSpec
from mockcbs.services.base import Service

_MAX_ROWS = 40
"""The maximum number of errors in the description of one status."""
_REASON = {
    "X-Mockcbs-Reason": {
        "description": "The reason for this error, in a sentence.",
        "schema": {"type": "string"},
    }
}


def rows(service: Service) -> dict[int, list[tuple[str, ErrorSpec]]]:
    """All errors of *service* by HTTP status, each with the name of its catalogue."""
    found: dict[int, list[tuple[str, ErrorSpec]]] = {}
    for name, row in _all(service):
        listed = found.setdefault(row.status, [])
        if row.code not in {known.code for _, known in listed}:
            listed.append((name, row))
    return dict(sorted(found.items()))


def responses(service: Service) -> dict[str, dict[str, Any]]:
    """The error responses by the name of the component, one for each status."""
    return {
        component_name(service, status): {
            "description": _description(listed),
            "headers": _REASON,
            "content": {media_type(service): {"schema": schema(service, {name for name, _ in listed})}},
        }
        for status, listed in rows(service).items()
    }


def component_name(service: Service, status: int) -> str:
    """The name of the component that describes the errors of one status."""
    bodies = documentation_of(service).error_bodies
    kind = component(bodies[service.name]) if bodies else re.sub(r"\W", "", f"{service.title}Failure")
    return f"{kind}{status}"


def media_type(service: Service) -> str:
    """The content type of errors."""
    return "application/xml" if service.render else "application/json"


def schema(service: Service, catalogues: Iterable[str]) -> dict[str, Any]:
    """The body of an error of one of these catalogues: an object, if the service states no more about it."""
    wanted = set(catalogues)
    bodies = documentation_of(service).error_bodies
    kinds = [kind for catalogue, kind in bodies.items() if catalogue in wanted]
    found = [{"$ref": f"#/components/schemas/{component(kind)}"} for kind in dict.fromkeys(kinds)]
    if not found:
        return {"type": "object"}
    return found[0] if len(found) == 1 else {"anyOf": found}


def with_failures(service: Service, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a success, extended by errors if the service sends errors with status 200."""
    listed = rows(service).get(200)
    if not listed or not content:
        return dict(content)
    failure = schema(service, {name for name, _ in listed})
    if "application/json" not in content:
        return {**content, "application/json": {"schema": failure}}
    success = content["application/json"]["schema"]
    both = [success, *failure.get("anyOf", [failure])]
    return {**content, "application/json": {**content["application/json"], "schema": {"anyOf": both}}}


def _all(service: Service) -> Iterator[tuple[str, ErrorSpec]]:
    for name, catalogue in service.catalogues.items():
        yield from ((name, row) for row in catalogue)
    others = [*service.wire_problems.values(), *service.too_large.values()]
    others += [service.unknown_path, service.unknown_method, service.unavailable]
    for failure in service.failures.values():
        others += [failure.spec, *failure.by_endpoint.values()]
    for row in others:
        yield (
            next(
                (name for name, known in service.catalogues.items() if known and type(known[0]) is type(row)),
                "",
            ),
            row,
        )


def _description(listed: list[tuple[str, ErrorSpec]]) -> str:
    lines = [f"- `{row.code}` {row.message}" for _, row in listed[:_MAX_ROWS]]
    return "\n".join(["One of these errors:", "", *lines])
