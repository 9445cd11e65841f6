"""Everything that clients caused to be recorded: the turns of each bot in each scope, and their bounds."""

import logging
import threading
from collections import OrderedDict
from collections.abc import MutableMapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from mockcbs.core.changes import Changes
from mockcbs.traffic.knowledge import Turn
from mockcbs.traffic.numbering import Cast, Repertoire
from mockcbs.traffic.recording import Recording, warn_of_oldest

log = logging.getLogger("mockcbs")

MAX_RECORDED = 250_000
"""Recorded turns kept in all; beyond that those of the bot quiet longest are dropped, with a warning."""

Owner = tuple[str, str]
"""A scope and a bot in it."""


class Recordings(Protocol):
    """The recorded turns, wherever they are kept."""

    changes: Changes
    """Counts, by scope and bot, what is recorded, amended or forgotten."""

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """To be held by whoever calls the methods."""

    def number_by(self, repertoire: Repertoire, cast: Cast) -> None:
        """Number utterances and users anew, of the turns already recorded too."""

    def of(self, scope: str, bot_id: str) -> Recording | None:
        """What was recorded of one bot in one scope."""

    def bots(self, scope: str) -> list[str]:
        """The bots that turns were recorded of in *scope*."""

    def latest(self) -> int | None:
        """When the last recorded turn was asked, ms UTC; `None` if nothing is recorded."""

    def record(self, turn: Turn, scope: str) -> None:
        """Append a turn."""

    def amend(self, turn: Turn, now: Turn, scope: str) -> None:
        """Put *now* in the place of a recorded *turn*."""

    def forget(self, scope: str | None = None) -> None:
        """Drop what was recorded, in one scope or in all."""


class MemoryRecordings:
    """The recorded turns, in this process."""

    def __init__(self, changes: Changes | None = None, limit: int | None = None) -> None:
        """*changes* counts, by scope and bot, what is recorded, amended or forgotten.

        *limit* is in bytes; beyond it the turns of the bot quiet longest are dropped, with a warning.
        """
        self._limit = limit
        self._bytes = 0
        self.changes = changes or Changes()
        self.lock = threading.RLock()
        """To be held by whoever calls the methods."""
        self._held: OrderedDict[Owner, Recording] = OrderedDict()
        self._count = 0

    def number_by(self, repertoire: Repertoire, cast: Cast) -> None:
        """Number utterances and users anew, of the turns already recorded too."""
        self._repertoire, self._cast = repertoire, cast
        number_again(self._held, repertoire, cast)

    def of(self, scope: str, bot_id: str) -> Recording | None:
        """What was recorded of one bot in one scope."""
        return self._held.get((scope, bot_id))

    def bots(self, scope: str) -> list[str]:
        """The bots that turns were recorded of in *scope*."""
        return [bot_id for owner, bot_id in self._held if owner == scope]

    def latest(self) -> int | None:
        """When the last recorded turn was asked, ms UTC; `None` if nothing is recorded."""
        return max((turn.at_ms for held in self._held.values() for turn in held.turns), default=None)

    def record(self, turn: Turn, scope: str) -> None:
        """Append a turn."""
        owner = scope, turn.bot_id
        if owner not in self._held:
            self._held[owner] = Recording(self._repertoire, self._cast)
        recording = self._held[owner]
        self._held.move_to_end(owner)
        self._add(recording, -1)
        recording.append(turn)
        self.changes.bump(*owner)
        self._add(recording, 1)
        while self._is_full and len(self._held) > 1:
            self._drop_quietest()
        if self._bytes_are_full and self._count > 1:
            self._add(recording, -1)
            recording.drop_oldest(gone := max(len(recording.turns) // 10, 1))
            self._add(recording, 1)
            warn_of_oldest(turn.bot_id, gone)

    def amend(self, turn: Turn, now: Turn, scope: str) -> None:
        """Put *now* in the place of a recorded *turn*."""
        if recording := self._held.get((scope, turn.bot_id)):
            self._add(recording, -1)
            recording.amend(turn, now)
            self._add(recording, 1)
            self.changes.bump(scope, turn.bot_id)

    def forget(self, scope: str | None = None) -> None:
        """Drop what was recorded, in one scope or in all."""
        for owner in [owner for owner in self._held if scope in {None, owner[0]}]:
            self._add(self._held.pop(owner), -1)
            self.changes.bump(*owner)

    def _add(self, recording: Recording, times: int) -> None:
        """Count the turns of *recording*, or (-1) count them no more."""
        self._count += times * len(recording.turns)
        self._bytes += times * recording.nbytes

    @property
    def _bytes_are_full(self) -> bool:
        return self._limit is not None and self._bytes > self._limit

    @property
    def _is_full(self) -> bool:
        return self._count > MAX_RECORDED or self._bytes_are_full

    def _drop_quietest(self) -> None:
        owner, dropped = self._held.popitem(last=False)
        self.changes.bump(*owner)
        self._add(dropped, -1)
        warn_of_dropped(len(dropped.turns), owner)


def number_again(held: MutableMapping[Owner, Recording], repertoire: Repertoire, cast: Cast) -> None:
    """Number the utterances and users of recorded turns anew."""
    for owner, old in held.items():
        held[owner] = old.numbered(repertoire, cast)


def warn_of_dropped(count: int, owner: Owner) -> None:
    """Tell whose turns are lost, because there were more than `MAX_RECORDED`, or more than fit in memory."""
    log.warning(
        "over %d turns recorded, or more than --memory allows: the %d of bot %s are dropped",
        *(MAX_RECORDED, count, owner[1]),
    )
