"""Leases in an SQLite file."""

import time

from mockcbs.backend.sqlite.database import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS leases (
    name TEXT PRIMARY KEY, holder TEXT NOT NULL, until REAL NOT NULL
) WITHOUT ROWID;
"""


class SqliteLeases:
    """A `mockcbs.backend.base.Leases` in a database that lives as long as the server."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def lease(self, name: str, holder: str, seconds: float) -> bool:
        """Take the lease for *seconds*. Return `False` if another holder has it."""
        now = _now()
        taken = self._db(
            "INSERT INTO leases VALUES (?1, ?2, ?4) ON CONFLICT DO UPDATE SET holder = ?2, until = ?4"
            " WHERE holder = ?2 OR until <= ?3 RETURNING 1",
            *(name, holder, now, now + seconds),
        )
        return bool(taken)

    def renew(self, name: str, holder: str, seconds: float) -> bool:
        """Extend the lease of *holder* to *seconds* from now. Return `False` if it is lost."""
        kept = self._db(
            "UPDATE leases SET until = ? WHERE name = ? AND holder = ? RETURNING 1",
            *(_now() + seconds, name, holder),
        )
        return bool(kept)

    def release(self, name: str, holder: str) -> None:
        """Release the lease if *holder* has it."""
        self._db("DELETE FROM leases WHERE name = ? AND holder = ?", name, holder)


def _now() -> float:
    """Seconds on a clock that all processes of this machine share."""
    return time.monotonic()
