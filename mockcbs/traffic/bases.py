"""The stated and generated turns of bots, which are built once and dropped when they take too much memory."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from mockcbs.traffic.generate import Generator
from mockcbs.traffic.index.rollup import Rollup
from mockcbs.traffic.turns import Turns, merge

_TOGETHER = 20_000
"""The number of sessions that are generated together: enough for numpy's speed, and few enough to save
memory.
"""

_LONG = 0.5
"""Building a rollup is logged if it takes more seconds than this."""

_MEMORY = 512 * 2**20
"""The maximum size of all rollups in bytes; the least recently used are dropped first."""

log = logging.getLogger("mockcbs")


class Base(NamedTuple):
    """The stated and generated turns of one bot."""

    days: range
    rollup: Rollup
    first: list[int]
    """The number of the first session of each day."""
    generator: Generator | None

    @property
    def nbytes(self) -> int:
        """The memory of the rollup, in bytes; it grows when more of its indexes are needed."""
        return self.rollup.nbytes


def build(
    bot_id: str, days: range, generator: Generator | None, stated: Turns, *, sessions: int, utterances: int
) -> Base:
    """Generate the turns of a bot on *days*, and index them with those that its dataset states.

    The *stated* turns have so many *sessions* and *utterances*, each numbered from 0; generated sessions are
    numbered after the sessions, and stated utterances after the generated ones.
    """
    began = time.perf_counter()
    said = len(generator.lines) if generator else 0
    pieces, first = [stated.numbered_from(said)], []
    if generator:
        together = max(1, _TOGETHER // max(1, generator.sessions_per_day))
        for place in range(0, len(days), together):
            piece, counts = generator.turns_of(days[place : place + together])
            piece.session[:] += sessions
            for count in counts.tolist():
                first.append(sessions)
                sessions += count
            pieces.append(piece)
    rollup = Rollup(merge(pieces), said + utterances)
    if (took := time.perf_counter() - began) > _LONG:
        log.info("bot %s: %d turns generated and indexed in %.1f s", bot_id, len(rollup.turns), took)
    return Base(days, rollup, first, generator)


class Bases:
    """The bases of all bots. Threads share them; each base is built by one thread."""

    def __init__(self) -> None:
        self._bases: OrderedDict[str, Base] = OrderedDict()
        self._building: dict[str, threading.Lock] = {}
        """A lock for each bot whose base is being built."""
        self._lock = threading.Lock()

    def get(self, bot_id: str, days: range) -> Base | None:
        """The base of a bot for these days, if it is built."""
        with self._lock:
            held = self._bases.get(bot_id)
            if held is None or held.days != days:
                return None
            self._bases.move_to_end(bot_id)
            return held

    def built(self, bot_id: str, days: range, build: Callable[[], Base]) -> Base:
        """The base of a bot for these days; *build* creates it if it is missing."""
        with self._lock:
            building = self._building.setdefault(bot_id, threading.Lock())
        with building:  # other threads wait only if they need the same bot
            held = self.get(bot_id, days) or build()
            with self._lock:
                self._bases[bot_id] = held
                self._bases.move_to_end(bot_id)
                self._drop_oldest()
                self._building.pop(bot_id, None)
        return held

    def _drop_oldest(self) -> None:
        while len(self._bases) > 1 and sum(held.nbytes for held in self._bases.values()) > _MEMORY:
            self._bases.popitem(last=False)
