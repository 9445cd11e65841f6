"""Places where a thread must not wait: on the event loop of a server, all clients would wait."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_here = threading.local()
_MANY_ROWS = 500
_PAUSE = 0.0002
"""The time in which a thread gives way, in s."""


class WouldWaitError(Exception):
    """Raised instead of waiting; the caller repeats the work in another thread."""


class StartOver(BaseException):
    """The request must start over in a thread.

    It is not an `Exception`, so that no error handler catches it.
    """


@contextmanager
def on_loop() -> Iterator[None]:
    """A context in which this thread, the event loop of a server, handles a request."""
    _here.request = object()
    try:
        yield
    finally:
        _here.request = None


def leave_loop() -> None:
    """Make sure that the following work does not block other clients.

    Call it before work that may take over 20 ms, and before the request changes anything: on the event loop,
    the request starts over in a thread. In a context of `no_waiting` it raises `WouldWaitError`.
    """
    check()
    if is_on_loop():
        raise StartOver


def is_on_loop() -> bool:
    """Whether this thread, the event loop of a server, handles a request."""
    return request_on_loop() is not None


def request_on_loop() -> object | None:
    """An object for the request that this thread, the event loop of a server, handles; else `None`."""
    return getattr(_here, "request", None)


def give_way() -> None:
    """Let other threads run. A thread with long work calls it about every millisecond.

    Without it, the event loop waits for `sys.getswitchinterval` whenever it has something to do.
    """
    time.sleep(_PAUSE)


def leave_loop_for(rows: int) -> None:
    """Call `leave_loop` if work on that number of table rows may take over 20 ms."""
    if rows > _MANY_ROWS:
        leave_loop()


class _NoWaiting:
    """Counts the nested contexts of this thread. A `contextmanager` takes 3.5 times as long."""

    def __enter__(self) -> None:
        _here.forbidden = getattr(_here, "forbidden", 0) + 1

    def __exit__(self, *_: object) -> None:
        _here.forbidden -= 1


no_waiting = _NoWaiting()
"""A context in which this thread must not wait."""


def must_not_wait() -> bool:
    """Whether this thread is in a context of `no_waiting`."""
    return getattr(_here, "forbidden", 0) > 0


def check() -> None:
    """Raise `WouldWaitError` if this thread must not wait."""
    if must_not_wait():
        raise WouldWaitError


class Lock:
    """A reentrant lock; a thread that must not wait gets `WouldWaitError`."""

    def __init__(self) -> None:
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=not must_not_wait()):
            raise WouldWaitError

    def __exit__(self, *_: object) -> None:
        self._lock.release()
