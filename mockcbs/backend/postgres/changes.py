"""The changes of replicas, and how each replica learns of the changes of the others.

A transaction that changes something adds a row with its id and the changed keys. A replica remembers the
snapshot of its last check; transactions that are visible now and were not visible then are new. This needs no
lock and misses nothing: transactions do not end in the order of their ids, but snapshots show which have
ended.
"""

import threading
from collections.abc import Iterable

from mockcbs.core.changes import Changes, cell

EVERYTHING = "*"

RETENTION_SECONDS = 120
"""The time for which rows of changes are kept, in s."""
_TRUST_SECONDS = 45.0
"""A replica that did not check for longer, in s, treats everything as changed, since rows may be deleted."""
_MAX_COMMIT_SECONDS = 60
"""The maximum time in which a transaction must end after it recorded its changes, in s."""

LOOK = (
    "SELECT pg_current_snapshot()::text, extract(epoch FROM clock_timestamp())::text,"
    " (SELECT string_agg(cells, ' ') FROM {schema}.changes WHERE xid >= pg_snapshot_xmin($1::pg_snapshot)"
    f" AND at > to_timestamp($2::float8) - interval '{_MAX_COMMIT_SECONDS} s'"
    " AND NOT pg_visible_in_snapshot(xid, $1::pg_snapshot))"
)
"""The query of a check. Parameters: the snapshot of the last check, and its time by the database's clock
(s).
"""

GLANCE = "SELECT pg_current_snapshot()"
"""Half a check: while its result is the snapshot of the last `LOOK`, no transaction has changed anything in
the whole server since. It takes PostgreSQL half the time of a `LOOK`.
"""

START = ("1:1:", "0")
"""The parameters of the first check."""


class ReplicatedChanges(Changes):
    """The changes of all replicas that this process knows.

    Inside a transaction changes are recorded by thread; they take effect when it is committed.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._here = threading.local()
        self.publish = self._unpublished
        """Called with keys that were changed outside of a transaction."""
        self._seen: tuple[str, str] | None = None

    @property
    def last_look(self) -> tuple[str, str]:
        """The parameters of the next `LOOK`."""
        return self._seen or START

    def bump(self, *key: str) -> None:
        """Mark *key* as changed; in a transaction, when it ends."""
        self._note(str(cell(key)))

    def bump_all(self) -> None:
        """Mark every key as changed; in a transaction, when it ends."""
        self._note(EVERYTHING)

    def begin(self) -> None:
        """Start to record the changes of this thread."""
        self._here.noted = {}

    def noted(self) -> list[str]:
        """The recorded changes of this thread."""
        return list(getattr(self._here, "noted", None) or ())

    def end(self, *, committed: bool) -> None:
        """End recording and mark the changes; mark everything if it is not certain that the transaction
        was committed.
        """
        cells, self._here.noted = self.noted(), None
        self._count(cells if committed or not cells else [EVERYTHING])

    def learn(self, snapshot: str, at: str, cells: str | None) -> None:
        """Mark the changes that a check found; *at* is its time by the database's clock, in s."""
        before = self._seen
        if before is None or float(at) - float(before[1]) > _TRUST_SECONDS:
            self._count([EVERYTHING])
        elif cells:
            self._count(cells.split())
        self._seen = snapshot, at  # last: another thread that sees it takes the changes for counted

    def distrust(self) -> None:
        """Mark everything as changed, since changes of others may have been missed."""
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
                    super().bump_all()
                else:
                    self.bump_cell(int(each))

    def _unpublished(self, cells: list[str]) -> None:
        """Do nothing."""
