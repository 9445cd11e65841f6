"""Stores that do not grow beyond a limit."""

import math
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

_V = TypeVar("_V")


class Bounded(Generic[_V]):
    """The last values by key; the oldest are dropped first."""

    def __init__(self, count: int, size: float = math.inf) -> None:
        """*count* is the maximum number of values, *size* the maximum of their sizes together."""
        self._values: dict[Hashable, tuple[_V, int]] = {}
        self._count, self._size = count, size
        self._used = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> _V | None:
        """The value under *key*."""
        held = self._values.get(key)
        return held[0] if held else None

    def put(self, key: Hashable, value: _V, size: int = 0) -> None:
        """Store a value of that *size*, in place of an earlier one."""
        with self._lock:
            self._drop(key)
            self._values[key] = value, size
            self._used += size
            while len(self._values) > self._count or self._used > self._size:
                self._drop(next(iter(self._values)))

    def _drop(self, key: Hashable) -> None:
        _, size = self._values.pop(key, (None, 0))
        self._used -= size


class Seen:
    """Remembers keys by their hashes; when there are too many, all of them are forgotten."""

    def __init__(self, count: int) -> None:
        """*count* is the maximum number of keys."""
        self._hashes: set[int] = set()
        self._count = count

    def again(self, key: Hashable) -> bool:
        """Whether *key* was seen before; it is from now on."""
        digest = hash(key)
        if digest in self._hashes:
            return True
        if len(self._hashes) >= self._count:
            self._hashes.clear()
        self._hashes.add(digest)
        return False
