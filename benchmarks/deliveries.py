"""Measures deliveries to a local receiver beside aiohttp that posts the same bodies to it, one after another.

Meanwhile another client sends new statistics queries, and measures how long they take.
"""

import asyncio
import json
import multiprocessing
import threading
import time
from collections.abc import Callable
from itertools import count
from multiprocessing.connection import Connection
from statistics import median
from typing import Any, Self

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
    new = works()["new"].asks[0]
    ours: list[float] = []
    theirs: list[float] = []
    with started(Mockcbs(), answers) as server, Client(server.port) as client, _Receiver() as receiver:
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
    """An endpoint in a process of its own, so that its work does not delay the client that measures."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        """What arrived last."""
        spawned = multiprocessing.get_context("spawn")
        self._pipe, other = spawned.Pipe()
        self._process = spawned.Process(target=_receive, args=(other,), daemon=True)
        self._process.start()
        self.url: str = self._pipe.recv()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.terminate()
        self._process.join()

    def rate(self, send: Callable[[], int]) -> float:
        """How many bodies arrive a second; *send* returns how many it sends."""
        began, wanted = time.perf_counter(), send()
        self._pipe.send(wanted)
        if not self._pipe.poll(60):
            raise RuntimeError(f"{wanted} deliveries did not arrive within a minute")
        seconds = time.perf_counter() - began
        self.bodies = self._pipe.recv()
        return wanted / seconds


def _receive(pipe: Connection) -> None:
    """Send the URL of an endpoint, then for each number that comes as many bodies as soon as they arrived."""
    asyncio.run(_served(pipe))


async def _served(pipe: Connection) -> None:
    bodies: list[bytes] = []
    wanted: list[int] = []

    def pass_on() -> None:
        if wanted and len(bodies) >= wanted[0]:
            pipe.send(bodies)
            bodies.clear()
            wanted.clear()

    def read() -> None:
        wanted.append(pipe.recv())
        pass_on()

    async def receive(request: web.Request) -> web.Response:
        body = await request.read()
        if b'"challenge"' in body:
            return web.json_response({"challenge": json.loads(body)["challenge"]})
        bodies.append(body)
        pass_on()
        return web.Response()

    app = web.Application()
    app.router.add_post("/", receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    asyncio.get_running_loop().add_reader(pipe.fileno(), read)
    pipe.send(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    await asyncio.Event().wait()


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
