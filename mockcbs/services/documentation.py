"""The parts of a service's OpenAPI document that its routes and schemas do not contain."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema

Examples = Mapping[str, Any]


def _no_examples(now: int) -> Examples:
    del now
    return {}


@dataclass(frozen=True)
class ControlExamples:
    """Examples that a service adds to the OpenAPI document of the control API."""

    examples: Examples = field(default_factory=dict)
    """Examples of parameters and members, by name."""
    ids: Examples = field(default_factory=dict)
    """Examples of required parameters and members only."""
    bodies: Mapping[str, Any] = field(default_factory=dict)
    """Examples of whole bodies, by operation without the prefix of the control API."""


@dataclass(frozen=True)
class Documentation:
    """The `DOCUMENTATION` of a service (`mockcbs.services.base.Service`), imported only for documents."""

    error_bodies: Mapping[str, type[Schema]]
    """The schemas of error bodies, by the name of the catalogue."""
    security: Sequence[Mapping[str, Mapping[str, Any]]]
    """The alternative credentials; each lists the OpenAPI security schemes that are sent together."""
    examples: Callable[[int], Examples] = _no_examples
    """Examples of parameters and members, by name, at a time (ms UTC).

    They fit together in one request.
    """
    ids: Examples = field(default_factory=dict)
    """Examples of required parameters and members only; elsewhere such a value would narrow the request."""
    outcomes: Examples = field(default_factory=dict)
    """Examples of members that only responses have, such as the code of a success."""
    bodies: Mapping[str, Any] = field(default_factory=dict)
    """Examples of whole bodies, by operation without the service's name."""
    control: ControlExamples = ControlExamples()
    """Examples for the control API that are about this service."""
    chinese: Mapping[str, str] = field(default_factory=dict)
    """Chinese names of operations whose summary has none, by operation without the service's name."""
    open_endpoints: frozenset[str] = frozenset()
    """Operations that need no credentials, in addition to the service's `open_endpoints`."""


def bearer(description: str) -> dict[str, Any]:
    """The scheme of a token in ``Authorization: Bearer``."""
    return {"type": "http", "scheme": "bearer", "description": description}


def key(name: str, description: str, place: str = "header") -> dict[str, Any]:
    """The scheme of a credential in a header or in the query."""
    return {"type": "apiKey", "in": place, "name": name, "description": description}
