"""Sums over the turns of hours, days and other ranges, with their distinct users and sessions."""

from collections.abc import Iterable, Sequence
from operator import add
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mockcbs.core.waiting import leave_loop
from mockcbs.traffic.index.distinct import Distinct, Occurrences
from mockcbs.traffic.numbering import Endings
from mockcbs.traffic.turns import Ints, Turns, distinct

_MANY = 100_000
"""The number of turns that take about 20 ms to index."""


class TurnSums(NamedTuple):
    """Sums over the turns of one range of time."""

    turns: int = 0
    ended: int = 0
    """The turns that have ended."""
    good: int = 0
    """The turns that have ended and did not fail."""
    latency: int = 0
    """The sum of the latencies of turns that have ended, ms."""
    users: int = 0
    sessions: int = 0

    def plus(self, more: "TurnSums", newcomers: int) -> "TurnSums":
        """These sums and *more*, over other sessions with that many other users."""
        return TurnSums(*map(add, self, more))._replace(users=self.users + newcomers)


NOTHING = TurnSums()


class TurnIndex:
    """An index of turns; in all ranges ``low <= t < high``, ms UTC."""

    def __init__(self, turns: Turns, endings: Endings) -> None:
        """*endings* are those of the utterances that the turns number."""
        _leave_loop_for(turns)
        self._turns, self._endings = turns, endings
        self._users, self._sessions = Occurrences(turns.user), Distinct(turns.session)
        self._buckets: dict[tuple[int, int], dict[int, TurnSums]] = {}

    @property
    def nbytes(self) -> int:
        """The memory of the index without the turns, in bytes."""
        return self._users.nbytes + self._sessions.nbytes

    def buckets(self, width: int, offset: int) -> dict[int, TurnSums]:
        """The sums of each bucket that is not empty, by its number; computed once for each *width*.

        The bucket *n* begins at ``n * width - offset``.
        """
        found = self._buckets.get((width, offset))
        if found is None:
            _leave_loop_for(self._turns)
            numbers = distinct((self._turns.at + offset) // width)
            begins = numbers * width - offset
            sums = self.sums(begins, begins + width)
            found = self._buckets[width, offset] = dict(zip(numbers.tolist(), sums, strict=True))
        return found

    def sums(self, low: Ints, high: Ints) -> list[TurnSums]:
        """The sums of each range; the ranges are in order of time."""
        start, stop = self._turns.at.searchsorted(low), self._turns.at.searchsorted(high)
        first, last = int(start.min(initial=0)), int(stop.max(initial=0))
        running = (
            np.concatenate(([0], np.cumsum(column, dtype=np.int64)))
            for column in self._columns(slice(first, last))
        )
        added = [column[stop - first] - column[start - first] for column in running]
        counts = (stop - start, *added, self._users.count(start, stop), self._sessions.count(start, stop))
        return [TurnSums(*row) for row in zip(*(column.tolist() for column in counts), strict=True)]

    def has_turns(self, low: int, high: int) -> bool:
        """Whether any turn lies in the range."""
        row = self._turns.at.searchsorted(low)
        return bool(row < len(self._turns) and self._turns.at[row] < high)

    def distinct(self, low: int, high: int) -> tuple[int, int]:
        """The number of users, and of sessions, with turns in the range."""
        rows = self._turns.at.searchsorted([low, high]).tolist()
        return self._users.within(*rows), self._sessions.within(*rows)

    def newcomers(self, others: "TurnIndex", low: int, high: int) -> int:
        """How many users have turns in the range of *others*, but none in the same range of this index."""
        theirs = distinct(others.users(low, high))
        theirs = theirs[theirs >= 0]
        start, stop = self._turns.at.searchsorted([low, high]).tolist()
        return len(theirs) - int(np.count_nonzero(self._users.has(theirs, start, stop)))

    def users(self, low: int, high: int) -> npt.NDArray[np.int32]:
        """The user of each turn in the range."""
        return self._turns.user[slice(*self._turns.at.searchsorted([low, high]).tolist())]

    def _columns(self, rows: slice) -> Iterable[npt.NDArray[np.generic]]:
        """Whether each turn has ended, whether it also did not fail, and its latency if it has ended."""
        said = self._turns.utterance[rows]
        ended = ~self._endings.unfinished[said]
        return ended, ended & ~self._endings.failed[said], np.where(ended, self._turns.latency[rows], 0)


class TurnLayers:
    """The sums over a large index of turns, and a small one that no session shares with it.

    Turns from *end* (ms UTC) on do not count. For *width* and *offset* see `TurnIndex.buckets`.
    """

    def __init__(self, layers: Sequence[TurnIndex], width: int, offset: int, end: int) -> None:
        """*layers* are the large index and perhaps the small one."""
        self._large, self._small = layers[0], layers[1:]
        self._width, self._offset, self._end = width, offset, end
        self._of_large, *self._of_small = [layer.buckets(width, offset) for layer in layers]

    def series(self, numbers: range) -> list[TurnSums]:
        """The sums of these buckets."""
        of_large, first = self._of_large, numbers.start
        found = [of_large.get(number, NOTHING) for number in numbers]
        ended = (self._end + self._offset) // self._width  # the first bucket that is not complete
        incomplete = range(max(first, ended), numbers.stop)
        for number in {*incomplete, *(one for buckets in self._of_small for one in buckets.keys() & numbers)}:
            found[number - first] = self._bucket(number)
        return found

    def _bucket(self, number: int) -> TurnSums:
        """The sums of one bucket, as far as it has come."""
        low = number * self._width - self._offset
        high = low + self._width
        many = self._of_large.get(number, NOTHING)
        few = [buckets.get(number, NOTHING) for buckets in self._of_small]
        if high > self._end and (many.turns or any(one.turns for one in few)):
            bounds = np.array([min(low, self._end)]), np.array([self._end])
            many, *few = [layer.sums(*bounds)[0] for layer in (self._large, *self._small)]
        for one in few:
            if one.turns:
                many = many.plus(one, self._newcomers(low, min(high, self._end)))
        return many

    def total(self, low: int, high: int, parts: Sequence[TurnSums]) -> TurnSums:
        """The sums of a range that consists of *parts*."""
        high = min(high, self._end)
        users, sessions = self._large.distinct(low, high)
        turns, ended, good, latency, *_ = map(sum, zip(*parts, strict=True)) if parts else NOTHING
        for layer in self._small:
            if layer.has_turns(low, high):
                users += self._large.newcomers(layer, low, high)
                sessions += layer.distinct(low, high)[1]
        return TurnSums(turns, ended, good, latency, users, sessions)

    def _newcomers(self, low: int, high: int) -> int:
        return sum(self._large.newcomers(layer, low, high) for layer in self._small)


def _leave_loop_for(turns: Turns) -> None:
    if len(turns) > _MANY:
        leave_loop()
