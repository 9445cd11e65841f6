"""The running scenarios, of the whole mock and of single scopes."""

import threading
from collections.abc import Callable
from typing import Protocol

from mockcbs.core.budget import Budget, size_of
from mockcbs.core.changes import Changes
from mockcbs.core.clock import Clock
from mockcbs.faults import scenario_json
from mockcbs.faults.scenario import Run, Scenario

_MAX_PREFERRED = 10_000
"""Runs that are kept for requests with a scenario in a header; beyond that the oldest is forgotten."""

CHANGES = "runs"
"""The key of `mockcbs.core.changes` that is counted up when a run begins or ends."""

PLAYED = ""
"""The name of the run that applies to all calls of a scope."""

Watch = Callable[[str | None], Callable[[], int]]
"""Returns a stopwatch for a scope, which counts milliseconds."""


class Runs(Protocol):
    """The runs of a backend, by scope and name."""

    def get(self, scope: str | None, name: str) -> Run | None:
        """The run with that name; `None` if there is none."""

    def played(self, scope: str | None) -> Run | None:
        """The run for all calls of *scope*: that of the scope, or else that of the whole mock."""

    @property
    def concerns_uploads(self) -> bool:
        """Whether a run of any scope may slow uploads down."""

    def begin(self, scope: str | None, name: str, scenario: Scenario, *, anew: bool) -> Run:
        """Start a run of *scenario* with that name. Without *anew*, return an existing run instead."""

    def drop(self, scope: str | None, name: str, run: Run | None = None) -> None:
        """Forget the run with that name. If *run* is given, forget it only if it still has that name."""

    def clear(self, scope: str | None) -> None:
        """Forget the runs of one scope, or of all."""


class MemoryRuns:
    """The runs of one process."""

    def __init__(self, watch: Watch, budget: Budget | None = None, changes: Changes | None = None) -> None:
        """*budget* limits the size of all scenarios together; *changes* counts when a run begins or ends."""
        self._watch, self._budget, self._changes = watch, budget or Budget(), changes or Changes()
        self._lock = threading.Lock()
        self._played: dict[str | None, Run] = {}
        self._preferred: dict[tuple[str | None, str], Run] = {}

    def get(self, scope: str | None, name: str) -> Run | None:
        """The run with that name; `None` if there is none."""
        return self._preferred.get((scope, name)) if name else self._played.get(scope)

    def played(self, scope: str | None) -> Run | None:
        """The run for all calls of *scope*."""
        played = self._played
        return (played.get(scope) or played.get(None)) if played else None

    @property
    def concerns_uploads(self) -> bool:
        """Whether a run of any scope may slow uploads down."""
        played = self._played
        return bool(played) and any(run.scenario.concerns_uploads for run in [*played.values()])

    def begin(self, scope: str | None, name: str, scenario: Scenario, *, anew: bool) -> Run:
        """Start a run of *scenario* with that name, or return the existing one."""
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
                self._changes.bump(CHANGES)
            return run

    def drop(self, scope: str | None, name: str, run: Run | None = None) -> None:
        """Forget the run with that name."""
        with self._lock:
            if run in {None, self.get(scope, name)}:
                self._forget(
                    self._preferred.pop((scope, name), None) if name else self._played.pop(scope, None)
                )

    def clear(self, scope: str | None) -> None:
        """Forget the runs of one scope, or of all."""
        with self._lock:
            for key in [key for key in self._preferred if scope in {None, key[0]}]:
                self._forget(self._preferred.pop(key))
            for played in [played for played in self._played if scope in {None, played}]:
                self._forget(self._played.pop(played))

    def _forget(self, run: Run | None) -> None:
        if run:
            self._budget.give_back(_size(run.scenario))
            self._changes.bump(CHANGES)


def _size(scenario: Scenario) -> int:
    return size_of(scenario_json.encoded(scenario))


class Scenarios:
    """The scenarios of scopes (a project, a token), and the one of the whole mock."""

    def __init__(
        self,
        opening: Callable[[], Scenario | None],
        clock: Callable[[str | None], Clock],
        runs: Callable[[Watch], Runs] = MemoryRuns,
        *,
        joins: bool = False,
    ) -> None:
        """What *opening* returns runs from the start, and again after `reset`.

        *clock* returns the clock of a scope.

        With *joins*, other processes have started it, and what is played is theirs.
        """
        self._opening = opening
        self._clock = clock
        self._runs = runs(self._watch)
        if not joins:
            self.reset()

    def play(self, scenario: Scenario, scope: str | None = None) -> Run:
        """Start *scenario*, in one scope or for all scopes without one."""
        return self._runs.begin(scope, PLAYED, scenario, anew=True)

    def stop(self, scope: str | None = None) -> None:
        """Stop the scenario of a scope, or the one of the whole mock."""
        self._runs.drop(scope, PLAYED)

    def reset(self, scope: str | None = None) -> None:
        """Return to the state at the start, in one scope or in all."""
        self._runs.clear(scope)
        if scope is None and (opening := self._opening()):
            self.play(opening)

    def run(self, scope: str | None = None) -> Run | None:
        """The run for *scope*: that of the scope, or else that of the whole mock."""
        run = self._runs.played(scope)
        if run is None or not run.is_over:
            return run
        for place in (scope, None):
            self._runs.drop(place, PLAYED, run)
        return self.run(scope)

    @property
    def concerns_uploads(self) -> bool:
        """Whether a scenario that is played in any scope may slow uploads down."""
        return self._runs.concerns_uploads

    def preferred(self, scenario: Scenario, scope: str | None) -> Run:
        """The run for requests with *scenario* in a header; all of them share its counters."""
        return self._runs.begin(scope, scenario.name, scenario, anew=False)

    def _watch(self, scope: str | None) -> Callable[[], int]:
        return lambda: self._clock(scope).stopwatch()
