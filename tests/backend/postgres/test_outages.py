"""Errors of the database."""

import time
from types import SimpleNamespace

import psycopg
import pytest
from psycopg import errors

from mockcbs.backend.postgres import connections, replicas
from mockcbs.backend.postgres import database as module
from mockcbs.backend.postgres.address import parse
from mockcbs.backend.postgres.backend import PostgresBackend
from mockcbs.backend.postgres.outages import failure_of
from mockcbs.core.errors import BackendError, FullError
from tests import backends
from tests.proxies import proxied


def test_a_database_that_hangs_is_given_up(postgres_url, monkeypatch):
    """A call to a database that hangs gets an error; when the database answers again, calls succeed."""
    monkeypatch.setattr(module, "STATEMENT_TIMEOUT", -1.5)
    monkeypatch.setattr(replicas, "BEAT_SECONDS", 0.2)
    with proxied(backends.fresh_schema(postgres_url)) as (proxy, url):
        backend = PostgresBackend(url)
        monkeypatch.setattr(connections.Connections, "_parameters", {"connect_timeout": 2})
        proxy.hang()

        with pytest.raises(BackendError):
            backend.documents.put("kind", "p", "a", {"n": 1})

        proxy.mend()
        for _ in range(100):
            try:
                backend.documents.put("kind", "p", "a", {"n": 1})
                break
            except BackendError:
                time.sleep(0.1)
        assert backend.documents.select("kind", "p") == [{"n": 1}]
        backend.close()


def test_a_full_disk_is_named(backend, monkeypatch):
    """A write raises an error with the reason, and stores nothing; reads continue."""
    backend.documents.put("kind", "p", "a", {"n": 1})
    execute = module.Database._execute

    def full(database, connection, *statements):
        if any(text.startswith("INSERT") for text, _ in statements):
            statements = (("DO $$ BEGIN RAISE SQLSTATE '53100'; END $$", ()), *statements)
        return execute(database, connection, *statements)

    with monkeypatch.context() as patch:
        patch.setattr(module.Database, "_execute", full)
        with pytest.raises(FullError, match="no room in the database"):
            backend.documents.put("kind", "p", "b", {"n": 2})

    assert backend.documents.select("kind", "p") == [{"n": 1}]


@pytest.mark.parametrize(
    ("error", "closed", "said"),
    [
        (errors.AdminShutdown(), True, "ended the connection"),
        (errors.LockNotAvailable(), False, "kept this scope locked for over 8 s"),
        (errors.UndefinedTable(), False, "its tables are gone"),
        (psycopg.OperationalError("lost"), False, "is lost"),
        (errors.UndefinedColumn(), True, "is lost"),
    ],
)
def test_an_outage_is_explained(error, closed, said):
    """The error names the database that is unavailable, but not its password."""
    connection = SimpleNamespace(closed=closed)

    failure = failure_of(error, connection, parse("postgresql://u:geheim@h/db"))

    assert said in str(failure)
    assert "u@h/db" in str(failure)
    assert "geheim" not in str(failure)


def test_a_bug_stays_a_bug():
    """A wrong statement on a good connection is not an outage."""
    assert (
        failure_of(errors.UndefinedColumn(), SimpleNamespace(closed=False), parse("postgresql://h/d")) is None
    )
