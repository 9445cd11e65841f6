"""The outbox in PostgreSQL."""

import json
from collections.abc import Sequence
from typing import Any

from mockcbs.backend.base import Entry
from mockcbs.backend.documents import Document, encoded
from mockcbs.backend.postgres.database import Database
from mockcbs.backend.postgres.texts import original, plain

_COLUMNS = "number, queue, scope, due, body"
_QUEUE = "hashtextextended(queue, 0) = hashtextextended(%s, 0) AND queue = %s"


class PostgresOutbox:
    """A `mockcbs.backend.base.Outbox` in a database. Claims end by the database's clock."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def append(self, queue: str, body: Document, *, due: int, scope: str = "") -> int:
        """Add an entry; its number."""
        with self._db.transaction():
            rows = self._db(
                "INSERT INTO {schema}.outbox (queue, scope, due, body) VALUES (%s, %s, %s, %s)"
                " RETURNING number",
                *(plain(queue), plain(scope), due, encoded(body)),
            )
        number: int = rows[0][0]
        return number

    def peek(self, queue: str, limit: int = 100) -> list[Entry]:
        """The first entries, claimed or not."""
        rows = self._db(
            f"SELECT {_COLUMNS} FROM {{schema}}.outbox WHERE {_QUEUE} ORDER BY due, number LIMIT %s",
            *(plain(queue), plain(queue), limit),
        )
        return [_entry(row) for row in rows]

    def claim(self, queue: str, now: int, *, seconds: float, limit: int = 100) -> list[Entry]:
        """The first unclaimed entries due at *now* (ms UTC)."""
        rows = self._db(
            "WITH free AS (SELECT number AS free_number FROM {schema}.outbox"
            f" WHERE {_QUEUE} AND due <= %s AND claimed_until <= clock_timestamp()"
            " ORDER BY due, number LIMIT %s FOR UPDATE SKIP LOCKED)"
            " UPDATE {schema}.outbox SET claimed_until = clock_timestamp() + make_interval(secs => %s)"
            f" FROM free WHERE number = free_number RETURNING {_COLUMNS}",
            *(plain(queue), plain(queue), now, limit, float(seconds)),
        )
        return sorted((_entry(row) for row in rows), key=lambda entry: (entry.due, entry.number))

    def ack(self, number: int) -> bool:
        """Delete an entry, which is done; whether it was there."""
        return bool(self._db("DELETE FROM {schema}.outbox WHERE number = %s RETURNING 1", number))

    def postpone(self, number: int, due: int, body: Document | None = None) -> bool:
        """Make an entry due again at *due*; returns whether it was there."""
        text = None if body is None else encoded(body)
        rows = self._db(
            "UPDATE {schema}.outbox SET due = %s, body = coalesce(%s, body), claimed_until = '-infinity'"
            " WHERE number = %s RETURNING 1",
            *(due, text, number),
        )
        return bool(rows)

    def clear(self, scope: str | None = None) -> None:
        """Delete the entries of one scope or of all."""
        with self._db.transaction():
            if scope is None:
                self._db("DELETE FROM {schema}.outbox")
            else:
                self._db("DELETE FROM {schema}.outbox WHERE scope = %s", plain(scope))


def _entry(row: Sequence[Any]) -> Entry:
    number, queue, scope, due, body = row
    return Entry(number, original(queue), original(scope), due, json.loads(body))
