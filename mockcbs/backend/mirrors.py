"""The recorded turns that a process has read from a database."""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mockcbs.traffic import recordings
from mockcbs.traffic.knowledge import Turn
from mockcbs.traffic.numbering import Cast, Register
from mockcbs.traffic.recording import Recording
from mockcbs.traffic.recordings import Owner, renumbered


class Head(NamedTuple):
    """The state of an owner's turns in the database, by which a process sees what it has not read."""

    born: int
    """The id of its first turn ever."""
    first: int
    """The id of the oldest turn kept."""
    changes: int
    """How often its turns have changed."""


Row = tuple[int, int, Turn]
"""The id of a turn, the number of its session in order of appearance, and the turn."""


@dataclass
class _Mirror:
    """The turns of an owner that this process has read."""

    born: int
    changes: int = 0
    ids: list[int] = field(default_factory=list)
    """The ids of the turns that were read, in their order."""


class Mirrors:
    """Recordings, updated with what has changed in the database."""

    def __init__(self, on_drop: Callable[[Owner], None], lock: AbstractContextManager[Any]) -> None:
        """*on_drop* is called with an owner when its turns are dropped from memory.

        Callers hold *lock*, except for `number_by`, which takes it.
        """
        self._on_drop, self._lock = on_drop, lock
        self._held: OrderedDict[Owner, Recording] = OrderedDict()
        """The turns of each owner that were read, the most recently used owner last."""
        self._count = 0
        self._mirrors: dict[Owner, _Mirror] = {}

    @property
    def count(self) -> int:
        """The number of turns that were read."""
        return self._count

    def is_numbered_by(self, register: Register) -> bool:
        """Whether the numbers of utterances are those of *register*."""
        return self._register is register

    def number_by(self, register: Register, cast: Cast) -> None:
        """Give new numbers to utterances and users, also of the turns that were read already."""
        with renumbered(self._held, self._lock, register, cast):
            self._register, self._cast = register, cast

    def of(self, owner: Owner) -> Recording | None:
        """The turns of an owner that were read."""
        return self._held.get(owner)

    def read(self, owner: Owner) -> tuple[int, int]:
        """The `born` and the number of changes of an owner's turns when they were last read; 0 if never."""
        mirror = self._mirrors.get(owner)
        return (mirror.born, mirror.changes) if mirror else (0, 0)

    def complete(self, owner: Owner, head: Head | None, changed: Iterable[Row]) -> None:
        """Update an owner's turns with those *changed* since they were last `read`, oldest first.

        If `born` differs from the one that was read, *changed* must contain all turns.
        """
        mirror = self._mirrors.get(owner)
        if mirror is None or head is None or mirror.born != head.born:
            self.drop(owner)
            if head is None:
                return
            mirror = self._mirrors[owner] = _Mirror(head.born)
            self._held[owner] = Recording(self._register, self._cast)
        held = self._held[owner]
        self._count -= len(held.turns)
        if gone := bisect_left(mirror.ids, head.first):
            held.drop_oldest(gone)
            del mirror.ids[:gone]
        for number, place, turn in changed:
            row = bisect_left(mirror.ids, number)
            if row < len(mirror.ids):
                held.replace(row, turn)
            else:
                mirror.ids.append(number)
                held.append(turn, place)
        mirror.changes = head.changes
        self._count += len(held.turns)
        self._held.move_to_end(owner)
        while self._count > recordings.MAX_RECORDED and len(self._held) > 1:
            oldest = next(iter(self._held))
            self.drop(oldest)
            self._on_drop(oldest)

    def drop(self, owner: Owner) -> None:
        """Drop the turns of an owner from memory; they can be read again."""
        if self._mirrors.pop(owner, None):
            self._count -= len(self._held.pop(owner).turns)
