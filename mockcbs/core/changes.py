"""Whether something has changed since somebody looked: counters, many keys sharing a few cells."""

from collections.abc import MutableSequence
from zlib import crc32

CELLS = 4096
"""Keys are spread over so many counters; two that share one only look anew more often than they need."""


Watched = tuple[tuple[int, int], ...]
"""Cells, and what each had counted when somebody looked."""


class Versions:
    """A counter for each key, in memory, or in whatever the cells are kept in.

    Cells shared by several processes are to be written by one of them at a time.
    """

    def __init__(self, cells: MutableSequence[int] | None = None) -> None:
        """*cells* are `CELLS` integers; `None` makes them."""
        self.cells: MutableSequence[int] = [0] * CELLS if cells is None else cells

    @staticmethod
    def cell(*key: str) -> int:
        """Which of the cells counts the changes of *key*."""
        return crc32("\0".join(key).encode("utf-8", "surrogateescape")) % CELLS

    def watch(self, *keys: tuple[str, ...]) -> Watched:
        """What to compare later on, to tell whether any of these has changed."""
        cells = (self.cell(*key) for key in keys)
        return tuple((cell, self.cells[cell]) for cell in cells)

    def bump(self, *key: str) -> None:
        """Say that what *key* stands for has changed."""
        self.cells[self.cell(*key)] += 1

    def bump_all(self) -> None:
        """Say that everything has changed."""
        for cell in range(CELLS):
            self.cells[cell] += 1
