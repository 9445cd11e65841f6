"""What a response depends on and how long it stays valid, as the parts of a request have stated it."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import NamedTuple

from mockcbs.core.changes import Changes, Token
from mockcbs.core.clock import FOREVER
from mockcbs.web.proofs import Proof

Fresh = Callable[[int, str], str]
"""Makes a text that differs in every response, from the time (ms UTC) and the request id."""

Check = Callable[[str, Proof, int], bool]
"""Whether a request is proved to come from a caller, given its query, its proof and the time (ms UTC)."""


class CacheKey(NamedTuple):
    """Identifies a read."""

    exact: Hashable
    """Equal for two requests with equal bytes."""
    any_query: Hashable
    """Equal for two requests that differ only in their query and their proof."""
    query: str
    proof: Proof | None = None
    """The proof of a signed request, which is checked each time."""


@dataclass(slots=True)
class Validity:
    """A response is valid between two times, as long as no watched key has changed.

    Without a statement it is never valid, so it is not cached.
    """

    since: int = FOREVER
    """The first time, ms UTC by the clock of its scope."""
    watched: Token = ()
    until: int = FOREVER
    """The end, ms UTC, exclusive."""
    fresh: dict[str, Fresh] = field(default_factory=dict)
    """Texts that differ in every response, with the makers of the next ones."""

    def holds(self, now: int, changes: Changes) -> bool:
        """Whether the response is valid at *now* (ms UTC)."""
        return self.covers(now) and not changes.changed(self.watched)

    def covers(self, now: int) -> bool:
        """Whether *now* (ms UTC) is one of its times."""
        return self.since <= now < self.until
