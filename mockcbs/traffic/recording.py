"""The turns that clients caused, in the order of their arrival."""

import logging
from functools import cached_property

import numpy as np

from mockcbs.traffic.knowledge import Turn
from mockcbs.traffic.numbering import Cast, Repertoire
from mockcbs.traffic.rollup import Rollup
from mockcbs.traffic.turns import ANONYMOUS, Turns

log = logging.getLogger("mockcbs")

FIRST_SESSION = 1 << 40
"""The first number of recorded sessions, far above those of generated or stated ones."""

MAX_TURNS = 200_000
"""Turns that are kept of one bot in one scope; beyond that the oldest tenth is dropped, with a warning."""

_TURN_BYTES = 500
"""Bytes of one turn, its columns and its indexes, without its texts."""

_TYPES = (np.int64, np.int64, np.int32, np.int32, np.int32)
"""The types of the columns of `Turns`."""


class Recording:
    """The recorded turns of one bot in one scope."""

    def __init__(self, repertoire: Repertoire, cast: Cast) -> None:
        self._repertoire, self._cast = repertoire, cast
        self._session_numbers: dict[str, int] = {}
        self._sessions = 0
        self.turns: list[Turn] = []
        self.nbytes = 0
        """The estimated memory of the turns, in bytes."""
        self._columns: tuple[list[int], ...] = ([], [], [], [], [])

    def numbered(self, repertoire: Repertoire, cast: Cast) -> "Recording":
        """The same turns with new numbers for utterances and users; sessions keep their numbers."""
        copy = Recording(repertoire, cast)
        for turn in self.turns:
            copy.append(turn, self._session_numbers[turn.session_id])
        copy._sessions = self._sessions
        return copy

    def append(self, turn: Turn, session: int | None = None) -> None:
        """Append a turn; *session* is the number of its session in order of appearance, if known."""
        if session is not None:
            self._session_numbers.setdefault(turn.session_id, session)
        self.turns.append(turn)
        self.nbytes += _size(turn)
        for column, value in zip(self._columns, self._values(turn), strict=True):
            column.append(value)
        if len(self.turns) > MAX_TURNS:
            self.drop_oldest(MAX_TURNS // 10)
            warn_of_oldest(turn.bot_id, MAX_TURNS // 10)
        self._forget_indexes()

    def amend(self, turn: Turn, now: Turn) -> None:
        """Replace *turn* by *now*, its later state; do nothing if the turn has been dropped."""
        rows = (row for row in range(len(self.turns) - 1, -1, -1) if self.turns[row] == turn)
        if (row := next(rows, None)) is not None:
            self.replace(row, now)

    def replace(self, row: int, now: Turn) -> None:
        """Replace the turn in that row by *now*."""
        self.nbytes += _size(now) - _size(self.turns[row])
        self.turns[row] = now
        for column, value in zip(self._columns, self._values(now), strict=True):
            column[row] = value
        self._forget_indexes()

    @cached_property
    def session_ids(self) -> dict[int, str]:
        """The ids of the sessions by number; computed again after each change."""
        known = list(self._session_numbers.items())  # in one step: another thread may append a turn
        return {FIRST_SESSION + place: name for name, place in known}

    def session_number(self, session_id: str) -> int | None:
        """The number of the session with this id; `None` if it has no recorded turn."""
        place = self._session_numbers.get(session_id)
        return None if place is None else FIRST_SESSION + place

    @cached_property
    def rollup(self) -> Rollup:
        """The index of the turns, computed again after each change. Turns of one instant keep their order."""
        columns = Turns(*map(np.asarray, self._columns, _TYPES))
        return Rollup(columns.take(np.argsort(columns.at, kind="stable")), len(self._repertoire))

    def _forget_indexes(self) -> None:
        for made in ("rollup", "session_ids"):
            self.__dict__.pop(made, None)

    def _values(self, turn: Turn) -> tuple[int, ...]:
        session = self._session_numbers.setdefault(turn.session_id, self._sessions)
        self._sessions = max(self._sessions, session + 1)
        return (
            turn.at_ms,
            FIRST_SESSION + session,
            self._cast.number(turn.user_id) if turn.user_id else ANONYMOUS,
            self._repertoire.number(turn.said),
            turn.latency_ms,
        )

    def drop_oldest(self, count: int) -> None:
        """Drop the *count* turns that were recorded first."""
        self.nbytes -= sum(map(_size, self.turns[:count]))
        del self.turns[:count]
        kept = {turn.session_id for turn in self.turns}
        self._session_numbers = {
            name: number for name, number in self._session_numbers.items() if name in kept
        }
        for column in self._columns:
            del column[:count]
        self._forget_indexes()


def warn_of_oldest(bot_id: str, count: int) -> None:
    """Log that turns were dropped because of `MAX_TURNS` or because of the limit in bytes."""
    log.warning(
        "bot %s: over %d turns recorded, or more than --memory allows: the oldest %d are dropped",
        *(bot_id, MAX_TURNS, count),
    )


def _size(turn: Turn) -> int:
    """Bytes of a turn; an utterance that turns share counts for each of them."""
    return _TURN_BYTES + 2 * (len(turn.said.template) + len(turn.session_id) + len(turn.user_id))
