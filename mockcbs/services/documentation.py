"""What documents say of a service beside its routes and schemas."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema

Examples = Mapping[str, Any]


def _no_examples(now: int) -> Examples:
    del now
    return {}


@dataclass(frozen=True)
class Documentation:
    """The `DOCUMENTATION` of a module that only documents import (`mockcbs.services.base.Service`)."""

    error_bodies: Mapping[str, type[Schema]]
    """The bodies of errors by the name of their catalogue."""
    security: Sequence[Mapping[str, Mapping[str, Any]]]
    """The ways to send credentials: each the OpenAPI security schemes that it takes together."""
    examples: Callable[[int], Examples] = _no_examples
    """Examples of parameters and members by name at a time (ms UTC); they go together in one request."""
    ids: Examples = field(default_factory=dict)
    """The same for what is required only: given without need, they would narrow a request."""
    bodies: Mapping[str, Any] = field(default_factory=dict)
    """Examples of whole bodies by operation, without the service's name."""
    open_endpoints: frozenset[str] = frozenset()
    """Operations that need no credentials, beside the service's `open_endpoints`."""


def bearer(description: str) -> dict[str, Any]:
    """A token behind ``Authorization: Bearer``."""
    return {"type": "http", "scheme": "bearer", "description": description}


def key(name: str, description: str, place: str = "header") -> dict[str, Any]:
    """A credential in a header or in the query."""
    return {"type": "apiKey", "in": place, "name": name, "description": description}
