"""Counts of requests in an SQLite file."""

from mockcbs.backend.documents import Documents
from mockcbs.backend.sqlite.database import Database

SCHEMA = "CREATE TABLE IF NOT EXISTS counts (scope TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;"

_KIND = "server.starts"
_RANGE = 1 << 32
"""The first number of a server; the servers on the same state file have separate ranges of numbers."""
_FIRST = ""
"""The key of the row with the first number of every scope."""


class SqliteCounts:
    """A `mockcbs.backend.base.Counts` in a separate file, which lasts as long as the server.

    The state file has one writer at a time, so a request would wait for all other transactions there. It only
    stores how often a server was started with it, so that no number is used twice.
    """

    def __init__(self, database: Database, kept: Documents) -> None:
        """*database* contains the counts; *kept* lasts longer than the server."""
        self._db, self._kept = database, kept

    def begin(self) -> None:
        """Start a server: choose its first number."""
        with self._kept.transaction():
            starts = (self._kept.get(_KIND, "", "") or {"count": 0})["count"]
            self._kept.put(_KIND, "", "", {"count": starts + 1})
        self._set(_FIRST, starts * _RANGE)

    def next(self, scope: str) -> int:
        """The number of requests of *scope* that were counted before this one."""
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
