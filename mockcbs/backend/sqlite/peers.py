"""Workers that send each other JSON over local sockets."""

import contextlib
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Listener
from pathlib import Path
from typing import Any

from mockcbs.core.errors import UserError
from mockcbs.core.peers import Responses
from mockcbs.core.platform import local_connection, local_listener

log = logging.getLogger("mockcbs")

MAX_WORKERS = 64

_MAX_PATH = 103
"""The maximum length of a socket's name in bytes, on the strictest system."""
_TIMEOUT = 1.0
"""The timeout for the responses of all other workers together, in seconds."""
_SKIP_SECONDS = 10.0
"""The seconds in which a worker that did not respond gets no further request."""
_BACKLOG = 64
"""The maximum number of waiting connections at a worker."""


class LocalPeers:
    """The workers of one server, which listen in a folder that only they can read.

    A thread responds, so that two workers that call each other do not block each other.
    """

    def __init__(self, folder: Path, count: int) -> None:
        """Raises `UserError` if the name of *folder* is too long for sockets in it."""
        self._folder, self._count = folder, count
        if len(bytes(self._path(count))) > _MAX_PATH:
            raise UserError(
                f"--workers: {str(folder)!r} is too long a name for sockets, set a shorter TMPDIR"
            )
        self._origin = time.monotonic_ns()
        self._handlers: dict[str, Callable[..., Any]] = {}
        self._slot = 0
        self._skipped: dict[int, float] = {}
        """The workers that did not respond, each with the time until which it gets no request."""

    @property
    def name(self) -> str:
        """The name of this worker."""
        return _name(self._slot)

    def join(self, slot: int) -> None:
        """Become the worker with that number; from now on it responds to the others."""
        self._slot = slot
        path = self._path(slot)
        path.unlink(missing_ok=True)
        listener = local_listener(path, _BACKLOG)
        threading.Thread(target=self._listen, args=(listener,), name="peers", daemon=True).start()

    def handle(self, subject: str, handler: Callable[..., Any]) -> None:
        """Call *handler* with the details of every request about *subject*, and send its result."""
        self._handlers[subject] = handler

    def request(self, subject: str, *details: Any) -> Responses:
        """Ask all other workers about *subject*; dead ones are left out."""
        responses, missing, deadline = Responses(), [], time.monotonic() + _TIMEOUT
        message = _encode([subject, *details])
        with contextlib.ExitStack() as stack:
            sent = []
            for slot in range(self._count):
                if slot == self._slot:
                    continue
                if self._skipped.get(slot, 0.0) > time.monotonic():
                    missing.append(slot)
                    continue
                try:
                    peer = stack.enter_context(local_connection(self._path(slot), _TIMEOUT))
                    peer.send_bytes(message)
                    sent.append((slot, peer))
                except (ConnectionRefusedError, FileNotFoundError):
                    continue
                except OSError:
                    missing.append(self._skip(slot))
            for slot, peer in sent:
                try:
                    if peer.poll(max(0.0, deadline - time.monotonic())):
                        responses.append(json.loads(peer.recv_bytes()))
                    else:
                        missing.append(self._skip(slot))
                except (OSError, EOFError):
                    missing.append(slot)
        responses.missing = tuple(map(_name, sorted(missing)))
        return responses

    def _skip(self, slot: int) -> int:
        log.warning("worker %d did not answer another in %.0f s, and is left out", slot, _TIMEOUT)
        self._skipped[slot] = time.monotonic() + _SKIP_SECONDS
        return slot

    def numbers(self) -> Iterator[int]:
        """Microseconds since the start, followed by the slot of this worker."""
        latest = 0
        while True:
            latest = max(latest + 1, (time.monotonic_ns() - self._origin) // 1000)
            yield latest * MAX_WORKERS + self._slot

    def forget_lost(self, *names: str) -> None:
        """Do nothing: dead workers are left out at once."""

    def _path(self, slot: int) -> Path:
        return self._folder / f"worker-{slot}"

    def _listen(self, listener: Listener) -> None:
        while True:
            try:
                with listener.accept() as peer:
                    subject, *details = json.loads(peer.recv_bytes())
                    peer.send_bytes(_encode(self._handlers[subject](*details)))
            except (OSError, EOFError):  # the worker that sent the request has died
                continue
            except Exception:
                log.exception("a bug in mockcbs: another worker was not answered")


def _name(slot: int) -> str:
    return f"worker {slot}"


def _encode(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")
