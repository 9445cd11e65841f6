"""Load by wrk over keep-alive connections, and whether it was borne as it should be."""

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import click
from work import Ask, Work

_SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True)
class Load:
    """What a server bore for a while."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    refused: int
    """Answers of status 400 and above."""
    broken: int
    """Connections that could not be made or broke, and answers that did not come in time."""

    @property
    def per_second(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds

    def mistakes(self, work: Work, connections: int) -> int:
        """How many answers, or connections, cannot have been as they should."""
        due = work.failing * self.requests
        doubtful = 0 if work.failing in {0, 1} else 2 * connections
        """Requests under way at the end, and where in its turns the work stopped."""
        return self.broken + max(0, round(abs(self.refused - due)) - doubtful)


class Wrk:
    """One thread of wrk."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._asked = 0
        """How many requests have been made: no run repeats the ranges of an earlier one."""

    def __call__(self, url: str, work: Work, connections: int, seconds: float) -> Load:
        """Do the work for so many (whole) seconds."""
        lasting = max(1, round(seconds))
        with tempfile.TemporaryDirectory() as folder:
            asks = Path(folder, "asks")
            asks.write_text("".join(f"{_line(ask)}\n" for ask in work.asks), "utf-8")
            size = ["-t1", f"-c{connections}", f"-d{lasting}s", "--timeout", "10s"]
            command = [*self._command, *size, "-s", str(_SCRIPT), url, "--", str(asks), str(self._asked)]
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60 + lasting)
        load = read(done.stdout, done.stderr)
        self._asked += load.requests + connections
        return load


def read(output: str, complaints: str = "") -> Load:
    """The last line that wrk's script wrote."""
    try:
        return Load(**json.loads(output.splitlines()[-1]))
    except (ValueError, IndexError, TypeError) as error:
        raise click.ClickException(f"wrk failed: {output}{complaints}") from error


def _line(ask: Ask) -> str:
    span = map(str, ask.span) if ask.span else ("", "")
    return "\t".join([ask.target, *span, *(text for header in ask.headers for text in header)])
