"""Measures how the cost grows with the range, its sessions, the number of bots and the connections."""

import uuid
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import Any

from arena import started
from contenders import Answers, Mockcbs
from load import Load, Wrk
from processes import Server
from progress import Progress
from report import Result, Table
from work import BOT, PATH, Ask, Work, last_week, works

_MAX_BOTS = 100
_FLAGS = {"busy": ("--dataset", "busy")}


@dataclass(frozen=True)
class Case:
    """One point on one of the axes."""

    axis: str
    point: str
    work: Work
    connections: int = 32
    server: str = ""
    """The name of the server; cases with the same name share a server and its memory."""

    @property
    def flags(self) -> tuple[str, ...]:
        """The command-line options of the server."""
        return _FLAGS.get(self.server, ())


def measure(answers: Answers, wrk: Wrk, rounds: int, seconds: float, progress: Progress) -> Result:
    """Put load on mockcbs for each case in turn."""
    cases = _cases()
    loads: dict[Case, list[Load]] = defaultdict(list)
    with ExitStack() as stack:
        servers: dict[str, Server] = {}
        for case in cases:
            if case.server not in servers:
                servers[case.server] = stack.enter_context(started(Mockcbs(*case.flags), answers))
                servers[case.server].first_answer(case.work.asks[0])
            for ask in case.work.distinct[:_MAX_BOTS]:
                servers[case.server].ask(ask)
        for number in range(rounds):
            for place, case in enumerate(cases):
                load = wrk(servers[case.server].url, case.work, case.connections, seconds)
                loads[case].append(load)
                done = (number * len(cases) + place + 1) / (rounds * len(cases))
                progress.tell(done, f"{case.axis}, {case.point}: {load.per_second:,.0f} requests/s")
        resident = {name: server.resident() for name, server in servers.items()}
    figures = {"cases": [_figures(case, loads[case], resident[case.server]) for case in cases]}
    rows = [
        [
            row["axis"],
            row["point"],
            f"{row['per_second']:,.0f}",
            f"{row['p50_ms']:.2f}",
            f"{row['p99_ms']:.2f}",
            f"{row['resident_mb']:.0f}",
        ]
        for row in figures["cases"]
    ]
    columns = ["what grows", "", "requests/s", "p50 ms", "p99 ms", "MB at the end"]
    mistakes = sum(row["mistakes"] for row in figures["cases"])
    notes = [
        f"Medians of {rounds} rounds of {seconds:g} s over 32 connections; {mistakes} answers failed.",
        "A million sessions, 10 bots and 100 bots have servers of their own; the others share one.",
    ]
    return Result("growth", figures, [Table("How the cost grows", columns, rows, notes)])


def _cases() -> list[Case]:
    repeated, new = works()["repeated"], works()["new"]
    start, _ = last_week()
    running = Ask(f"{PATH}?interval=day&time_zone=%2B08%3A00&start_time={start}")
    cases = [
        Case("range of a new query", f"{days} days", works(span=last_week(days))["new"])
        for days in (1, 7, 30, 89)
    ]
    cases += [
        Case("sessions in 90 days", "a million, repeated read", repeated, server="busy"),
        Case("end of a repeated read", "given", repeated),
        Case("end of a repeated read", "now", Work("now", "until now", (running,))),
    ]
    for many in (10, _MAX_BOTS):
        cases += [
            Case("bots", f"{many}, {work.title}", _of_bots(many, work), server=f"{many} bots")
            for work in (repeated, new)
        ]
    cases += [Case("connections", f"{many}, repeated read", repeated, many) for many in (8, 128, 256)]
    return cases


def _of_bots(many: int, work: Work) -> Work:
    bots = [str(uuid.uuid5(uuid.NAMESPACE_OID, str(number))) for number in range(many)]
    asks = [works(PATH.replace(BOT, bot))[work.name].asks[0] for bot in bots]
    return Work(work.name, work.title, tuple(asks))


def _figures(case: Case, loads: list[Load], resident: float) -> dict[str, Any]:
    return {
        "axis": case.axis,
        "point": case.point,
        "connections": case.connections,
        "per_second": round(median(load.per_second for load in loads), 1),
        "p50_ms": round(median(load.p50_ms for load in loads), 3),
        "p99_ms": round(median(load.p99_ms for load in loads), 3),
        "mistakes": sum(load.mistakes(case.work, case.connections) for load in loads),
        "resident_mb": round(resident, 1),
    }
