"""The figures that a receiver has stored, from the user's command or database."""

import json
import shlex
import subprocess
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from mockcbs.core.errors import UserError
from mockcbs.webhooks.examiner.traffic import FIGURES

_TIMEOUT = 60

Figures = Mapping[str, float]
Source = Callable[[int | None], Figures]
"""Returns the figures of all stored events, or of one day in Shanghai (days since 1970)."""


class CommandFigures:
    """Figures that a command prints as one JSON object.

    If the command contains ``{start_date}`` and ``{end_date}``, it is also run for single days.
    """

    def __init__(self, command: str) -> None:
        self._command = command

    @property
    def knows_days(self) -> bool:
        """Whether the figures of one day can be read."""
        return "{start_date}" in self._command

    def __call__(self, day: int | None = None) -> Figures:
        """Run the command. Raises `UserError` unless it prints figures."""
        first, last = ("2023-01-01", "2099-12-31") if day is None else (str(np.datetime64(day, "D")),) * 2
        words = [
            word.replace("{start_date}", first).replace("{end_date}", last)
            for word in shlex.split(self._command)
        ]
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=_TIMEOUT, check=False)  # noqa: S603 - the user's own
        except (OSError, subprocess.TimeoutExpired) as error:
            raise UserError(f"--check {self._command!r} cannot be run: {error}") from error
        if done.returncode:
            last_line = (done.stderr.strip().splitlines() or ["no output"])[-1]
            raise UserError(f"--check {self._command!r} ended with status {done.returncode}: {last_line}")
        return _figures(done.stdout, f"--check {self._command!r}")


class DatabaseFigures:
    """Figures from a table ``events`` in the format of `mockcbs receive`."""

    knows_days = True

    def __init__(self, url: str) -> None:
        from mockcbs.webhooks.event_table import EventTable  # noqa: PLC0415 - needs an extra

        self._table = EventTable(url)

    def __call__(self, day: int | None = None) -> Figures:
        """Query the database."""
        from mockcbs.webhooks.reports import dialect_of, report  # noqa: PLC0415

        where = "1 = 1" if day is None else f"day = '{np.datetime64(day, 'D')}'"
        (row,) = self._table.rows(report(dialect_of(self._table.dialect), where=where))
        return {name: float(value) for name, value in row.items()}


def _figures(printed: str, source: str) -> Figures:
    wanted = f"one JSON object with any of {', '.join(FIGURES)}"
    try:
        content: Any = json.loads(printed)
    except ValueError as error:
        raise UserError(f"{source} printed {printed[:80]!r}; expected {wanted}") from error
    numbers = {
        name: float(value)
        for name, value in (content.items() if isinstance(content, dict) else ())
        if name in FIGURES and isinstance(value, int | float) and not isinstance(value, bool)
    }
    if not numbers:
        raise UserError(f"{source} printed {printed[:80]!r}; expected {wanted}")
    return numbers
