"""Threads that must not wait."""

import threading

import pytest

from mockcbs.core import waiting
from mockcbs.core.waiting import Lock, WouldWaitError, no_waiting


def test_a_thread_that_must_not_wait_gets_an_error_in_place_of_a_lock():
    """While another thread holds it; once it is free, it can be taken."""
    lock, held, over = Lock(), threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            held.set()
            over.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    with no_waiting(), pytest.raises(WouldWaitError), lock:
        pass
    over.set()
    thread.join()

    with no_waiting(), lock, lock:
        assert waiting.must_not_wait()


def test_only_the_thread_in_the_context_must_not_wait():
    """`check` raises there, and nowhere else."""
    waiting.check()

    with no_waiting(), pytest.raises(WouldWaitError):
        waiting.check()

    waiting.check()
