"""Turns of several origins in order, a few hundred at a time: long lists would stop other threads."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from mockcbs.traffic.knowledge import Turn
from mockcbs.traffic.turns import Ints

_TOGETHER = 256
"""The number of turns whose rows are made together, about; the others of the last instant are added."""


class Origin(NamedTuple):
    """Turns of one origin, ordered by time."""

    at: Ints
    """Their times, ms UTC."""
    made: Callable[[slice], list[Turn]]
    """Returns those at these places."""

    @classmethod
    def of(cls, turns: Sequence[Turn]) -> "Origin":
        """Turns that are made already, in any order."""
        ordered = sorted(turns, key=attrgetter("at_ms"))
        return cls(np.fromiter((turn.at_ms for turn in ordered), np.int64, len(ordered)), ordered.__getitem__)

    def between(self, low: int, high: int) -> list[Turn]:
        """Those from *low* to before *high* (ms UTC)."""
        return self.made(slice(*self.at.searchsorted([low, high])))


def slices(origins: Sequence[Origin], low: int, high: int) -> Iterator[list[Turn]]:
    """The turns from *low* to before *high* (ms UTC), ordered by time, then session id."""
    at = np.concatenate([each.at[slice(*each.at.searchsorted([low, high]))] for each in origins])
    at.sort()
    cuts = [low, *dict.fromkeys(at[_TOGETHER::_TOGETHER].tolist()), high]
    places = [each.at.searchsorted(cuts).tolist() for each in origins]
    for bounds in zip(*map(pairwise, places), strict=True):
        rows = [
            row
            for each, (start, stop) in zip(origins, bounds, strict=True)
            if start < stop
            for row in each.made(slice(start, stop))
        ]
        rows.sort(key=lambda row: (row.at_ms, row.session_id))
        yield rows
