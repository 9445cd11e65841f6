"""How far each subscriber has read the generated and stated turns."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from mockcbs.backend.documents import Document, Documents
from mockcbs.core import spans
from mockcbs.core.clocks import Clocks
from mockcbs.traffic.knowledge import Turn
from mockcbs.traffic.log import TrafficLog

_KIND = "cursor"


class Cursor(NamedTuple):
    """The position of one subscriber, kept in the backend, so that a server that is killed skips no turn.

    Each scope has its own position, because it may have its own clock. The clock is read before the position:
    reading either may lock it, and in another order two transactions would wait for each other.
    """

    name: str
    log: Callable[[], TrafficLog]
    """Returns the log of the present dataset and seed."""
    documents: Documents
    clocks: Clocks
    once: bool = False
    """Whether turns are skipped the second time, if the clock is moved back and passes them again."""

    def begin(self, scope: str) -> None:
        """Store the time of the clock of *scope* as the position, unless there is a position already."""
        with self.documents.transaction():
            now = self.clocks.of(scope).now()
            if self.documents.get(_KIND, scope, self.name) is None:
                self._keep(scope, None, now)

    def skip(self, scope: str) -> None:
        """Leave out the turns that the clock of *scope* has passed since the last call of `advance`."""
        with self.documents.transaction():
            now = self.clocks.of(scope).now()
            self._keep(scope, self.documents.get(_KIND, scope, self.name), now)

    def is_at(self, scope: str, instant: int) -> bool:
        """Whether the callback has received the turns up to *instant* (ms UTC)."""
        held = self.documents.get(_KIND, scope, self.name)
        return held is not None and held["at"] >= instant

    def advance(
        self, scope: str, bots: Iterable[str], callback: Callable[[Turn], None], limit: int = 1000
    ) -> bool:
        """Call *callback* for the turns of *bots* that the clock of *scope* has passed since the last call.

        The new position is committed together with what the callback writes to the backend. The first call
        only stores the time of the clock, and so does a call after the clock was moved back. Turns of one
        instant are handed out together, about *limit* in all; returns whether there are more.
        """
        with self.documents.transaction():
            now = self.clocks.of(scope).now()
            held = self.documents.get(_KIND, scope, self.name)
            count = 0
            for at, turns in groupby(self._passed(held, now, bots), key=lambda turn: turn.at_ms):
                if count >= limit:
                    self._keep(scope, held, at - 1)
                    return True
                for turn in turns:
                    callback(turn)
                    count += 1
            if held is None or held["at"] != now:
                self._keep(scope, held, now)
            return False

    def _passed(self, held: Document | None, now: int, bots: Iterable[str]) -> Iterator[Turn]:
        if held is None:
            return
        seen = held.get("seen", []) if self.once else []
        for since, until in spans.missing(held["at"], now, seen):
            yield from self.log().passed(since, until, bots, now)

    def _keep(self, scope: str, held: Document | None, at: int) -> None:
        document: Document = {"at": at}
        if held is not None and self.once:
            document["seen"] = spans.joined(held.get("seen", []), held["at"], at)
        self.documents.put(_KIND, scope, self.name, document)
