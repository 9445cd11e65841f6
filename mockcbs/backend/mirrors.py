"""What a process has read of recorded turns that are kept in a database."""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from mockcbs.traffic import recordings
from mockcbs.traffic.knowledge import Turn
from mockcbs.traffic.numbering import Cast, Repertoire
from mockcbs.traffic.recording import Recording
from mockcbs.traffic.recordings import Owner, number_again


class Head(NamedTuple):
    """How the turns of an owner stand in the database."""

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
    """How much of an owner's turns this process has read."""

    born: int
    changes: int = 0
    ids: list[int] = field(default_factory=list)
    """Of the turns read, in their order."""


class Mirrors:
    """Recordings that are completed with what has changed in the database since."""

    def __init__(self, on_drop: Callable[[Owner], None]) -> None:
        """*on_drop* is called with an owner of which nothing is remembered any more."""
        self._on_drop = on_drop
        self._held: OrderedDict[Owner, Recording] = OrderedDict()
        """What this process has read of each owner, the one read last at the end."""
        self._count = 0
        self._mirrors: dict[Owner, _Mirror] = {}

    def number_by(self, repertoire: Repertoire, cast: Cast) -> None:
        """Number utterances and users anew, of the turns already read too."""
        self._repertoire, self._cast = repertoire, cast
        number_again(self._held, repertoire, cast)

    def of(self, owner: Owner) -> Recording | None:
        """What has been read of an owner."""
        return self._held.get(owner)

    def read(self, owner: Owner) -> tuple[int, int]:
        """The `born` of what has been read of an owner, and how many of its changes; 0 for nothing."""
        mirror = self._mirrors.get(owner)
        return (mirror.born, mirror.changes) if mirror else (0, 0)

    def complete(self, owner: Owner, head: Head | None, changed: Iterable[Row]) -> None:
        """Note how an owner stands, and its turns *changed* since what was `read`, oldest first.

        Of an owner with another `born` than was read, *changed* must be all turns.
        """
        mirror = self._mirrors.get(owner)
        if mirror is None or head is None or mirror.born != head.born:
            self.drop(owner)
            if head is None:
                return
            mirror = self._mirrors[owner] = _Mirror(head.born)
            self._held[owner] = Recording(self._repertoire, self._cast)
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
        """Forget what was read of an owner, which can be read again."""
        if self._mirrors.pop(owner, None):
            self._count -= len(self._held.pop(owner).turns)
