"""Compares work beside requests with a plain program: `python benchmarks/besides.py [NAME ...] [--quick]`.

- *export*: a dataset's bot as CSV, beside `csv.writer` on the same rows when they are ready
- *deliveries*: events to a local receiver, beside aiohttp that posts the same bodies to it one after another
- *index*: the first index of ten million sessions (a million with ``--quick``), beside numpy sorting the
  same turns by time

Both sides take turns. Figures are processor time except for deliveries, which take real time.
"""

import asyncio
import csv
import io
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import aiohttp
import numpy as np
from aiohttp import web
from costs import served
from stall_cases import Client

from mockcbs import Settings, create_app
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


def export() -> None:
    """Print the speed of an export as a share of that of `csv.writer`."""
    mock = create_app(Settings(now=NOW)).extensions["mockcbs"]
    today = NOW // DAY
    executions = registry.executions_of(BOT)
    whole = Table(mock.log, BOT, NOW, today - 30, today, executions=executions)
    ready = list(csv.reader(io.StringIO("".join(whole.pieces("csv")))))
    ours = _least(lambda: sum(map(len, whole.pieces("csv"))))
    plain = _least(lambda: csv.writer(io.StringIO()).writerows(ready))
    print(f"export of {len(ready):,} rows: {ours:.3f} s, csv.writer {plain:.3f} s: {plain / ours:.2f}")


def deliveries(folder: Path) -> None:
    """Print deliveries a second, as a share of what aiohttp posts."""
    receiver = _Receiver()
    with tempfile.TemporaryDirectory() as workspace, served(folder, Path(workspace)) as mock:
        _call(mock.client, "/_mockcbs/webhooks", {"url": receiver.url, "profile": "standard"})
        rates: tuple[list[float], list[float]] = [], []
        for _ in range(_ROUNDS):
            rates[0].append(receiver.rate(lambda: _send_past(mock.client)))
            bodies = [*receiver.bodies]
            rates[1].append(receiver.rate(lambda bodies=bodies: asyncio.run(_post_all(receiver.url, bodies))))
    ours, plain = map(median, rates)
    print(f"deliveries: {ours:,.0f} a second, aiohttp {plain:,.0f}: {ours / plain:.2f}")


def index(sessions: int) -> None:
    """Print the time of the first index as a multiple of sorting the turns by time."""
    bot = Bot("b", profile=Profile(sessions_per_day=sessions // 91, incident_days=0, campaign_days=0))
    turns = TrafficLog(Dataset("d", bots={"b": bot}), 1).bot("b", NOW).view.turns
    shuffled = turns.take(np.random.default_rng(1).permutation(len(turns)))
    ours = _least(lambda: Rollup(turns, 10_000), 1)
    plain = _least(lambda: shuffled.take(np.argsort(shuffled.at, kind="stable")), 1)
    print(
        f"index of {len(turns):,} turns: {ours:.1f} s, sorting them {plain:.1f} s: {ours / plain:.1f} times"
    )


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
    wanted = [name for name in names if name != "--quick"] or ["export", "deliveries", "index"]
    if "export" in wanted:
        export()
    if "deliveries" in wanted:
        deliveries(Path(__file__).parent.parent)
    if "index" in wanted:
        index(1_000_000 if quick else 10_000_000)


if __name__ == "__main__":
    main(*sys.argv[1:])
