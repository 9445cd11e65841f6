"""Figures of a running mock: how many calls, how they were answered, how long they took."""

import threading
from bisect import bisect_left
from collections import defaultdict

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
"""Upper bounds of the classes of duration."""

Kind = tuple[str, str]
"""Service and operation."""


class Tally:
    """Counts, kept cheap for every call and put into Prometheus' form only when asked for."""

    def __init__(self) -> None:
        self.calls: dict[tuple[str, str, str], int] = defaultdict(int)
        """By service, operation and status."""
        self.faults: dict[str, int] = defaultdict(int)
        """Calls that a scenario touched, by its name."""
        self._lock = threading.Lock()
        self._durations: dict[Kind, list[int]] = defaultdict(lambda: [0] * (len(SECONDS) + 1))
        self._sums: dict[Kind, float] = defaultdict(float)

    def add(self, kind: Kind, status: int, seconds: float, scenario: str | None) -> None:
        """Count one call."""
        with self._lock:
            self.calls[*kind, str(status)] += 1
            self._durations[kind][bisect_left(SECONDS, seconds)] += 1
            self._sums[kind] += seconds
            if scenario:
                self.faults[scenario] += 1

    def durations(self) -> list[tuple[Kind, list[int], float]]:
        """Of each kind of call: how many in each class of duration, and the sum of seconds."""
        with self._lock:
            return [(kind, list(counts), self._sums[kind]) for kind, counts in self._durations.items()]
