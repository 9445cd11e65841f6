"""Leases in PostgreSQL, with the time of the database's clock."""

from mockcbs.backend.postgres.database import Database
from mockcbs.backend.postgres.texts import plain


class PostgresLeases:
    """A `mockcbs.backend.base.Leases` in a database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def lease(self, name: str, holder: str, seconds: float) -> bool:
        """Take the lease for *seconds*. Return `False` if another holder has it."""
        taken = self._db(
            "INSERT INTO {schema}.leases AS l VALUES (%s, %s, clock_timestamp() + make_interval(secs => %s))"
            " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until"
            " WHERE l.holder = excluded.holder OR l.until <= clock_timestamp() RETURNING 1",
            *(plain(name), plain(holder), float(seconds)),
        )
        return bool(taken)

    def renew(self, name: str, holder: str, seconds: float) -> bool:
        """Extend the lease of *holder* to *seconds* from now. Return `False` if it is lost."""
        kept = self._db(
            "UPDATE {schema}.leases SET until = clock_timestamp() + make_interval(secs => %s)"
            " WHERE name = %s AND holder = %s RETURNING 1",
            *(float(seconds), plain(name), plain(holder)),
        )
        return bool(kept)

    def release(self, name: str, holder: str) -> None:
        """Let others take a lease, if *holder* has it."""
        self._db("DELETE FROM {schema}.leases WHERE name = %s AND holder = %s", plain(name), plain(holder))
