"""State in an SQLite file, with counters of changes in memory that all workers of a server share."""

import mmap
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mockcbs.backend.base import Counts, Feed, Files, Leases, Outbox
from mockcbs.backend.clocks import DocumentClocks
from mockcbs.backend.documents import Documents
from mockcbs.backend.files import FolderFiles
from mockcbs.backend.runs import DocumentRuns
from mockcbs.backend.sqlite import counts, documents, leases, outbox, recordings, seals
from mockcbs.backend.sqlite.claim import claim
from mockcbs.backend.sqlite.counts import SqliteCounts
from mockcbs.backend.sqlite.database import Database, identity_of
from mockcbs.backend.sqlite.documents import SqliteDocuments
from mockcbs.backend.sqlite.leases import SqliteLeases
from mockcbs.backend.sqlite.outbox import SqliteOutbox
from mockcbs.backend.sqlite.recordings import SqliteRecordings
from mockcbs.core.budget import DEFAULT_MEMORY
from mockcbs.core.changes import SIZE, Changes
from mockcbs.core.clock import Clock
from mockcbs.core.clocks import Clocks
from mockcbs.core.errors import BackendError, UserError
from mockcbs.core.peers import Peers
from mockcbs.faults.runs import Runs, Watch
from mockcbs.traffic.recordings import Recordings

SCHEMA = documents.SCHEMA + recordings.SCHEMA + outbox.SCHEMA
LIVE_SCHEMA = documents.SCHEMA + leases.SCHEMA


class SqliteBackend:
    """A `mockcbs.backend.base.Backend` that processes forked from this one share.

    The data of clients stay in the file. Clocks, scenarios and leases start again with every server; they are
    in other files, which are deleted with the server.
    """

    feed: Feed | None = None
    joins = False

    def __init__(self, path: Path, folder: Path, peers: Peers, memory: int = DEFAULT_MEMORY) -> None:
        """*folder* contains the files that last as long as the server.

        Each of the three files may have *memory* bytes. Raises `UserError` if *path* is not a file of
        mockcbs, and cannot become one.
        """
        cells: Any = memoryview(mmap.mmap(-1, 8 * SIZE)).cast("Q")
        self.changes = Changes(cells)
        self._kept = Database(path, folder / "gate", SCHEMA, self.changes, memory)
        self._live = Database(folder / "live.sqlite", folder / "live-gate", LIVE_SCHEMA, self.changes, memory)
        self._counts = Database(
            folder / "counts.sqlite", folder / "counts-gate", counts.SCHEMA, Changes(), memory
        )
        self.live: Documents = SqliteDocuments(self._live)
        self.documents: Documents = SqliteDocuments(self._kept)
        self.recordings: Recordings = SqliteRecordings(self._kept)
        self.leases: Leases = SqliteLeases(self._live)
        self.counts: Counts = (counted := SqliteCounts(self._counts, self.documents))
        self.outbox: Outbox = (waiting := SqliteOutbox(self._kept))
        self.files: Files = FolderFiles(path.with_name(f"{path.name}-files"))
        self.peers = peers
        try:
            claim(path, SCHEMA)
            self._kept.identity = identity_of(path)
            seals.check(self._kept)
            waiting.release_all()
            counted.begin()
        except (sqlite3.Error, BackendError) as error:
            raise UserError(f"--state {str(path)!r} cannot be used: {error}") from error

    def clocks(self, start: Callable[[], Clock]) -> Clocks:
        """The clocks."""
        return DocumentClocks(start, self.live, self.changes)

    def runs(self, watch: Watch) -> Runs:
        """The running scenarios."""
        return DocumentRuns(self.live, self.changes, watch)

    def close(self) -> None:
        """Close the files."""
        self._kept.close()
        self._live.close()
        self._counts.close()
