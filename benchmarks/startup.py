"""Measures the cold start: from the launch of a process to the first correct response, in turns.

Work that a server defers to its first response is measured, too. For comparison it measures the import of
Flask and numpy alone; no server that uses them can start faster.
"""

import subprocess
import sys
import time
from collections import defaultdict
from statistics import median

import click
from arena import Field, judge, started
from contenders import Answers, Contender
from processes import environment
from progress import Progress
from report import Result, Table, Target, spread
from work import works

_BARE = [sys.executable, "-c", "import flask, numpy"]
_GOAL = 0.45


def measure(entered: Field, answers: Answers, starts: int, progress: Progress) -> Result:
    """Start each contender *starts* times, after one start that fills the caches."""
    seconds: dict[str, list[float]] = defaultdict(list)
    resident: dict[str, list[float]] = defaultdict(list)
    bare: list[float] = []
    for number in range(starts + 1):
        for contender in list(entered.taking_part):
            try:
                took, memory = _cold_start(contender, answers)
            except click.ClickException as error:
                entered.remove(contender, error.message)
                continue
            if number:
                seconds[contender.name].append(took)
                resident[contender.name].append(memory)
        if number:
            bare.append(_bare_imports())
        told = ", ".join(f"{name} {times[-1]:.2f}" for name, times in seconds.items())
        progress.tell(
            (number + 1) / (starts + 1), f"start {number} of {starts}: {told}" if number else "warm-up"
        )

    named = {each.name: each for each in entered.taking_part}
    ours = median(seconds["mockcbs"])
    figures = {
        "first_answer_s": {name: spread(seconds[name]) for name in named},
        "resident_mb": {name: spread(resident[name], 1) for name in named},
        "import_flask_numpy_s": spread(bare),
        "first_answer_to_imports": round(ours / median(bare), 2),
        "left_out": entered.left_out,
    }
    rows = [
        [f"{each.title} {each.version}", *_written(seconds[name]), f"{median(resident[name]):.0f}"]
        for name, each in named.items()
    ]
    rows.append(["`python -c 'import flask, numpy'`, for scale", *_written(bare), ""])
    note = f"{starts} starts each, in turns. Seconds from launch; MB of all its processes after that answer."
    columns = ["first correct answer after", "median s", "least s", "most s", "MB"]
    return Result(
        "startup",
        figures,
        [Table("Cold start", columns, rows, [note, *entered.notes()])],
        _targets(named, seconds),
    )


def _targets(named: dict[str, Contender], seconds: dict[str, list[float]]) -> list[Target]:
    ours = median(seconds["mockcbs"])
    peers = {each.title: median(seconds[name]) for name, each in named.items() if each.peer}
    targets = [Target("cold start to the first answer", f"at most {_GOAL} s", f"{ours:.2f} s", ours <= _GOAL)]
    if peers:
        quickest = min(peers, key=peers.__getitem__)
        found = f"{ours:.2f} s; {quickest} {peers[quickest]:.2f} s"
        targets.append(Target("cold start, every peer's", "below", found, ours < peers[quickest]))
    return targets


def _cold_start(contender: Contender, answers: Answers) -> tuple[float, float]:
    """The time to the first response in s, and the memory at that time in MB."""
    work = works()["repeated"]
    with started(contender, answers) as server:
        server.first_answer(work.asks[0])
        took = time.perf_counter() - server.launched
        memory = server.resident()
        if wrong := judge(contender, server, work, answers).deviation:
            raise click.ClickException(wrong)
        return took, memory


def _bare_imports() -> float:
    began = time.perf_counter()
    subprocess.run(_BARE, check=True, env=environment())
    return time.perf_counter() - began


def _written(values: list[float]) -> list[str]:
    return [f"{value:.3f}" for value in (median(values), min(values), max(values))]
