"""The request of a published analytics response (contract 1.4.2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from marshmallow import ValidationError

from mockcbs.pinning.reading import PinError, shown
from mockcbs.services.coze.schemas.analytics import AnalyticsQuery

_PATH = re.compile(r"/v1/(bot|workflow)s/([^/]+)/analytics/?")


@dataclass(frozen=True)
class Asked:
    """The parameters of a request."""

    kind: str = ""
    """``bot``, ``workflow`` or ``chatflow``; empty if unknown."""
    session_id: str = ""
    user_id: str = ""
    connector_id: str = ""
    echoed: Mapping[str, str] = field(default_factory=dict)
    """The parameters that the response must repeat, by name."""


UNKNOWN = Asked()
"""An unknown request."""


def is_analytics(target: str) -> bool:
    """Whether *target*, a path and query, is a request for analytics."""
    return _split(target)[0] is not None


def read(target: str, *, recorded: bool = False) -> Asked:
    """Parse *target*, a path and query; if *recorded*, ignore unknown parameters as the server did.

    Raises `PinError` for a request whose response has no figures.
    """
    path, given = _split(target)
    if path is None:
        raise PinError(
            f"request {shown(target)} is not one such as /v1/bots/7342866812345678901/analytics?"
            "start_date=2025-12-15&end_date=2025-12-21"
        )
    schema = AnalyticsQuery()
    if not recorded and (strangers := sorted(given.keys() - schema.fields.keys())):
        names = ", ".join(schema.fields)
        raise PinError(f"request: unknown parameter {', '.join(map(shown, strangers))}; accepted are {names}")
    try:
        query = schema.load(given)
    except ValidationError as error:
        raise PinError(f"request: {_sentence(error.messages, given)}") from error
    return Asked(
        path[1],
        query["session_id"],
        query["user_id"],
        query["connector_id"],
        {
            "id": path[2],
            "start_date": given["start_date"],
            "end_date": given["end_date"],
            "granularity": query["granularity"],
        },
    )


def _split(target: str) -> tuple[re.Match[str] | None, dict[str, str]]:
    """The path if it belongs to analytics, and the parameters; of repeated ones, the last non-empty value."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return None, {}
    last = dict(parse_qsl(parts.query, keep_blank_values=True))
    return _PATH.fullmatch(unquote(parts.path)), {name: value for name, value in last.items() if value}


def _sentence(problems: Any, given: Mapping[str, str]) -> str:
    """The problems of the parameters, each with its value."""
    said = []
    for name, reasons in problems.items():
        about = f"{name} {shown(given[name])}" if name in given else name.removeprefix("_schema")
        said.append(f"{about} {' '.join(reasons)}".strip())
    return "; ".join(said)
