"""What differs between Unix and Windows: no other module asks which of them it runs on."""

import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any

CAN_FORK = hasattr(os, "fork")
"""Whether a process can be forked; only then can a server have several workers."""

STOP_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)
)
"""The signals that stop a server: Ctrl-C, `kill`, and Ctrl-Break on Windows."""

_PEER_CLOSED = getattr(select, "EPOLLRDHUP", None)
_MIN_PAUSE, _MAX_PAUSE = 0.000_05, 0.001
"""Seconds between two looks at a lock."""
_LINGER = "ii" if CAN_FORK else "hh"
"""The layout of C's ``struct linger``: Windows has shorts."""


def after_fork(in_child: Callable[[], object]) -> None:
    """Call *in_child* in every process that is forked from this one."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=in_child)


def kill_group(process: "subprocess.Popen[Any]") -> None:
    """Kill *process*, and on Unix everything in its process group; nothing happens if it has ended."""
    with suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


@contextmanager
def stop_signals_blocked() -> Iterator[None]:
    """Hold back the signals that stop a server; where they cannot be held back, nothing happens."""
    _mask("SIG_BLOCK")
    try:
        yield
    finally:
        unblock_stop_signals()


def unblock_stop_signals() -> None:
    """Let the signals that stop a server through again."""
    _mask("SIG_UNBLOCK")


def _mask(how: str) -> None:
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(getattr(signal, how), STOP_SIGNALS)


def lock_within(descriptor: int, seconds: float) -> bool:
    """Lock an open file; false if another process has it locked for so long.

    No system has a lock with a timeout, so this looks again and again, at most a millisecond apart.
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
    """Let other processes lock an open file."""
    _locking(descriptor, "LOCK_UN", "LK_UNLCK")


def _locking(descriptor: int, flag: str, mode: str, *more: str) -> None:
    """Use ``flock`` with *flag* and *more*, or Windows' lock of the first byte with *mode*."""
    if CAN_FORK:
        fcntl = import_module("fcntl")
        fcntl.flock(descriptor, sum(getattr(fcntl, name) for name in (flag, *more)))
    else:
        msvcrt = import_module("msvcrt")
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, getattr(msvcrt, mode), 1)


def file_to_lock(database: Path) -> Path:
    """The file to lock so that no other server uses *database*, under whatever name it knows it.

    Linux lets one lock the database itself, as SQLite's locks are of another kind there; elsewhere the two
    would be in each other's way, and a file beside it is locked.
    """
    return database if sys.platform == "linux" else database.with_name(f"{database.name}-lock")


def local_listener(path: Path, backlog: int) -> Listener:
    """A listener that only processes of this machine reach, at *path*; needs `CAN_FORK`."""
    return Listener(str(path), "AF_UNIX", backlog=backlog)


def local_connection(path: Path, seconds: float) -> "Connection[Any, Any]":
    """A connection to a `local_listener`, each of whose steps takes at most so long.

    Raises `ConnectionRefusedError` or `FileNotFoundError` if nobody listens, another `OSError` if whoever
    listens does not take the connection.
    """
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
    """Something readable as soon as the other end of a socket has closed it, whatever it sent before.

    Linux alone can tell without reading what was sent; `None` elsewhere.
    """
    if _PEER_CLOSED is None or not hasattr(select, "epoll"):
        return None
    poll = select.epoll()
    poll.register(descriptor, _PEER_CLOSED)
    return poll


def has_input(descriptor: int) -> bool:
    """Whether a socket has received something that was not read yet, if it is only the end."""
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([descriptor], [], [], 0)[0])


def reset_when_closed(connection: Any) -> None:
    """Make a socket reset its connection when it is closed, instead of ending it in order."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(_LINGER, 1, 0))
