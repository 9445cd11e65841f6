"""Background jobs: one worker runs each job, and another continues when it has died."""

import multiprocessing
import os
import signal
import threading
import time
from itertools import count

import pytest

from mockcbs.backend import jobs
from mockcbs.backend.jobs import Jobs
from mockcbs.backend.memory import MemoryLeases
from mockcbs.backend.sqlite.backend import SqliteBackend
from mockcbs.core.errors import BackendError
from mockcbs.core.peers import NoPeers


def until(condition, seconds: float = 20) -> None:
    """Wait until *condition* holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


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


def test_a_job_of_a_killed_worker_passes_on(tmp_path):
    """After kill -9, another worker takes over the job within 15 s."""
    backend = SqliteBackend(tmp_path / "state", tmp_path, NoPeers())
    backend.close()
    fork = multiprocessing.get_context("fork")
    done = fork.SimpleQueue()

    def serve(name: str) -> None:
        mine = Jobs(backend.leases)
        mine.add("job", lambda: done.put(name) or 0.5)
        mine.start()
        time.sleep(60)

    first, second = (fork.Process(target=serve, args=(name,), daemon=True) for name in ("first", "second"))
    first.start()
    assert done.get() == "first"
    second.start()

    os.kill(first.pid, signal.SIGKILL)
    killed = time.monotonic()
    while done.get() != "second":
        pass

    assert time.monotonic() - killed < 15
    second.kill()
    for process in (first, second):
        process.join()
    backend.close()
