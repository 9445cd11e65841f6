"""Measures work that is no request for statistics beside a plain program: exports, objects and records.

- *export*: a dataset's bot as CSV, beside `csv.writer` on the same rows when they are ready
- *objects*: putting an object of 1 KB, beside moto's server of S3
- *records*: creating a record with pyairtable in process, beside `pyairtable.testing`, which makes no HTTP

Both sides take turns. Figures are processor time.
"""

import csv
import io
import subprocess
import time
from collections.abc import Callable
from http.client import HTTPConnection
from statistics import median
from typing import Any

import oss2
import pyairtable
from arena import started
from contenders import Answers, Mockcbs
from costs import cpu_of
from processes import environment
from progress import Progress
from pyairtable.testing import MockAirtable
from report import Result, Table
from tools import MissingError, Tools
from work import works

from mockcbs import Mock, Settings, create_app
from mockcbs.services import registry
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.table import Table as Exported

_NOW = 1_795_305_600_000
_BOT = "7342866812345678901"
_PUTS = 100
_MOTO = """
import threading
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
threading.Event().wait()
"""


def measure(answers: Answers, tools: Tools, rounds: int, progress: Progress) -> Result:
    """Compare each of them in *rounds*."""
    rows: list[list[str]] = []
    notes: list[str] = []
    measured: dict[str, float] = {}
    size, ours, theirs = _export(rounds)
    measured |= {"export": size / ours, "csv.writer": size / theirs}
    rows.append(
        [f"export of {size:,} rows as CSV, beside `csv.writer` on ready rows", *_written(ours, theirs)]
    )
    progress.tell(0.4, "export")
    try:
        rows.append(
            [
                "putting an object of 1 KB into OSS, beside moto's S3",
                *_written(*_objects(answers, tools, rounds)),
            ]
        )
    except MissingError as error:
        notes.append(f"Left out: moto, {error}.")
    progress.tell(0.8, "objects")
    rows.append(
        ["a record of Airtable created in process, beside `pyairtable.testing`", *_written(*_records(rounds))]
    )
    progress.tell(1, "records")
    columns = ["processor time", "mockcbs", "the other", "speed of the other's"]
    return Result("besides", measured, [Table("Beside plain programs", columns, rows, notes)], measured)


def _written(ours: float, theirs: float) -> list[str]:
    return [*(f"{1000 * each:,.3g} ms" for each in (ours, theirs)), f"{theirs / ours:.2f}"]


def _export(rounds: int) -> tuple[int, float, float]:
    """The number of rows, and the time of an export and of `csv.writer` in s."""
    mock = create_app(Settings(now=_NOW)).extensions["mockcbs"]
    today = _NOW // DAY
    whole = Exported(mock.log, _BOT, _NOW, today - 30, today, executions=registry.executions_of(_BOT))
    ready = list(csv.reader(io.StringIO("".join(whole.pieces("csv")))))
    return len(ready), *_compared(
        lambda: sum(map(len, whole.pieces("csv"))), lambda: csv.writer(io.StringIO()).writerows(ready), rounds
    )


def _objects(answers: Answers, tools: Tools, rounds: int) -> tuple[float, float]:
    """The time of putting an object, here and in moto, in s of the server's processor time."""
    python, _ = tools.pypi("moto", "moto[s3]", "flask", "flask-cors")
    body = b"x" * 1024
    command = [str(python), "-c", _MOTO]
    moto = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(), text=True
    )
    with started(Mockcbs(), answers) as server, moto:
        try:
            server.first_answer(works()["repeated"].asks[0])
            bucket = oss2.Bucket(oss2.Auth("MOCKCBSAK", "mockcbs-secret-key"), server.url, "benchmark")
            s3 = HTTPConnection("127.0.0.1", int(moto.stdout.readline() if moto.stdout else 0), timeout=60)
            _put(s3, "/benchmark", b"")
            sides: list[tuple[int, Callable[[int], Any]]] = [
                (server.process.pid, lambda key: bucket.put_object(str(key), body)),
                (moto.pid, lambda key: _put(s3, f"/benchmark/{key}", body)),
            ]
            costs: list[list[float]] = [[], []]
            for _ in range(rounds + 1):
                for (pid, put), found in zip(sides, costs, strict=True):
                    before = cpu_of(pid)
                    for key in range(_PUTS):
                        put(key)
                    found.append((cpu_of(pid) - before) / _PUTS / 1e9)
        finally:
            moto.terminate()
    return median(costs[0][1:]), median(costs[1][1:])


def _put(connection: HTTPConnection, path: str, body: bytes) -> None:
    connection.request("PUT", path, body)
    response = connection.getresponse()
    if response.read() and response.status != 200:
        raise RuntimeError(f"moto: PUT {path}: {response.status}")


def _records(rounds: int) -> tuple[float, float]:
    """The time of creating a record in process, in s."""
    table = pyairtable.Api("patmockcbs.mockcbs").table("appBenchmark00000", "tblBenchmark00000")

    def create(mock: Any) -> None:
        with mock:
            for _ in range(_PUTS):
                table.create({"workflow_id": "w"})

    ours, theirs = _compared(lambda: create(Mock()), lambda: create(MockAirtable()), rounds)
    return ours / _PUTS, theirs / _PUTS


def _compared(ours: Callable[[], Any], theirs: Callable[[], Any], rounds: int) -> tuple[float, float]:
    """The median processor time of both in s; they take turns."""
    times: list[list[float]] = [[], []]
    for _ in range(rounds + 1):
        for work, found in zip((ours, theirs), times, strict=True):
            began = time.process_time()
            work()
            found.append(time.process_time() - began)
    return median(times[0][1:]), median(times[1][1:])
