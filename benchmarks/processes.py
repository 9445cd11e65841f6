"""Servers as child processes: on a free port of 127.0.0.1, and stopped whatever happens."""

import http.client
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click
import psutil

TOKEN = "any-token"
_PATIENCE = 60
"""Seconds a server may take to say that it is ready."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    pid: int
    launched: float
    """When it was launched, by `time.perf_counter`."""

    def get(self, target: str) -> bytes:
        """The body at *target*; an answer other than 200 ends the run."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=_PATIENCE)
        try:
            connection.request("GET", target, headers={"X-Auth-Token": TOKEN})
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        if response.status != http.HTTPStatus.OK:
            raise click.ClickException(f"{self.url}{target} answered {response.status}: {body[:300]!r}")
        return body

    def resident(self) -> float:
        """Resident memory in MB."""
        return float(psutil.Process(self.pid).memory_info().rss) / 1e6


def mockcbs_command(*arguments: str) -> list[str]:
    """The ``mockcbs`` command of the Python that runs this."""
    beside = Path(sys.executable).with_name("mockcbs.exe" if os.name == "nt" else "mockcbs")
    program = [str(beside)] if shutil.which(beside) else [sys.executable, "-m", "mockcbs"]
    return [*program, *arguments]


def environment() -> dict[str, str]:
    """The environment without what would change the mock, or keep Python from saving bytecode."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MOCKCBS_") and name != "PYTHONDONTWRITEBYTECODE"
    }


@contextmanager
def serving(command: list[str]) -> Iterator[Server]:
    """Run a server that prints its base URL once it listens; stop it at the end."""
    launched = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment())
    watchdog = threading.Timer(_PATIENCE, process.kill)
    watchdog.start()
    try:
        url = process.stdout.readline().strip() if process.stdout else ""
        watchdog.cancel()
        if not url.startswith("http://127.0.0.1:"):
            raise click.ClickException(f"{' '.join(command)} did not start; it printed {url!r}")
        yield Server(url, process.pid, launched)
    finally:
        watchdog.cancel()
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()
