"""The client under examination and its profile, which the relations use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from mockcbs.examining.client import Client
from mockcbs.examining.output import Output
from mockcbs.examining.probe import Profile
from mockcbs.examining.search import BrokenError
from mockcbs.examining.strategies import Case, Season
from mockcbs.examining.traffic import Traffic
from mockcbs.examining.words import Asked
from mockcbs.examining.world import Run, World
from mockcbs.traffic.periods import DAY

_LONG = timedelta(weeks=13)
"""How long before the recent day the traffic of a long range begins."""


@dataclass
class Bench:
    """A client, its profile, and the time of the mocks."""

    client: Client
    profile: Profile
    first_day: date
    """The first day of the traffic of every case; a Monday."""
    now: int
    """The time of the mocks' clocks, ms UTC."""
    jobs: int = 1
    runs: int = 0
    """The number of runs of the client."""

    def alone(self) -> "Bench":
        """The same bench with one run at a time, so that each call can be assigned to a run."""
        return replace(self, jobs=1)

    def world(
        self,
        traffic: Traffic,
        *,
        now: int | None = None,
        scenario: Mapping[str, Any] | None = None,
        others: bool = True,
    ) -> World:
        """A mock with this traffic, as a context manager that starts it; without *others*, it has one bot."""
        return World(
            self.client,
            self.profile.target,
            traffic,
            now=self._usual(traffic) if now is None else now,
            jobs=self.jobs,
            scenario=scenario,
            others=others and "bot_id" in self.client.words,
        )

    def _usual(self, traffic: Traffic) -> int:
        """The time of the clock: as far back as the traffic begins early, but after its end, ms UTC."""
        moved = self.now - (self.first_day - traffic.first_day) // timedelta(milliseconds=1)
        ends = [traffic.begin(session) + 2 * DAY for session in traffic.sessions]
        return min(self.now, max(moved, *ends)) if ends else moved

    def traffic(self, case: Case) -> Traffic:
        """The traffic of *case*, with days in the client's zone."""
        return Traffic(_first_day(self.first_day, case.season), case.sessions, self.profile.zone, case.seed)

    def asked(self, case: Case) -> Asked:
        """The range of *case* as days to request."""
        days = self.traffic(case)
        return Asked(days.day(case.start), days.day(case.end), zone=self.profile.zone)

    def names(self, *words: str) -> bool:
        """Whether the client's command contains all of these words."""
        return self.profile.words.issuperset(words)


def outputs(traffic: Traffic, runs: Sequence[Run]) -> list[Output]:
    """The outputs of runs without faults. Raises `BrokenError` if a run failed."""
    for run in runs:
        if run.output is None:
            raise broken(f"although no call failed, {run.problem}", traffic, [run])
    return [run.output for run in runs if run.output is not None]


def broken(reason: str, traffic: Traffic, runs: Sequence[Run], *notes: str) -> BrokenError:
    """The error for a relation that does not hold, with the traffic and the runs that show it."""
    lines = ["traffic:", *(f"  {line}" for line in traffic.lines()), *notes]
    for run in runs:
        lines += run.lines()
    return BrokenError(reason, "\n".join(lines), traffic)


def _first_day(recent: date, season: Season) -> date:
    """The Monday with which the traffic of a season begins, not after the *recent* one."""
    if season == "year":
        first = recent.replace(month=1, day=1)
        return first - timedelta(days=first.weekday())
    if season == "long":
        return recent - _LONG
    day = recent
    while season == "month" and day.day > 1:
        day -= timedelta(days=7)
    return day
