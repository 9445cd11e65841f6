"""Changes that replicas make, and how each learns of those of the others.

A transaction that changes something adds a row with its id and its cells. A replica remembers the snapshot of
its last look; what it sees now and did not see then has changed. That takes no lock, and misses nothing: ids
of transactions are no order in which they end, snapshots are.
"""

import threading
from collections.abc import Iterable

from mockcbs.core.changes import CELLS, Changes, cell

EVERYTHING = "*"

RETENTION_SECONDS = 120
"""How long rows of changes are kept."""
_TRUST_SECONDS = 45.0
"""A replica that did not look for longer takes everything for changed: rows may be gone."""
_MAX_COMMIT_SECONDS = 60
"""How long a transaction may take to end after it has noted its changes."""

LOOK = (
    "SELECT pg_current_snapshot()::text, extract(epoch FROM clock_timestamp())::text,"
    " (SELECT string_agg(cells, ' ') FROM {schema}.changes WHERE xid >= pg_snapshot_xmin($1::pg_snapshot)"
    f" AND at > to_timestamp($2::float8) - interval '{_MAX_COMMIT_SECONDS} s'"
    " AND NOT pg_visible_in_snapshot(xid, $1::pg_snapshot))"
)
"""Parameters: the snapshot of the last look, and when that was by the database's clock (s)."""

START = ("1:1:", "0")
"""The parameters of the first look."""


class ReplicatedChanges(Changes):
    """The changes of all replicas, as far as this process has looked.

    Inside a transaction changes are only noted, by thread; they count once it is committed.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._here = threading.local()
        self.publish = self._unpublished
        """Called with cells that changed outside of any transaction."""
        self._seen: tuple[str, str] | None = None

    @property
    def last_look(self) -> tuple[str, str]:
        """The parameters of the next `LOOK`."""
        return self._seen or START

    def bump(self, *key: str) -> None:
        """Count a change of *key*; in a transaction, when it ends."""
        self._note(str(cell(key)))

    def bump_all(self) -> None:
        """Count a change of every key; in a transaction, when it ends."""
        self._note(EVERYTHING)

    def begin(self) -> None:
        """Only note what this thread changes, from now on."""
        self._here.noted = {}

    def noted(self) -> list[str]:
        """The cells that this thread has noted."""
        return list(getattr(self._here, "noted", None) or ())

    def end(self, *, committed: bool) -> None:
        """Count what was noted; everything, if it is not certain that it was committed."""
        cells, self._here.noted = self.noted(), None
        self._count(cells if committed or not cells else [EVERYTHING])

    def learn(self, snapshot: str, at: str, cells: str | None) -> None:
        """Count what a look has found; *at* is the database's clock, in s."""
        before, self._seen = self._seen, (snapshot, at)
        if before is None or float(at) - float(before[1]) > _TRUST_SECONDS:
            self._count([EVERYTHING])
        elif cells:
            self._count(cells.split())

    def distrust(self) -> None:
        """Take everything for changed: nobody knows what others did meanwhile."""
        self._seen = None
        self._count([EVERYTHING])

    def _note(self, changed: str) -> None:
        noted = getattr(self._here, "noted", None)
        if noted is None:
            self.publish([changed])
            self._count([changed])
        else:
            noted[changed] = None

    def _count(self, cells: Iterable[str]) -> None:
        with self._lock:
            for each in cells:
                if each == EVERYTHING:
                    for number in range(CELLS):
                        self._cells[number] += 1
                else:
                    self._cells[int(each)] += 1

    def _unpublished(self, cells: list[str]) -> None:
        """Tell nobody."""
