"""Counts of requests in an SQLite file."""

from mockcbs.backend.documents import Documents
from mockcbs.backend.sqlite.database import Database

SCHEMA = "CREATE TABLE IF NOT EXISTS counts (scope TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;"

_KIND = "server.starts"
_RANGE = 1 << 32
"""The numbers of one server; those of the next server on the same state file come after them."""
_FIRST = ""
"""The row that holds the first number of every scope."""


class SqliteCounts:
    """A `mockcbs.backend.base.Counts` in a file of its own, which lasts as long as the server.

    The state file has one writer at a time, so a request would wait for the transactions of all others
    there. It only holds how often a server was started with it, so that no number is given twice.
    """

    def __init__(self, database: Database, kept: Documents) -> None:
        """*database* holds the counts, and *kept* outlives the server."""
        self._db, self._kept = database, kept

    def begin(self) -> None:
        """Start a server."""
        with self._kept.transaction():
            starts = (self._kept.get(_KIND, "", "") or {"count": 0})["count"]
            self._kept.put(_KIND, "", "", {"count": starts + 1})
        self._set(_FIRST, starts * _RANGE)

    def next(self, scope: str) -> int:
        """How many requests of *scope* were counted before this one."""
        with self._db.transaction():
            ((count,),) = self._db(
                "INSERT INTO counts SELECT ?, count + 1 FROM counts WHERE scope = ?"
                " ON CONFLICT DO UPDATE SET count = counts.count + 1 RETURNING count",
                *(_row(scope), _FIRST),
            )
        return int(count) - 1

    def clear(self, scope: str | None = None) -> None:
        """Start again from 0, in one scope or in all."""
        if scope is not None:
            self._set(_row(scope), 0)
            return
        self._kept.put(_KIND, "", "", {"count": 1})
        with self._db.transaction():
            self._db("DELETE FROM counts")
            self._set(_FIRST, 0)

    def _set(self, row: str, count: int) -> None:
        self._db("INSERT OR REPLACE INTO counts VALUES (?, ?)", row, count)


def _row(scope: str) -> str:
    """The row of *scope*."""
    return f"/{scope}"
