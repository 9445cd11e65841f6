"""Compares two checkouts of mockcbs, row by row, in turns; see `python benchmarks/run.py --compare`."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from costs import ROWS, Mock, first_event, latency, measure, served
from report import Result, Table, Target

_CHECKOUT = Path(__file__).resolve().parents[1]
_ACCEPTED = 1.1
"""A row may cost so many times what it cost before."""
_COLUMNS = ["processor time of one worker", "before", "now", "now / before", "speed of S", "target", ""]


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
    rows, targets = [], []
    for name, (was, found) in costs.items():
        row, share = ROWS[name], costs["S"][1] / found
        met = "" if row.least is None else "met" if share >= row.least else "**missed**"
        goal = "" if row.least is None else f"{row.least:g}"
        rows.append(
            [row.title, f"{was:.0f} µs", f"{found:.0f} µs", f"{found / was:.2f}", f"{share:.2f}", goal, met]
        )
        slower = f"{found / was:.2f} times"
        targets.append(
            Target(
                f"{row.title}, beside {base}", f"at most {_ACCEPTED} times", slower, found <= _ACCEPTED * was
            )
        )
    rows += [
        ["cold start to the first response", *_both(before.started_in, now.started_in, "s"), "", "", ""],
        ["resident after it, MB", *_both(*rest, "MB"), "", "≤ 60", _word(rest[1] <= 60)],
        ["resident at the end, MB", *_both(before.resident(), now.resident(), "MB"), "", "", ""],
    ]
    stream, usual = first_event(now), latency(now)
    word = _word(stream <= 5 * usual)
    rows.append(
        [
            "first event of a stream, p99, of S's p50",
            "",
            f"{stream:.1f} ms",
            "",
            "",
            f"≤ {5 * usual:.1f}",
            word,
        ]
    )
    return Result("compare", {"costs_us": costs}, [Table("Processor time", _COLUMNS, rows)], targets)


def _both(before: float, now: float, unit: str) -> list[str]:
    return [f"{before:.3g} {unit}", f"{now:.3g} {unit}", f"{now / before:.2f}"]


def _word(met: bool) -> str:
    return "met" if met else "**missed**"
