"""The seam under a running mock: what every backend keeps of what changes while the mock runs."""

from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from mockcbs.backend.documents import Document, Documents
from mockcbs.core.changes import Changes
from mockcbs.core.clock import Clock
from mockcbs.core.clocks import Clocks
from mockcbs.core.peers import Peers
from mockcbs.faults.runs import Runs, Watch
from mockcbs.traffic.recordings import Recordings


class Leases(Protocol):
    """Which worker does a job that only one may do. A lease ends with its time or with the server."""

    def lease(self, name: str, holder: str, seconds: float) -> bool:
        """Take the lease for so many seconds of real time; `False` if another holder has it."""

    def renew(self, name: str, holder: str, seconds: float) -> bool:
        """Keep a lease that *holder* has for so many seconds from now; `False` if it is lost."""

    def release(self, name: str, holder: str) -> None:
        """Let others take a lease, if *holder* has it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to be done at some time: one entry of an outbox."""

    number: int
    """Entries are numbered as they are appended."""
    queue: str
    scope: str
    due: int
    """When it is to be done, ms UTC of real time."""
    body: Document


class Outbox(Protocol):
    """What is still to be done, in order of the time when it is due. It survives whoever was to do it.

    An entry stays until it is acknowledged, so that it is done at least once.
    """

    def append(self, queue: str, body: Document, *, due: int, scope: str = "") -> int:
        """Add an entry; its number. Raises `mockcbs.core.errors.FullError` if there is no room."""

    def peek(self, queue: str, limit: int = 100) -> list[Entry]:
        """The first entries, claimed or not."""

    def claim(self, queue: str, now: int, *, seconds: float, limit: int = 100) -> list[Entry]:
        """The first unclaimed entries due at *now* (ms UTC); they are the caller's for so many *seconds*."""

    def ack(self, number: int) -> bool:
        """Delete an entry, which is done; whether it was there."""

    def postpone(self, number: int, due: int, body: Document | None = None) -> bool:
        """Do an entry again at *due*, with another body if one is given; whether the entry was there."""

    def clear(self, scope: str | None = None) -> None:
        """Delete the entries of one scope or of all."""


class Writer(Protocol):
    """A file being written."""

    def write(self, data: bytes) -> int:
        """Append *data*; how many bytes. Raises `mockcbs.core.errors.FullError` if the disk is full."""


class Files(Protocol):
    """Contents of uploads and objects, by scope and name, on disk."""

    def create(self, scope: str, name: str) -> AbstractContextManager[Writer]:
        """A context in which a file is written; without an exception it replaces the one of that name."""

    def size(self, scope: str, name: str) -> int | None:
        """How many bytes a file has; `None` if there is none."""

    def read(self, scope: str, name: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes of a file from *start* to before *stop*, in pieces; raises `FileNotFoundError`."""

    def delete(self, scope: str, name: str) -> bool:
        """Delete a file; whether there was one."""

    def clear(self, scope: str | None = None) -> None:
        """Delete the files of one scope or of all."""


class Feed(Protocol):
    """How a process learns what others have changed, if counters of changes are not in shared memory.

    Whoever serves a request first looks once; all requests that wait at that time share one look.
    """

    @property
    def away(self) -> str:
        """Why the backend cannot be reached at present; empty if it can, as far as is known."""

    def refresh(self) -> None:
        """Look now, and wait for it; while the backend is away, nothing happens."""

    def after_look(self, loop: AbstractEventLoop, work: Callable[[], None]) -> None:
        """Call *work* on *loop*, after a look that begins after this call."""


class Backend(Protocol):
    """Where a mock keeps what changes while it runs. Its parts belong together."""

    feed: Feed | None
    """`None` if changes of other processes are seen at once, and nothing takes long."""
    joins: bool
    """Whether other processes serve this mock already, so that clocks and scenarios are theirs."""

    changes: Changes
    """Counts the changes of all the others."""
    documents: Documents
    live: Documents
    """What ends with the server, such as a dataset that was chosen over HTTP."""
    recordings: Recordings
    leases: Leases
    outbox: Outbox
    files: Files
    peers: Peers

    def clocks(self, start: Callable[[], Clock]) -> Clocks:
        """The clocks; *start* makes everybody's clock as it is at the start."""

    def runs(self, watch: Watch) -> Runs:
        """The scenarios that are being played."""

    def close(self) -> None:
        """Let go of open files, before forking and at the end; they are opened again when needed."""
