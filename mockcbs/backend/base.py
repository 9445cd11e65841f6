"""The interface of backends, which store everything that changes while a mock runs."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from mockcbs.backend.documents import Document, Documents
from mockcbs.core.changes import Changes
from mockcbs.core.clock import Clock
from mockcbs.core.clocks import Clocks
from mockcbs.core.peers import Peers
from mockcbs.faults.runs import Runs, Watch
from mockcbs.traffic.recordings import Recordings

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop


class Leases(Protocol):
    """Decide which worker runs a job that only one may run. A lease ends with its time or with the server."""

    def lease(self, name: str, holder: str, seconds: float) -> bool:
        """Take the lease for *seconds* of real time. Return `False` if another holder has it."""

    def renew(self, name: str, holder: str, seconds: float) -> bool:
        """Extend the lease of *holder* to *seconds* from now. Return `False` if it is lost."""

    def release(self, name: str, holder: str) -> None:
        """Release the lease if *holder* has it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an outbox: something to do at a certain time."""

    number: int
    """A number that increases with each entry."""
    queue: str
    scope: str
    due: int
    """The time at which it is due, ms UTC of real time."""
    body: Document


class Counts(Protocol):
    """Counts the requests of each scope. A count waits for no transaction, and no rollback undoes it."""

    def next(self, scope: str) -> int:
        """How many requests of *scope* were counted before this one.

        Raises `mockcbs.core.errors.FullError` if there is no space for another scope.
        """

    def clear(self, scope: str | None = None) -> None:
        """Start again from 0, in one scope or in all."""


class Outbox(Protocol):
    """Tasks that are not done yet, ordered by due time. They survive the process that should do them.

    An entry stays until it is acknowledged, so that it is done at least once.
    """

    def append(self, queue: str, body: Document, *, due: int, scope: str = "") -> int:
        """Add an entry and return its number. Raises `mockcbs.core.errors.FullError` if there is no space."""

    def peek(self, queue: str, limit: int = 100) -> list[Entry]:
        """The first entries, claimed or not."""

    def claim(self, queue: str, now: int, *, seconds: float, limit: int = 100) -> list[Entry]:
        """The first unclaimed entries that are due at *now* (ms UTC). The caller owns them for so many
        *seconds*.
        """

    def ack(self, number: int) -> bool:
        """Delete an entry that is done. Return whether it existed."""

    def postpone(self, number: int, due: int, body: Document | None = None) -> bool:
        """Make an entry due again at *due*, with another body if one is given. Return whether it existed."""

    def clear(self, scope: str | None = None) -> None:
        """Delete the entries of one scope or of all."""


class Writer(Protocol):
    """A file that is being written."""

    def write(self, data: bytes) -> int:
        """Append *data* and return the number of bytes. Raises `mockcbs.core.errors.FullError` if the disk
        is full.
        """


class Files(Protocol):
    """The contents of uploads and objects, by scope and name, on disk."""

    def create(self, scope: str, name: str) -> AbstractContextManager[Writer]:
        """A context in which a file is written. Without an exception it replaces the file of that name."""

    def size(self, scope: str, name: str) -> int | None:
        """The size of a file in bytes; `None` if it does not exist."""

    def read(self, scope: str, name: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes of a file from *start* up to *stop* (exclusive), in pieces. Raises
        `FileNotFoundError`.
        """

    def delete(self, scope: str, name: str) -> bool:
        """Delete a file. Return whether it existed."""

    def clear(self, scope: str | None = None) -> None:
        """Delete the files of one scope or of all."""


class Feed(Protocol):
    """Learns what other processes have changed, for backends whose counters are not in shared memory.

    A check runs before a request is handled; all requests that wait at that time share one check.
    """

    @property
    def away(self) -> str:
        """Why the backend is unavailable; empty if it is available, as far as is known."""

    def away_within(self, seconds: float) -> str:
        """Why the backend was unavailable at some time of the last *seconds*; empty if it was not."""

    def refresh(self) -> None:
        """Check for changes now, and wait for the result. While the backend is unavailable, nothing
        happens.
        """

    def after_look(self, loop: "AbstractEventLoop", work: Callable[[], None]) -> None:
        """Call *work* on *loop* after a check that starts after this call. It must not raise."""


class Backend(Protocol):
    """Stores everything that changes while a mock runs. Its parts belong together."""

    feed: Feed | None
    """The feed of changes; `None` if changes of other processes are visible at once."""
    joins: bool
    """Whether other processes serve this mock already; then clocks and scenarios are theirs."""

    changes: Changes
    """The counters of changes of all other parts."""
    documents: Documents
    live: Documents
    """Documents that end with the server, such as a dataset that was chosen over HTTP."""
    recordings: Recordings
    leases: Leases
    counts: Counts
    outbox: Outbox
    files: Files
    peers: Peers

    def clocks(self, start: Callable[[], Clock]) -> Clocks:
        """The clocks; *start* creates the common clock."""

    def runs(self, watch: Watch) -> Runs:
        """The running scenarios."""

    def close(self) -> None:
        """Close open files, before forking and at the end. They are opened again when needed."""
