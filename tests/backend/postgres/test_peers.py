"""What replicas ask each other."""

import threading
from types import SimpleNamespace

import pytest

from mockcbs.backend.postgres import peers
from mockcbs.backend.postgres.backend import PostgresBackend
from mockcbs.journal.journal import Journal
from mockcbs.journal.selection import Selection
from tests.waiting import until


def test_a_journal_that_is_lost_is_reported_until_it_is_cleared(url):
    """A lost journal is reported whether its replica stopped or died, even if others have joined since."""
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


@pytest.fixture
def pair(url):
    """Two replicas, the second of which responds to "tally" after an event that the test sets."""
    one, other = PostgresBackend(url), PostgresBackend(url)
    asked, goes_on = [], threading.Event()
    other.peers.handle("tally", lambda: asked.append(1) or (goes_on.wait(60) and 1))
    for backend in (one, other):
        backend.peers.join(0)
    yield one.peers, other.peers.name, asked, goes_on
    goes_on.set()
    one.close()
    other.close()


def test_a_replica_that_stands_still_is_waited_for_once(pair, monkeypatch):
    """The requests that follow at once name it after a short time; it gets all of them when it goes on."""
    one, name, asked, goes_on = pair
    now, timeouts, request = [100.0], [], peers.urllib3.request

    def noted(*arguments, timeout, **options):
        timeouts.append(timeout)
        return request(*arguments, timeout=30 if goes_on.is_set() else timeout / 10, **options)

    monkeypatch.setattr(peers, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(peers.urllib3, "request", noted)

    missing = [one.request("tally").missing for _ in range(4)]
    goes_on.set()

    assert missing == [(name,)] * 4
    assert timeouts == [2.0, 0.1, 0.1, 0.1]
    now[0] += 2
    assert one.request("tally") == [1]
    assert timeouts[4:] == [2.0]
    until(lambda: len(asked) == 5)


def test_a_response_that_nobody_waits_for_is_no_error(pair, monkeypatch, capfd):
    """Nothing is printed when the other replica has given up."""
    monkeypatch.setattr(peers, "_TIMEOUT", 0.3)
    one, _, _, goes_on = pair
    ended, handle = threading.Event(), peers._Handler.do_POST

    def noted(handler):
        handle(handler)
        ended.set()

    monkeypatch.setattr(peers._Handler, "do_POST", noted)
    one.request("tally")
    goes_on.set()

    assert ended.wait(20)
    assert "Traceback" not in capfd.readouterr().err


def test_a_replica_that_was_killed_a_moment_ago_is_forgotten_when_the_journal_is_cleared(url):
    """Its part is reported by that response, and not afterwards; one that is alive reports again."""
    one, other = PostgresBackend(url), PostgresBackend(url)
    for backend in (one, other):
        backend.peers.join(0)
    journal, killed = Journal(10, one.peers), other.peers.name
    other.peers.close()  # as if it was killed: nobody listens, reports, or says that it ended
    other._replica.pause()

    assert journal.clear("a project").missing == (killed,)
    assert journal.page(Selection(), 1).missing == (killed,)
    assert journal.clear().missing == (killed,)
    assert journal.page(Selection(), 1).missing == ()

    other._replica._beat()
    assert journal.page(Selection(), 1).missing == (killed,)
    one.close()
    other.close()
