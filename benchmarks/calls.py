"""Measures other kinds of calls beside S, a statistics query that no request sent before, on one server."""

import http.client
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median

from arena import started
from contenders import Answers, Mockcbs
from kinds import DATASET, Kind, call, coze_chat, kinds
from load import Load, Wrk
from processes import Server
from progress import Progress
from report import Result, Table
from stall_cases import Client
from work import Ask, Work

_CONNECTIONS = 32
_SPARE = 10_000
"""More signed queries than can be answered in one second, so that none is sent twice."""
_TIMED = {"S": 50, "first event": 50, "search": 10}
"""What one client sends in each round, and how often."""


def measure(answers: Answers, wrk: Wrk, rounds: int, seconds: float, progress: Progress) -> Result:
    """Put load of each kind on one server in turns, then let one client measure times, in each round."""
    asked = kinds()
    loads: dict[str, list[Load]] = defaultdict(list)
    times: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        dataset = Path(folder) / "calls.yaml"
        dataset.write_text(DATASET, "utf-8")
        with started(Mockcbs("--dataset", str(dataset)), answers) as server:
            server.first_answer(asked["S"].work(1).asks[0])
            with Client(server.port) as client:
                for prepare in filter(None, (kind.prepare for kind in asked.values())):
                    prepare(client)
            for number in range(-1, rounds):  # the first round warms up
                told = []
                for name in [name for name in asked if name != "search"]:
                    work = asked[name].work(round(seconds * _SPARE))
                    loads[name].append(wrk(server.url, work, _CONNECTIONS, seconds if number >= 0 else 1))
                    told.append(f"{name} {loads[name][-1].per_second:,.0f}")
                for name, milliseconds in _timed(server, asked, number + 1).items():
                    times[name] += milliseconds if number >= 0 else []
                progress.tell((number + 2) / (rounds + 1), f"round {number + 1}: {', '.join(told)}")
    return _result(asked, {name: made[1:] for name, made in loads.items()}, times, seconds)


def _timed(server: Server, asked: dict[str, Kind], number: int) -> dict[str, list[float]]:
    """The times (ms) of what one client sends in one round."""
    first = 1_000_000 + number * 1000
    sent = range(first, first + max(_TIMED.values()))
    new, search = (asked[name].work(1).asks[0] for name in ("S", "search"))
    with Client(server.port) as client:
        return {
            "S": [_time(client, new, each) for each in sent[: _TIMED["S"]]],
            "first event": [_first_event(server.port, each) for each in sent[: _TIMED["first event"]]],
            "search": [_time(client, search, each % 10_000) for each in sent[: _TIMED["search"]]],
        }


def _time(client: Client, ask: Ask, number: int) -> float:
    sent = call(ask, number)
    began = time.perf_counter()
    status, body = client(*sent)
    took = 1000 * (time.perf_counter() - began)
    if status != ask.status:
        raise RuntimeError(f"{sent[1]}: {status} {body[:200]!r}")
    return took


def _first_event(port: int, number: int) -> float:
    """The time (ms) to the first event of a stream over a new connection."""
    method, path, body, headers = call(coze_chat(stream=True), number)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        began = time.perf_counter()
        connection.request(method, path, body, headers)
        line = connection.getresponse().readline()
        took = 1000 * (time.perf_counter() - began)
    finally:
        connection.close()
    if not line.startswith(b"event:"):
        raise RuntimeError(f"a stream began with {line[:200]!r}")
    return took


def _result(
    asked: dict[str, Kind],
    loads: dict[str, list[Load]],
    times: dict[str, list[float]],
    seconds: float,
) -> Result:
    works: dict[str, Work] = {name: asked[name].work(1) for name in loads}
    measured = {name: median(load.per_second for load in made) for name, made in loads.items()}
    rows = [
        [
            works[name].title,
            f"{measured[name]:,.0f}",
            f"{measured[name] / measured['S']:.2f}",
            *(f"{median(getattr(load, what) for load in made):.2f}" for what in ("p50_ms", "p99_ms")),
        ]
        for name, made in loads.items()
    ]
    notes = [f"Medians of {len(loads['S'])} rounds of {seconds:g} s over {_CONNECTIONS} connections."]
    for name, made in loads.items():
        if mistakes := sum(load.mistakes(works[name], _CONNECTIONS) for load in made):
            notes.append(f"**{works[name].title}: {mistakes} answers failed.**")
    single = []
    for name, milliseconds in times.items():
        ordered = sorted(milliseconds)
        p50, p99 = median(ordered), ordered[int(len(ordered) * 0.99)]
        measured |= {f"{name} p50 ms": p50, f"{name} p99 ms": p99}
        title = {"S": works["S"].title, "first event": "first event of a stream"}.get(name)
        single.append([title or asked[name].work(1).title, f"{len(ordered)}", f"{p50:.2f}", f"{p99:.2f}"])
    rates = {name: [round(load.per_second, 1) for load in made] for name, made in loads.items()}
    return Result(
        "calls",
        {"per_second": rates, "ms": times},
        [
            Table("Calls beside S", ["", "requests/s", "of S", "p50 ms", "p99 ms"], rows, notes),
            Table("Times of one client", ["", "requests", "p50 ms", "p99 ms"], single),
        ],
        measured,
    )
