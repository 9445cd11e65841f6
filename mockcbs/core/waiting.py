"""Where a thread may wait, and where it may not: on the event loop of a server, all clients would wait."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_here = threading.local()
_MANY_ROWS = 500


class WouldWaitError(Exception):
    """Raised in place of waiting; the caller does the same again in another thread."""


class StartOver(BaseException):
    """The request is to be answered in a thread, from its beginning.

    It is no `Exception`, so that no error handler takes it for one.
    """


@contextmanager
def on_loop() -> Iterator[None]:
    """A context in which this thread, the event loop of a server, answers a request."""
    _here.is_loop = True
    try:
        yield
    finally:
        _here.is_loop = False


def leave_loop() -> None:
    """Make sure that what follows keeps nobody waiting but the client that wants it.

    To be called before work that may take over 20 ms, and before the request has changed anything: if it
    runs on the loop, it starts over in a thread. In a context of `no_waiting` the work is left to the caller.
    """
    check()
    if getattr(_here, "is_loop", False):
        raise StartOver


def leave_loop_for(rows: int) -> None:
    """The same, if work on so many rows of a table may take over 20 ms."""
    if rows > _MANY_ROWS:
        leave_loop()


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
