"""Where a mock keeps what changes while it runs."""

from collections.abc import Callable
from typing import Protocol

from mockcbs.backend.documents import Store
from mockcbs.backend.memory import MemoryStore
from mockcbs.core.changes import Versions
from mockcbs.core.clock import Clock
from mockcbs.core.clocks import Clocks
from mockcbs.core.peers import Nobody, Peers
from mockcbs.faults.runs import MemoryRuns, Runs, Watch
from mockcbs.traffic.recordings import Recordings


class Keeping(Protocol):
    """The parts of a mock's state, which belong together."""

    versions: Versions
    """Count the changes of all the others."""
    store: Store
    recordings: Recordings
    peers: Peers

    def clocks(self, start: Callable[[], Clock]) -> Clocks:
        """The clocks; *start* makes everybody's as it is at the start."""

    def runs(self, watch: Watch) -> Runs:
        """The scenarios that are played."""

    def close(self) -> None:
        """Let go of open files, before forking and at the end; they are opened again when needed."""


class InMemory:
    """State in the memory of one process."""

    def __init__(self) -> None:
        self.versions = Versions()
        self.store: Store = MemoryStore()
        self.recordings = Recordings(self.versions)
        self.peers: Peers = Nobody()

    def clocks(self, start: Callable[[], Clock]) -> Clocks:
        """The clocks."""
        return Clocks(start)

    def runs(self, watch: Watch) -> Runs:
        """The scenarios that are played."""
        return MemoryRuns(watch)

    def close(self) -> None:
        """Nothing is open."""
