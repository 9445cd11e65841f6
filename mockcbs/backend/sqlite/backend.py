"""Everything in one SQLite file, beside counters in memory that all processes see."""

import mmap
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mockcbs.backend.documents import Store
from mockcbs.backend.sqlite import recordings
from mockcbs.backend.sqlite.clocks import SharedClocks
from mockcbs.backend.sqlite.documents import Database, SharedStore
from mockcbs.backend.sqlite.recordings import SharedRecordings
from mockcbs.backend.sqlite.runs import SharedRuns
from mockcbs.core.changes import CELLS, Versions
from mockcbs.core.clock import Clock
from mockcbs.core.clocks import Clocks
from mockcbs.core.errors import UserError
from mockcbs.core.peers import Peers
from mockcbs.faults.runs import Runs, Watch
from mockcbs.traffic.recordings import Recordings

_OURS = 0x6D636273
"""Marks an SQLite file as one of mockcbs's (``application_id``): "mcbs"."""
_FORM = 1
"""The form of its tables (``user_version``)."""


class Shared:
    """State that processes forked from this one share.

    What clients said and made stays in the file. What time it is and what goes wrong begins anew with every
    server, as its flags say; the kinds of such documents begin with ``live.``.
    """

    def __init__(self, path: Path, gate: Path, peers: Peers) -> None:
        """Writers queue at *gate*, a file.

        Raises `UserError` if *path* is not, and cannot become, a file of mockcbs's.
        """
        cells: Any = memoryview(mmap.mmap(-1, 8 * CELLS)).cast("Q")
        self.versions = Versions(cells)
        self._db = Database(path, gate, SharedStore.SCHEMA + recordings.SCHEMA, self.versions)
        self.store: Store = SharedStore(self._db)
        self.recordings: Recordings = SharedRecordings(self._db)
        self.peers = peers
        try:
            _claim(path)
            with self._db.transaction():
                self._db("DELETE FROM documents WHERE kind LIKE 'live.%'")
                self.versions.bump_all()
        except sqlite3.Error as error:
            raise UserError(f"--state {str(path)!r} cannot be used: {error}") from error

    def clocks(self, start: Callable[[], Clock]) -> Clocks:
        """The clocks."""
        return SharedClocks(start, self.store, self.versions)

    def runs(self, watch: Watch) -> Runs:
        """The scenarios that are played."""
        return SharedRuns(self.store, self.versions, watch)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def _claim(path: Path) -> None:
    """Mark a new file as ours; raises `UserError` for one that is another's."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        ((mark,),) = connection.execute("PRAGMA application_id")
        ((form,),) = connection.execute("PRAGMA user_version")
        ((tables,),) = connection.execute("SELECT count(*) FROM sqlite_schema")
        if tables and mark != _OURS:
            raise UserError(f"--state {str(path)!r} is a database, but none of mockcbs's")
        if tables and form != _FORM:
            raise UserError(f"--state {str(path)!r} was written by another version of mockcbs")
        connection.execute(f"PRAGMA application_id = {_OURS}")
        connection.execute(f"PRAGMA user_version = {_FORM}")
    finally:
        connection.close()
