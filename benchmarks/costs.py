"""The processor time that a server spends on each kind of request, per checkout of mockcbs.

Processor time depends far less than throughput on what else runs on the machine. One worker is limited by it,
so the ratio of two costs is the inverse ratio of two throughputs.
"""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from processes import environment
from signed import signed
from stall_cases import COZE, LARGE, TOKEN, Client, statistics
from work import BOT, DAY, last_week

COLUMNS = "bascnBenchmark", "tblBenchmark"
RECORDS = "/open-apis/bitable/v1/apps/{}/tables/{}/records".format(*COLUMNS)
FEISHU = {"Authorization": "Bearer t-mockcbs"}
COZE_BOT = "7300000000000000002"
SEARCHED_ROWS = 10_000
_BATCH = 500
_START = """
import sys
folder = sys.argv.pop(1)
sys.path.insert(0, folder)
import mockcbs
mockcbs.__path__.append(folder)  # fixtures and contract tests stand beside the package
from mockcbs.cli.main import main
main()
"""
_DATASET = f"""
bots:
  - id: {LARGE}
    traffic: {{sessions_per_day: 11500, retention_days: 90}}
  - id: "*"
    traffic: {{}}
"""
Call = tuple[Any, ...]
"""Method, path, body and headers."""


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

    def send(self, call: Call) -> bytes:
        """The body of a response; raises `RuntimeError` for an error."""
        try:
            status, body = self.client(*call)
        except (OSError, http.client.HTTPException):
            self.client.connection.close()  # the server closed an idle connection
            status, body = self.client(*call)
        if not 200 <= status < 300:
            raise RuntimeError(f"{call[0]} {call[1]}: {status} {body[:200]!r}")
        return body


def cpu_of(pid: int) -> int:
    """The processor time of a process so far, in ns."""
    return time.clock_gettime_ns((~pid << 3) | 2)  # clock_getcpuclockid(3) of Linux


@contextmanager
def served(folder: Path, workspace: Path) -> Iterator[Mock]:
    """A server with the code of a checkout, until the end of the context."""
    dataset = workspace / "costs.yaml"
    dataset.write_text(_DATASET, "utf-8")
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
        mock.send(new(0))
        mock.started_in = mock.cpu() / 1e9
        yield mock
    finally:
        process.terminate()
        process.wait(20)


@dataclass(frozen=True)
class Row:
    """A kind of request, and its target as a share of the speed of a new statistics query."""

    title: str
    call: Callable[[int], Call]
    least: float | None = None
    """The target: at least this share of S's requests per second."""
    count: int = 200
    prepare: Callable[[Mock], object] | None = None


def new(number: int) -> Call:
    """Statistics of a range that no request had before. This is S."""
    start, end = last_week()
    return "GET", statistics(BOT, start_time=start + number, end_time=end - number), None, TOKEN


def repeated(number: int) -> Call:
    """The same statistics again and again."""
    del number
    start, end = last_week()
    return "GET", statistics(BOT, start_time=start, end_time=end - 500_000), None, TOKEN


def new_signed(number: int) -> Call:
    """The same as `new`, signed with AK and SK."""
    del number
    (ask,) = signed(1).asks
    return "GET", ask.target, None, dict(ask.headers)


def new_large(number: int) -> Call:
    """Statistics of 89 days of a bot with a million sessions."""
    _, end = last_week()
    return "GET", statistics(LARGE, start_time=end - 89 * DAY + number, end_time=end - number), None, TOKEN


def analytics(number: int) -> Call:
    """Coze analytics of another range each time."""
    _, end = last_week()
    longest = 40 + number % 49
    first, last = (time.gmtime((end - days * DAY) / 1000) for days in (longest, 1 + number // 49 % 39))
    query = f"start_date={time.strftime('%Y-%m-%d', first)}&end_date={time.strftime('%Y-%m-%d', last)}"
    return "GET", f"/v1/bots/{COZE_BOT}/analytics?{query}", None, COZE


def question(number: int) -> Call:
    """A question to a bot of CBS."""
    path = statistics(BOT).partition("/requests/")[0]
    return "POST", f"{path}/chat", {"session_id": "", "question": f"桌面云打不开 {number}"}


def coze_chat(number: int, *, stream: bool = False) -> Call:
    """A chat with a bot of Coze."""
    said = {"role": "user", "content": f"桌面云打不开 {number}", "content_type": "text"}
    body = {"bot_id": COZE_BOT, "user_id": "u1", "stream": stream, "additional_messages": [said]}
    return "POST", "/v3/chat", {**body, "auto_save_history": True}, COZE


def record(number: int) -> Call:
    """A new row of a Bitable."""
    return "POST", RECORDS, {"fields": {"workflow_id": f"w{number}", "input_len": number}}, FEISHU


def search(number: int) -> Call:
    """A search with a filter over many rows."""
    condition = {"field_name": "input_len", "operator": "is", "value": [str(number)]}
    wanted = {"filter": {"conjunction": "and", "conditions": [condition]}}
    return "POST", f"{RECORDS.replace('Benchmark', 'Searched')}/search?page_size=20", wanted, FEISHU


def fill(mock: Mock) -> None:
    """Fill the table that is searched."""
    path = RECORDS.replace("Benchmark", "Searched")
    for first in range(0, SEARCHED_ROWS, _BATCH):
        rows = [
            {"fields": {"workflow_id": f"w{number}", "input_len": number}}
            for number in range(first, first + _BATCH)
        ]
        mock.send(("POST", f"{path}/batch_create", {"records": rows}, FEISHU))


ROWS = {
    "S": Row("ever-new session-stats (S)", new),
    "repeated": Row("repeated read", repeated),
    "signed": Row("ever-new, AK/SK-signed", new_signed, 0.8),
    "analytics": Row("Coze analytics, ever-new", analytics, 0.8),
    "chat": Row("`POST /chat`", question, 0.5),
    "coze-chat": Row("Coze chat without stream", coze_chat, 0.4),
    "large": Row(
        "a new query over 89 days of a million-session bot",
        new_large,
        0.6,
        100,
        lambda m: m.send(new_large(0)),
    ),
    "create": Row("Bitable create", record, 0.5),
    "search": Row(f"Bitable search with filter over {SEARCHED_ROWS:,} rows", search, 0.2, 20, fill),
}
"""All rows, by name. S comes first, as the others are compared with it."""


def measure(mocks: list[Mock], rounds: int, names: tuple[str, ...] = tuple(ROWS)) -> dict[str, list[float]]:
    """For each row: the least cost of a request in µs, for each of *mocks*, which take turns."""
    found: dict[str, list[float]] = {}
    number = 1
    for name in names:
        row = ROWS[name]
        for mock in mocks:
            if row.prepare:
                row.prepare(mock)
            number = _send(mock, row, 20, number)
        costs: list[list[float]] = [[] for _ in mocks]
        for _ in range(rounds):
            for mock, results in zip(mocks, costs, strict=True):
                before = mock.cpu()
                number = _send(mock, row, row.count, number)
                results.append((mock.cpu() - before) / row.count / 1000)
        found[name] = [min(results) for results in costs]  # others on the machine only add
    return found


def _send(mock: Mock, row: Row, count: int, number: int) -> int:
    for _ in range(count):
        mock.send(row.call(number))
        number += 1
    return number


def first_event(mock: Mock, count: int = 100) -> float:
    """The 99th percentile of the time to the first event of a stream, in ms of real time."""
    times = []
    for number in range(count):
        method, path, body, headers = coze_chat(number, stream=True)
        connection = http.client.HTTPConnection("127.0.0.1", mock.client.connection.port, timeout=60)
        sent = json.dumps(body)
        began = time.perf_counter()
        connection.request(method, path, sent, {**headers, "Content-Type": "application/json"})
        connection.getresponse().readline()
        times.append(1000 * (time.perf_counter() - began))
        connection.close()
    return sorted(times)[int(len(times) * 0.99)]


def latency(mock: Mock, count: int = 200) -> float:
    """The median time of a new statistics query, in ms of real time."""
    times = []
    for number in range(count):
        began = time.perf_counter()
        mock.send(new(900_000 + number))
        times.append(1000 * (time.perf_counter() - began))
    return median(times)
