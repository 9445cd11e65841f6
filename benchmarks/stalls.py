"""Measures how long others wait while one client is slow: `python benchmarks/stalls.py [CASE ...]`.

For each case a server starts, and two clients send requests without a pause: one for `/_mockcbs/ready`, one
for session-stats of an ordinary bot, each time with another range. Their times are measured first on the idle
server, then while a third client does something slow. The case is met if the 99th percentile is at most five
times that of the idle server, and no request takes over 50 ms more than that.
"""

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stall_cases import CASES, DATASET, DAY, NOW, ORDINARY, TOKEN, Client, statistics

TIMES, MORE_MS = 5, 50
"""The accepted ratio of the 99th percentiles, and by how many ms the worst request may exceed that limit."""
IDLE_SECONDS, BUSY_SECONDS = 2.0, 5.0
HEAD = """
| while one client does this, for s | | `ready`: idle | meanwhile | session-stats: idle | meanwhile | |
|---|---:|---:|---:|---:|---:|---|"""


@dataclass(frozen=True)
class Waits:
    """The times of the requests of one client, in ms."""

    p50: float
    p99: float
    worst: float

    @classmethod
    def of(cls, times: list[float]) -> "Waits":
        """The statistics of these times."""
        ordered = sorted(times)
        return cls(ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)], ordered[-1])

    def __str__(self) -> str:
        return f"{self.p50:.1f} / {self.p99:.1f} / {self.worst:.0f}"


@dataclass(frozen=True)
class Finding:
    """The result of a case: times by the kind of request."""

    title: str
    seconds: float
    idle: dict[str, Waits]
    beside: dict[str, Waits]

    @property
    def met(self) -> bool:
        """Whether the times are within the limits."""
        return all(
            waits.p99 <= TIMES * self.idle[kind].p99 and waits.worst <= TIMES * self.idle[kind].p99 + MORE_MS
            for kind, waits in self.beside.items()
        )

    def row(self) -> str:
        """A row of the table."""
        cells = [self.title, f"{self.seconds:.1f}"]
        for kind in self.idle:
            cells += [str(self.idle[kind]), str(self.beside[kind])]
        return f"| {' | '.join([*cells, 'met' if self.met else '**missed**'])} |"


def serve(name: str, to: Any) -> None:
    """Serve the mock of a case and send its port to the pipe."""
    import gc

    from mockcbs import Settings, create_app
    from mockcbs.server.server import Server, bind
    from mockcbs.web.cache.response_cache import ResponseCache

    case = CASES[name]
    with tempfile.TemporaryDirectory() as folder:
        dataset = Path(folder) / "stalls.yaml"
        dataset.write_text(DATASET, "utf-8")
        app = create_app(Settings(dataset=str(dataset), now=NOW, **case.settings))
        if case.prepare:
            case.prepare(app)
        gc.freeze()
        listener = bind("127.0.0.1", 0)
        app.extensions["mockcbs"].start()
        Server(ResponseCache(app), on_ready=lambda: to.send(listener.getsockname()[1])).run([listener])


def probe(port: int, kind: str, messages: Any) -> None:
    """Send requests; answer each message with the times (ms) of the requests since the message before."""
    client, times, number = Client(port), [], 0
    while True:
        number += 1
        began = time.perf_counter()
        if kind == "ready":
            status, _ = client("GET", "/_mockcbs/ready")
        else:
            path = statistics(ORDINARY, start_time=NOW - 30 * DAY + number)
            status, _ = client("GET", path, None, TOKEN)
        times.append(1000 * (time.perf_counter() - began))
        if status != 200:
            raise RuntimeError(f"{kind}: {status}")
        if messages.poll():
            messages.recv()
            messages.send(times)
            times = []
        time.sleep(0.001)


@contextmanager
def child(target: Callable[..., None], *arguments: Any) -> Iterator[Any]:
    """A child process and the pipe to it."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=target, args=(*arguments, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        process.terminate()
        process.join()


def measure(name: str) -> Finding:
    """Run one case."""
    case = CASES[name]
    with child(serve, name) as server:
        port = server.recv()
        with child(probe, port, "ready") as ready, child(probe, port, "stats") as stats:
            probes = {"ready": ready, "stats": stats}
            time.sleep(1.0)
            _times(probes)
            time.sleep(IDLE_SECONDS)
            idle = _times(probes)
            client, began = Client(port), time.monotonic()
            case.act(client, began + BUSY_SECONDS)
            beside, seconds = _times(probes), time.monotonic() - began
    return Finding(case.title, seconds, idle, beside)


def _times(probes: dict[str, Any]) -> dict[str, Waits]:
    for one in probes.values():
        one.send("times, please")
    return {kind: Waits.of(one.recv()) for kind, one in probes.items()}


def main() -> None:
    """Print the table."""
    print(f"p50 / p99 / worst in ms; load average {os.getloadavg()[0]:.1f}\n{HEAD}", flush=True)
    for name in sys.argv[1:] or CASES:
        print(measure(name).row(), flush=True)


if __name__ == "__main__":
    main()
