"""Several processes that serve one mock, and the parent that starts and replaces them."""

import asyncio
import gc
import logging
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import connection, get_context
from multiprocessing.process import BaseProcess
from typing import Any

from mockcbs.core.errors import UserError
from mockcbs.core.platform import STOP_SIGNALS, stop_signals_blocked, unblock_stop_signals

log = logging.getLogger("mockcbs")

_STOP_TIMEOUT = 5.0
"""The time in which a worker must stop before it is killed, in s."""
_SIGNAL_CHECK = 1.0
"""The interval at which the parent checks for signals, in s; a signal just before a wait does not wake it."""
_MAX_DEATHS, _DEATH_WINDOW = 10, 60.0
"""The number of workers that may die, and the seconds in which they may; then the server stops."""

Work = Callable[[int, Callable[[], None]], None]
"""Serves as the worker with that number until SIGTERM. It calls back on its loop when it is ready."""


class Workers:
    """Starts the workers, replaces those that die, and stops them at a signal.

    They are forked, so that they share the memory of what was imported and read before. Each has the read end
    of a pipe, the `lifeline`; only the parent has the write end. When the parent ends for any reason, the
    workers read the end of the pipe and stop.
    """

    def __init__(self, count: int, work: Work) -> None:
        self._count, self._work = count, work
        self._fork = get_context("fork")
        self._lifeline, self._parents_end = self._fork.Pipe(duplex=False)
        self._processes: dict[int, BaseProcess] = {}
        self._starting: dict[int, Any] = {}
        self._deaths: deque[float] = deque(maxlen=_MAX_DEATHS)
        self._stopping = self._given_up = False

    def run(self, on_ready: Callable[[], None]) -> None:
        """Serve until a signal. *on_ready* is called once, when all workers are ready.

        Raises `UserError` if workers keep dying.
        """
        with _handled(self._stop):
            gc.freeze()
            for slot in range(self._count):
                self._start(slot)
            while self._starting and not self._stopping:
                self._wait()
            if not self._stopping:
                on_ready()
            while self._processes:
                self._wait()
        if self._given_up:
            raise UserError(
                f"{_MAX_DEATHS} workers died within {_DEATH_WINDOW:.0f} s; the log has the status of each"
            )

    def _start(self, slot: int) -> None:
        """Fork a worker. A signal during the fork waits until both processes handle it."""
        ready, sender = self._fork.Pipe(duplex=False)
        process = self._fork.Process(target=self._serve, args=(slot, sender), daemon=True)
        with stop_signals_blocked():
            process.start()
            self._processes[slot], self._starting[slot] = process, ready
        sender.close()
        if self._stopping:  # the signal came before the process existed
            process.terminate()

    def _serve(self, slot: int, sender: Any) -> None:
        """The code of a worker."""
        self._parents_end.close()
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        unblock_stop_signals()

        def ready() -> None:
            asyncio.get_running_loop().add_reader(self._lifeline.fileno(), self._stop_without_parent)
            gc.freeze()
            gc.enable()
            with suppress(OSError):
                sender.send(slot)

        self._work(slot, ready)

    def _stop_without_parent(self) -> None:
        asyncio.get_running_loop().remove_reader(self._lifeline.fileno())
        os.kill(os.getpid(), signal.SIGTERM)

    def _wait(self) -> None:
        """Wait until a worker is ready or has died."""
        stopping = self._stopping
        sentinels = {process.sentinel: slot for slot, process in self._processes.items()}
        timeout = _STOP_TIMEOUT if stopping else _SIGNAL_CHECK
        found = connection.wait([*sentinels, *self._starting.values()], timeout)
        for slot, ready in list(self._starting.items()):
            if ready in found:
                del self._starting[slot]
        for sentinel, slot in sentinels.items():
            if sentinel in found:
                self._replace(slot)
        if stopping and not found:
            for process in self._processes.values():
                process.kill()

    def _replace(self, slot: int) -> None:
        """Start another worker for one that died, unless the server stops or too many have died."""
        process = self._processes.pop(slot)
        process.join()
        if self._stopping:
            return
        log.warning("worker %d ended with status %s, another takes its place", slot, process.exitcode)
        self._deaths.append(time.monotonic())
        if len(self._deaths) == _MAX_DEATHS and self._deaths[-1] - self._deaths[0] < _DEATH_WINDOW:
            self._given_up = True
            self._stop()
        else:
            self._start(slot)

    def _stop(self, *_: Any) -> None:
        """Stop all workers."""
        self._stopping = True
        for process in self._processes.values():
            process.terminate()


@contextmanager
def _handled(handler: Callable[..., None]) -> Iterator[None]:
    """Let *handler* handle the signals that stop a server."""
    before = {number: signal.signal(number, handler) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)
