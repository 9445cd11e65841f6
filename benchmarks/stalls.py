"""Measures how long others wait while one client is slow: `python benchmarks/stalls.py [CASE ...]`.

For each case a server starts, and two clients send requests without a pause: one for `/_mockcbs/ready`, one
for session-stats of an ordinary bot, each time with another range. Their times are measured first on the idle
server, then while a third client does something slow. The case is met if the 99th percentile is at most five
times that of the idle server, and no request takes over 50 ms more than that.
"""

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from progress import Progress
from report import Result, Table, as_markdown, load_average, machine
from stall_cases import CASES, DATASET, DAY, NOW, ORDINARY, TOKEN, Client, statistics

TIMES, MORE_MS = 5, 50
"""The accepted ratio of the 99th percentiles, and by how many ms the worst request may exceed that limit."""
IDLE_SECONDS, BUSY_SECONDS = 2.0, 5.0
_COLUMNS = [
    "while one client does this",
    "for s",
    "`ready`: idle",
    "meanwhile",
    "session-stats: idle",
    "meanwhile",
    "",
]
_QUICK = ("feishu", "console", "openapi")
"""The cases of a quick run."""


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

    def row(self) -> list[str]:
        """A row of the table."""
        cells = [self.title, f"{self.seconds:.1f}"]
        for kind in self.idle:
            cells += [str(self.idle[kind]), str(self.beside[kind])]
        return [*cells, "met" if self.met else "**missed**"]


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


def find(name: str) -> Finding:
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


def measure(names: Iterable[str], progress: Progress) -> Result:
    """Run these cases one after another."""
    names = list(names)
    findings, failed = [], []
    for place, name in enumerate(names):
        try:
            findings.append(find(name))
            told = "met" if findings[-1].met else "missed"
        except (OSError, EOFError, RuntimeError) as error:
            told = f"failed: {type(error).__name__} {error}"
            failed.append(f"**{CASES[name].title}** {told}")
        progress.tell((place + 1) / len(names), f"{name}: {told}")
    stalled = [finding.title for finding in findings if not finding.met]
    note = (
        f"p50 / p99 / worst in ms. {len(stalled)} of {len(findings)} cases miss: p99 is at most {TIMES} "
        f"times that of the idle server, and no request takes over {MORE_MS} ms more than that."
    )
    table = Table(
        "While one client is slow", _COLUMNS, [finding.row() for finding in findings], [note, *failed]
    )
    figures = {
        finding.title: {"idle": _plain(finding.idle), "beside": _plain(finding.beside)}
        for finding in findings
    }
    return Result("stalls", figures, [table], {} if failed else {"cases with a stall": len(stalled)})


def _plain(waits: dict[str, Waits]) -> dict[str, dict[str, float]]:
    return {kind: asdict(each) for kind, each in waits.items()}


def cases(*, quick: bool) -> Iterable[str]:
    """The names of the cases of a run."""
    return _QUICK if quick else CASES


def main() -> None:
    """Measure the cases of the command line, or all, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"one of {', '.join(CASES)}; default all")
    names = parser.parse_args().cases or [*CASES]
    if unknown := [name for name in names if name not in CASES]:
        parser.error(f"{', '.join(unknown)} is unknown; choose from {', '.join(CASES)}")
    progress = Progress({"stalls": 13.0 * len(names)})
    progress.begin("stalls")
    facts = machine()
    result = measure(names, progress)
    print(as_markdown(facts | {"load_average_after": load_average()}, {}, [result]), end="")


if __name__ == "__main__":
    main()
