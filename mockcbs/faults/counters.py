"""The counters of a running scenario."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

START = "start"
"""The state in which every scenario begins."""

_MAX_COUNTS = 100_000
"""Operations, projects, bots or tokens with a count each; beyond that the oldest is forgotten."""

Key = tuple[int, str | None]
"""The index of a rule in its scenario, and the operation, project, bot or token that it counts."""


class Counters(Protocol):
    """The counters of a run. Callers read and write them only inside `open`."""

    state: str

    def open(self) -> AbstractContextManager[object]:
        """A context in which no other thread or process reads or writes."""

    def count(self, key: Key) -> int:
        """Count one call; return its number, from 1."""

    def forget(self, place: int) -> None:
        """Reset the counts of the rule with the index *place*."""

    def passed(self, key: Key) -> deque[int]:
        """The times at which calls passed a throttle, ms, oldest first."""

    def keep_passed(self, key: Key, passed: deque[int]) -> None:
        """Store these times."""


class MemoryCounters:
    """Counters in the memory of this process."""

    def __init__(self) -> None:
        self.state = START
        self._counts: dict[Key, int] = {}
        self._passed: dict[Key, deque[int]] = {}
        self._lock = threading.Lock()

    @contextmanager
    def open(self) -> Iterator[None]:
        """Hold a lock."""
        with self._lock:
            yield

    def count(self, key: Key) -> int:
        """Count one call; return its number, from 1."""
        self._counts[key] = number = self._counts.get(key, 0) + 1
        if len(self._counts) > _MAX_COUNTS:
            oldest = next(iter(self._counts))
            del self._counts[oldest]
            self._passed.pop(oldest, None)
        return number

    def forget(self, place: int) -> None:
        """Reset the counts of the rule with the index *place*."""
        for key in [key for key in self._counts if key[0] == place]:
            del self._counts[key]

    def passed(self, key: Key) -> deque[int]:
        """The times at which calls passed a throttle."""
        return self._passed.setdefault(key, deque())

    def keep_passed(self, key: Key, passed: deque[int]) -> None:
        """Do nothing, as `passed` returns the stored deque itself."""
