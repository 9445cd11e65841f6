"""Sums, counts and distinct users of any range of time; the cost hardly depends on the number of turns.

Every index is built over rows in order of time. A binary search maps a range of time to a slice of rows.
Sums of a slice come from running totals, counts by kind from totals of every few thousand rows, and
distinct values from blocks of rows (`Distinct`). Ranges are therefore exact to the millisecond in any
time zone, without precomputed hours or days.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from mockcbs.traffic.index.distinct import Distinct
from mockcbs.traffic.index.tally import Tally
from mockcbs.traffic.index.turn_sums import TurnIndex
from mockcbs.traffic.numbering import Repertoire
from mockcbs.traffic.turns import ANONYMOUS, Ints, Turns, distinct, merge, small, smallest

_FINE = 32_000
"""The lengths of sessions are stored in at least so many steps."""

_ALL = slice(None)

Extent = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SessionSums:
    """Sums over the sessions of several ranges, one element for each range."""

    count: Ints
    users: Ints
    rounds: Ints
    duration: Ints
    """The sum of whole seconds from first to last question (contract S-7, S-8)."""


class View(Protocol):
    """Queries on the turns of one bot. Ranges are ``low <= t < high``, ms UTC."""

    @property
    def turns(self) -> Turns:
        """All turns, including those after now."""

    @property
    def layers(self) -> "tuple[Rollup, ...]":
        """The rollups that it combines, the largest first; each session has all its turns in one of them."""

    def begun_since(self, since: Ints, turns: Turns) -> npt.NDArray[np.bool_]:
        """Whether the session of each of *turns*, which are not recorded, began at that time or later."""

    def next_turn(self, now: int) -> int | None:
        """The time of the first turn after *now* (ms UTC), if there is one."""

    def session_extent(self, low: int, high: int) -> Extent | None:
        """The begins of the first and the last session of the range (ms UTC), if there are any."""

    def turn_extent(self, low: int, high: int) -> Extent | None:
        """The times of the first and the last question of the range (ms UTC), if there are any."""

    def sessions(self, low: Ints, high: Ints, now: int) -> SessionSums:
        """Sums over the sessions that begin in each range, at *now*; no range may end after *now*."""

    def utterances(self, low: Ints, high: Ints) -> Ints:
        """The count of each utterance (columns) in each range (rows)."""

    def classes(self, low: Ints, high: Ints, class_of: Ints, size: int) -> Ints:
        """The count of each class (columns) in each range (rows), given the class of each utterance.

        Classes are numbers below *size*; utterances of other classes are left out.
        """

    def said(self, low: int, high: int) -> npt.NDArray[np.int32]:
        """The utterances of the range in order of time."""


class Rollup:
    """An index of the turns of one bot; a `View`."""

    def __init__(self, turns: Turns, kinds: int) -> None:
        """*kinds* is the number of utterances; the turns hold smaller numbers only."""
        self.turns = turns
        self._sessions = _Sessions(turns)
        self._kinds = Tally(turns.utterance, kinds)
        self._turn_index: TurnIndex | None = None

    @property
    def nbytes(self) -> int:
        """The approximate memory of the index, in bytes."""
        more = self._turn_index.nbytes if self._turn_index else 0
        return self.turns.nbytes + self._sessions.nbytes + self._kinds.nbytes + more

    @property
    def layers(self) -> "tuple[Rollup, ...]":  # noqa: D102 - as in View
        return (self,)

    def turn_index(self, said: Repertoire) -> TurnIndex:
        """The index of its turns, which is built when it is first needed; *said* has their utterances."""
        if self._turn_index is None:
            self._turn_index = TurnIndex(self.turns, said.endings)
        return self._turn_index

    def begun_since(self, since: Ints, turns: Turns) -> npt.NDArray[np.bool_]:  # noqa: D102 - as in View
        return self._sessions.begun_since(since, turns)

    def next_turn(self, now: int) -> int | None:  # noqa: D102
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

    def classes(self, low: Ints, high: Ints, class_of: Ints, size: int) -> Ints:  # noqa: D102
        if len(low) * self._kinds.size < 4 * len(self.turns):
            counts = self.utterances(low, high)
            found: Ints = counts @ np.equal.outer(class_of[: counts.shape[1]], np.arange(size)).astype(
                np.int64
            )
            return found
        rows = self.turns.at.searchsorted(low), self.turns.at.searchsorted(high)
        classes = class_of[self.turns.utterance].astype(np.int32)
        return Tally(classes, size + 1).counts(*rows)[:, :size]

    def said(self, low: int, high: int) -> npt.NDArray[np.int32]:  # noqa: D102
        start, stop = self.turns.at.searchsorted([low, high])
        return self.turns.utterance[start:stop]

    def users(self, low: int, high: int, now: int) -> npt.NDArray[np.int32]:
        """The users that have, by *now*, taken part in sessions that begin in the range."""
        return self._sessions.users.present(low, high, now)

    def has_user(self, user: int, low: int, high: int, now: int) -> bool:
        """Whether `users` contains that user."""
        return self._sessions.users.has(user, low, high, now)


class Layered:
    """A view that combines two layers: many constant turns and few changing ones.

    Each session has all its turns in one layer.
    """

    def __init__(self, base: Rollup, recent: Rollup) -> None:
        self._base, self._recent = base, recent

    @property
    def layers(self) -> tuple[Rollup, ...]:  # noqa: D102 - as in View
        return self._base, self._recent

    @cached_property
    def turns(self) -> Turns:  # noqa: D102 - as in View
        return merge([self._base.turns, self._recent.turns])

    def begun_since(self, since: Ints, turns: Turns) -> npt.NDArray[np.bool_]:  # noqa: D102
        return self._base.begun_since(since, turns)

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
        # the newer layer may have utterances that the other does not know
        known, counts = sorted((few, many), key=lambda each: each.shape[1])
        counts[:, : known.shape[1]] += known
        return counts

    def classes(self, low: Ints, high: Ints, class_of: Ints, size: int) -> Ints:  # noqa: D102
        few = self._recent.classes(low, high, class_of, size)
        return few + self._base.classes(low, high, class_of, size)

    def said(self, low: int, high: int) -> npt.NDArray[np.int32]:  # noqa: D102
        start, stop = np.searchsorted(self.turns.at, [low, high])
        return self.turns.utterance[start:stop]


def _extent(times: "Ints | _Begins", low: int, high: int) -> Extent | None:
    start, stop = times.searchsorted([low, high])
    return (int(times[start]), int(times[stop - 1])) if start < stop else None


def _hull(one: Extent | None, other: Extent | None) -> Extent | None:
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])


class _Begins:
    """The begins of sessions, ascending, kept as the rows of their first turns: half the memory of times."""

    def __init__(self, at: Ints, rows: Ints) -> None:
        """*at* are the times of all turns."""
        self._at, self.rows = at, small(rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, places: Any) -> Any:
        """The times (ms UTC) at these places."""
        return self._at[self.rows[places]]

    def searchsorted(self, times: npt.ArrayLike, side: Literal["left", "right"] = "left") -> Ints:
        """Where *times* belong among the begins, as by `numpy.searchsorted`."""
        rows = self._at.searchsorted(times, side)
        found: Ints = self.rows.searchsorted(rows.astype(self.rows.dtype))  # numpy would convert all rows
        return found


class _Sessions:
    """The sessions, in the order of their begin."""

    def __init__(self, turns: Turns) -> None:
        grouped, opening = _grouped(turns)
        closing = np.append(opening[1:], len(grouped)) if len(opening) else opening
        first = grouped[opening]
        order = np.argsort(first)

        self._turns = turns
        self.first = _Begins(turns.at, first[order])
        begun, last = self.first[:], turns.at[grouped[closing - 1]][order]
        self._longest = int((last - begun).max(initial=0))
        self._unit = self._longest // _FINE + 1
        self._lasted = smallest(-((begun - last) // self._unit))
        """How long each session lasted, rounded up, in units of so many ms that it fits into 16 bits."""
        self._rounds = _running((closing - opening)[order])
        self._duration = _running(_seconds(last) - _seconds(begun))
        self.users = _Users(turns, grouped, opening, self.first)

    @property
    def nbytes(self) -> int:
        columns = (self.first.rows, self._lasted, self._rounds, self._duration)
        return sum(column.nbytes for column in columns) + self.users.nbytes

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
        rows = (start, stop) if self.users.begun is self.first else self.users.rows(low, high)
        return SessionSums(stop - start, self.users.count(*rows, now), rounds, duration)

    def begun_since(self, since: Ints, turns: Turns) -> npt.NDArray[np.bool_]:
        start, stop = self.first.searchsorted(since), self.first.searchsorted(turns.at, "right")
        found = np.zeros(len(turns), bool)
        for place in range(int((stop - start).max(initial=0))):
            rows = np.flatnonzero(start + place < stop)
            opening = self.first.rows[start[rows] + place]
            found[rows] |= self._turns.session[opening] == turns.session[rows]
        return found

    def _open_rows(self, now: int) -> Ints:
        """The sessions that have begun by *now* and have turns after it, or had their last just before."""
        start, stop = self.first.searchsorted([now - self._longest, now + 1]).tolist()
        lasted = self._lasted[start:stop].astype(np.int64) * self._unit
        rows: Ints = (self.first[start:stop] + lasted > now).nonzero()[0] + start
        return rows

    def _still_to_come(self, row: int, now: int) -> tuple[int, int]:
        start = self.first.rows[row]
        number, end = self._turns.session[start], self.first[row] + int(self._lasted[row]) * self._unit
        stop = self._turns.at.searchsorted(end, "right")
        at = self._turns.at[start:stop][self._turns.session[start:stop] == number]
        asked = int(np.searchsorted(at, now, side="right"))
        return len(at) - asked, int(_seconds(at[-1]) - _seconds(at[asked - 1]))


class _Users:
    """The users of each session, ordered by the begin of the session."""

    def __init__(self, turns: Turns, grouped: Ints, opening: Ints, begins: _Begins) -> None:
        """*begins* are those of the sessions, in order."""
        is_opening = np.zeros(len(grouped), bool)
        is_opening[opening] = True
        session = np.cumsum(is_opening) - 1  # np.repeat would block other threads
        first = grouped[opening][session]
        user = turns.user[grouped]
        opener = user[opening][session]
        rows = np.flatnonzero(is_opening | ((user != opener) & (user != ANONYMOUS)))
        rows = rows[np.argsort(first[rows], kind="stable")]

        is_shared = len(rows) == len(begins)
        self._turns = turns
        self.begun = begins if is_shared else _Begins(turns.at, first[rows])
        """The begin of the session of each row: mostly there is one row for each session."""
        self._joined = begins.rows if is_shared else small(grouped[rows])
        """The turn with which the user of each row joined the session."""
        joined = turns.at[self._joined]
        self._late = np.flatnonzero(joined > self.begun[:])
        self._late_joined = joined[self._late]
        self._distinct = Distinct(self._user())

    @property
    def nbytes(self) -> int:
        """The memory of the index, in bytes, without what it shares with the sessions."""
        own: tuple[Ints, ...] = () if self._joined is self.begun.rows else (self._joined, self.begun.rows)
        return sum(column.nbytes for column in (*own, self._late, self._late_joined)) + self._distinct.nbytes

    def rows(self, low: Ints, high: Ints) -> tuple[Ints, Ints]:
        """The first row of sessions that begin in each range, and the row after the last one."""
        return self.begun.searchsorted(low), self.begun.searchsorted(high)

    def count(self, start: Ints, stop: Ints, now: int) -> Ints:
        """The number of users in each range of rows, without users who join after *now*."""
        counts = self._distinct.count(start, stop)
        absent = self._absent(now)
        if len(absent):
            touched = absent.searchsorted(start) < absent.searchsorted(stop)
            for place in touched.nonzero()[0].tolist():
                counts[place] = len(distinct(self._present(start[place], stop[place], absent)))
        return counts

    def present(self, low: int, high: int, now: int) -> npt.NDArray[np.int32]:
        start, stop = self.begun.searchsorted([low, high])
        return distinct(self._present(start, stop, self._absent(now)))

    def has(self, user: int, low: int, high: int, now: int) -> bool:
        start, stop = np.searchsorted(self._by_user, [user, user + 1])
        rows = self._rows_by_user[start:stop]
        rows = rows[slice(*np.searchsorted(rows, self.begun.searchsorted([low, high])))]
        return not np.isin(rows, self._absent(now)).all()

    def _absent(self, now: int) -> npt.NDArray[np.intp]:
        """The rows of users who join a session after *now* that has begun by then, or later."""
        absent: npt.NDArray[np.intp] = self._late[self._late_joined > now]
        return absent

    def _present(self, start: int, stop: int, absent: npt.NDArray[np.intp]) -> npt.NDArray[np.int32]:
        """The users of the rows that are not *absent*, without anonymous ones."""
        within = absent[slice(*absent.searchsorted([start, stop]))]
        users = np.delete(self._user(slice(start, stop)), within - start)
        found: npt.NDArray[np.int32] = users[users != ANONYMOUS]
        return found

    def _user(self, rows: slice = _ALL) -> npt.NDArray[np.int32]:
        """The user of each of *rows*."""
        return self._turns.user[self._joined[rows]]

    @cached_property
    def _rows_by_user(self) -> npt.NDArray[np.intp]:
        return np.argsort(self._user(), kind="stable")

    @cached_property
    def _by_user(self) -> npt.NDArray[np.int32]:
        return self._user()[self._rows_by_user]


def _grouped(turns: Turns) -> tuple[Ints, Ints]:
    """The rows of *turns* by session, and the place of the first one of each session."""
    grouped = np.argsort(turns.session, kind="stable")
    return grouped, np.flatnonzero(np.diff(turns.session[grouped], prepend=np.int64(-1)))


def _running(values: Ints) -> Ints:
    """The sums of the first 0, 1, 2 … *values*."""
    return small(np.concatenate((np.zeros(1, np.int64), np.cumsum(values))))


def _seconds(at: Ints) -> Ints:
    return at // 1000
