"""Measures deliveries to a local receiver beside aiohttp that posts the same bodies to it, one after another.

Meanwhile another client sends new statistics queries, and measures how long they take.
"""

import asyncio
import json
import threading
import time
from collections.abc import Callable
from itertools import count
from statistics import median
from typing import Any

import aiohttp
from aiohttp import web
from arena import started
from contenders import Answers, Mockcbs
from kinds import COZE_BOT, call
from processes import Server
from progress import Progress
from report import Result, Table
from stall_cases import Client
from work import DAY, works

_NUMBERS = count(1)


def measure(answers: Answers, rounds: int, progress: Progress) -> Result:
    """Deliver the events of half a day in each round."""
    receiver = _Receiver()
    new = works()["new"].asks[0]
    ours: list[float] = []
    theirs: list[float] = []
    with started(Mockcbs(), answers) as server, Client(server.port) as client:
        server.first_answer(new)
        _call(client, "/_mockcbs/webhooks", {"url": receiver.url, "profile": "standard"})
        idle, meanwhile = _Latencies(server), _Latencies(server)
        for number in range(rounds):
            with idle:
                time.sleep(2)
            with meanwhile:
                ours.append(receiver.rate(lambda: _send_past(client)))
            bodies = [*receiver.bodies]
            theirs.append(receiver.rate(lambda bodies=bodies: asyncio.run(_post_all(receiver.url, bodies))))
            progress.tell((number + 1) / rounds, f"{ours[-1]:,.0f} deliveries/s, aiohttp {theirs[-1]:,.0f}")
    measured = {
        "deliveries": median(ours),
        "deliveries of aiohttp": median(theirs),
        "p99 ms meanwhile": meanwhile.p99,
        "p99 ms idle": idle.p99,
    }
    rows = [
        ["deliveries a second", f"{median(ours):,.0f}"],
        ["the same bodies posted by aiohttp", f"{median(theirs):,.0f}"],
        ["p99 of session-stats meanwhile, ms", f"{meanwhile.p99:.1f}"],
        ["p99 of session-stats before, ms", f"{idle.p99:.1f}"],
    ]
    return Result("deliveries", measured, [Table("Deliveries", ["", "found"], rows)], measured)


class _Latencies:
    """Sends new statistics queries in a thread during each context, and measures how long each takes."""

    def __init__(self, server: Server) -> None:
        self._port = server.port
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
        new = works()["new"].asks[0]
        with Client(self._port) as client:
            while not self._stopped.wait(0.002):
                sent = call(new, next(_NUMBERS))
                began = time.perf_counter()
                client(*sent)
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
    sent: int = _call(
        client, "/_mockcbs/webhooks/send", {"bot_id": COZE_BOT, "from": now - DAY // 2, "to": now}
    )["events"]
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
