"""The parts of a run, with their needs, expected times and amounts of measurement."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import click
from progress import Progress
from report import Result, Table
from tools import MissingError, Tools

if TYPE_CHECKING:
    from arena import Field
    from contenders import Answers
    from load import Wrk


class Part(NamedTuple):
    """A part of a run."""

    seconds: float
    """How long a full run of it takes, in s; that of *load* depends on the contenders."""
    about: str
    """What it measures."""


PARTS = {
    "startup": Part(100, "time from launch to the first correct response, and memory then"),
    "load": Part(
        0,
        "repeated reads, new queries, 400, 401 and a mix over 1, 32 and 64 connections: requests per second, "
        "latency, memory",
    ),
    "calls": Part(90, "signed queries, Coze, chats and Bitable beside a new query"),
    "memory": Part(20, "after use of all services; of a hundred bots"),
    "besides": Part(50, "exports, objects and records beside csv.writer, moto and pyairtable.testing"),
    "deliveries": Part(30, "webhooks beside aiohttp, and new queries meanwhile"),
    "statistics": Part(
        210,
        "a new range of 90 days for bots of different sizes; beside DuckDB, which must return the same "
        "figures; the index beside numpy",
    ),
    "shared-state": Part(130, "reads and questions in memory, by two workers, in a file, and on PostgreSQL"),
    "stalls": Part(280, "how long others wait while one client is slow (see stalls.py)"),
    "growth": Part(90, "cost by range, sessions, bots and connections"),
    "endurance": Part(70, "memory over a million requests"),
    "in-process": Part(30, "a call through `Mock`, without a socket; beside a constant of `responses`"),
    "mix": Part(20, "reads, questions and faults, with a check of every response (see mix.py)"),
}
"""The parts in their order."""
COMPARED = ("nginx", "wiremock", "prism-silent", "json-server")
"""The contenders that targets are about."""
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
"""All contenders that mockcbs can be compared with."""
_QUICKLY = 6
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

    def measure(self, names: tuple[str, ...]) -> Iterator[Result]:
        """The results of the parts with these names, each as soon as it is measured."""
        parts: dict[str, Callable[[Progress], Result]] = {
            name: getattr(self, f"_{name.replace('-', '_')}") for name in names
        }
        expected = {name: seconds for name, seconds in self._expected().items() if name in parts}
        self._install(names)
        click.echo(_written(expected), err=True)
        progress = Progress(expected)
        for name, part in parts.items():
            progress.begin(name)
            try:
                result = part(progress)
            except Exception as error:  # noqa: BLE001 - the figures of the other parts are worth keeping
                why = f"{type(error).__name__}: {error}"
                result = Result(
                    name, {"failed": why}, [Table(f"{name} failed", ["why"], [[" ".join(why.split())]])]
                )
                progress.tell(1, f"failed: {why}")
            yield result

    def _install(self, names: tuple[str, ...]) -> None:
        """Install what the parts need, before time is measured."""
        if {"startup", "load"} & set(names):
            _ = self._field
        with suppress(MissingError):  # the part reports it
            if {"load", "calls", "endurance", "growth", "shared-state"} & set(names):
                _ = self._wrk
        with suppress(MissingError):
            if "besides" in names:
                self.tools.pypi("moto", "moto[s3]", "flask", "flask-cors")

    def _expected(self) -> dict[str, float]:
        """The expected time of each part, in s."""
        many = len(self.contenders) + 1
        load = many * ((4 if self.quick else 20) + 9 * self.rounds * (self.seconds + 0.4))
        scale = _QUICKLY if self.quick else 1
        return {name: load if name == "load" else part.seconds / scale for name, part in PARTS.items()}

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

    def _calls(self, progress: Progress) -> Result:
        from calls import measure

        return measure(self._answers, self._wrk, self.rounds, self.seconds, progress)

    def _memory(self, progress: Progress) -> Result:
        from memory import measure

        return measure(self._answers, progress)

    def _besides(self, progress: Progress) -> Result:
        from besides import measure

        return measure(self._answers, self.tools, 1 if self.quick else 5, progress)

    def _deliveries(self, progress: Progress) -> Result:
        from deliveries import measure

        return measure(self._answers, 1 if self.quick else 5, progress)

    def _stalls(self, progress: Progress) -> Result:
        from stalls import cases, measure

        return measure(cases(quick=self.quick), progress)

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


def _written(expected: dict[str, float]) -> str:
    """The plan of a run in words."""
    parts = ", ".join(f"{name} {seconds / 60:.1f}" for name, seconds in expected.items())
    return f"plan, in minutes: {parts}; together {sum(expected.values()) / 60:.0f}"
