"""The parts of a run, with their needs, expected times and amounts of measurement."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from subprocess import SubprocessError
from typing import TYPE_CHECKING

import click
from progress import Progress
from report import Result, Target
from tools import Tools

if TYPE_CHECKING:
    from arena import Field
    from contenders import Answers
    from load import Wrk

PARTS = ("startup", "load", "endurance", "growth", "in-process", "statistics", "mix", "shared-state")
CONTENDERS = (
    "nginx",
    "nginx-log",
    "wiremock",
    "mockserver",
    "specmatic",
    "prism",
    "prism-silent",
    "mockoon",
    "json-server",
    "mountebank",
    "pytest-httpserver",
    "flask",
)
"""The contenders that mockcbs is compared with."""
_QUICKLY = 8
"""The approximate ratio of the time of a full run to that of a quick run."""


@dataclass
class Run:
    """The settings of a run. Each part imports its libraries when it starts, as other parts work without
    them.
    """

    tools: Tools
    contenders: tuple[str, ...]
    quick: bool
    rounds: int
    seconds: float
    sizes: list[int]

    def measure(self, names: tuple[str, ...]) -> list[Result]:
        """The results of the parts with these names."""
        parts: dict[str, Callable[[Progress], Result]] = {
            "startup": self._startup,
            "load": self._load,
            "endurance": self._endurance,
            "growth": self._growth,
            "in-process": self._in_process,
            "statistics": self._statistics,
            "mix": self._mix,
            "shared-state": self._shared_state,
        }
        expected = self._expected()
        if {"startup", "load"} & set(names):
            _ = self._field  # installed before the time is measured
        if {"load", "endurance", "growth", "shared-state"} & set(names):
            _ = self._wrk
        progress = Progress({name: expected[name] for name in names})
        results = []
        for name in names:
            progress.begin(name)
            try:
                results.append(parts[name](progress))
            except (click.ClickException, OSError, SubprocessError) as error:
                results.append(_failed(name, str(error)))
                progress.tell(1, f"failed: {error}")
        return results

    def _expected(self) -> dict[str, float]:
        """The expected time of each part, in s."""
        many = len(self.contenders) + 1
        full = {
            "startup": 11 * many,
            "endurance": 90,
            "growth": 120,
            "in-process": 30,
            "statistics": 180,
            "mix": 20,
            "shared-state": 100,
        }
        load = many * ((4 if self.quick else 20) + 9 * self.rounds * (self.seconds + 0.4))
        scale = _QUICKLY if self.quick else 1
        return {"load": load} | {name: seconds / scale for name, seconds in full.items()}

    @cached_property
    def _field(self) -> "Field":
        from arena import assemble

        return assemble(self.tools, self.contenders)

    @cached_property
    def _answers(self) -> "Answers":
        from arena import agreed_answers

        return agreed_answers()

    @cached_property
    def _wrk(self) -> "Wrk":
        from load import Wrk

        return Wrk(self.tools.debian("wrk", "wrk", "libluajit-5.1-2", "libluajit-5.1-common"))

    def _startup(self, progress: Progress) -> Result:
        from startup import measure

        return measure(self._field, self._answers, 2 if self.quick else 7, progress)

    def _load(self, progress: Progress) -> Result:
        from serving import Effort, measure

        effort = Effort(
            self.rounds,
            self.seconds,
            warm_jvm=0 if self.quick else 32,
            warm_most=2 if self.quick else 60,
        )
        return measure(self._field, self._answers, self._wrk, effort, progress)

    def _shared_state(self, progress: Progress) -> Result:
        from shared_state import measure

        return measure(self._answers, self._wrk, self.rounds, self.seconds, progress)

    def _endurance(self, progress: Progress) -> Result:
        from endurance import measure

        requests, most_seconds = (20_000, 10) if self.quick else (1_000_000, 240)
        return measure(self._answers, self._wrk, requests, most_seconds, progress)

    def _growth(self, progress: Progress) -> Result:
        from growth import measure

        rounds, seconds = (1, 1) if self.quick else (3, 2)
        return measure(self._answers, self._wrk, rounds, seconds, progress)

    def _in_process(self, progress: Progress) -> Result:
        from in_process import measure

        rounds, calls = (3, 20) if self.quick else (9, 200)
        return measure(rounds, calls, progress)

    def _statistics(self, progress: Progress) -> Result:
        from ranges import measure

        return measure(3 if self.quick else 9, self.sizes, progress)

    def _mix(self, progress: Progress) -> Result:
        from mix import measure

        return measure(3 if self.quick else 15, progress)


def _failed(name: str, why: str) -> Result:
    """The result of a part that failed, so that the results of the other parts are reported."""
    return Result(
        name, {"failed": why}, [], [Target(f"{name} can be measured", "to its end", why, met=False)]
    )
