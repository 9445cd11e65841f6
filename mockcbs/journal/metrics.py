"""Metrics of a running mock: numbers, results and durations of calls."""

import threading
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from mockcbs.core.peers import NoPeers, Peers

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
"""The upper bounds of the histogram buckets for durations, in s."""

Kind = tuple[str, str]
"""Service and operation."""


@dataclass
class Figures:
    """The numbers of calls and faults, and the durations."""

    calls: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """The number of calls by service, operation and status."""
    faults: Counter[str] = field(default_factory=Counter)
    """The number of calls that a scenario changed, by its name."""
    durations: dict[Kind, list[int]] = field(default_factory=dict)
    """The number of calls in each bucket of `SECONDS`, by kind of call."""
    seconds: dict[Kind, float] = field(default_factory=dict)
    """The sum of durations in s, by kind of call."""
    missing: tuple[str, ...] = ()
    """The names of the workers or replicas that did not respond; their calls are missing."""

    def add(self, more: "Figures") -> None:
        """Add the metrics of another worker."""
        self.calls.update(more.calls)
        self.faults.update(more.faults)
        for kind, counts in more.durations.items():
            before = self.durations.get(kind, [0] * len(counts))
            self.durations[kind] = [one + other for one, other in zip(before, counts, strict=True)]
            self.seconds[kind] = self.seconds.get(kind, 0.0) + more.seconds[kind]

    def packed(self) -> dict[str, Any]:
        """The metrics as JSON values, for another worker."""
        return {
            "calls": [[*kind, count] for kind, count in self.calls.items()],
            "faults": dict(self.faults),
            "durations": [[*kind, self.seconds[kind], counts] for kind, counts in self.durations.items()],
        }

    @classmethod
    def unpacked(cls, packed: dict[str, Any]) -> "Figures":
        """The metrics from `packed`."""
        figures = cls(faults=Counter(packed["faults"]))
        for service, operation, status, count in packed["calls"]:
            figures.calls[service, operation, status] = count
        for service, operation, seconds, counts in packed["durations"]:
            figures.durations[service, operation] = counts
            figures.seconds[service, operation] = seconds
        return figures


class Count:
    """A counter for calls of one kind and status."""

    __slots__ = ("_lock", "classes", "seconds")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.classes = [0] * (len(SECONDS) + 1)
        """The number of calls in each bucket of durations."""
        self.seconds = 0.0

    def add(self, seconds: float) -> None:
        """Count one call."""
        with self._lock:
            self.classes[bisect_left(SECONDS, seconds)] += 1
            self.seconds += seconds


class Tally:
    """Counters of all calls. They are fast to update and are summed when they are read."""

    def __init__(self, peers: Peers | None = None) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str, str], Count] = {}
        self._faults: dict[str, int] = defaultdict(int)
        self._peers = peers or NoPeers()
        self._peers.handle("tally", lambda: self._own().packed())

    def count_of(self, kind: Kind, status: int) -> Count:
        """The counter for calls of that kind and status."""
        with self._lock:
            return self._counts.setdefault((*kind, str(status)), Count())

    def add_fault(self, scenario: str) -> None:
        """Count one call that *scenario* changed."""
        with self._lock:
            self._faults[scenario] += 1

    def figures(self) -> Figures:
        """The sums of all workers."""
        figures = self._own()
        responses = self._peers.request("tally")
        for others in responses:
            figures.add(Figures.unpacked(others))
        figures.missing = responses.missing
        return figures

    def _own(self) -> Figures:
        with self._lock:
            figures, counts = Figures(faults=Counter(self._faults)), list(self._counts.items())
        for (service, operation, status), count in counts:
            kind, classes = (service, operation), list(count.classes)
            calls = Counter({(service, operation, status): sum(classes)})
            figures.add(Figures(calls, durations={kind: classes}, seconds={kind: count.seconds}))
        return figures
