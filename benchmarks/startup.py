"""Cold start and memory at rest.

From the launch of `mockcbs serve` to the first 200 of session-stats, so that whatever is put off until
the first answer counts too. Importing Flask and numpy alone, in turns with it, is the scale: no server
made of them starts faster.
"""

import subprocess
import sys
import time
from statistics import median

import click
from processes import environment, mockcbs_command, serving
from report import Result, Table, Target, spread

_BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
_FIRST_QUESTION = f"/v1/any-project/qabots/{_BOT}/requests/session-stats?interval=week&time_zone=%2B08%3A00"
_SERVE = mockcbs_command("serve", "--port", "0", "--quiet")
_BARE = [sys.executable, "-c", "import flask, numpy"]

_START_GOAL = 0.5
_MEMORY_GOAL = 100


def measure(starts: int) -> Result:
    """Start both *starts* times, in turns, after one start each that leaves the bytecode in place."""
    listening: list[float] = []
    answered: list[float] = []
    resident: list[float] = []
    bare: list[float] = []
    for number in range(starts + 1):
        click.echo(f"startup: {f'start {number} of {starts}' if number else 'warm-up'}", err=True)
        one, other, memory = _cold_start()
        scale = _bare_imports()
        if number:
            listening.append(one)
            answered.append(other)
            resident.append(memory)
            bare.append(scale)

    figures = {
        "listening_s": spread(listening),
        "first_answer_s": spread(answered),
        "import_flask_numpy_s": spread(bare),
        "first_answer_to_imports": round(median(answered) / median(bare), 2),
        "resident_mb": spread(resident, 1),
    }
    rows = [
        ["`mockcbs serve` listens", *_seconds(listening)],
        ["`mockcbs serve` has answered its first session-stats", *_seconds(answered)],
        ["`python -c 'import flask, numpy'`, for scale", *_seconds(bare)],
        [
            "resident after that answer, dataset everyday",
            *(f"{value:.0f} MB" for value in (median(resident), min(resident), max(resident))),
        ],
    ]
    note = f"{starts} starts each, in turns; times from the launch of the process."
    targets = [
        Target(
            "cold start to the first answer",
            f"at most {_START_GOAL} s",
            f"{median(answered):.2f} s",
            median(answered) <= _START_GOAL,
        ),
        Target(
            "memory at rest, dataset everyday",
            f"below {_MEMORY_GOAL} MB",
            f"{median(resident):.0f} MB",
            median(resident) < _MEMORY_GOAL,
        ),
    ]
    table = Table("Start and memory at rest", ["", "median", "least", "most"], rows, [note])
    return Result("startup", figures, table, targets)


def _cold_start() -> tuple[float, float, float]:
    """Seconds until the mock listens, seconds until it has answered, and its memory in MB then."""
    with serving(_SERVE) as server:
        listening = time.perf_counter() - server.launched
        server.get(_FIRST_QUESTION)
        answered = time.perf_counter() - server.launched
        return listening, answered, server.resident()


def _bare_imports() -> float:
    began = time.perf_counter()
    subprocess.run(_BARE, check=True, env=environment())
    return time.perf_counter() - began


def _seconds(values: list[float]) -> list[str]:
    return [f"{value:.3f} s" for value in (median(values), min(values), max(values))]
