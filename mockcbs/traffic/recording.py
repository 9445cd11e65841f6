"""The turns that clients caused, in the order of their arrival."""

import logging
from array import array
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from mockcbs.core.garbage import free_slowly
from mockcbs.traffic.index.rollup import Rollup
from mockcbs.traffic.knowledge import Turn
from mockcbs.traffic.numbering import Cast, Register
from mockcbs.traffic.turns import ANONYMOUS, Turns

log = logging.getLogger("mockcbs")

FIRST_SESSION = 1 << 40
"""The first number of recorded sessions, far above the numbers of generated and stated ones."""

MAX_TURNS = 200_000
"""The maximum number of turns of a bot in a scope; beyond it the oldest tenth is dropped, with a warning."""

_TURN_BYTES = 500
"""The size of a turn in bytes with its columns and indexes, without its texts."""

_TYPES = "qqiii"
"""The types of the columns of `Turns`, as `array` names them."""


class Unindexed(NamedTuple):
    """The turns of a recording at one instant, in the order of their arrival."""

    columns: Turns
    kinds: int
    """The number of utterances."""
    changes: int
    """The number of changes to the recording before this instant."""

    def indexed(self) -> Rollup:
        """Build the index of the turns; turns of one instant keep their order."""
        return Rollup(self.columns.take(np.argsort(self.columns.at, kind="stable")), self.kinds)


@dataclass(eq=False)
class Renumbering:
    """New numbers for the turns of a recording, found while other threads use and change it."""

    register: Register
    cast: Cast
    users: "array[int]"
    utterances: "array[int]"
    dropped: int
    """How many turns of the recording had been dropped at the beginning."""
    changed: set[int] = field(default_factory=set)
    """The turns that were replaced since, by their place among all that were ever recorded."""

    def number_by(self, register: Register, cast: Cast) -> None:
        """Find the new numbers; needs no lock."""
        said, before = self.register, self.cast
        self.users = _mapped(
            self.users, lambda user: cast.number(before.name(user)) if user >= 0 else ANONYMOUS
        )
        self.utterances = _mapped(self.utterances, lambda number: register.number(said[number]))


class Recording:
    """The recorded turns of one bot in one scope."""

    def __init__(self, register: Register, cast: Cast) -> None:
        self._register, self._cast = register, cast
        self.session_numbers: dict[str, int] = {}
        """The numbers of the sessions in order of appearance, by id."""
        self.sessions = 0
        """The number that the next session gets."""
        self.turns: list[Turn] = []
        self.nbytes = 0
        """The estimated memory of the turns, in bytes."""
        self._columns: tuple[array[int], ...] = tuple(array(one) for one in _TYPES)
        self._turns_of: Counter[str] = Counter()
        """How many turns each session has."""
        self._changes = 0
        self.dropped = 0
        """How many turns were dropped."""
        self._index: Rollup | None = None
        self._renumberings: list[Renumbering] = []
        """Those that have begun and are not finished."""
        free_slowly(self, self.turns, self.session_numbers, self._turns_of)

    def is_numbered_by(self, register: Register) -> bool:
        """Whether the numbers of its utterances are those of *register*."""
        return self._register is register

    def renumbering(self) -> "Renumbering":
        """Begin to give new numbers to the turns, which may change until `Renumbering.finish`."""
        *_, users, utterances, _ = self._columns
        begun = Renumbering(self._register, self._cast, users[:], utterances[:], self.dropped)
        self._renumberings.append(begun)
        return begun

    def take(self, new: "Renumbering", register: Register, cast: Cast) -> None:
        """Take over *new* numbers of utterances and users; sessions keep their numbers."""
        self._renumberings.remove(new)
        at, session, _, _, latency = self._columns
        gone = self.dropped - new.dropped
        users, utterances = new.users[gone:], new.utterances[gone:]
        self._register, self._cast = register, cast
        known = max(len(new.users) - gone, 0)
        for turn in self.turns[known:]:
            users.append(self._user(turn))
            utterances.append(register.number(turn.said))
        for row in (changed - self.dropped for changed in new.changed):
            if 0 <= row < known:
                users[row], utterances[row] = (
                    self._user(self.turns[row]),
                    register.number(self.turns[row].said),
                )
        self._columns = at, session, users, utterances, latency
        self._forget_indexes()

    def append(self, turn: Turn, session: int | None = None) -> None:
        """Append a turn; *session* is the number of its session in order of appearance, if known."""
        if session is not None:
            self.session_numbers.setdefault(turn.session_id, session)
        self.turns.append(turn)
        self._turns_of[turn.session_id] += 1
        self.nbytes += _size(turn)
        for column, value in zip(self._columns, self._values(turn), strict=True):
            column.append(value)
        if len(self.turns) > MAX_TURNS:
            self.drop_oldest(MAX_TURNS // 10)
            warn_of_oldest(turn.bot_id, MAX_TURNS // 10)
        self._forget_indexes()

    def amend(self, turn: Turn, now: Turn) -> None:
        """Replace *turn* by *now*, its later state; do nothing if the turn has been dropped."""
        _, session, *_ = self._columns
        of_session = np.frombuffer(session, np.int64) == self.session_number(turn.session_id)
        rows = (row for row in np.flatnonzero(of_session)[::-1].tolist() if self.turns[row] == turn)
        if (row := next(rows, None)) is not None:
            self.replace(row, now)

    def replace(self, row: int, now: Turn) -> None:
        """Replace the turn in that row by *now*."""
        self.nbytes += _size(now) - _size(self.turns[row])
        self.turns[row] = now
        for renumbering in self._renumberings:
            renumbering.changed.add(self.dropped + row)
        for column, value in zip(self._columns, self._values(now), strict=True):
            column[row] = value
        self._forget_indexes()

    @cached_property
    def session_ids(self) -> dict[int, str]:
        """The ids of the sessions by number; computed again after each change."""
        known = list(self.session_numbers.items())  # in one step: others may append
        return {FIRST_SESSION + place: name for name, place in known}

    def session_number(self, session_id: str) -> int | None:
        """The number of the session with this id; `None` if it has no recorded turn."""
        place = self.session_numbers.get(session_id)
        return None if place is None else FIRST_SESSION + place

    def index(self, first: int = 0) -> "Rollup | Unindexed":
        """The index of the turns, or the turns without an index if they have changed since it was built.

        Their utterances are numbered from *first*, which is the same in every call.
        """
        if self._index:
            return self._index
        columns = Turns(*(np.array(column) for column in self._columns)).numbered_from(first)
        return Unindexed(columns, first + len(self._register), self._changes)

    def keep(self, index: Rollup, made_of: "Unindexed") -> None:
        """Store the index that was built from the turns, unless they have changed meanwhile."""
        if made_of.changes == self._changes:
            self._index = index

    def _forget_indexes(self) -> None:
        self._changes += 1
        self._index = None
        self.__dict__.pop("session_ids", None)

    def _values(self, turn: Turn) -> tuple[int, ...]:
        session = self.session_numbers.setdefault(turn.session_id, self.sessions)
        self.sessions = max(self.sessions, session + 1)
        return (
            turn.at_ms,
            FIRST_SESSION + session,
            self._user(turn),
            self._register.number(turn.said),
            turn.latency_ms,
        )

    def _user(self, turn: Turn) -> int:
        return self._cast.number(turn.user_id) if turn.user_id else ANONYMOUS

    def drop_oldest(self, count: int) -> None:
        """Drop the *count* turns that were recorded first."""
        self.dropped += count
        if not count:
            return
        for turn in self.turns[:count]:
            self.nbytes -= _size(turn)
            self._turns_of[turn.session_id] -= 1
            if not self._turns_of[turn.session_id]:
                del self._turns_of[turn.session_id], self.session_numbers[turn.session_id]
        del self.turns[:count]
        for column in self._columns:
            del column[:count]
        self._forget_indexes()


def _mapped(column: "array[int]", new: Callable[[int], int]) -> "array[int]":
    """*column* with the *new* number of each number."""
    distinct, places = np.unique(np.frombuffer(column, np.int32), return_inverse=True)
    numbers = np.array([new(number) for number in distinct.tolist()], np.int32)
    return array(column.typecode, numbers[places].tobytes())


def warn_of_oldest(bot_id: str, count: int) -> None:
    """Log that turns were dropped because of `MAX_TURNS` or because of the limit in bytes."""
    log.warning(
        "bot %s: over %d turns recorded, or more than --memory allows: the oldest %d are dropped",
        *(bot_id, MAX_TURNS, count),
    )


def _size(turn: Turn) -> int:
    """The size of a turn in bytes; an utterance that several turns share counts for each of them."""
    return _TURN_BYTES + 2 * (len(turn.said.template) + len(turn.session_id) + len(turn.user_id))
