"""The memory that everything clients make may take, in bytes."""

import threading

from mockcbs.core.errors import FullError

MB = 2**20

DEFAULT_MEMORY = 512 * MB
"""Bytes."""

OVERHEAD = 500
"""Bytes counted for each thing beside its content."""


class Budget:
    """So many bytes for all that clients make; what does not fit is refused."""

    def __init__(self, limit: int = DEFAULT_MEMORY) -> None:
        """*limit* is in bytes."""
        self.limit = limit
        self._used = 0
        self._lock = threading.Lock()

    @property
    def used(self) -> int:
        """Bytes taken."""
        return self._used

    def take(self, what: str, size: int, before: int | None = None) -> None:
        """Count *what* of *size* bytes, in place of one of the size *before*.

        Raises `FullError` if it does not fit; what shrinks always fits.
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
        """Count no more a thing of *size* bytes."""
        with self._lock:
            self._used -= size + OVERHEAD
