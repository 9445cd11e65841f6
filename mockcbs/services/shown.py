"""The data of a service that the console, the control API and reports show."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol


@dataclass(frozen=True)
class ShownBucket:
    """A bucket of an object store, for display."""

    name: str
    created: int
    """The creation time, ms UTC."""
    acl: str
    count: int
    """The number of its objects."""


class ShownObject(NamedTuple):
    """An object without its content, for display."""

    key: str
    size: int
    """The size in bytes."""
    type: str
    """The media type."""
    etag: str
    modified: int
    """The time of the last change, ms UTC."""
    headers: Mapping[str, str]
    """The other headers of a response with the object."""


class ObjectShelf(Protocol):
    """The buckets of an object store, for display."""

    def scopes(self) -> list[str]:
        """The scopes with buckets."""

    def buckets(self, scope: str) -> list[ShownBucket]:
        """The buckets of a scope, by name."""

    def objects(self, scope: str, bucket: str, prefix: str, after: str, limit: int) -> list[ShownObject]:
        """The objects after the key *after*, in order of their keys."""

    def content(self, scope: str, bucket: str, key: str) -> tuple[ShownObject, Iterator[bytes]] | None:
        """An object and its content in pieces; `None` if no object has that key."""


class MadeBot(NamedTuple):
    """A bot or workflow that a client created."""

    id: str
    name: str
    kind: str
    """``bot``, ``workflow`` or ``chatflow``."""


class Totals(NamedTuple):
    """The figures of a bot or workflow in a span of time."""

    calls: int = 0
    ended: int = 0
    """The number of calls that completed or failed."""
    failed: int = 0
    spent_ms: int = 0
    """The sum of their durations, ms."""
    slow: int = 0
    """The number of calls that took longer than the caller's limit."""
    users: frozenset[str] = frozenset()

    @property
    def mean_ms(self) -> float:
        """The mean duration in ms; 0 without calls."""
        return self.spent_ms / self.ended if self.ended else 0.0

    @property
    def error_rate(self) -> float:
        """The share of failed calls, 0 to 1."""
        return self.failed / self.ended if self.ended else 0.0

    def plus(self, other: "Totals") -> "Totals":
        """The sum of both; a user of both counts once."""
        return Totals(
            self.calls + other.calls,
            self.ended + other.ended,
            self.failed + other.failed,
            self.spent_ms + other.spent_ms,
            self.slow + other.slow,
            self.users | other.users,
        )
