"""Requests a second: session-stats of the last seven days by day, asked again and again, or ever anew.

The ceiling is a Flask application that answers a constant body of the same size through the same front
door: what a query costs beyond it is mockcbs's own work. A repeated query may be above the ceiling,
since the door can answer it without Flask.
"""

import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import click
from load import Load, Tool, tool
from processes import Server, mockcbs_command, serving
from report import Result, Table

_BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
_DAY = 86_400_000
_MOST_REQUESTS = 1_000_000
"""More than one run can make, so that no run repeats the queries of another."""
_CONNECTIONS = (1, 32)


@dataclass(frozen=True)
class Contender:
    """Something that load is put on."""

    name: str
    server: Server
    target: str
    fresh: bool = False
    """Whether every request asks for a range never asked for before."""


def measure(rounds: int, seconds: float, tool_name: str) -> Result:
    """Put *seconds* of load on each contender in each round."""
    name, put_load = tool(tool_name)
    end = time.time_ns() // 1_000_000 // _DAY * _DAY
    start = end - 7 * _DAY
    question = f"/v1/any-project/qabots/{_BOT}/requests/session-stats?time_zone=%2B08%3A00&end_time={end}"
    repeated = f"{question}&start_time={start}"
    with serving(mockcbs_command("serve", "--port", "0", "--quiet")) as mock:
        body = mock.get(repeated)
        size = len(body)
        at_rest = mock.resident()
        with serving([sys.executable, str(Path(__file__).with_name("plain.py")), str(size)]) as plain:
            contenders = [
                Contender("constant body, plain Flask", plain, "/constant"),
                Contender("repeated query", mock, repeated),
                Contender("ever-new query", mock, question, fresh=True),
            ]
            loads = _rounds(contenders, rounds, seconds, put_load, count(start, _MOST_REQUESTS))
        afterwards = mock.resident()

    figures: dict[str, Any] = {
        "tool": name,
        "body_bytes": size,
        "resident_mb": {"first answer": round(at_rest, 1), "after the load": round(afterwards, 1)},
        "loads": [_figures(loads, contender.name, many) for many in _CONNECTIONS for contender in contenders],
    }
    rows = [
        [
            row["contender"],
            str(row["connections"]),
            f"{row['per_second']:,.0f}",
            f"{row['p50_ms']:.2f}",
            f"{row['p99_ms']:.2f}",
            f"{row['of_plain']:.2f}x",
        ]
        for row in figures["loads"]
    ]
    columns = ["answer", "connections", "requests/s", "p50 ms", "p99 ms", "of plain Flask"]
    note = (
        f"Medians of {rounds} rounds of {seconds:g} s by {name}, one server process, bodies of {size} bytes; "
        f"no answer failed. The mock's memory went from {at_rest:.0f} MB to {afterwards:.0f} MB."
    )
    return Result("load", figures, Table("Requests a second", columns, rows, [note]))


Loads = dict[tuple[str, int], list[Load]]


def _rounds(
    contenders: list[Contender], rounds: int, seconds: float, put_load: Tool, starts: "count[int]"
) -> Loads:
    loads: Loads = defaultdict(list)
    for number in range(rounds):
        shift = number % len(contenders)
        for many in _CONNECTIONS:
            for each in contenders[shift:] + contenders[:shift]:
                each.server.get(each.target)
                url = each.server.url + each.target
                load = put_load(url, many, seconds, next(starts) if each.fresh else None)
                click.echo(
                    f"load: round {number + 1} of {rounds}, {many} connections, {each.name}: "
                    f"{load.per_second:,.0f} requests/s",
                    err=True,
                )
                if load.failed:
                    raise click.ClickException(f"{load.failed} of {load.requests} answers failed: {url}")
                loads[each.name, many].append(load)
    return loads


def _figures(loads: Loads, name: str, many: int) -> dict[str, Any]:
    runs = loads[name, many]
    plain = median(load.per_second for load in loads["constant body, plain Flask", many])
    per_second = median(load.per_second for load in runs)
    return {
        "contender": name,
        "connections": many,
        "per_second": round(per_second, 1),
        "p50_ms": round(median(load.p50_ms for load in runs), 3),
        "p99_ms": round(median(load.p99_ms for load in runs), 3),
        "requests": sum(load.requests for load in runs),
        "of_plain": round(per_second / plain, 3),
    }
