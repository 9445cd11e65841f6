"""What happens when connections end, the database is slow or full, or two versions meet."""

import subprocess
import sys
import threading
import time

import psycopg
import pytest

from mockcbs.backend.postgres import database as module
from mockcbs.backend.postgres import replicas
from mockcbs.backend.postgres.backend import PostgresBackend
from mockcbs.core.errors import BackendError, FullError, UserError
from mockcbs.core.waiting import WouldWaitError, no_waiting
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.traffic.knowledge import Turn, Utterance
from tests import backends
from tests.proxies import proxied


@pytest.fixture
def url(postgres_url):
    return backends.fresh_schema(postgres_url)


@pytest.fixture
def backend(url):
    made = PostgresBackend(url)
    yield made
    made.close()


def end_connections(url) -> None:
    with psycopg.connect(url.partition("?")[0], autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'mockcbs' AND pid <> pg_backend_pid()"
        )


def test_a_connection_that_ended_before_is_replaced(backend, url):
    """Nobody notices: reads and transactions go on with another."""
    backend.documents.put("kind", "p", "a", {"n": 1})

    end_connections(url)
    assert backend.documents.select("kind", "p", limit=7) == [{"n": 1}]
    end_connections(url)
    backend.documents.put("kind", "p", "b", {"n": 2})

    assert backend.documents.count("kind", "p") == 2


def test_a_connection_that_ends_in_a_transaction_leaves_nothing_half_done(backend, url):
    """The caller gets an error even if it does not look, and the next one succeeds."""

    def both() -> None:
        with backend.documents.transaction():
            backend.documents.put("kind", "p", "a", {"n": 1})
            end_connections(url)
            backend.documents.put("kind", "p", "b", {"n": 2})

    with pytest.raises(BackendError, match="database"):
        both()

    assert backend.documents.select("kind", "p") == []
    backend.documents.put("kind", "p", "a", {"n": 1})
    assert backend.documents.select("kind", "p") == [{"n": 1}]


def test_an_error_that_is_caught_inside_does_not_commit_the_rest(backend, url):
    """A transaction of which a statement failed ends with that error, whoever caught it before."""

    def careless() -> None:
        with backend.documents.transaction():
            backend.documents.put("kind", "p", "a", {"n": 1})
            end_connections(url)
            with pytest.raises(BackendError):
                backend.documents.put("kind", "p", "b", {"n": 2})

    with pytest.raises(BackendError):
        careless()

    assert backend.documents.select("kind", "p") == []


def test_a_turn_that_was_taken_back_is_not_counted(backend, url):
    """What a failed transaction recorded is not remembered either."""
    log = State(Settings(dataset="empty"), backend=backend).log
    turn = Turn("bot", "s", "u", 1, Utterance("?", "chat"))

    def failing() -> None:
        with backend.documents.transaction():
            log.record(turn, "p")
            assert log.recorded("bot", "p") == [turn]
            end_connections(url)
            backend.documents.put("kind", "p", "a", {})

    with pytest.raises(BackendError):
        failing()

    assert log.recorded("bot", "p") == []


def test_scopes_do_not_wait_for_each_other(backend, url):
    """A transaction in one scope holds up that scope only, on whatever replica."""
    other = PostgresBackend(url)
    entered, over, order = threading.Event(), threading.Event(), []

    def hold() -> None:
        with backend.documents.transaction():
            backend.documents.put("kind", "p", "a", {"n": 1})
            entered.set()
            over.wait(10)
            order.append("first")

    thread = threading.Thread(target=hold)
    thread.start()
    entered.wait(10)
    with other.documents.transaction():
        assert other.documents.get("kind", "q", "a") is None

    def follow() -> None:
        other.documents.put("kind", "p", "a", {})
        order.append("second")

    waiting = threading.Thread(target=follow)
    waiting.start()
    time.sleep(0.1)
    over.set()
    thread.join()
    waiting.join()
    other.close()

    assert order == ["first", "second"]


def test_a_replica_that_stands_still_gives_up_its_locks(url, monkeypatch):
    """The database ends its transaction, and others go on; it gets an error when it wakes up."""
    monkeypatch.setattr(module, "_IDLE_TIMEOUT", 0.3)
    still, other = PostgresBackend(url), PostgresBackend(url)

    def sleep() -> None:
        with still.documents.transaction():
            still.documents.put("kind", "p", "a", {"n": 1})
            other.documents.put("kind", "p", "a", {"n": 2})
            still.documents.put("kind", "p", "b", {"n": 1})

    with pytest.raises(BackendError):
        sleep()

    assert other.documents.select("kind", "p") == [{"n": 2}]
    still.close()
    other.close()


def test_a_database_that_hangs_is_given_up(postgres_url, monkeypatch):
    """A call that waits gets an error; when the database answers again, all is well."""
    monkeypatch.setattr(module, "STATEMENT_TIMEOUT", -1.5)
    monkeypatch.setattr(replicas, "BEAT_SECONDS", 0.2)
    with proxied(backends.fresh_schema(postgres_url)) as (proxy, url):
        monkeypatch.setattr(module.Database, "_parameters", {"connect_timeout": 2})
        backend = PostgresBackend(url)
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


def test_a_slow_database_only_makes_its_callers_wait(postgres_url):
    """What is remembered needs no database, and the event loop never waits."""
    with proxied(backends.fresh_schema(postgres_url)) as (proxy, url):
        backend = PostgresBackend(url)
        backend.documents.put("kind", "p", "a", {"n": 1})
        assert backend.documents.get("kind", "p", "a") == {"n": 1}
        proxy.delay = 0.05

        with no_waiting():
            assert backend.documents.get("kind", "p", "a") == {"n": 1}
            with pytest.raises(WouldWaitError):
                backend.documents.get("kind", "p", "b")
        backend.documents.put("kind", "p", "b", {"n": 2})
        proxy.delay = 0.0
        assert backend.documents.count("kind", "p") == 2
        backend.close()


def test_a_full_disk_is_named(backend, monkeypatch):
    """Writing raises the error that says so; nothing is written, and reading goes on."""
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


def test_another_version_or_other_settings_are_refused(url, monkeypatch):
    """The sentence names the replica, what it has and what this one has."""
    first = PostgresBackend(url, settings="seed=42")

    with pytest.raises(UserError, match=r"with other settings \(seed=42\) than this one \(seed=7\)"):
        PostgresBackend(url, settings="seed=7")
    with monkeypatch.context() as patch:
        patch.setattr(replicas, "__version__", "99")
        with pytest.raises(UserError, match=r"runs mockcbs .*, and this is 99; stop the others first"):
            PostgresBackend(url, settings="seed=42")
    first.close()

    PostgresBackend(url, settings="seed=7").close()


def test_tables_of_a_later_version_are_refused(url):
    """So is a schema with tables of somebody else; neither is touched."""
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


def test_many_that_start_at_once_make_the_tables_once(url):
    """However many replicas start, each is a replica of the same mock."""
    made = []
    threads = [threading.Thread(target=lambda: made.append(PostgresBackend(url))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(one.joins for one in made) == [False, True, True, True]
    assert len({one.peers.name for one in made}) == 4
    for one in made:
        one.close()


def test_a_journal_that_is_lost_is_reported_until_it_is_cleared(url):
    """Whether its replica left or died, and although others have joined since."""
    one, other = PostgresBackend(url), PostgresBackend(url)
    for backend in (one, other):
        backend.peers.handle("tally", lambda: 1)
        backend.peers.join(0)
    lost = other.peers.name

    assert (one.peers.request("tally"), one.peers.request("tally").missing) == ([1], ())
    other.close()
    third = PostgresBackend(url)
    assert (one.peers.request("tally"), one.peers.request("tally").missing) == ([], (lost,))
    one.peers.forget_lost()
    assert one.peers.request("tally").missing == ()
    one.close()
    third.close()


@pytest.mark.parametrize(
    "state", ["postgresql://u:geheim@127.0.0.1:1/db", "postgresql://u:geheim@[/db", "postgresql://u:geheim@h"]
)
def test_a_password_is_never_printed(state):
    """Whatever is wrong with the URL or the database."""
    ended = subprocess.run(
        [sys.executable, "-m", "mockcbs", "serve", "--port", "0", "--state", state],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 2
    assert "--state" in ended.stderr
    assert "geheim" not in ended.stdout + ended.stderr
