"""Counters that show whether something has changed since it was read."""

from collections.abc import MutableSequence
from functools import lru_cache
from zlib import crc32

CELLS = 4096
"""The number of counters. Keys that share a counter cause unnecessary reads, but no errors."""

SIZE = CELLS + 1
"""The number of integers: the counters of keys, and at the end one that counts all changes."""

Token = tuple[tuple[int, int], ...]
"""The result of `Changes.watch` and argument of `Changes.changed`; its content is private."""


class Changes:
    """Counts the changes of each key, in this process or in memory that processes share.

    Cells shared by several processes must be written by one process at a time.
    """

    def __init__(self, cells: MutableSequence[int] | None = None) -> None:
        """*cells* are `SIZE` integers; `None` creates them."""
        self._cells: MutableSequence[int] = [0] * SIZE if cells is None else cells

    @property
    def total(self) -> int:
        """The number of changes of all keys. While it stays the same, `changed` returns the same for a token.

        Read it before the data that it stands for.
        """
        return self._cells[CELLS]

    def watch(self, *keys: tuple[str, ...]) -> Token:
        """A token for `changed`; take it before you read the data of *keys*."""
        numbers = (cell(key) for key in keys)
        return tuple((number, self._cells[number]) for number in numbers)

    def changed(self, token: Token) -> bool:
        """Whether any key of *token* has changed since `watch`."""
        cells = self._cells
        for number, counted in token:  # noqa: SIM110 - half the time of any()
            if cells[number] != counted:
                return True
        return False

    def bump(self, *key: str) -> None:
        """Count a change of *key*."""
        self.bump_cell(cell(key))

    def bump_cell(self, number: int) -> None:
        """Count a change of all keys that share the counter *number*."""
        self._cells[number] += 1
        self._cells[CELLS] += 1  # last: who reads it before has to look again

    def bump_all(self) -> None:
        """Count a change of every key."""
        for number in range(SIZE):
            self._cells[number] += 1


@lru_cache(4096)
def cell(key: tuple[str, ...]) -> int:
    """The index of the counter of *key*."""
    return crc32("\0".join(key).encode("utf-8", "surrogateescape")) % CELLS
