"""Load by wrk over keep-alive connections, with a check of the statuses."""

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
    """The load of one run and its result."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    refused: int
    """The number of responses with status 400 and above."""
    broken: int
    """The number of connections that failed, and of responses that came too late."""
    used: float = 0.0
    """The processor time of wrk, in s."""

    @property
    def per_second(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds

    def mistakes(self, work: Work, connections: int) -> int:
        """The number of responses and connections that are certainly wrong."""
        due = work.failing * self.requests
        doubtful = 0 if work.failing in {0, 1} else 2 * connections
        """The number of doubtful responses: requests in flight at the end, and a last turn that was cut
        off.
        """
        return self.broken + max(0, round(abs(self.refused - due)) - doubtful)


class Wrk:
    """wrk with one thread."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._asked = 0
        """The number of requests up to now; it gives each run ranges that no earlier run used."""

    def __call__(self, url: str, work: Work, connections: int, seconds: float) -> Load:
        """Put load on the server for so many whole seconds."""
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
    """The counts in the last line that wrk's script printed."""
    try:
        return Load(**json.loads(output.splitlines()[-1]))
    except (ValueError, IndexError, TypeError) as error:
        raise click.ClickException(f"wrk failed: {output}{complaints}") from error


def _line(ask: Ask) -> str:
    span = map(str, ask.span) if ask.span else ("", "")
    return "\t".join([ask.target, *span, ask.body, *(text for header in ask.headers for text in header)])
