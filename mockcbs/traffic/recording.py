"""Turns that clients caused, kept as they come."""

import logging
from functools import cached_property

import numpy as np

from mockcbs.traffic.knowledge import Cast, Repertoire, Turn
from mockcbs.traffic.rollup import Rollup
from mockcbs.traffic.turns import ANONYMOUS, Turns

log = logging.getLogger("mockcbs")

FIRST_SESSION = 1 << 40
"""Sessions recorded are numbered from here, far from those generated or stated."""

MOST_TURNS = 200_000
"""Turns kept of one bot in one scope; beyond that the oldest tenth is dropped, with a warning."""

_TYPES = (np.int64, np.int64, np.int32, np.int32, np.int32)
"""Of the columns of `Turns`."""


class Recording:
    """The recorded turns of one bot in one scope."""

    def __init__(self, repertoire: Repertoire, cast: Cast) -> None:
        self._repertoire, self._cast = repertoire, cast
        self._session_numbers: dict[str, int] = {}
        self._sessions = 0
        self.turns: list[Turn] = []
        self._columns: tuple[list[int], ...] = ([], [], [], [], [])

    def append(self, turn: Turn) -> None:
        """Keep a turn."""
        session = self._session_numbers.setdefault(turn.session_id, self._sessions)
        self._sessions = max(self._sessions, session + 1)
        self.turns.append(turn)
        values = (
            turn.at_ms,
            FIRST_SESSION + session,
            self._cast.number(turn.user_id) if turn.user_id else ANONYMOUS,
            self._repertoire.number(turn.said),
            turn.latency_ms,
        )
        for column, value in zip(self._columns, values, strict=True):
            column.append(value)
        if len(self.turns) > MOST_TURNS:
            self._drop_oldest(MOST_TURNS // 10)
        self.__dict__.pop("rollup", None)

    @cached_property
    def rollup(self) -> Rollup:
        """The turns, indexed; made anew after each change. Those of one instant stay in their order."""
        columns = Turns(*map(np.asarray, self._columns, _TYPES))
        return Rollup(columns.take(np.argsort(columns.at, kind="stable")), len(self._repertoire))

    def _drop_oldest(self, count: int) -> None:
        bot_id = self.turns[0].bot_id
        log.warning("bot %s: over %d turns recorded, the oldest %d are dropped", bot_id, MOST_TURNS, count)
        del self.turns[:count]
        kept = {turn.session_id for turn in self.turns}
        self._session_numbers = {
            name: number for name, number in self._session_numbers.items() if name in kept
        }
        for column in self._columns:
            del column[:count]
