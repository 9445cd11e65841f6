"""Compares work beside requests with a plain program: `python benchmarks/besides.py [NAME ...] [--quick]`.

- *export*: a dataset's bot as CSV, beside `csv.writer` on the same rows when they are ready
- *deliveries*: events to a local receiver, beside aiohttp that posts the same bodies to it one after another,
  and the latency of session-stats meanwhile
- *index*: the first index of ten million sessions (a million with ``--quick``), beside numpy sorting the
  same turns by time
- *objects*: putting an object of 1 KB with oss2, beside moto's server of S3 with boto3
- *records*: creating a record with pyairtable in process, beside `pyairtable.testing`, which makes no HTTP

It needs the packages of the extra `test`, and `moto[server]`. Both sides take turns. Figures are processor
time except for deliveries, which take real time. Each line ends with the target, if there is one, and whether
it is met.
"""

import asyncio
import csv
import io
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import aiohttp
import boto3
import numpy as np
import oss2
import pyairtable
from aiohttp import web
from costs import Mock as Server
from costs import cpu_of, new, served
from pyairtable.testing import MockAirtable
from stall_cases import Client

from mockcbs import Mock, Settings, create_app
from mockcbs.services import registry
from mockcbs.traffic.bots import Bot, Profile
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.rollup import Rollup
from mockcbs.traffic.table import Table

NOW = 1_795_305_600_000
BOT = "7342866812345678901"
_ROUNDS = 3
_NUMBERS = count(1)


def export() -> None:
    """Print the speed of an export as a share of that of `csv.writer`."""
    mock = create_app(Settings(now=NOW)).extensions["mockcbs"]
    today = NOW // DAY
    executions = registry.executions_of(BOT)
    whole = Table(mock.log, BOT, NOW, today - 30, today, executions=executions)
    ready = list(csv.reader(io.StringIO("".join(whole.pieces("csv")))))
    ours = _least(lambda: sum(map(len, whole.pieces("csv"))))
    plain = _least(lambda: csv.writer(io.StringIO()).writerows(ready))
    found = f"export of {len(ready):,} rows: {ours:.3f} s, csv.writer {plain:.3f} s: {plain / ours:.2f}"
    _print(found, "at least 0.3", plain / ours >= 0.3)


def deliveries(folder: Path) -> None:
    """Print deliveries a second, as a share of what aiohttp posts."""
    receiver = _Receiver()
    with tempfile.TemporaryDirectory() as workspace, served(folder, Path(workspace)) as mock:
        _call(mock.client, "/_mockcbs/webhooks", {"url": receiver.url, "profile": "standard"})
        idle, meanwhile = _Latencies(mock), _Latencies(mock)
        rates: tuple[list[float], list[float]] = [], []
        for _ in range(_ROUNDS):
            with idle:
                time.sleep(1)
            with meanwhile:
                rates[0].append(receiver.rate(lambda: _send_past(mock.client)))
            bodies = [*receiver.bodies]
            rates[1].append(receiver.rate(lambda bodies=bodies: asyncio.run(_post_all(receiver.url, bodies))))
    ours, plain = map(median, rates)
    found = f"deliveries: {ours:,.0f} a second, aiohttp {plain:,.0f}: {ours / plain:.2f}"
    _print(found, "at least 0.5", ours / plain >= 0.5)
    usual, slowed = idle.p99, meanwhile.p99
    found = f"session-stats meanwhile: p99 {slowed:.1f} ms, idle {usual:.1f} ms: {slowed / usual:.1f} times"
    _print(found, "less than 2", slowed < 2 * usual)


def index(sessions: int) -> None:
    """Print the time of the first index as a multiple of sorting the turns by time."""
    bot = Bot("b", profile=Profile(sessions_per_day=sessions // 91, incident_days=0, campaign_days=0))
    turns = TrafficLog(Dataset("d", bots={"b": bot}), 1).bot("b", NOW).view.turns
    shuffled = turns.take(np.random.default_rng(1).permutation(len(turns)))
    ours = _least(lambda: Rollup(turns, 10_000), 1)
    plain = _least(lambda: shuffled.take(np.argsort(shuffled.at, kind="stable")), 1)
    found = (
        f"index of {len(turns):,} turns: {ours:.1f} s, sorting them {plain:.1f} s: {ours / plain:.1f} times"
    )
    _print(found, "at most 10", ours <= 10 * plain)


def objects(folder: Path) -> None:
    """Print the cost of putting an object, as a share of what it costs moto's server."""
    body = b"x" * 1024
    command = [sys.executable, "-c", _MOTO]
    moto = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    with tempfile.TemporaryDirectory() as workspace, served(folder, Path(workspace)) as mock, moto:
        try:
            s3 = boto3.client(
                "s3", endpoint_url=moto.stdout.readline().strip() if moto.stdout else "", **_KEYS
            )
            s3.create_bucket(Bucket="benchmark")
            url = f"http://127.0.0.1:{mock.client.connection.port}"
            bucket = oss2.Bucket(oss2.Auth("MOCKCBSAK", "mockcbs-secret-key"), url, "benchmark")
            sides = (
                (mock.process.pid, lambda key: bucket.put_object(key, body)),
                (moto.pid, lambda key: s3.put_object(Bucket="benchmark", Key=key, Body=body)),
            )
            ours, plain = _costs(sides)
        finally:
            moto.terminate()
    _print(f"putting an object: {ours:,.0f} µs, moto {plain:,.0f} µs: {plain / ours:.2f} times its rate")


def records() -> None:
    """Print the cost of creating a record in process, beside that of `pyairtable.testing`."""
    table = pyairtable.Api("patmockcbs.mockcbs").table("appBenchmark00000", "tblBenchmark00000")
    costs = []
    for mock in (Mock(), MockAirtable()):
        with mock:
            table.create({"workflow_id": "w"})
            costs.append(_least(lambda: [table.create({"workflow_id": "w"}) for _ in range(_PUTS)]))
    ours, plain = (1e6 * cost / _PUTS for cost in costs)
    _print(f"creating a record in process: {ours:,.0f} µs, pyairtable.testing {plain:,.0f} µs")


_PUTS = 100
_KEYS = {"region_name": "us-east-1", "aws_access_key_id": "a", "aws_secret_access_key": "b"}
_MOTO = """
import threading
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
host, port = server.get_host_and_port()
print(f"http://{host}:{port}", flush=True)
threading.Event().wait()
"""


def _costs(sides: Iterable[tuple[int, Callable[[str], object]]]) -> list[float]:
    """For each process and what calls it: the least processor time of a call, in µs. They take turns."""
    found: dict[int, list[float]] = {}
    for number in range(_ROUNDS + 1):
        for pid, call in sides:
            before = cpu_of(pid)
            for place in range(_PUTS):
                call(f"{number}-{place}")
            found.setdefault(pid, []).append((cpu_of(pid) - before) / _PUTS / 1000)
    return [min(costs[1:]) for costs in found.values()]


def _print(found: str, target: str = "", met: bool = True) -> None:
    print(f"{found} ({target}: {'met' if met else 'missed'})" if target else found, flush=True)


class _Latencies:
    """Sends new statistics queries in a thread during each context, and measures how long each takes."""

    def __init__(self, mock: Server) -> None:
        self._client = Client(mock.client.connection.port)
        self._times: list[float] = []
        self._stopped = threading.Event()

    @property
    def p99(self) -> float:
        """The 99th percentile, in ms."""
        return sorted(self._times)[int(len(self._times) * 0.99)]

    def __enter__(self) -> None:
        self._stopped.clear()
        self._thread = threading.Thread(target=self._measure)
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _measure(self) -> None:
        while not self._stopped.wait(0.002):
            method, path, body, headers = new(next(_NUMBERS))
            began = time.perf_counter()
            self._client(method, path, body, headers)
            self._times.append(1000 * (time.perf_counter() - began))


class _Receiver:
    """An endpoint in a thread of this process, which counts what it receives."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self._many = threading.Condition()
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        threading.Thread(target=self._run, args=(started,), daemon=True).start()
        started.wait()

    def rate(self, send: Callable[[], int]) -> float:
        """How many bodies arrive a second; *send* returns how many it sends."""
        self.bodies = []
        began, wanted = time.perf_counter(), send()
        with self._many:
            if not self._many.wait_for(lambda: len(self.bodies) >= wanted, 60):
                raise RuntimeError(f"{wanted - len(self.bodies)} deliveries did not arrive within a minute")
        return wanted / (time.perf_counter() - began)

    async def _receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        if b'"challenge"' in body:
            return web.json_response({"challenge": json.loads(body)["challenge"]})
        with self._many:
            self.bodies.append(body)
            self._many.notify()
        return web.Response()

    async def _serve(self) -> None:
        app = web.Application()
        app.router.add_post("/", self._receive)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"

    def _run(self, started: threading.Event) -> None:
        self._loop.run_until_complete(self._serve())
        started.set()
        self._loop.run_forever()


def _send_past(client: Client) -> int:
    """Send the events of half a day again; returns their number."""
    now = time.time_ns() // 1_000_000
    sent: int = _call(client, "/_mockcbs/webhooks/send", {"bot_id": BOT, "from": now - DAY // 2, "to": now})[
        "events"
    ]
    return sent


def _call(client: Client, path: str, body: dict[str, Any]) -> Any:
    status, answer = client("POST", path, body)
    if not 200 <= status < 300:
        raise RuntimeError(f"{path}: {status} {answer[:200]!r}")
    return json.loads(answer)


async def _post_all(url: str, bodies: list[bytes]) -> int:
    async with aiohttp.ClientSession() as session:
        for body in bodies:
            async with session.post(url, data=body) as response:
                await response.read()
    return len(bodies)


def _least(work: Callable[[], object], rounds: int = _ROUNDS) -> float:
    """The least processor time of *work*, in s."""
    times = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def main(*names: str) -> None:
    """Run the comparisons with these names, or all."""
    quick = "--quick" in names
    wanted = [name for name in names if name != "--quick"] or [
        *("export", "deliveries", "index", "objects", "records")
    ]
    if "export" in wanted:
        export()
    if "deliveries" in wanted:
        deliveries(Path(__file__).parent.parent)
    if "index" in wanted:
        index(1_000_000 if quick else 10_000_000)
    if "objects" in wanted:
        objects(Path(__file__).parent.parent)
    if "records" in wanted:
        records()


if __name__ == "__main__":
    main(*sys.argv[1:])
