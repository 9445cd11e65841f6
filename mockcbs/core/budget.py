"""The memory limit of all objects that clients create, in bytes."""

import sys
import threading
from collections.abc import Collection
from typing import Any

from mockcbs.core.errors import FullError

MB = 2**20

DEFAULT_MEMORY = 512 * MB
"""The default limit in bytes."""

OVERHEAD = 500
"""The bytes that count for each object in addition to its content."""

_SIMPLE = frozenset({str, int, float, bool, type(None)})
"""The types of JSON values without parts."""
_LISTS = list, tuple


def size_of(value: Any) -> int:
    """The bytes of memory that a JSON value takes; if its parts are small, twenty times those of its text.

    Equal names of members count once, as a parser keeps them once.
    """
    size, left, names = sys.getsizeof(value), [value], dict[str, Any]()
    while left:
        one = left.pop()
        parts: Collection[Any] = ()
        if isinstance(one, dict):
            parts = one.values()
            names |= one
        elif isinstance(one, _LISTS):
            parts = one
        for part in parts:
            if type(part) is str or type(part) in _SIMPLE:  # most parts are texts
                size += part.__sizeof__()  # the same as getsizeof, ten times as fast
            else:
                size += sys.getsizeof(part)
                left.append(part)
    return size + sum(map(str.__sizeof__, names))


class Budget:
    """A limit in bytes for all objects that clients create."""

    def __init__(self, limit: int = DEFAULT_MEMORY) -> None:
        """*limit* is in bytes."""
        self.limit = limit
        self._used = 0
        self._lock = threading.Lock()

    @property
    def used(self) -> int:
        """The bytes in use."""
        return self._used

    def take(self, what: str, size: int, before: int | None = None) -> None:
        """Count an object of *size* bytes; *before* is the former size of a changed one.

        *what* names it. Raises `FullError` if it does not fit; a smaller object always fits.
        """
        more = size - before if before is not None else size + OVERHEAD
        with self._lock:
            if more > 0 and self._used + more > self.limit:
                raise FullError(
                    f"{what} of {size} bytes does not fit: {self._used} of {self.limit} bytes are used"
                    " (--memory); delete something, reset the mock, or give it more"
                )
            self._used += more

    def give_back(self, size: int) -> None:
        """Remove an object of *size* bytes from the count."""
        with self._lock:
            self._used -= size + OVERHEAD
