"""The stated and generated turns of bots, which are built once and dropped when they take too much memory."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from mockcbs.traffic.generate import Generator
from mockcbs.traffic.rollup import Rollup

_MEMORY = 512 * 2**20
"""The maximum size of all rollups in bytes; the least recently used are dropped first."""


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

    def clear(self) -> None:
        """Drop all bases."""
        with self._lock:
            self._bases.clear()

    def _drop_oldest(self) -> None:
        while len(self._bases) > 1 and sum(held.nbytes for held in self._bases.values()) > _MEMORY:
            self._bases.popitem(last=False)
