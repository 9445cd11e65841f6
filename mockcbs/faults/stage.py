"""Which scenarios are being played, in all of the mock or in one scope of it."""

import threading
from collections.abc import Callable

from mockcbs.clock import Clock
from mockcbs.faults.scenario import Run, Scenario

_MOST_PREFERRED = 10_000
"""Runs kept for requests that choose for themselves; beyond that the oldest is forgotten."""


class Stage:
    """The scenario of each scope (a project, a token), and the one for everybody else."""

    def __init__(self, opening: Scenario | None, clock: Callable[[str | None], Clock]) -> None:
        """*opening* is played from the start, and again after `reset`; *clock* is that of a scope."""
        self._opening = opening
        self._clock = clock
        self._lock = threading.Lock()
        self._runs: dict[str | None, Run] = {}
        self._preferred: dict[tuple[str | None, str], Run] = {}
        self.reset()

    def play(self, scenario: Scenario, scope: str | None = None) -> Run:
        """Begin *scenario* from its beginning, in one scope or for everybody who has none."""
        with self._lock:
            run = self._runs[scope] = self._begin(scenario, scope)
            return run

    def stop(self, scope: str | None = None) -> None:
        """End what is played there."""
        with self._lock:
            self._runs.pop(scope, None)

    def reset(self, scope: str | None = None) -> None:
        """As at the start, in one scope or everywhere."""
        with self._lock:
            for key in [key for key in self._preferred if scope in {None, key[0]}]:
                del self._preferred[key]
            for played in [played for played in self._runs if scope in {None, played}]:
                del self._runs[played]
            if scope is None and self._opening:
                self._runs[None] = self._begin(self._opening, None)

    def run(self, scope: str | None = None) -> Run | None:
        """What is played in *scope*: its own scenario, else everybody's."""
        for played in dict.fromkeys((scope, None)):
            if run := self._runs.get(played):
                if not run.is_over:
                    return run
                self._end(played, run)
        return None

    def preferred(self, scenario: Scenario, scope: str | None) -> Run:
        """The run for requests that ask for *scenario* by themselves; it counts on from one to the next."""
        with self._lock:
            key = scope, scenario.name
            if key not in self._preferred:
                self._preferred[key] = self._begin(scenario, scope)
                if len(self._preferred) > _MOST_PREFERRED:
                    del self._preferred[next(iter(self._preferred))]
            return self._preferred[key]

    def _begin(self, scenario: Scenario, scope: str | None) -> Run:
        return Run(scenario, lambda: self._clock(scope).stopwatch())

    def _end(self, scope: str | None, run: Run) -> None:
        with self._lock:
            if self._runs.get(scope) is run:
                del self._runs[scope]
