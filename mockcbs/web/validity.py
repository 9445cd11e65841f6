"""How long a response stays valid, and how it is computed for another query: types for the response cache."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from mockcbs.core.changes import Changes, Token
from mockcbs.core.clock import FOREVER

Fresh = Callable[[int, str], str]
"""Makes a text that differs in every response, from the time (ms UTC) and the request id."""


class CacheKey(NamedTuple):
    """Identifies a read."""

    exact: Hashable
    """Equal for two requests with equal bytes."""
    any_query: Hashable
    """Equal for two requests that differ only in their query."""
    query: str


@dataclass(frozen=True, slots=True)
class Validity:
    """A response is valid between these times, as long as no watched key has changed."""

    since: int
    """The first time, ms UTC by the clock of its scope."""
    watched: Token = ()
    until: int = FOREVER
    """The end, ms UTC, exclusive."""
    fresh: Mapping[str, Fresh] = field(default_factory=dict)
    """Texts that differ in every response, with the makers of the next ones."""

    def holds(self, now: int, changes: Changes) -> bool:
        """Whether the response is still valid at *now* (ms UTC)."""
        return self.since <= now < self.until and not changes.changed(self.watched)

    def __and__(self, other: "Validity") -> "Validity":
        """The time in which both are valid."""
        return Validity(
            max(self.since, other.since),
            self.watched + other.watched,
            min(self.until, other.until),
            {**self.fresh, **other.fresh},
        )


class Reading(Protocol):
    """A read of one caller, for any query."""

    def parse(self, raw: str) -> dict[str, Any] | None:
        """The parameters in the query string *raw*; `None` if it is invalid or needs a remark."""

    def answer(self, query: dict[str, Any], now: int) -> tuple[dict[str, Any], Validity]:
        """The response body at *now* (ms UTC) and its validity. Raises `mockcbs.core.errors.ApiError`."""
