"""All recorded turns, by scope and bot, and their limits."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, MutableMapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from mockcbs.core.changes import Changes
from mockcbs.traffic.knowledge import Turn
from mockcbs.traffic.numbering import Cast, Register
from mockcbs.traffic.recording import Recording, Renumbering, warn_of_oldest

log = logging.getLogger("mockcbs")

MAX_RECORDED = 250_000
"""The maximum number of recorded turns; beyond it the bot that has had no new turn for longest loses its
turns.
"""

_TOGETHER = 1_000
"""How many recordings take over new numbers before others have their turn."""

Owner = tuple[str, str]
"""A scope and the id of a bot."""


class Recordings(Protocol):
    """The recorded turns of a backend."""

    changes: Changes
    """Counts of changes to the recorded turns, by scope and bot."""

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Callers hold this lock while they call `of` and use what it returns.

        The other methods take it themselves, and none while it waits for a database.
        """

    @property
    def count(self) -> int:
        """The number of turns that this process has in memory."""

    def is_numbered_by(self, register: Register) -> bool:
        """Whether the numbers of recorded utterances are those of *register*."""

    def number_by(self, register: Register, cast: Cast) -> None:
        """Give new numbers to the utterances and users of all recorded turns.

        It takes about 5 s for 250,000 different questions, in which other threads can use the turns.
        """

    def load(self, scope: str, bot_id: str) -> None:
        """Read what has changed for one bot in one scope, so that `of` can return it; may wait for a
        database.
        """

    def of(self, scope: str, bot_id: str) -> Recording | None:
        """The recorded turns of one bot in one scope."""

    def bots(self, scope: str) -> list[str]:
        """The bots with recorded turns in *scope*."""

    def elsewhere(self, scope: str, bot_id: str) -> int:
        """How many turns of a bot are recorded in other scopes."""

    def latest(self) -> int | None:
        """The time of the last recorded turn, ms UTC; `None` if there is none."""

    def record(self, turn: Turn, scope: str) -> None:
        """Append a turn."""

    def amend(self, turn: Turn, now: Turn, scope: str) -> None:
        """Replace a recorded *turn* by *now*."""

    def forget(self, scope: str | None = None) -> None:
        """Drop the recorded turns of one scope or of all."""


class MemoryRecordings:
    """The recorded turns in the memory of this process."""

    def __init__(self, changes: Changes | None = None, limit: int | None = None) -> None:
        """*changes* counts changes by scope and bot.

        *limit* is in bytes. Beyond it the bot that has had no new turn for longest loses its turns, with a
        warning.
        """
        self._limit = limit
        self._bytes = 0
        self.changes = changes or Changes()
        self.lock = threading.RLock()
        self._held: OrderedDict[Owner, Recording] = OrderedDict()
        self._count = 0

    @property
    def count(self) -> int:
        """The number of all turns."""
        return self._count

    def is_numbered_by(self, register: Register) -> bool:
        """Whether the numbers of recorded utterances are those of *register*."""
        return self._register is register

    def number_by(self, register: Register, cast: Cast) -> None:
        """Give new numbers to the utterances and users of all recorded turns."""
        with renumbered(self._held, self.lock, register, cast):
            self._register, self._cast = register, cast

    def load(self, scope: str, bot_id: str) -> None:
        """Do nothing, because all turns are in memory."""

    def of(self, scope: str, bot_id: str) -> Recording | None:
        """The recorded turns of one bot in one scope."""
        return self._held.get((scope, bot_id))

    def bots(self, scope: str) -> list[str]:
        """The bots with recorded turns in *scope*."""
        with self.lock:
            return [bot_id for owner, bot_id in self._held if owner == scope]

    def elsewhere(self, scope: str, bot_id: str) -> int:
        """How many turns of a bot are recorded in other scopes."""
        with self.lock:
            others = [held for owner, held in self._held.items() if owner[0] != scope and owner[1] == bot_id]
            return sum(len(held.turns) for held in others)

    def latest(self) -> int | None:
        """The time of the last recorded turn, ms UTC; `None` if there is none."""
        with self.lock:
            return max((turn.at_ms for held in self._held.values() for turn in held.turns), default=None)

    def record(self, turn: Turn, scope: str) -> None:
        """Append a turn."""
        with self.lock:
            self._record(turn, (scope, turn.bot_id))

    def _record(self, turn: Turn, owner: Owner) -> None:
        if owner not in self._held:
            self._held[owner] = Recording(self._register, self._cast)
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
        """Replace a recorded *turn* by *now*."""
        with self.lock:
            if recording := self._held.get((scope, turn.bot_id)):
                self._add(recording, -1)
                recording.amend(turn, now)
                self._add(recording, 1)
                self.changes.bump(scope, turn.bot_id)

    def forget(self, scope: str | None = None) -> None:
        """Drop the recorded turns of one scope or of all."""
        with self.lock:
            for owner in [owner for owner in self._held if scope in {None, owner[0]}]:
                self._add(self._held.pop(owner), -1)
                self.changes.bump(*owner)

    def _add(self, recording: Recording, times: int) -> None:
        """Add the turns of *recording* to the totals (*sign* 1), or subtract them (-1)."""
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


@contextmanager
def renumbered(
    held: MutableMapping[Owner, Recording],
    lock: AbstractContextManager[Any],
    register: Register,
    cast: Cast,
) -> Iterator[None]:
    """A context in which *lock* is held and the recorded turns have new numbers.

    They are numbered before, while other threads use and change the turns; only what has changed meanwhile
    is numbered with the lock.
    """
    with lock:
        recordings = list(held.values())
    begun: list[tuple[Recording, Renumbering]] = []
    for recording in recordings:
        with lock:
            renumbering = recording.renumbering()
        renumbering.number_by(register, cast)
        begun.append((recording, renumbering))
    while begun:
        with lock:  # a few at a time, as others wait for the lock
            for recording, renumbering in begun[-_TOGETHER:]:
                recording.take(renumbering, register, cast)
        del begun[-_TOGETHER:]
    with lock:
        for recording in held.values():
            if not recording.is_numbered_by(register):  # it is new
                renumbering = recording.renumbering()
                renumbering.number_by(register, cast)
                recording.take(renumbering, register, cast)
        yield


def warn_of_dropped(count: int, owner: Owner) -> None:
    """Log whose turns were dropped because of `MAX_RECORDED` or because of the limit in bytes."""
    log.warning(
        "over %d turns recorded, or more than --memory allows: the %d of bot %s are dropped",
        *(MAX_RECORDED, count, owner[1]),
    )
