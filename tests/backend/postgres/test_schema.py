"""The tables of a schema."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from mockcbs.backend.postgres import schema as module
from mockcbs.backend.postgres.address import parse
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


def test_tables_of_an_earlier_version_are_brought_up_to_date(url, monkeypatch):
    """Old tables are updated once and keep their content, even if many replicas start at the same time."""
    server, _, schema = url.partition("?schema=")
    with monkeypatch.context() as earlier, psycopg.connect(server, autocommit=True) as connection:
        earlier.setattr(module, "MIGRATIONS", module.MIGRATIONS[:1])
        module.prepare(connection, parse(url))
        connection.execute(f"UPDATE {schema}.meta SET token = 'kept'")

    with ThreadPoolExecutor(3) as pool:
        started = list(pool.map(PostgresBackend, [url] * 3))

    with psycopg.connect(server, autocommit=True) as connection:
        found = connection.execute(f"SELECT version, token FROM {schema}.meta").fetchall()
    for backend in started:
        backend.counts.next("p")
    assert found == [(len(module.MIGRATIONS), "kept")]
    assert started[0].counts.next("p") == 3
    for backend in started:
        backend.close()
