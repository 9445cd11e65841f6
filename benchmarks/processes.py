"""Servers as child processes on a free port of 127.0.0.1, which are always stopped."""

import http.client
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import click
import psutil
from work import Ask

_TIMEOUT = 60
"""The time in which a server must respond, in s."""
_FAREWELL = 5
"""The time in which a server must stop by itself, in s."""


@dataclass(frozen=True)
class Server:
    """A running server with all of its processes."""

    name: str
    port: int
    process: psutil.Popen
    log: Path
    launched: float
    """The time of the start, from `time.perf_counter`."""

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.port}"

    def ask(self, ask: Ask, number: int = 0) -> tuple[int, bytes]:
        """The status and the body of one response."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT)
        try:
            connection.request("GET", ask.at(number), headers=dict(ask.headers))
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def first_answer(self, ask: Ask) -> bytes:
        """Repeat a request until a response has the right status."""
        last: object = "nothing"
        while time.perf_counter() - self.launched < _TIMEOUT:
            if self.process.poll() is not None:
                break
            try:
                status, body = self.ask(ask)
            except (OSError, http.client.HTTPException) as error:
                last = error
            else:
                if status == ask.status:
                    return body
                last = f"{status} {body[:200]!r}"
            time.sleep(0.002)
        written = self.log.read_text("utf-8", "replace")[-500:]
        raise click.ClickException(f"{self.name} did not start: {last}. It wrote: {written}")

    def resident(self) -> float:
        """The resident memory of all processes, in MB; shared memory counts once for each process."""
        return _resident(self.family())

    def family(self) -> list[psutil.Process]:
        """The process and its descendants."""
        return [self.process, *self.process.children(recursive=True)]


Look = Callable[[Server], "str | None"]
"""Sends a request to a server and returns what is wrong with the response, or an empty text."""


class Watch:
    """Reads the memory of a server twice a second and checks its responses."""

    def __init__(self, server: Server, look: Look | None = None) -> None:
        self.peak = 0.0
        """The maximum memory, in MB."""
        self.wrong: list[str] = []
        self._server, self._look = server, look
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        family = self._server.family()  # the processes are looked up once, as that is slow
        while True:
            self.peak = max(self.peak, _resident(family))
            if self._look:
                self._note(self._look)
            if self._over.wait(0.5):
                return

    def _note(self, look: Look) -> None:
        try:
            complaint = look(self._server)
        except (OSError, http.client.HTTPException) as error:
            complaint = f"no answer: {error!r}"
        if complaint:
            self.wrong.append(complaint)


def _resident(family: list[psutil.Process]) -> float:
    total = 0
    for process in family:
        with suppress(psutil.NoSuchProcess):
            total += process.memory_info().rss
    return total / 1e6


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment() -> dict[str, str]:
    """The environment without the variables that change the mock or turn off bytecode."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MOCKCBS_") and name != "PYTHONDONTWRITEBYTECODE"
    }


@contextmanager
def running(name: str, command: list[str], port: int, folder: Path) -> Iterator[Server]:
    """Run a server in *folder* as a process group; stop the whole group at the end."""
    log = folder / f"{name}-{port}.log"
    with log.open("wb") as written:
        launched = time.perf_counter()
        process = psutil.Popen(
            command,
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield Server(name, port, process, log, launched)
        finally:
            _stop(process)


def _stop(process: psutil.Popen) -> None:
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
        except ProcessLookupError:
            break
        try:
            process.wait(_FAREWELL)
        except (subprocess.TimeoutExpired, psutil.TimeoutExpired):
            continue
    if process.poll() is None:
        process.wait()
