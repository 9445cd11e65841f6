"""The processor time that a server spends on each kind of request, per checkout of mockcbs.

Processor time depends far less than throughput on what else runs on the machine. One worker is limited by it,
so the ratio of two costs is the inverse ratio of two throughputs.
"""

import http.client
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count, islice
from pathlib import Path

from kinds import DATASET, Kind, call, kinds
from processes import environment
from stall_cases import Client
from work import Ask

_START = """
import sys
folder = sys.argv.pop(1)
sys.path.insert(0, folder)
import mockcbs
mockcbs.__path__.append(folder)  # fixtures and contract tests stand beside the package
from mockcbs.cli.main import main
main()
"""


class Mock:
    """A server of one checkout."""

    def __init__(self, folder: Path, process: subprocess.Popen[str], seconds: float) -> None:
        self.folder, self.process, self.started_in = folder, process, seconds
        """*started_in* is the processor time up to the first response, in s."""
        url = (process.stdout.readline() if process.stdout else "").strip()
        if not url:
            raise RuntimeError(f"the server of {folder} did not start")
        self.client = Client(int(url.rpartition(":")[2]))

    def cpu(self) -> int:
        """The processor time of all threads so far, ended ones too, in ns."""
        return cpu_of(self.process.pid)

    def resident(self) -> float:
        """The resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def send(self, ask: Ask, number: int) -> None:
        """Send a request; raises `RuntimeError` for an error."""
        sent = call(ask, number)
        try:
            status, body = self.client(*sent)
        except (OSError, http.client.HTTPException):
            self.client.connection.close()  # the server closed an idle connection
            status, body = self.client(*sent)
        if status != ask.status:
            raise RuntimeError(f"{ask.method} {sent[1]}: {status} {body[:200]!r}")


def cpu_of(pid: int) -> int:
    """The processor time of a process so far, in ns."""
    return time.clock_gettime_ns((~pid << 3) | 2)  # clock_getcpuclockid(3) of Linux


@contextmanager
def served(folder: Path, workspace: Path) -> Iterator[Mock]:
    """A server with the code of a checkout, until the end of the context."""
    dataset = workspace / "costs.yaml"
    dataset.write_text(DATASET, "utf-8")
    command = [sys.executable, "-c", _START, str(folder), "serve", "--quiet", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--dataset", str(dataset)],
        cwd=workspace,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        mock = Mock(folder, process, 0.0)
        mock.send(kinds()["S"].work(1).asks[0], 0)
        mock.started_in = mock.cpu() / 1e9
        yield mock
    finally:
        process.terminate()
        process.wait(20)


def measure(mocks: list[Mock], rounds: int, names: Iterable[str] | None = None) -> dict[str, list[float]]:
    """For each kind of request: the least cost of one in µs, for each of *mocks*, which take turns."""
    found: dict[str, list[float]] = {}
    numbers = count(1)
    for name, kind in kinds().items():
        if names is not None and name not in names:
            continue
        for mock in mocks:
            if kind.prepare:
                kind.prepare(mock.client)
            _send(mock, kind, 20, numbers)
        costs: list[list[float]] = [[] for _ in mocks]
        for _ in range(rounds):
            for mock, results in zip(mocks, costs, strict=True):
                results.append(_send(mock, kind, kind.count, numbers))
        found[name] = [min(results) for results in costs]  # others on the machine only add
    return found


def _send(mock: Mock, kind: Kind, many: int, numbers: Iterator[int]) -> float:
    """Send so many requests; the processor time of one in µs."""
    asks = kind.work(many).asks
    before = mock.cpu()
    for number in islice(numbers, many):
        mock.send(asks[number % len(asks)], number)
    return (mock.cpu() - before) / many / 1000
