"""Where a thread may wait for a database, and where it may not: on the event loop, all clients would wait."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_here = threading.local()


class WouldWaitError(Exception):
    """Raised in place of waiting; the caller does the same again in another thread."""


@contextmanager
def no_waiting() -> Iterator[None]:
    """A context in which this thread must not wait."""
    before, _here.forbidden = getattr(_here, "forbidden", False), True
    try:
        yield
    finally:
        _here.forbidden = before


def must_not_wait() -> bool:
    """Whether this thread is in a context of `no_waiting`."""
    return getattr(_here, "forbidden", False)


def check() -> None:
    """Raise `WouldWaitError` if this thread must not wait."""
    if must_not_wait():
        raise WouldWaitError


class Lock:
    """A lock that one thread can take several times; one that must not wait gets `WouldWaitError`."""

    def __init__(self) -> None:
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=not must_not_wait()):
            raise WouldWaitError

    def __exit__(self, *_: object) -> None:
        self._lock.release()
