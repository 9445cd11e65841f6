"""Counts of requests in PostgreSQL."""

from mockcbs.backend.postgres.database import Database
from mockcbs.backend.postgres.texts import digest


class PostgresCounts:
    """A `mockcbs.backend.base.Counts` in a database.

    A count is committed at once, also for a request in a transaction, so that no other request waits for
    the lock of its row. The commit does not wait for the disk: if the database crashes, the counts since
    the last other commit may be lost, which nothing that is kept depends on.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def next(self, scope: str) -> int:
        """How many requests of *scope* were counted before this one."""
        ((count,),) = self._db.at_once(
            "WITH fast AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))"
            " INSERT INTO {schema}.counts AS c SELECT %s, 1 FROM fast"
            " ON CONFLICT (owner) DO UPDATE SET count = c.count + 1 RETURNING count",
            digest(scope),
        )
        return int(count) - 1

    def clear(self, scope: str | None = None) -> None:
        """Start again from 0, in one scope or in all."""
        if scope is None:
            self._db.at_once("DELETE FROM {schema}.counts")
        else:
            self._db.at_once("DELETE FROM {schema}.counts WHERE owner = %s", digest(scope))
