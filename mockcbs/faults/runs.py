"""Which scenarios are being played, in the whole mock or in one scope of it."""

import json
import threading
from collections.abc import Callable
from typing import Protocol

from mockcbs.core.budget import Budget
from mockcbs.core.clock import Clock
from mockcbs.faults import scenario_json
from mockcbs.faults.scenario import Run, Scenario

_MAX_PREFERRED = 10_000
"""Runs kept for requests that choose a scenario themselves; beyond that the oldest is forgotten."""

PLAYED = ""
"""The name under which a scope keeps what is played for all of its calls."""

Watch = Callable[[str | None], Callable[[], int]]
"""Makes a stopwatch, which counts milliseconds, for a scope."""


class Runs(Protocol):
    """The runs of each scope by name, wherever they are kept."""

    def get(self, scope: str | None, name: str) -> Run | None:
        """The run of that name."""

    def played(self, scope: str | None) -> Run | None:
        """What is played for all calls of *scope*: its own, else everybody's."""

    def begin(self, scope: str | None, name: str, scenario: Scenario, *, anew: bool) -> Run:
        """A run of *scenario* under that name; unless *anew*, the one that is there already."""

    def drop(self, scope: str | None, name: str, run: Run | None = None) -> None:
        """Forget the run of that name, whichever it is, or only if it is *run*."""

    def clear(self, scope: str | None) -> None:
        """Forget those of one scope, or of all."""


class MemoryRuns:
    """The runs of one process."""

    def __init__(self, watch: Watch, budget: Budget | None = None) -> None:
        """*budget* bounds them; the size of a run is that of its scenario."""
        self._watch, self._budget = watch, budget or Budget()
        self._lock = threading.Lock()
        self._played: dict[str | None, Run] = {}
        self._preferred: dict[tuple[str | None, str], Run] = {}

    def get(self, scope: str | None, name: str) -> Run | None:
        """The run of that name."""
        return self._preferred.get((scope, name)) if name else self._played.get(scope)

    def played(self, scope: str | None) -> Run | None:
        """What is played for all calls of *scope*."""
        played = self._played
        return (played.get(scope) or played.get(None)) if played else None

    def begin(self, scope: str | None, name: str, scenario: Scenario, *, anew: bool) -> Run:
        """A run of *scenario* under that name."""
        with self._lock:
            run = None if anew else self.get(scope, name)
            if run is None:
                before = self.get(scope, name)
                size = _size(scenario)
                self._budget.take("a scenario", size, _size(before.scenario) if before else None)
                run = Run(scenario, self._watch(scope))
                if name:
                    self._preferred[scope, name] = run
                else:
                    self._played[scope] = run
                if len(self._preferred) > _MAX_PREFERRED:
                    self._forget(self._preferred.pop(next(iter(self._preferred))))
            return run

    def drop(self, scope: str | None, name: str, run: Run | None = None) -> None:
        """Forget the run of that name."""
        with self._lock:
            if run in {None, self.get(scope, name)}:
                self._forget(
                    self._preferred.pop((scope, name), None) if name else self._played.pop(scope, None)
                )

    def clear(self, scope: str | None) -> None:
        """Forget those of one scope, or of all."""
        with self._lock:
            for key in [key for key in self._preferred if scope in {None, key[0]}]:
                self._forget(self._preferred.pop(key))
            for played in [played for played in self._played if scope in {None, played}]:
                self._forget(self._played.pop(played))

    def _forget(self, run: Run | None) -> None:
        if run:
            self._budget.give_back(_size(run.scenario))


def _size(scenario: Scenario) -> int:
    return len(json.dumps(scenario_json.encoded(scenario)))


class Scenarios:
    """The scenario of each scope (a project, a token), and the one for everybody else."""

    def __init__(
        self,
        opening: Scenario | None,
        clock: Callable[[str | None], Clock],
        runs: Callable[[Watch], Runs] = MemoryRuns,
    ) -> None:
        """*opening* is played from the start, and again after `reset`; *clock* is that of a scope."""
        self._opening = opening
        self._clock = clock
        self._runs = runs(self._watch)
        self.reset()

    def play(self, scenario: Scenario, scope: str | None = None) -> Run:
        """Begin *scenario* from its beginning, in one scope or for everybody who has none."""
        return self._runs.begin(scope, PLAYED, scenario, anew=True)

    def stop(self, scope: str | None = None) -> None:
        """End what is played there."""
        self._runs.drop(scope, PLAYED)

    def reset(self, scope: str | None = None) -> None:
        """As at the start, in one scope or everywhere."""
        self._runs.clear(scope)
        if scope is None and self._opening:
            self.play(self._opening)

    def run(self, scope: str | None = None) -> Run | None:
        """What is played in *scope*: its own scenario, else everybody's."""
        run = self._runs.played(scope)
        if run is None or not run.is_over:
            return run
        for place in (scope, None):
            self._runs.drop(place, PLAYED, run)
        return self.run(scope)

    def preferred(self, scenario: Scenario, scope: str | None) -> Run:
        """The run for requests that ask for *scenario* by themselves; it counts on from one to the next."""
        return self._runs.begin(scope, scenario.name, scenario, anew=False)

    def _watch(self, scope: str | None) -> Callable[[], int]:
        return lambda: self._clock(scope).stopwatch()
