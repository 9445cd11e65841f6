"""How long a response stays true, and how it is computed for another query: types for the response cache."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from mockcbs.core.changes import Changes, Token
from mockcbs.core.clock import FOREVER

Fresh = Callable[[int, str], str]
"""Makes a text that differs in every response, from the instant (ms UTC) and the request id."""


class CacheKey(NamedTuple):
    """What tells one read from another."""

    exact: Hashable
    """Equal for two requests that are the same to the last byte."""
    any_query: Hashable
    """Equal for two requests that differ in their query only."""
    query: str


@dataclass(frozen=True, slots=True)
class Validity:
    """A response stays true within these instants, while nothing watched has changed."""

    since: int
    """ms UTC by the clock of its scope."""
    watched: Token = ()
    until: int = FOREVER
    """ms UTC, exclusive."""
    fresh: Mapping[str, Fresh] = field(default_factory=dict)
    """Texts in the response that differ in every response, and what makes the next ones."""

    def holds(self, now: int, changes: Changes) -> bool:
        """Whether it is still true *now* (ms UTC)."""
        return self.since <= now < self.until and not changes.changed(self.watched)

    def __and__(self, other: "Validity") -> "Validity":
        """How long both stay true together."""
        return Validity(
            max(self.since, other.since),
            self.watched + other.watched,
            min(self.until, other.until),
            {**self.fresh, **other.fresh},
        )


class Reading(Protocol):
    """A read of one caller, for any query."""

    def parse(self, raw: str) -> dict[str, Any] | None:
        """The parameters in the query string *raw*; `None` if it is refused or needs a remark."""

    def answer(self, query: dict[str, Any], now: int) -> tuple[dict[str, Any], Validity]:
        """The response body at *now* (ms UTC) and its validity; raises `mockcbs.core.errors.ApiError`."""
