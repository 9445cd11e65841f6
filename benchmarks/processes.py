"""Servers as child processes: on a free port of 127.0.0.1, and stopped whatever happens."""

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
"""Seconds a server may take to answer."""
_FAREWELL = 5
"""Seconds a server may take to stop by itself."""


@dataclass(frozen=True)
class Server:
    """A running server, with all the processes it started."""

    name: str
    port: int
    process: psutil.Popen
    log: Path
    launched: float
    """When it was launched, by `time.perf_counter`."""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def ask(self, ask: Ask, number: int = 0) -> tuple[int, bytes]:
        """The status and body of one answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT)
        try:
            connection.request("GET", ask.at(number), headers=dict(ask.headers))
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def first_answer(self, ask: Ask) -> bytes:
        """Ask until there is an answer with the right status."""
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
        """Resident memory in MB, of all its processes; what they share counts once for each."""
        return _resident(self.family())

    def family(self) -> list[psutil.Process]:
        """Its process and those it started."""
        return [self.process, *self.process.children(recursive=True)]


Look = Callable[[Server], "str | None"]
"""Asks a server something, and says what is wrong about its answer."""


class Watch:
    """Looks at a server's memory twice a second, and at its answers."""

    def __init__(self, server: Server, look: Look | None = None) -> None:
        self.peak = 0.0
        """MB."""
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
        family = self._server.family()  # looked up once: that takes a while
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
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment() -> dict[str, str]:
    """The environment without what would change the mock, or keep Python from saving bytecode."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MOCKCBS_") and name != "PYTHONDONTWRITEBYTECODE"
    }


@contextmanager
def running(name: str, command: list[str], port: int, folder: Path) -> Iterator[Server]:
    """Run a server in *folder*, in a process group of its own; stop all of the group at the end."""
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
