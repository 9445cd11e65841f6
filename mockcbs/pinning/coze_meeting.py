"""Chooses one way for each of several periods so that the sums match a summary (meet in the middle).

The periods are divided into two groups. The sums of all combinations of each group are computed, and pairs of
sums that match the summary are searched: a million combinations of each group cover 10**12 in all.
"""

from collections.abc import Callable, Iterator, Sequence
from math import prod
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

_MAX_COMBINATIONS = 1_000_000
"""The maximum number of combinations of a group; for periods with many ways, only the first are tried."""
_ATTEMPTS = 4
"""The number of attempts; each tries the ways in a different order."""


class Way(NamedTuple):
    """A way in which a period may have ended: counts, and the minimum and maximum sum of times in ms."""

    finished: int
    completed: int
    low: int
    high: int


Target = Callable[[int, int], tuple[int, int] | None]
"""Takes both counts of the whole and returns the bounds of its sum of times.

It returns `None` if the counts do not fit.
"""


def matching(ways: Sequence[Sequence[Way]], target: Target) -> list[int] | None:
    """The index of a way for each period, so that the sums fit *target*; `None` if nothing was found."""
    for attempt in range(_ATTEMPTS):
        orders = [_rotated(len(found), attempt) for found in ways]
        tried = [[found[way] for way in order] for found, order in zip(ways, orders, strict=True)]
        if (chosen := _met(tried, target)) is not None:
            return [order[way] for order, way in zip(orders, chosen, strict=True)]
        if prod(map(len, ways)) <= _MAX_COMBINATIONS:
            break  # all combinations have been tried
    return None


def _rotated(count: int, by: int) -> list[int]:
    """The indices of all ways: the first one, then the others in an order that depends on the attempt."""
    others = range(1, count)
    start = len(others) * by // _ATTEMPTS
    return [0, *others[start:], *others[:start]]


def _met(ways: Sequence[Sequence[Way]], target: Target) -> list[int] | None:
    order = sorted(range(len(ways)), key=lambda place: -len(ways[place]))
    groups = [_Group(ways, order[part::2]) for part in (0, 1)]
    for one, other in _pairs(groups[0], groups[1], target):
        chosen = dict([*groups[0].choices(one), *groups[1].choices(other)])
        return [chosen[place] for place in range(len(ways))]
    return None


class _Group:
    """The sums of all combinations of some periods."""

    def __init__(self, ways: Sequence[Sequence[Way]], places: list[int]) -> None:
        self._places = places
        self._sizes = _limited([len(ways[place]) for place in places])
        sums = np.zeros((1, 4), np.int64)
        for place, size in zip(places, self._sizes, strict=True):
            sums = (sums[:, None, :] + np.array(ways[place][:size], np.int64)[None]).reshape(-1, 4)
        self._order = np.lexsort((sums[:, 2], sums[:, 1], sums[:, 0]))
        self.sums = sums[self._order]
        _, first = np.unique(self.sums[:, :2], axis=0, return_index=True)
        self.classes = {
            (int(self.sums[low, 0]), int(self.sums[low, 1])): slice(int(low), int(high))
            for low, high in zip(first, [*first[1:], len(sums)], strict=True)
        }
        """The rows of `sums` by both counts, in ascending order of their times."""

    def choices(self, row: int) -> Iterator[tuple[int, int]]:
        """The periods of the group, each with the index of its way in the combination of that row."""
        number = int(self._order[row])
        for place, size in zip(reversed(self._places), reversed(self._sizes), strict=True):
            number, way = divmod(number, size)
            yield place, way


def _limited(sizes: list[int]) -> list[int]:
    """Sizes with a product of at most `_MAX_COMBINATIONS`; the largest sizes are reduced first."""
    product = 1.0
    for size in sizes:
        product *= size
    while product > _MAX_COMBINATIONS:
        most = max(sizes)
        sizes[sizes.index(most)] -= 1
        product = product / most * (most - 1)
    return sizes


def _pairs(one: _Group, other: _Group, target: Target) -> Iterator[tuple[int, int]]:
    """Pairs of rows whose sums fit together, those with the most finished executions first."""
    slack = int((other.sums[:, 3] - other.sums[:, 2]).max(initial=0))
    for (finished, completed), here in sorted(one.classes.items(), reverse=True):
        for (more, also), there in sorted(other.classes.items(), reverse=True):
            bounds = target(finished + more, completed + also)
            if bounds is None:
                continue
            low, high = one.sums[here, 2], one.sums[here, 3]
            times = other.sums[there]
            first = np.searchsorted(times[:, 2], bounds[0] - high - slack)
            last = np.searchsorted(times[:, 2], bounds[1] - low, side="right")
            for row in np.flatnonzero(first < last).tolist():
                near = times[first[row] : last[row]]
                found = np.flatnonzero(near[:, 3] + high[row] >= bounds[0])
                if len(found):
                    yield here.start + row, there.start + int(first[row] + found[0])
