"""What a scenario that is being played has counted so far."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

START = "start"
"""The state every scenario begins in."""

_MAX_COUNTS = 100_000
"""Operations, projects, bots or tokens counted apart; beyond that the oldest is forgotten."""

Key = tuple[int, str | None]
"""The place of a rule in its scenario, and for whom it counts."""


class Ledger(Protocol):
    """What a run remembers; it is read and written while it is open."""

    state: str

    def open(self) -> AbstractContextManager[None]:
        """A context in which nobody else reads or writes."""

    def count(self, key: Key) -> int:
        """One more; the number of this call."""

    def forget(self, place: int) -> None:
        """Count anew for the rule in that place."""

    def passed(self, key: Key) -> deque[int]:
        """When calls passed a throttle, ms, oldest first."""

    def keep_passed(self, key: Key, passed: deque[int]) -> None:
        """Remember these instead."""


class MemoryLedger:
    """A ledger in this process."""

    def __init__(self) -> None:
        self.state = START
        self._counts: dict[Key, int] = {}
        self._passed: dict[Key, deque[int]] = {}
        self._lock = threading.Lock()

    @contextmanager
    def open(self) -> Iterator[None]:
        """Let nobody else in."""
        with self._lock:
            yield

    def count(self, key: Key) -> int:
        """One more; the number of this call."""
        self._counts[key] = number = self._counts.get(key, 0) + 1
        if len(self._counts) > _MAX_COUNTS:
            oldest = next(iter(self._counts))
            del self._counts[oldest]
            self._passed.pop(oldest, None)
        return number

    def forget(self, place: int) -> None:
        """Count anew for the rule in that place."""
        for key in [key for key in self._counts if key[0] == place]:
            del self._counts[key]

    def passed(self, key: Key) -> deque[int]:
        """When calls passed a throttle."""
        return self._passed.setdefault(key, deque())

    def keep_passed(self, key: Key, passed: deque[int]) -> None:
        """The deque handed out is the one that is kept."""
