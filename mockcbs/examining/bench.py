"""What relations work with: worlds, runs, and the words for what goes wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mockcbs.examining.client import Client
from mockcbs.examining.output import Output
from mockcbs.examining.probe import Profile
from mockcbs.examining.search import BrokenError
from mockcbs.examining.strategies import Case
from mockcbs.examining.traffic import Traffic
from mockcbs.examining.words import Asked
from mockcbs.examining.world import Run, World


@dataclass
class Bench:
    """A client, and what is known of it."""

    client: Client
    profile: Profile
    first_day: date
    """A Monday; the traffic of every case begins here."""
    now: int
    """Where the mocks' clocks stand, ms UTC."""
    jobs: int = 1
    runs: int = 0
    """How often the client was run."""

    def alone(self) -> "Bench":
        """The same with one run at a time, so that calls can be told apart."""
        return replace(self, jobs=1)

    def world(
        self, traffic: Traffic, *, now: int | None = None, scenario: Mapping[str, Any] | None = None
    ) -> World:
        """A mock with this traffic, not yet entered."""
        return World(
            self.client,
            self.profile.target,
            traffic,
            now=self.now if now is None else now,
            jobs=self.jobs,
            scenario=scenario,
        )

    def traffic(self, case: Case) -> Traffic:
        """The traffic of *case*, its days in the client's zone."""
        return Traffic(self.first_day, case.sessions, self.profile.zone, case.seed)

    def asked(self, case: Case) -> Asked:
        """The range of *case*, by day."""
        days = self.traffic(case)
        return Asked(days.day(case.start), days.day(case.end), zone=self.profile.zone)

    def names(self, *words: str) -> bool:
        """Whether the client is told all of these."""
        return self.profile.words.issuperset(words)


def outputs(traffic: Traffic, runs: Sequence[Run]) -> list[Output]:
    """What runs printed; raises `BrokenError` if one failed, though nothing was in its way."""
    for run in runs:
        if run.output is None:
            raise broken(f"although every call could succeed, {run.problem}", traffic, [run])
    return [run.output for run in runs if run.output is not None]


def broken(reason: str, traffic: Traffic, runs: Sequence[Run], *notes: str) -> BrokenError:
    """The error for a relation that does not hold, with all that shows it."""
    lines = ["traffic:", *(f"  {line}" for line in traffic.lines()), *notes]
    for run in runs:
        lines += run.lines()
    return BrokenError(reason, "\n".join(lines), traffic)
