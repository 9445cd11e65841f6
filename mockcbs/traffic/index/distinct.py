"""Counts of distinct values in any slice of a column."""

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from mockcbs.traffic.turns import Ints, Places

_MAX_KNOWN = 2_000
"""The maximum number of counts that are remembered; then all of them are forgotten."""


class Distinct:
    """Counts the distinct values in any slice of a column; negative values do not count.

    A value is counted at its first occurrence in the slice: where the row of its previous occurrence lies
    before the slice. Each block of a long column keeps the rows of previous occurrences sorted, so a binary
    search counts a whole block. Other rows are counted one by one.
    """

    _BLOCK = 4096
    _LONG = 16
    """The number of blocks that make a column long; sorted blocks take twice the memory of the rest."""

    def __init__(self, values: npt.NDArray[Any]) -> None:
        order = np.argsort(values, kind="stable")
        again = np.flatnonzero(values[order][1:] == values[order][:-1])
        kind: type[np.signedinteger] = np.int16 if len(values) < np.iinfo(np.int16).max else np.int32
        self._previous: Places = np.full(len(values), -1, kind)
        self._previous[order[again + 1]] = order[again]
        self._previous[values < 0] = np.iinfo(kind).max  # before no slice, as these do not count

        whole = len(values) // self._BLOCK
        self._is_long = whole >= self._LONG
        sorted_rows = np.sort(self._previous[: whole * self._BLOCK].reshape(whole, self._BLOCK), axis=1)
        keys = (sorted_rows + (np.arange(whole)[:, None] << 32)).ravel() if self._is_long else ()
        self._keys = np.asarray(keys, np.int64)
        self._known: dict[tuple[int, int], int] = {}
        """The counts of long slices; other queries ask for the same days."""

    @property
    def nbytes(self) -> int:
        """The memory of the index, in bytes."""
        return self._previous.nbytes + self._keys.nbytes

    def count(self, start: Ints, stop: Ints) -> Ints:
        """The number of distinct values in each slice ``start:stop``."""
        slices = zip(start.tolist(), stop.tolist(), strict=True)
        counts: Ints = np.array([self.within(low, high) for low, high in slices], np.int64)
        return counts

    def within(self, start: int, stop: int) -> int:
        """The number of distinct values in the slice."""
        if not self._is_long or stop - start < self._BLOCK:
            return int(np.count_nonzero(self._previous[start:stop] < start))
        if (found := self._known.get((start, stop))) is None:
            if len(self._known) >= _MAX_KNOWN:
                self._known = {}
            found = self._known[start, stop] = self._count_blocks(start, stop)
        return found

    def _count_blocks(self, start: int, stop: int) -> int:
        """Count whole blocks, and one by one the rows before the first and after the last of them."""
        first, last = -(-start // self._BLOCK), stop // self._BLOCK
        blocks = np.arange(first, max(first, last))
        found = self._keys.searchsorted((blocks << 32) + start) - self._BLOCK * blocks
        ends = (
            self._previous[start : min(first * self._BLOCK, stop)],
            self._previous[max(last * self._BLOCK, first * self._BLOCK) : stop],
        )
        return int(found.sum()) + sum(int(np.count_nonzero(rows < start)) for rows in ends)


class Occurrences(Distinct):
    """`Distinct` that keeps the column, and so knows which values a slice has."""

    def __init__(self, values: npt.NDArray[Any]) -> None:
        super().__init__(values)
        self._values = values

    def has(self, values: npt.NDArray[Any], start: int, stop: int) -> npt.NDArray[np.bool_]:
        """Whether each of these *values* occurs in the slice."""
        keys = values.astype(np.int64) << 32
        found: npt.NDArray[np.bool_] = self._rows.searchsorted(keys + start) < self._rows.searchsorted(
            keys + stop
        )
        return found

    @cached_property
    def _rows(self) -> Ints:
        """The rows, ordered by value: the value in the upper half, the row in the lower."""
        rows: Ints = np.sort((self._values.astype(np.int64) << 32) + np.arange(len(self._values)))
        return rows
