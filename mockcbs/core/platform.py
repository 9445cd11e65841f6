"""The differences between Unix and Windows; other modules do not check the platform."""

import os
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import subprocess
    from multiprocessing.connection import Connection, Listener

CAN_FORK = hasattr(os, "fork")
"""Whether a process can fork; only then can a server have several workers."""

STOP_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)
)
"""The signals that stop a server: Ctrl-C, `kill`, and Ctrl-Break on Windows."""

_PEER_CLOSED = getattr(select, "EPOLLRDHUP", None)
_MIN_PAUSE, _MAX_PAUSE = 0.000_05, 0.001
"""The pause between two attempts at a lock, in seconds."""
_LINGER = "ii" if CAN_FORK else "hh"
"""The layout of ``struct linger`` in C; Windows has shorts."""


def after_fork(in_child: Callable[[], object]) -> None:
    """Call *in_child* in every process that forks from this one."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=in_child)


def kill_group(process: "subprocess.Popen[Any]") -> None:
    """Kill *process*, on Unix with its process group; a process that has ended is ignored."""
    with suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


@contextmanager
def stop_signals_blocked() -> Iterator[None]:
    """A context in which the stop signals of a server wait.

    It has no effect where signals cannot be blocked.
    """
    _mask("SIG_BLOCK")
    try:
        yield
    finally:
        unblock_stop_signals()


def unblock_stop_signals() -> None:
    """Deliver the stop signals of a server again."""
    _mask("SIG_UNBLOCK")


def _mask(how: str) -> None:
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(getattr(signal, how), STOP_SIGNALS)


def lock_within(descriptor: int, seconds: float) -> bool:
    """Lock an open file; false if another process keeps the lock until the timeout.

    No system has a lock with a timeout, so this tries again at most every millisecond.
    """
    until, pause = time.monotonic() + seconds, _MIN_PAUSE
    while not try_lock(descriptor):
        if time.monotonic() >= until:
            return False
        time.sleep(pause)
        pause = min(2 * pause, _MAX_PAUSE)
    return True


def try_lock(descriptor: int) -> bool:
    """Lock an open file; false if another process has locked it."""
    try:
        _locking(descriptor, "LOCK_EX", "LK_NBLCK", "LOCK_NB")
    except OSError:
        return False
    return True


def unlock(descriptor: int) -> None:
    """Unlock an open file."""
    _locking(descriptor, "LOCK_UN", "LK_UNLCK")


def _locking(descriptor: int, flag: str, mode: str, *more: str) -> None:
    """Call ``flock`` with *flag* and *more*, or on Windows lock the first byte with *mode*."""
    if CAN_FORK:
        fcntl = import_module("fcntl")
        fcntl.flock(descriptor, sum(getattr(fcntl, name) for name in (flag, *more)))
    else:
        msvcrt = import_module("msvcrt")
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, getattr(msvcrt, mode), 1)


def file_to_lock(database: Path) -> Path:
    """The file whose lock reserves *database* for one server, even under another name.

    On Linux it is the database itself, because SQLite's locks are of another kind there. Elsewhere the two
    locks would conflict, so it is another file beside the database.
    """
    return database if sys.platform == "linux" else database.with_name(f"{database.name}-lock")


def local_listener(path: Path, backlog: int) -> "Listener":
    """A listener at *path* for processes of this machine; needs `CAN_FORK`."""
    from multiprocessing.connection import Listener  # noqa: PLC0415 - only several processes need it

    return Listener(str(path), "AF_UNIX", backlog=backlog)


def local_connection(path: Path, seconds: float) -> "Connection[Any, Any]":
    """A connection to a `local_listener`; each step has a timeout.

    Raises `ConnectionRefusedError` or `FileNotFoundError` without a listener, and another `OSError` if the
    listener does not accept.
    """
    from multiprocessing.connection import Connection  # noqa: PLC0415 - only several processes need it

    with socket.socket(getattr(socket, "AF_UNIX")) as client:  # noqa: B009 - mypy on Windows
        client.settimeout(seconds)
        client.connect(str(path))
        client.setblocking(True)
        whole, rest = divmod(seconds, 1)
        limit = struct.pack("ll", int(whole), int(rest * 1_000_000))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        return Connection(client.detach())


def disconnect_poll(descriptor: int) -> Any:
    """An object that becomes readable when the other end of a socket has closed it, even with unread data.

    Only Linux can report that without reading the data; `None` elsewhere.
    """
    if _PEER_CLOSED is None or not hasattr(select, "epoll"):
        return None
    poll = select.epoll()
    poll.register(descriptor, _PEER_CLOSED)
    return poll


def has_input(descriptor: int) -> bool:
    """Whether a socket has unread input, which may be its end only."""
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([descriptor], [], [], 0)[0])


def reset_when_closed(connection: Any) -> None:
    """Make a socket reset its connection when it is closed."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(_LINGER, 1, 0))
