"""Background jobs: one worker runs each job, and another continues when it has died."""

import multiprocessing
import os
import signal
import threading
import time
from functools import partial
from itertools import count

import pytest

from mockcbs.backend import jobs
from mockcbs.backend.jobs import Jobs
from mockcbs.backend.memory import MemoryLeases
from mockcbs.backend.sqlite.backend import SqliteBackend
from mockcbs.core.errors import BackendError
from mockcbs.core.peers import NoPeers
from tests.waiting import until


@pytest.fixture
def both():
    """The jobs of two workers that share their leases."""
    leases = MemoryLeases()
    pair = Jobs(leases), Jobs(leases)
    yield pair
    for one in pair:
        one.stop()


def test_one_worker_does_a_job_until_it_stops(both, monkeypatch):
    """One of two workers runs the job; when it stops, the other continues."""
    monkeypatch.setattr(jobs, "RETRY_SECONDS", 0.01)
    rounds = [0, 0]

    def work(worker: int) -> float:
        rounds[worker] += 1
        return 0.01

    for worker, one in enumerate(both):
        one.add("count", lambda worker=worker: work(worker))
    both[0].start()
    until(lambda: rounds[0] > 3)
    both[1].start()
    time.sleep(0.1)
    assert rounds[1] == 0

    both[0].stop()

    until(lambda: rounds[1] > 3)


def test_a_worker_learns_that_another_has_its_job(both, monkeypatch):
    """Within a round, a worker sees whether another has taken the job; a mock in process always keeps it."""
    monkeypatch.setattr(jobs, "RETRY_SECONDS", 0.01)
    one, other = both
    kept, gone = [], threading.Event()

    def work() -> float:
        kept.append(one.keeps("job"))
        one._leases.release("job", one._jobs["job"].holder)
        one._leases.lease("job", "another", 60)
        kept.append(one.keeps("job"))
        gone.set()
        return 60

    one.add("job", work)
    one.start()
    assert gone.wait(20)
    other.add("job", lambda: 0.0)

    assert kept == [True, False]
    assert other.keeps("job")


def test_a_job_that_fails_is_tried_again(both, monkeypatch, caplog):
    """A job survives a bug and an unavailable backend."""
    monkeypatch.setattr(jobs, "RETRY_SECONDS", 0.01)
    rounds, done = count(1), threading.Event()

    def work() -> float:
        number = next(rounds)
        if number == 1:
            raise BackendError("it is away")
        if number == 2:
            raise KeyError("a bug")
        done.set()
        return 60.0

    both[0].add("fragile", work)
    both[0].start()

    assert done.wait(20)
    assert "job fragile: the state is unavailable, trying again: it is away" in caplog.text
    assert "a bug in mockcbs: job fragile failed" in caplog.text


def test_a_job_is_woken_and_run_on_demand(both):
    """A sleeping job can be woken; without threads it runs on request."""
    rounds = []
    both[0].add("lazy", lambda: rounds.append(1) or 1000.0)

    both[0].run()
    both[0].run("lazy")
    both[0].run("another")
    assert len(rounds) == 2
    both[0].start()
    until(lambda: len(rounds) == 3)
    both[0].wake("lazy")
    until(lambda: len(rounds) == 4)
    with pytest.raises(ValueError, match="a job 'lazy' exists already"):
        both[0].add("lazy", lambda: 1.0)


def test_a_job_knows_what_others_have_changed():
    """Each round follows a check for changes, by the worker that does the job and by no other."""
    events, over = [], threading.Event()

    def work() -> float:
        events.append("round")
        if len(events) < 6:
            return 0.0
        over.set()
        return 60.0

    leases = MemoryLeases()
    pair = [Jobs(leases, partial(events.append, f"check of {name}")) for name in ("one", "other")]
    try:
        for one in pair:
            one.add("job", work)
            one.start()
            until(lambda: events)  # the first one has the lease
        assert over.wait(60)
    finally:
        for one in pair:
            one.stop()

    assert events[:6] == ["check of one", "round"] * 3
    assert "check of other" not in events


class WatchedLeases:
    """Leases that log when each request for one began and ended, and whether it was granted."""

    def __init__(self, leases, log) -> None:
        self._leases, self._log = leases, log
        self.release = leases.release

    def lease(self, *details) -> bool:
        return self._watched(self._leases.lease, *details)

    def renew(self, *details) -> bool:
        return self._watched(self._leases.renew, *details)

    def _watched(self, ask, *details) -> bool:
        began = time.monotonic()
        granted = ask(*details)
        self._log.put((began, time.monotonic(), granted))
        return granted


def test_a_job_of_a_killed_worker_passes_on(tmp_path, monkeypatch):
    """After kill -9 another worker gets the job the first time it asks after the lease has expired, which is
    within 15 s of the last renewal; here all times are a fifth.
    """
    assert jobs.LEASE_SECONDS + jobs.RETRY_SECONDS < 15
    for name in ("LEASE_SECONDS", "RETRY_SECONDS", "_RENEW_SECONDS"):
        monkeypatch.setattr(jobs, name, getattr(jobs, name) / 5)
    backend = SqliteBackend(tmp_path / "state", tmp_path, NoPeers())
    backend.close()
    fork = multiprocessing.get_context("fork")
    of_first, of_second = fork.SimpleQueue(), fork.SimpleQueue()

    def serve(log) -> None:
        mine = Jobs(WatchedLeases(backend.leases, log))
        mine.add("job", lambda: 0.5)
        mine.start()
        time.sleep(300)

    first, second = (fork.Process(target=serve, args=(log,), daemon=True) for log in (of_first, of_second))
    first.start()
    held = [of_first.get()]
    second.start()
    os.kill(first.pid, signal.SIGKILL)
    first.join()
    asked = [of_second.get()]
    while not asked[-1][2]:
        asked.append(of_second.get())
    second.kill()
    second.join()
    while not of_first.empty():
        held.append(of_first.get())
    backend.close()

    (earliest, latest, _), (_, taken, _) = held[-1], asked[-1]
    assert taken >= earliest + jobs.LEASE_SECONDS
    assert all(began < latest + jobs.LEASE_SECONDS for began, _, _ in asked[:-1])
