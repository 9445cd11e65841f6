"""Load on one URL over keep-alive connections: by wrk where there is one, else by asyncio in this process."""

import asyncio
import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import click
import numpy as np
from processes import TOKEN

_SCRIPT = Path(__file__).with_name("load.lua")
_LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What a server bore for a while."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    failed: int
    """Answers that were no success, and connections that broke."""

    @property
    def per_second(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


Tool = Callable[[str, int, float, "int | None"], Load]
"""Puts load on a URL: connections, seconds, and the first ``start_time`` if every query shall be new."""


def tool(name: str) -> tuple[str, Tool]:
    """The load generator of that *name*; ``auto`` takes wrk if it is installed."""
    if name == "auto":
        name = "wrk" if shutil.which("wrk") else "asyncio"
    if name == "wrk" and not shutil.which("wrk"):
        raise click.ClickException("there is no wrk on the PATH; install it or use --load-tool asyncio")
    return name, by_wrk if name == "wrk" else by_asyncio


def by_wrk(url: str, connections: int, seconds: float, first_start: int | None) -> Load:
    """One thread of wrk; it counts answers of 400 and above as failed."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "-s", str(_SCRIPT), url]
    arguments = ["--", TOKEN] + ([] if first_start is None else [str(first_start)])
    done = subprocess.run(
        command + arguments, capture_output=True, text=True, check=False, timeout=30 + seconds
    )
    try:
        return Load(**json.loads(done.stdout.splitlines()[-1]))
    except (ValueError, IndexError, TypeError) as error:
        raise click.ClickException(f"wrk failed: {done.stdout}{done.stderr}") from error


def by_asyncio(url: str, connections: int, seconds: float, first_start: int | None) -> Load:
    """Plain sockets on one event loop; slower than wrk, so it may be what limits a fast answer."""
    return asyncio.run(_run(url, connections, seconds, first_start))


async def _run(url: str, connections: int, seconds: float, first_start: int | None) -> Load:
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}"
    head = f" HTTP/1.1\r\nHost: {parts.netloc}\r\nX-Auth-Token: {TOKEN}\r\n\r\n"
    tally = _Tally()
    if first_start is None:
        same = f"GET {target}{head}".encode()
        tally.request = lambda: same
    else:
        starts = count(first_start + 1)

        def fresh() -> bytes:
            return f"GET {target}&start_time={next(starts)}{head}".encode()

        tally.request = fresh
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    opened = [
        await loop.create_connection(lambda: _Connection(tally), parts.hostname or "", parts.port or 80)
        for _ in range(connections)
    ]
    await asyncio.sleep(seconds)
    tally.closing = True
    elapsed = time.perf_counter() - began
    for transport, _ in opened:
        transport.close()
    if not tally.latencies:
        raise click.ClickException(f"{url} gave no answer within {seconds} s")
    p50, p99 = (1000 * float(value) for value in np.percentile(tally.latencies, [50, 99]))
    return Load(len(tally.latencies), elapsed, p50, p99, tally.failed)


@dataclass
class _Tally:
    """What all connections of one run share."""

    request: Callable[[], bytes] = bytes
    latencies: list[float] = field(default_factory=list)
    failed: int = 0
    closing: bool = False


class _Connection(asyncio.Protocol):
    """Asks, waits for the whole answer, asks again."""

    def __init__(self, tally: _Tally) -> None:
        self._tally = tally
        self._received = b""
        self._asked = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not end or (length and len(body) < int(length[1])):
            return
        self._tally.latencies.append(time.perf_counter() - self._asked)
        self._tally.failed += not head.startswith(b"HTTP/1.1 200") or length is None
        if not self._tally.closing:
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._tally.failed += not self._tally.closing

    def _ask(self) -> None:
        self._received = b""
        self._asked = time.perf_counter()
        if self._transport:
            self._transport.write(self._tally.request())
