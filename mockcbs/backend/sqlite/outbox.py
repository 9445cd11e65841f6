"""The outbox in an SQLite file."""

import json
import time
from collections.abc import Sequence
from typing import Any

from mockcbs.backend.base import Entry
from mockcbs.backend.documents import Document, encoded
from mockcbs.backend.sqlite.database import Database
from mockcbs.backend.sqlite.seals import seal

SCHEMA = """
CREATE TABLE IF NOT EXISTS outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, scope TEXT NOT NULL, due INTEGER NOT NULL,
    body TEXT NOT NULL, claimed_until REAL NOT NULL, seal INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS outbox_by_due ON outbox (queue, due, number);
"""

_COLUMNS = "number, queue, scope, due, body"


class SqliteOutbox:
    """A `mockcbs.backend.base.Outbox` in a database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def append(self, queue: str, body: Document, *, due: int, scope: str = "") -> int:
        """Add an entry and return its number."""
        text = encoded(body)
        with self._db.transaction():
            rows = self._db(
                "INSERT INTO outbox (queue, scope, due, body, claimed_until, seal)"
                " VALUES (?, ?, ?, ?, 0, ?) RETURNING number",
                *(queue, scope, due, text, seal(queue, scope, text)),
            )
        number: int = rows[0][0]
        return number

    def peek(self, queue: str, limit: int = 100) -> list[Entry]:
        """The first entries, claimed or not."""
        rows = self._db(
            f"SELECT {_COLUMNS} FROM outbox WHERE queue = ? ORDER BY due, number LIMIT ?", queue, limit
        )
        return [_entry(row) for row in rows]

    def claim(self, queue: str, now: int, *, seconds: float, limit: int = 100) -> list[Entry]:
        """The first unclaimed entries due at *now* (ms UTC)."""
        at = time.monotonic()
        with self._db.transaction():
            self._db.begin()
            rows = self._db(
                f"SELECT {_COLUMNS} FROM outbox WHERE queue = ? AND due <= ? AND claimed_until <= ?"
                " ORDER BY due, number LIMIT ?",
                *(queue, now, at, limit),
            )
            for number, *_ in rows:
                self._db("UPDATE outbox SET claimed_until = ? WHERE number = ?", at + seconds, number)
        return [_entry(row) for row in rows]

    def ack(self, number: int) -> bool:
        """Delete an entry that is done. Return whether it existed."""
        with self._db.transaction():
            return bool(self._db("DELETE FROM outbox WHERE number = ? RETURNING 1", number))

    def postpone(self, number: int, due: int, body: Document | None = None) -> bool:
        """Make an entry due again at *due*. Return whether it existed."""
        with self._db.transaction():
            rows = self._db("SELECT queue, scope, body FROM outbox WHERE number = ?", number)
            for queue, scope, before in rows:
                text = before if body is None else encoded(body)
                self._db(
                    "UPDATE outbox SET due = ?, body = ?, claimed_until = 0, seal = ? WHERE number = ?",
                    *(due, text, seal(queue, scope, text), number),
                )
            return bool(rows)

    def clear(self, scope: str | None = None) -> None:
        """Delete the entries of one scope or of all."""
        with self._db.transaction():
            self._db("DELETE FROM outbox WHERE ?1 IS NULL OR scope = ?1", scope)

    def release_all(self) -> None:
        """Release all claims, because they belong to a server that has ended."""
        with self._db.transaction():
            self._db("UPDATE outbox SET claimed_until = 0")


def _entry(row: Sequence[Any]) -> Entry:
    number, queue, scope, due, body = row
    return Entry(number, queue, scope, due, json.loads(body))
