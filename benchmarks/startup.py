"""Measures the cold start: from the launch of a process to the first correct response, in turns.

Work that a server defers to its first response is measured, too. Beside it stands the processor time of the
import of `Mock` with a first response in process, and of the import of Flask and numpy alone.
"""

import os
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
from report import Result, Table, spread
from work import PATH, works

_IMPORTS = {
    "import flask, numpy": "import flask, numpy",
    "import Mock": f"""
import requests
from mockcbs import Mock
with Mock():
    url = "https://cbs-ext.cn-north-4.myhuaweicloud.com{PATH}?interval=day"
    requests.get(url, headers={{"X-Auth-Token": "t"}}).raise_for_status()
""",
}
"""Programs whose processor time is compared: without a server, and with `Mock` and a first response."""


def measure(entered: Field, answers: Answers, starts: int, progress: Progress) -> Result:
    """Start each contender *starts* times, after one start that fills the caches."""
    seconds: dict[str, list[float]] = defaultdict(list)
    resident: dict[str, list[float]] = defaultdict(list)
    imports: dict[str, list[float]] = {name: [] for name in _IMPORTS}
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
        for name, code in _IMPORTS.items():
            imports[name].append(_run(code))
        told = ", ".join(f"{name} {times[-1]:.2f}" for name, times in seconds.items())
        progress.tell(
            (number + 1) / (starts + 1), f"start {number} of {starts}: {told}" if number else "warm-up"
        )

    named = {each.name: each for each in entered.taking_part}
    figures = {
        "first_answer_s": {name: spread(seconds[name]) for name in named},
        "resident_mb": {name: spread(resident[name], 1) for name in named},
        "processor_s": {name: spread(times[1:]) for name, times in imports.items()},
        "left_out": entered.left_out,
    }
    rows = [
        [f"{each.title} {each.version}", *_written(seconds[name]), f"{median(resident[name]):.0f}"]
        for name, each in named.items()
    ]
    rows += [[f"{name}, processor time", *_written(times[1:]), ""] for name, times in imports.items()]
    note = f"{starts} starts each, in turns. Seconds from launch; MB of all its processes after that answer."
    columns = ["first correct answer after", "median s", "least s", "most s", "MB"]
    measured = {name: median(times[1:]) for name, times in imports.items()}
    measured |= {f"start of {name}": median(seconds[name]) for name in named}
    measured |= {"start": median(seconds["mockcbs"]), "MB at rest": median(resident["mockcbs"])}
    table = Table("Cold start", columns, rows, [note, *entered.notes()])
    return Result("startup", figures, [table], measured)


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


def _run(code: str) -> float:
    """The processor time of a Python that runs *code*, in s."""
    before = _children()
    subprocess.run([sys.executable, "-P", "-c", code], check=True, env=environment())
    return _children() - before


def _children() -> float:
    """The processor time of all children that ended, in s."""
    used = os.times()
    return used.children_user + used.children_system


def _written(values: list[float]) -> list[str]:
    return [f"{value:.3f}" for value in (median(values), min(values), max(values))]
