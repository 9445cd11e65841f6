"""Workers that ask each other over local sockets."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Listener
from pathlib import Path
from typing import Any

from mockcbs.core.errors import UserError
from mockcbs.core.peers import Answers
from mockcbs.core.platform import local_connection, local_listener

log = logging.getLogger("mockcbs")

MAX_WORKERS = 64

_MAX_PATH = 103
"""Bytes of the name of a socket, on the strictest of systems."""
_TIMEOUT = 1.0
"""Seconds the others have to answer, all together."""
_SKIP_SECONDS = 10.0
"""For so long after that a worker that did not answer is not asked again."""
_BACKLOG = 64
"""Connections of others that wait at a worker."""


class LocalPeers:
    """The workers of one server, who listen in a folder that only they can enter.

    A thread answers, so that two who ask each other both get their answer.
    """

    def __init__(self, folder: Path, count: int) -> None:
        """Raises `UserError` if the name of *folder* leaves no room for theirs."""
        self._folder, self._count = folder, count
        if len(bytes(self._path(count))) > _MAX_PATH:
            raise UserError(
                f"--workers: {str(folder)!r} is too long a name for sockets, set a shorter TMPDIR"
            )
        self._origin = time.monotonic_ns()
        self._answers: dict[str, Callable[..., Any]] = {}
        self._slot = 0
        self._skipped: dict[int, float] = {}
        """Workers that did not answer, and until when they are not asked."""

    def join(self, slot: int) -> None:
        """Be the worker with that number, and answer the others from now on."""
        self._slot = slot
        path = self._path(slot)
        path.unlink(missing_ok=True)
        listener = local_listener(path, _BACKLOG)
        threading.Thread(target=self._listen, args=(listener,), name="peers", daemon=True).start()

    def tell(self, what: str, answer: Callable[..., Any]) -> None:
        """Let the others ask *what* of this one."""
        self._answers[what] = answer

    def ask(self, what: str, *details: Any) -> Answers:
        """What each of the others answers within a second; one that has died has nothing to tell."""
        answers, missing, deadline = Answers(), [], time.monotonic() + _TIMEOUT
        with contextlib.ExitStack() as stack:
            asked = []
            for slot in range(self._count):
                if slot == self._slot:
                    continue
                if self._skipped.get(slot, 0.0) > time.monotonic():
                    missing.append(slot)
                    continue
                try:
                    peer = stack.enter_context(local_connection(self._path(slot), _TIMEOUT))
                    peer.send((what, details))
                    asked.append((slot, peer))
                except (ConnectionRefusedError, FileNotFoundError):
                    continue
                except OSError:
                    missing.append(self._skip(slot))
            for slot, peer in asked:
                try:
                    if peer.poll(max(0.0, deadline - time.monotonic())):
                        answers.append(peer.recv())
                    else:
                        missing.append(self._skip(slot))
                except (OSError, EOFError):
                    missing.append(slot)
        answers.missing = tuple(sorted(missing))
        return answers

    def _skip(self, slot: int) -> int:
        log.warning("worker %d did not answer another in %.0f s, and is left out", slot, _TIMEOUT)
        self._skipped[slot] = time.monotonic() + _SKIP_SECONDS
        return slot

    def numbers(self) -> Iterator[int]:
        """Microseconds since the start, and the slot of this worker behind them."""
        latest = 0
        while True:
            latest = max(latest + 1, (time.monotonic_ns() - self._origin) // 1000)
            yield latest * MAX_WORKERS + self._slot

    def _path(self, slot: int) -> Path:
        return self._folder / f"worker-{slot}"

    def _listen(self, listener: Listener) -> None:
        while True:
            try:
                with listener.accept() as peer:
                    what, details = peer.recv()
                    peer.send(self._answers[what](*details))
            except (OSError, EOFError):  # whoever asked has died
                continue
            except Exception:
                log.exception("a bug in mockcbs: another worker was not answered")
