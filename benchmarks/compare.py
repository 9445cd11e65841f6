"""Compares two checkouts of mockcbs, row by row, in turns; see `python benchmarks/run.py --compare`."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from costs import Mock, measure, served
from kinds import kinds
from report import Result, Table
from targets import short

_CHECKOUT = Path(__file__).resolve().parents[1]
_ACCEPTED = 1.1
"""A row may cost so many times what it cost before."""
_COLUMNS = ["", "before", "now", "now / before", "speed of S"]


@contextmanager
def checked_out(base: str) -> Iterator[Path]:
    """The folder of a checkout, or of a commit of this repository, which is checked out meanwhile."""
    if (Path(base) / "mockcbs").is_dir():
        yield Path(base).resolve()
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "base"
        git = ["git", "-C", str(_CHECKOUT), "worktree"]
        subprocess.run([*git, "add", "--detach", "--quiet", str(folder), base], check=True)
        try:
            yield folder
        finally:
            subprocess.run([*git, "remove", "--force", str(folder)], check=True)


def compare(base: str, rounds: int) -> Result:
    """The costs of all rows in *base* and in this checkout."""
    with (
        checked_out(base) as folder,
        tempfile.TemporaryDirectory() as workspace,
        served(folder, Path(workspace)) as before,
        served(_CHECKOUT, Path(workspace)) as now,
    ):
        rest = [before.resident(), now.resident()]
        costs = measure([before, now], rounds)
        return _result(base, costs, before, now, rest)


def _result(base: str, costs: dict[str, list[float]], before: Mock, now: Mock, rest: list[float]) -> Result:
    titles = {name: kind.work(1).title for name, kind in kinds().items()}
    rows = [
        [titles[name], *_both(was, found, "µs"), f"{costs['S'][1] / found:.2f}"]
        for name, (was, found) in costs.items()
    ]
    rows += [
        ["cold start to the first response", *_both(before.started_in, now.started_in, "s"), ""],
        ["resident after it, MB", *_both(*rest, "MB"), ""],
        ["resident at the end, MB", *_both(before.resident(), now.resident(), "MB"), ""],
    ]
    slower = [titles[name] for name, (was, found) in costs.items() if found > _ACCEPTED * was]
    note = f"More than {_ACCEPTED} times the cost in {base}: {', '.join(slower) or 'nothing'}."
    table = Table("Processor time of one worker", _COLUMNS, rows, [note])
    return Result("compare", {"costs_us": costs, "slower": slower}, [table])


def _both(before: float, now: float, unit: str) -> list[str]:
    return [*(f"{short(value)} {unit}" for value in (before, now)), f"{now / before:.2f}"]
