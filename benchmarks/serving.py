"""Measures requests per second, latency and memory of every contender with the same work, in turns.

All contenders run at the same time, and all but one are idle, so that other load on the machine affects all
in the same way. Each is warmed up until its throughput is steady. wrk counts statuses, and some responses are
compared with the expected ones during the load.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count
from statistics import median
from typing import Any

from arena import Field, Verdict, all_started, judge
from contenders import Answers, Contender
from load import Load, Wrk
from processes import Server, Watch
from progress import Progress
from report import Result, Table
from work import Work, works

CELLS = (
    ("repeated", 1),
    ("repeated", 32),
    ("repeated", 64),
    ("new", 1),
    ("new", 32),
    ("new", 64),
    ("bad", 32),
    ("nobody", 32),
    ("mix", 32),
)
"""Kinds of work and numbers of connections."""

_WARMING = 0.2
"""The approximate share of the time that the warm-up takes."""
_LOOKS = count(1)
_STEADY = 0.05
"""The maximum relative change of throughput between two periods of the warm-up."""


@dataclass(frozen=True)
class Effort:
    """The amount of measurement."""

    rounds: int
    seconds: float
    warm_jvm: float
    """The minimum time of load on a Java server before it is measured, in s."""
    warm_most: float
    """The time of load after which a server is measured even if its throughput is not steady, in s."""


@dataclass
class Entrant:
    """A running contender and its measurements."""

    contender: Contender
    server: Server
    verdicts: dict[str, Verdict]
    at_rest: float
    """The memory after the first responses, in MB."""
    warm_up: list[float] = field(default_factory=list)
    """The requests per second in each period of the warm-up."""
    loads: dict[tuple[str, int], list[Load]] = field(default_factory=lambda: defaultdict(list))
    peak: float = 0.0
    """The memory under load, in MB."""
    mistakes: list[str] = field(default_factory=list)

    def median(self, cell: tuple[str, int], what: str) -> float | None:
        """The median of a figure over the rounds, or `None` if it was not measured."""
        return median(getattr(load, what) for load in self.loads[cell]) if cell in self.loads else None


def measure(entered: Field, answers: Answers, wrk: Wrk, effort: Effort, progress: Progress) -> Result:
    """Put load on every contender in every round."""
    kinds = works()
    with all_started(entered, answers) as servers:
        entrants = [_enter(each, servers[each.name], kinds, answers) for each in entered.taking_part]
        for place, each in enumerate(entrants):
            _warm_up(each, wrk, effort, kinds)
            told = f"{each.contender.title} warmed up: {', '.join(f'{rate:,.0f}' for rate in each.warm_up)}"
            progress.tell(_WARMING * (place + 1) / len(entrants), f"{told} requests/s")
        _rounds(entrants, answers, wrk, effort, progress)
    figures = _figures(entrants, effort)
    figures["left_out"] = entered.left_out
    tables = _tables(entrants, effort, entered.notes(), len(answers.ok))
    return Result("load", figures, tables, _measured(entrants))


def _enter(contender: Contender, server: Server, kinds: dict[str, Work], answers: Answers) -> Entrant:
    verdicts = {name: judge(contender, server, work, answers) for name, work in kinds.items()}
    return Entrant(contender, server, verdicts, server.resident())


def _warm_up(entrant: Entrant, wrk: Wrk, effort: Effort, kinds: dict[str, Work]) -> None:
    """Put load of all kinds, and of the kind that is compared most, until throughput is steady."""
    stretch = 3 if effort.warm_most >= 10 else 1
    least = effort.warm_jvm if entrant.contender.jvm else 0
    borne = 0.0
    while True:
        wrk(entrant.server.url, kinds["mix"], 32, stretch / 3)
        rate = wrk(entrant.server.url, kinds["repeated"], 32, stretch).per_second
        borne += stretch + max(1, stretch / 3)
        entrant.warm_up.append(round(rate, 1))
        if borne >= effort.warm_most or (borne >= least and steady(entrant.warm_up)):
            return


def steady(rates: list[float]) -> bool:
    """Whether the last two periods had hardly more throughput than the best one before them."""
    return len(rates) > 2 and max(rates[-2:]) <= max(rates[:-2]) * (1 + _STEADY)


def _rounds(entrants: list[Entrant], answers: Answers, wrk: Wrk, effort: Effort, progress: Progress) -> None:
    kinds = works()
    steps = effort.rounds * len(CELLS)
    for step in range(steps):
        cell = CELLS[step % len(CELLS)]
        shift = step % len(entrants)
        told = []
        for each in entrants[shift:] + entrants[:shift]:
            if each.verdicts[cell[0]].usable:
                load = _bear(each, kinds[cell[0]], cell[1], wrk, effort.seconds, answers=answers)
                told.append(f"{each.contender.name} {load.per_second:,.0f}")
        what = f"round {step // len(CELLS) + 1} of {effort.rounds}, {_head(cell)} connections"
        progress.tell(_WARMING + (1 - _WARMING) * (step + 1) / steps, f"{what}: {', '.join(told)}")


def _bear(each: Entrant, work: Work, connections: int, wrk: Wrk, seconds: float, *, answers: Answers) -> Load:
    """Put load on one contender and check some of its responses during the load."""

    def look(server: Server) -> str:
        verdict = judge(each.contender, server, work, answers, -next(_LOOKS))
        return "" if verdict == each.verdicts[work.name] else verdict.deviation

    with Watch(each.server, look) as watch:
        load = wrk(each.server.url, work, connections, seconds)
    each.loads[work.name, connections].append(load)
    each.peak = max(each.peak, watch.peak)
    each.mistakes += [f"{work.title}: {wrong}" for wrong in watch.wrong]
    if mistakes := load.mistakes(work, connections):
        each.mistakes.append(f"{work.title}: {mistakes} of {load.requests} failed")
    return load


def _figures(entrants: list[Entrant], effort: Effort) -> dict[str, Any]:
    by_name = {each.contender.name: each for each in entrants}
    return {
        "rounds": effort.rounds,
        "seconds": effort.seconds,
        "contenders": {
            name: {
                "title": each.contender.title,
                "version": each.contender.version,
                "resident_mb": {
                    "first answers": round(each.at_rest, 1),
                    "most under load": round(each.peak, 1),
                },
                "warm_up_per_second": each.warm_up,
                "deviations": {
                    kind: found.deviation for kind, found in each.verdicts.items() if found.deviation
                },
                "mistakes": each.mistakes,
                "loads": [_cell_figures(each, cell, by_name) for cell in each.loads],
            }
            for name, each in by_name.items()
        },
    }


def _cell_figures(each: Entrant, cell: tuple[str, int], by_name: dict[str, Entrant]) -> dict[str, Any]:
    loads = each.loads[cell]
    rate = median(load.per_second for load in loads)
    ratios = {
        f"of_{other}": round(rate / theirs, 3)
        for other in ("wiremock", "nginx")
        if other in by_name and (theirs := by_name[other].median(cell, "per_second"))
    }
    return {
        "work": cell[0],
        "connections": cell[1],
        "per_second": round(rate, 1),
        "per_second_of_rounds": [round(load.per_second, 1) for load in loads],
        "p50_ms": round(median(load.p50_ms for load in loads), 3),
        "p99_ms": round(median(load.p99_ms for load in loads), 3),
        "requests": sum(load.requests for load in loads),
        **ratios,
    }


def _tables(entrants: list[Entrant], effort: Effort, left_out: list[str], size: int) -> list[Table]:
    kinds = works()
    titles = [f"{each.contender.title} {each.contender.version}" for each in entrants]
    rates = [
        [title, *(_written(each, cell) for cell in CELLS)]
        for title, each in zip(titles, entrants, strict=True)
    ]
    notes = [
        f"Medians of {effort.rounds} rounds of {effort.seconds:g} s by wrk on one thread.",
        "The number in a column's head is that of connections.",
        f"mockcbs validates and computes each answer; the others answer the same {size} bytes as a constant.",
    ]
    deviations = [
        f"{each.contender.title}, {kinds[kind].title}: {found.deviation}"
        for each in entrants
        for kind, found in each.verdicts.items()
        if found.deviation and kind != "mix"
    ]
    if deviations:
        notes.append("\\* Otherwise than asked: " + "; ".join(deviations) + ".")
    notes += [
        f"**{each.contender.title}** under load: {'; '.join(each.mistakes[:5])}."
        for each in entrants
        if each.mistakes
    ]
    notes += left_out
    latency_cells = [cell for cell in CELLS if cell[0] in {"repeated", "new"}]
    latencies = [
        [title, *(_latency(each, cell) for cell in latency_cells)]
        for title, each in zip(titles, entrants, strict=True)
    ]
    memory = [
        [title, f"{each.at_rest:.0f}", f"{each.peak:.0f}"]
        for title, each in zip(titles, entrants, strict=True)
    ]
    return [
        Table("Requests a second", ["", *map(_head, CELLS)], rates, notes),
        Table(
            "Latency, p50 / p99 in ms",
            ["", *map(_head, latency_cells)],
            latencies,
        ),
        Table(
            "Resident memory, MB",
            ["", "after the first answers", "most under load"],
            memory,
            ["All processes of a contender; what they share counts once for each."],
        ),
    ]


def _head(cell: tuple[str, int]) -> str:
    return f"{works()[cell[0]].title}, {cell[1]}"


def _written(each: Entrant, cell: tuple[str, int]) -> str:
    rate = each.median(cell, "per_second")
    if rate is None:
        return "–"
    return f"{rate:,.0f}" + (" \\*" if each.verdicts[cell[0]].deviation else "")


def _latency(each: Entrant, cell: tuple[str, int]) -> str:
    p50, p99 = each.median(cell, "p50_ms"), each.median(cell, "p99_ms")
    return "–" if p50 is None or p99 is None else f"{p50:.3g} / {p99:.3g}"


def _measured(entrants: list[Entrant]) -> dict[str, float]:
    """The figures that targets are about."""
    ours = next(each for each in entrants if each.contender.name == "mockcbs")
    rates = {
        f"{kind} of {each.contender.name}": each.median((kind, 32), "per_second")
        for kind in ("repeated", "new")
        for each in entrants
    }
    found = {name: rate for name, rate in rates.items() if rate is not None}
    return found | {"MB under load": ours.peak, "mistakes under load": len(ours.mistakes)}
