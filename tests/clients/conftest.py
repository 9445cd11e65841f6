"""Live servers for real clients: started as users start them, stopped as users stop them."""

import os
import queue
import re
import shlex
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import IO

import pytest

_TIMEOUT = 30.0
"""Seconds a server may take to say where it listens, on a busy machine."""
_FAREWELL = 10.0
"""Seconds a server may take to stop."""
_URL = re.compile(r"https?://(?:\[[^\]]+\]|[^\s:/]+):\d+")


@dataclass
class Served:
    """A running ``mockcbs serve`` and what it printed when it was ready."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    errors: str = ""
    """What it wrote to stderr; filled when it has stopped."""
    stderr: IO[str] | None = None

    def logged(self) -> str:
        """What it has written to stderr so far."""
        return os.pread(self.stderr.fileno(), 2**20, 0).decode()

    @property
    def url(self) -> str:
        """The base URL, as printed."""
        return next(found[0] for line in self.lines if (found := _URL.search(line)))

    @property
    def port(self) -> int:
        """The port of the base URL."""
        return int(self.url.rpartition(":")[2])

    @property
    def curl(self) -> str:
        """The curl line, as printed."""
        return next(line.strip() for line in self.lines if line.lstrip().startswith("curl "))

    @property
    def ca_file(self) -> str:
        """The CA certificate the curl line trusts."""
        words = shlex.split(self.curl)
        return words[words.index("--cacert") + 1]


Serving = Callable[..., AbstractContextManager[Served]]


@contextmanager
def _serving(
    *options: str, env: dict[str, str] | None = None, port: str | None = "0", killed: bool = False
) -> Iterator[Served]:
    """Start a server, wait until it is ready, yield it, stop it and insist that it stops well.

    One that is to be *killed* gets SIGKILL instead.
    """
    command = [sys.executable, "-m", "mockcbs", "serve", *(["--port", port] if port else []), *options]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as stderr:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=stderr, encoding="utf-8", env=environment(env)
        )
        served = Served(process, stderr=stderr)
        printed: queue.SimpleQueue[str] = queue.SimpleQueue()
        reader = threading.Thread(target=_read, args=(process, printed), daemon=True)
        reader.start()
        try:
            _await_ready(served, printed, stderr, quiet="--quiet" in options)
            yield served
            if process.poll() is None and not killed:
                stop(process)
        finally:
            process.kill()
            process.wait()
            reader.join(_TIMEOUT)
            while not printed.empty():
                served.lines.append(printed.get())
            stderr.seek(0)
            served.errors = stderr.read()
    assert process.returncode == (-9 if killed else 0), served.errors
    assert "Traceback" not in served.errors, served.errors


def environment(more: dict[str, str] | None = None) -> dict[str, str]:
    """The environment of this process without settings of mockcbs, and *more*."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOCKCBS_")}
    return {**kept, **(more or {})}


def stop(process: subprocess.Popen[str], send: Callable[[], None] | None = None) -> None:
    """Ask a server to stop (SIGTERM, or as *send* does) and insist that it does so soon, with status 0."""
    asked = time.monotonic()
    (send or process.terminate)()
    try:
        status = process.wait(5 * _FAREWELL)
    except subprocess.TimeoutExpired:
        pytest.fail(f"the server did not stop within {5 * _FAREWELL} s")
    took = time.monotonic() - asked
    assert status == 0
    assert took < _FAREWELL, f"the server took {took:.2f} s to stop"


def _read(process: subprocess.Popen[str], printed: "queue.SimpleQueue[str]") -> None:
    with process.stdout:
        for line in process.stdout:
            printed.put(line.rstrip("\n"))


def _await_ready(served: Served, printed: "queue.SimpleQueue[str]", stderr: IO[str], *, quiet: bool) -> None:
    deadline = time.monotonic() + _TIMEOUT
    last = _URL if quiet else re.compile("Ctrl-C")
    while not (served.lines and last.search(served.lines[-1])):
        try:
            served.lines.append(printed.get(timeout=0.1))
        except queue.Empty:
            if (status := served.process.poll()) is not None:
                stderr.seek(0)
                pytest.fail(f"the server ended with status {status}:\n{stderr.read()}")
            assert time.monotonic() < deadline, f"not ready after {_TIMEOUT} s; it printed {served.lines}"


@pytest.fixture(scope="session", autouse=True)
def _no_proxy() -> Iterator[None]:
    """Clients must not send calls to this machine through a proxy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")
        patch.setenv("no_proxy", "127.0.0.1")
        yield


@pytest.fixture(scope="session")
def serving() -> Serving:
    """Start a server with options of serve, for the length of a ``with`` block."""
    return _serving


@pytest.fixture(scope="session")
def _shared() -> Iterator[Callable[..., Served]]:
    """Start a server that lives until the end of the session."""
    with ExitStack() as stack:
        yield lambda *options: stack.enter_context(_serving(*options))


@pytest.fixture(scope="session")
def server(_shared: Callable[..., Served]) -> Served:
    """A server with default settings."""
    return _shared()


@pytest.fixture(scope="session")
def strict_server(_shared: Callable[..., Served]) -> Served:
    """A strict server."""
    return _shared("--strict")


@pytest.fixture(scope="session")
def tls_server(_shared: Callable[..., Served]) -> Served:
    """A server that speaks TLS; `Served.ca_file` vouches for it."""
    return _shared("--tls")
