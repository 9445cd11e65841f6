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
"""Bytes of the name of a socket, on the strictest of systems."""
_TIMEOUT = 1.0
"""Seconds that all the others together have to respond."""
_SKIP_SECONDS = 10.0
"""A worker that did not respond gets no request for so long."""
_BACKLOG = 64
"""Connections of others that may wait at a worker."""


class LocalPeers:
    """The workers of one server, which listen in a folder that only they can enter.

    Responses come from a thread, so that two workers that request from each other do not wait for ever.
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
        """Workers that did not respond, and until when they get no request."""

    @property
    def name(self) -> str:
        """The name of this worker."""
        return _name(self._slot)

    def join(self, slot: int) -> None:
        """Become the worker with that number, and respond to the others from now on."""
        self._slot = slot
        path = self._path(slot)
        path.unlink(missing_ok=True)
        listener = local_listener(path, _BACKLOG)
        threading.Thread(target=self._listen, args=(listener,), name="peers", daemon=True).start()

    def handle(self, subject: str, handler: Callable[..., Any]) -> None:
        """Call *handler* with the details of every request about *subject*, and send what it returns."""
        self._handlers[subject] = handler

    def request(self, subject: str, *details: Any) -> Responses:
        """Ask every other worker about *subject*; one that has died is left out."""
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

    def forget_lost(self) -> None:
        """Do nothing: a worker that has died is left out at once."""

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
