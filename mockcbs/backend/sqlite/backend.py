"""State in an SQLite file, beside counters of changes in memory that all workers of a server share."""

import mmap
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mockcbs.backend.base import Files, Leases, Outbox
from mockcbs.backend.documents import Documents
from mockcbs.backend.files import FolderFiles
from mockcbs.backend.sqlite import documents, leases, outbox, recordings
from mockcbs.backend.sqlite.clocks import SqliteClocks
from mockcbs.backend.sqlite.database import Database
from mockcbs.backend.sqlite.documents import SqliteDocuments
from mockcbs.backend.sqlite.leases import SqliteLeases
from mockcbs.backend.sqlite.outbox import SqliteOutbox
from mockcbs.backend.sqlite.recordings import SqliteRecordings
from mockcbs.backend.sqlite.runs import SqliteRuns
from mockcbs.core.changes import CELLS, Changes
from mockcbs.core.clock import Clock
from mockcbs.core.clocks import Clocks
from mockcbs.core.errors import UserError
from mockcbs.core.peers import Peers
from mockcbs.faults.runs import Runs, Watch
from mockcbs.traffic.recordings import Recordings

_APPLICATION = 0x6D636273
"""Marks an SQLite file as one of mockcbs's (``application_id``): "mcbs"."""
_VERSION = 2
"""The version of its tables (``user_version``)."""

SCHEMA = documents.SCHEMA + recordings.SCHEMA + outbox.SCHEMA
LIVE_SCHEMA = documents.SCHEMA + leases.SCHEMA


class SqliteBackend:
    """A `mockcbs.backend.base.Backend` that processes forked from this one share.

    What clients said and made stays in the file. What time it is, what goes wrong and who holds which lease
    begins anew with every server, and lies in another file, which is gone with the server.
    """

    def __init__(self, path: Path, folder: Path, peers: Peers) -> None:
        """*folder* is the server's own: what lives as long as the server lies there.

        Raises `UserError` if *path* is not, and cannot become, a file of mockcbs's.
        """
        cells: Any = memoryview(mmap.mmap(-1, 8 * CELLS)).cast("Q")
        self.changes = Changes(cells)
        self._kept = Database(path, folder / "gate", SCHEMA, self.changes)
        self._live = Database(folder / "live.sqlite", folder / "live-gate", LIVE_SCHEMA, self.changes)
        self._live_documents = SqliteDocuments(self._live)
        self.documents: Documents = SqliteDocuments(self._kept)
        self.recordings: Recordings = SqliteRecordings(self._kept)
        self.leases: Leases = SqliteLeases(self._live)
        self.outbox: Outbox = (waiting := SqliteOutbox(self._kept))
        self.files: Files = FolderFiles(path.with_name(f"{path.name}-files"))
        self.peers = peers
        try:
            _claim(path)
            waiting.release_all()
        except sqlite3.Error as error:
            raise UserError(f"--state {str(path)!r} cannot be used: {error}") from error

    def clocks(self, start: Callable[[], Clock]) -> Clocks:
        """The clocks."""
        return SqliteClocks(start, self._live_documents, self.changes)

    def runs(self, watch: Watch) -> Runs:
        """The scenarios that are being played."""
        return SqliteRuns(self._live_documents, self.changes, watch)

    def close(self) -> None:
        """Let go of the files."""
        self._kept.close()
        self._live.close()


def _claim(path: Path) -> None:
    """Mark a new file as ours; raises `UserError` for one that is another's."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        ((mark,),) = connection.execute("PRAGMA application_id")
        ((version,),) = connection.execute("PRAGMA user_version")
        ((tables,),) = connection.execute("SELECT count(*) FROM sqlite_schema")
        if tables and mark != _APPLICATION:
            raise UserError(f"--state {str(path)!r} is a database, but not one of mockcbs's")
        if tables and version != _VERSION:
            raise UserError(f"--state {str(path)!r} was written by another version of mockcbs")
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {_VERSION}")
    finally:
        connection.close()
