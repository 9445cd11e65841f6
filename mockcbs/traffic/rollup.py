"""Sums, counts and distinct users of any range of time, at a cost that hardly depends on the turns in it.

Every index is built over rows in order of time. A range of time becomes a slice of rows by binary
search; sums of a slice come from running totals, counts by kind from totals kept every few thousand
rows, distinct values from blocks of rows (`Distinct`). Ranges are therefore exact to the millisecond
in any zone, and nothing is tied to UTC hours.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from mockcbs.traffic.turns import ANONYMOUS, Ints, Turns, merge

Extent = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SessionSums:
    """Sums over the sessions of several ranges; one element a range."""

    count: Ints
    users: Ints
    rounds: Ints
    duration: Ints
    """Whole seconds from first to last question, summed (contract S-7, S-8)."""


class View(Protocol):
    """What can be asked of the turns of one bot. Ranges are ``low <= t < high``, ms UTC."""

    @property
    def turns(self) -> Turns:
        """All turns, those after now included."""

    def next_turn(self, now: int) -> int | None:
        """When the first turn after *now* begins (ms UTC), if there is one."""

    def session_extent(self, low: int, high: int) -> Extent | None:
        """When the first and the last session of the range begin (ms UTC), if any does."""

    def turn_extent(self, low: int, high: int) -> Extent | None:
        """When the first and the last question of the range were asked (ms UTC), if any was."""

    def sessions(self, low: Ints, high: Ints, now: int) -> SessionSums:
        """Sessions that begin in each range, as they are at *now*; no range reaches past *now*."""

    def utterances(self, low: Ints, high: Ints) -> Ints:
        """How often each utterance was said in each range: a row a range."""

    def said(self, low: int, high: int) -> npt.NDArray[np.int32]:
        """The utterances of the range in the order they were said."""


class Rollup:
    """The turns of one bot, indexed; a `View`."""

    def __init__(self, turns: Turns, kinds: int) -> None:
        """*kinds* is the number of utterances the turns may name."""
        self.turns = turns
        self._sessions = _Sessions(turns)
        self._kinds = Tally(turns.utterance, kinds)

    @property
    def nbytes(self) -> int:
        """Memory held, roughly."""
        return self.turns.nbytes + self._sessions.nbytes + self._kinds.nbytes

    def next_turn(self, now: int) -> int | None:  # noqa: D102 - as in View
        row = int(np.searchsorted(self.turns.at, now, "right"))
        return int(self.turns.at[row]) if row < len(self.turns) else None

    def session_extent(self, low: int, high: int) -> Extent | None:  # noqa: D102
        return _extent(self._sessions.first, low, high)

    def turn_extent(self, low: int, high: int) -> Extent | None:  # noqa: D102
        return _extent(self.turns.at, low, high)

    def sessions(self, low: Ints, high: Ints, now: int) -> SessionSums:  # noqa: D102
        return self._sessions.sums(low, high, now)

    def utterances(self, low: Ints, high: Ints) -> Ints:  # noqa: D102
        return self._kinds.counts(self.turns.at.searchsorted(low), self.turns.at.searchsorted(high))

    def said(self, low: int, high: int) -> npt.NDArray[np.int32]:  # noqa: D102
        start, stop = self.turns.at.searchsorted([low, high])
        return self.turns.utterance[start:stop]

    def users(self, low: int, high: int, now: int) -> npt.NDArray[np.int32]:
        """Who takes part, by *now*, in the sessions that begin in the range."""
        return self._sessions.users.present(low, high, now)

    def has_user(self, user: int, low: int, high: int, now: int) -> bool:
        """Whether that user does."""
        return self._sessions.users.has(user, low, high, now)


class Layered:
    """Many turns that stay as they are, and few that change, seen as one; a `View`.

    No session has turns in both.
    """

    def __init__(self, base: Rollup, recent: Rollup) -> None:
        self._base, self._recent = base, recent

    @cached_property
    def turns(self) -> Turns:  # noqa: D102 - as in View
        return merge([self._base.turns, self._recent.turns])

    def next_turn(self, now: int) -> int | None:  # noqa: D102
        found = (self._base.next_turn(now), self._recent.next_turn(now))
        return min((at for at in found if at is not None), default=None)

    def session_extent(self, low: int, high: int) -> Extent | None:  # noqa: D102
        return _hull(self._base.session_extent(low, high), self._recent.session_extent(low, high))

    def turn_extent(self, low: int, high: int) -> Extent | None:  # noqa: D102
        return _hull(self._base.turn_extent(low, high), self._recent.turn_extent(low, high))

    def sessions(self, low: Ints, high: Ints, now: int) -> SessionSums:  # noqa: D102
        many, few = self._base.sessions(low, high, now), self._recent.sessions(low, high, now)
        newcomers = [
            sum(
                not self._base.has_user(user, *bounds, now)
                for user in self._recent.users(*bounds, now).tolist()
            )
            for bounds in zip(low.tolist(), high.tolist(), strict=True)
        ]
        return SessionSums(
            many.count + few.count,
            many.users + np.array(newcomers, np.int64),
            many.rounds + few.rounds,
            many.duration + few.duration,
        )

    def utterances(self, low: Ints, high: Ints) -> Ints:  # noqa: D102
        few, many = self._recent.utterances(low, high), self._base.utterances(low, high)
        known, counts = sorted(
            (few, many), key=lambda each: each.shape[1]
        )  # either may know newer utterances
        counts[:, : known.shape[1]] += known
        return counts

    def said(self, low: int, high: int) -> npt.NDArray[np.int32]:  # noqa: D102
        start, stop = np.searchsorted(self.turns.at, [low, high])
        return self.turns.utterance[start:stop]


def _extent(times: Ints, low: int, high: int) -> Extent | None:
    start, stop = times.searchsorted([low, high])
    return (int(times[start]), int(times[stop - 1])) if start < stop else None


def _hull(one: Extent | None, other: Extent | None) -> Extent | None:
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])


class _Sessions:
    """Sessions in the order they begin."""

    def __init__(self, turns: Turns) -> None:
        grouped = np.argsort(turns.session, kind="stable")
        opening = np.flatnonzero(np.diff(turns.session[grouped], prepend=np.int64(-1)))
        closing = np.append(opening[1:], len(grouped)) if len(opening) else opening
        first = turns.at[grouped[opening]]
        order = np.argsort(first, kind="stable")

        self.first = first[order]
        self.last = turns.at[grouped[closing - 1]][order]
        self._at = turns.at[grouped]
        self._opening, self._closing = opening[order], closing[order]
        self._rounds = _running(self._closing - self._opening)
        self._duration = _running(_seconds(self.last) - _seconds(self.first))
        self._longest = int((self.last - self.first).max(initial=0))
        self.users = _Users(turns, grouped, opening, closing - opening)

    @property
    def nbytes(self) -> int:
        columns = (self.first, self.last, self._at, self._opening, self._closing)
        return sum(c.nbytes for c in (*columns, self._rounds, self._duration)) + self.users.nbytes

    def sums(self, low: Ints, high: Ints, now: int) -> SessionSums:
        start, stop = self.first.searchsorted(low), self.first.searchsorted(high)
        rounds = self._rounds[stop] - self._rounds[start]
        duration = self._duration[stop] - self._duration[start]
        for row in self._open_rows(now):
            within = (start <= row) & (row < stop)
            if within.any():
                unasked, unspent = self._still_to_come(row, now)
                rounds[within] -= unasked
                duration[within] -= unspent
        return SessionSums(stop - start, self.users.count(low, high, now), rounds, duration)

    def _open_rows(self, now: int) -> Ints:
        """Sessions that have begun at *now* and have turns still to come."""
        start, stop = self.first.searchsorted([now - self._longest, now + 1]).tolist()
        rows: Ints = (self.last[start:stop] > now).nonzero()[0] + start
        return rows

    def _still_to_come(self, row: int, now: int) -> tuple[int, int]:
        at = self._at[self._opening[row] : self._closing[row]]
        asked = int(np.searchsorted(at, now, side="right"))
        return len(at) - asked, int(_seconds(at[-1]) - _seconds(at[asked - 1]))


class _Users:
    """Who took part in which session, ordered by when the session began."""

    def __init__(self, turns: Turns, grouped: Ints, opening: Ints, sizes: Ints) -> None:
        first = np.repeat(turns.at[grouped[opening]], sizes)
        user = turns.user[grouped]
        opener = np.repeat(user[opening], sizes)
        is_opening = np.zeros(len(grouped), bool)
        is_opening[opening] = True
        rows = np.flatnonzero((is_opening | (user != opener)) & (user != ANONYMOUS))
        rows = rows[np.argsort(first[rows], kind="stable")]

        self._first = first[rows]
        self._joined = turns.at[grouped[rows]]
        self._late = np.flatnonzero(self._joined > self._first)
        self._late_joined = self._joined[self._late]
        self._user = user[rows]
        self._distinct = Distinct(self._user)

    @property
    def nbytes(self) -> int:
        return self._first.nbytes + self._joined.nbytes + self._user.nbytes + self._distinct.nbytes

    def count(self, low: Ints, high: Ints, now: int) -> Ints:
        """Distinct users of the sessions that begin in each range, leaving out who joins after *now*."""
        start, stop = self._first.searchsorted(low), self._first.searchsorted(high)
        counts = self._distinct.count(start, stop)
        absent = self._late[self._late_joined > now]
        if len(absent):
            touched = absent.searchsorted(start) < absent.searchsorted(stop)
            for place in touched.nonzero()[0].tolist():
                rows = slice(start[place], stop[place])
                present = self._joined[rows] <= now
                counts[place] = len(np.unique(self._user[rows][present]))
        return counts

    def present(self, low: int, high: int, now: int) -> npt.NDArray[np.int32]:
        start, stop = np.searchsorted(self._first, [low, high])
        return np.unique(self._user[start:stop][self._joined[start:stop] <= now])

    def has(self, user: int, low: int, high: int, now: int) -> bool:
        start, stop = np.searchsorted(self._by_user, [user, user + 1])
        rows = self._rows_by_user[start:stop]
        rows = rows[slice(*np.searchsorted(rows, np.searchsorted(self._first, [low, high])))]
        return bool((self._joined[rows] <= now).any())

    @cached_property
    def _rows_by_user(self) -> npt.NDArray[np.intp]:
        return np.argsort(self._user, kind="stable")

    @cached_property
    def _by_user(self) -> npt.NDArray[np.int32]:
        return self._user[self._rows_by_user]


class Distinct:
    """Counts the distinct values in any slice of a column.

    A value counts where it has no equal earlier in the slice, that is, where the row of its previous
    occurrence lies before the slice. Within blocks these rows are kept sorted, so that a block answers
    by binary search; only the ragged ends of a slice are looked at row by row.
    """

    _BLOCK = 4096

    def __init__(self, values: npt.NDArray[np.int32]) -> None:
        order = np.argsort(values, kind="stable")
        again = np.flatnonzero(values[order][1:] == values[order][:-1])
        self._previous = np.full(len(values), -1, np.int32)
        self._previous[order[again + 1]] = order[again]

        whole = len(values) // self._BLOCK
        sorted_rows = np.sort(self._previous[: whole * self._BLOCK].reshape(whole, self._BLOCK), axis=1)
        self._keys = (sorted_rows + (np.arange(whole)[:, None] << 32)).ravel()

    @property
    def nbytes(self) -> int:
        """Memory held."""
        return self._previous.nbytes + self._keys.nbytes

    def count(self, start: Ints, stop: Ints) -> Ints:
        """The number of distinct values in each slice ``start:stop``."""
        slices = zip(start.tolist(), stop.tolist(), strict=True)
        counts: Ints = np.array([self._count_ends(low, high) for low, high in slices], np.int64)
        if (stop - start).max(initial=0) < self._BLOCK:
            return counts
        first, last = -(-start // self._BLOCK), stop // self._BLOCK
        blocks = np.maximum(last - first, 0)
        if blocks.any():
            place = np.repeat(np.arange(len(counts)), blocks)
            block = np.arange(len(place)) - (np.cumsum(blocks) - blocks)[place] + first[place]
            found = np.searchsorted(self._keys, (block << 32) + start[place]) - self._BLOCK * block
            np.add.at(counts, place, found)
        return counts

    def _count_ends(self, start: int, stop: int) -> int:
        """The part of a slice before its first and after its last whole block; all of it if it has none."""
        if stop - start < self._BLOCK:
            return int(np.count_nonzero(self._previous[start:stop] < start))
        first, last = -(-start // self._BLOCK) * self._BLOCK, stop // self._BLOCK * self._BLOCK
        if first >= last:
            return int(np.count_nonzero(self._previous[start:stop] < start))
        ends = (self._previous[start:first], self._previous[last:stop])
        return sum(int(np.count_nonzero(rows < start)) for rows in ends)


class Tally:
    """Counts each kind in any slice of a column of kinds ``0 <= kind < size``."""

    def __init__(self, kinds: npt.NDArray[np.int32], size: int) -> None:
        self._row_kinds, self._size = kinds, size
        self._block = max(4096, 16 * size)
        blocks = len(kinds) // self._block
        tables = [np.zeros(size, np.int64)]
        tables += [
            np.bincount(kinds[self._block * place : self._block * (place + 1)], minlength=size)
            for place in range(blocks)
        ]
        self._before = np.cumsum(tables, axis=0)

    @property
    def nbytes(self) -> int:
        """Memory held beyond the column itself."""
        return self._before.nbytes

    def counts(self, start: Ints, stop: Ints) -> Ints:
        """How often each kind occurs in each slice ``start:stop``: a row a slice, a column a kind."""
        until = cache(self._until)  # ranges of a calendar share their bounds

        def between(low: int, high: int) -> Ints:
            if high - low < self._block:
                return self._count(low, high)
            return until(high) - until(low)

        return np.stack([between(low, high) for low, high in zip(start.tolist(), stop.tolist(), strict=True)])

    def _until(self, row: int) -> Ints:
        block = row // self._block
        counts: Ints = self._before[block] + self._count(block * self._block, row)
        return counts

    def _count(self, low: int, high: int) -> Ints:
        return np.bincount(self._row_kinds[low:high], minlength=self._size)


def _running(values: Ints) -> Ints:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(values)))


def _seconds(at: Ints) -> Ints:
    return at // 1000
