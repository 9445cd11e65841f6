"""Counts by kind in any slice of a column."""

from functools import cache

import numpy as np
import numpy.typing as npt

from mockcbs.traffic.turns import Ints


class Tally:
    """Counts each kind in any slice of a column of kinds with ``0 <= kind < size``."""

    def __init__(self, kinds: npt.NDArray[np.int32], size: int) -> None:
        self._row_kinds, self.size = kinds, size
        self._block = max(4096, 16 * size)
        blocks = len(kinds) // self._block
        tables = [
            np.bincount(kinds[self._block * place : self._block * (place + 1)], minlength=size)
            for place in range(blocks)
        ]
        self._after = np.cumsum(tables, axis=0)
        """The counts at the end of each block. A small bot has none, and `size` may be large."""

    @property
    def nbytes(self) -> int:
        """The memory of the totals without the column itself, in bytes."""
        return self._after.nbytes

    def counts(self, start: Ints, stop: Ints) -> Ints:
        """The count of each kind (columns) in each slice ``start:stop`` (rows)."""
        until = cache(self._until)  # adjacent periods share a bound, which is counted once

        def between(low: int, high: int) -> Ints:
            if high - low < self._block:
                return self._count(low, high)
            return until(high) - until(low)

        return np.stack([between(low, high) for low, high in zip(start.tolist(), stop.tolist(), strict=True)])

    def _until(self, row: int) -> Ints:
        block = row // self._block
        counts = self._count(block * self._block, row)
        return counts + self._after[block - 1] if block else counts

    def _count(self, low: int, high: int) -> Ints:
        return np.bincount(self._row_kinds[low:high], minlength=self.size)
