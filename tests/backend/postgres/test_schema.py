"""The tables of a schema."""

import psycopg
import pytest

from mockcbs.backend.postgres.backend import PostgresBackend
from mockcbs.core.errors import UserError


def test_tables_of_a_later_version_are_refused(url):
    """A schema with foreign tables is refused, too; neither schema is changed."""
    PostgresBackend(url).close()
    server, _, schema = url.partition("?schema=")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"UPDATE {schema}.meta SET version = 99")
        connection.execute("CREATE SCHEMA foreigners")
        connection.execute("CREATE TABLE foreigners.precious (x int)")

    with pytest.raises(UserError, match="made by a later version of mockcbs"):
        PostgresBackend(url)
    with pytest.raises(UserError, match="has tables, but not mockcbs's"):
        PostgresBackend(f"{server}?schema=foreigners")
