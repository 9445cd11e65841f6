"""Statements that are sent together."""

import psycopg
import pytest

from mockcbs.backend.postgres import pipeline
from mockcbs.backend.postgres.pipeline import Pipelines


@pytest.fixture
def connection(postgres_url):
    with psycopg.connect(
        postgres_url, autocommit=True, options="-c idle_in_transaction_session_timeout=200"
    ) as made:
        yield made


def test_the_rows_of_the_last_statement_are_returned(connection):
    """Values arrive as they are, whatever their types, each time."""
    values = 5, 2**40, "100%", b"\0\xff", None, [b"a", b"b"]
    wanted = "SELECT %s::bigint, %s::bigint, %s::text, %s::bytea, %s::text, %s::bytea[], 7 %% 4", values

    pipelines = Pipelines()

    for _ in range(3):
        assert pipelines.execute(connection, [("SELECT 1", ()), wanted]) == [(*values, 3)]


def test_no_more_statements_are_prepared_than_a_connection_should_hold(connection, monkeypatch):
    """Further ones work, too."""
    monkeypatch.setattr(pipeline, "_MAX_PREPARED", 3)
    pipelines = Pipelines()

    found = [pipelines.execute(connection, [(f"SELECT {n} + %s", (1,))])[0][0] for n in [*range(6), 0, 5]]

    assert found == [1, 2, 3, 4, 5, 6, 1, 6]
    ((prepared,),) = connection.execute("SELECT count(*) FROM pg_prepared_statements").fetchall()
    assert prepared == 3


def test_the_first_error_is_raised_and_the_connection_stays_usable(connection):
    """What was prepared after it is prepared again."""
    pipelines = Pipelines()
    bad, good = ("SELECT 1 / %s", (0,)), ("SELECT %s::text", ("x",))

    with pytest.raises(psycopg.errors.DivisionByZero):
        pipelines.execute(connection, [("BEGIN", ()), bad, good])
    connection.rollback()

    assert pipelines.execute(connection, [good]) == [("x",)]


def test_long_statements_and_results_pass_each_other(connection):
    """Neither side waits for the other to read first."""
    text = "x" * 4_000_000

    rows = Pipelines().execute(connection, [("SELECT %s::text", (text,))] * 4)

    assert rows == [(text,)]


def test_a_transaction_that_stands_still_is_ended(connection, postgres_url):
    """PostgreSQL counts the time from the end of the pipeline on."""
    pipelines = Pipelines()
    pipelines.execute(connection, [("BEGIN", ()), ("SELECT 1", ())])

    pid, ended = connection.info.backend_pid, "SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = %s"
    with psycopg.connect(postgres_url, autocommit=True) as other:
        for _ in range(200):
            if other.execute(ended, [pid]).fetchone()[0]:
                break
            other.execute("SELECT pg_sleep(0.1)")

    with pytest.raises(psycopg.OperationalError):
        pipelines.execute(connection, [("SELECT 1", ())])
    assert connection.closed
