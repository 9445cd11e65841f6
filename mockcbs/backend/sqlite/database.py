"""An SQLite file that the workers of one server share."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mockcbs.core import platform
from mockcbs.core.changes import Changes


class Database:
    """An SQLite file, opened anew in every process that uses it.

    Writers queue at a lock of the operating system: SQLite's own makes them sleep and try again. The lock is
    gone with the process that held it, however that ends. Nothing waits for the disk: a server that is killed
    loses nothing, a machine that loses power may lose the file.
    """

    def __init__(self, path: Path, gate: Path, schema: str, changes: Changes) -> None:
        """*gate* is a file to lock; *changes*, which count what changes, are written in transactions."""
        self.changes = changes
        self._path, self._gate_path = path, gate
        self._schema = schema
        self._connection: sqlite3.Connection | None = None
        self.lock = threading.RLock()
        """Held by the thread of this process that uses the file."""
        self._depth = 0
        self._begun = False

    def __call__(self, statement: str, *values: Any) -> list[Any]:
        """The rows of a statement; within a transaction, as part of it."""
        with self.lock:
            self.begin()
            return (self._connection or self._open()).execute(statement, values).fetchall()

    def begin(self) -> None:
        """Keep other processes out, if within a transaction."""
        with self.lock:
            if self._depth and not self._begun:
                self._begin(self._connection or self._open())

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """No other process reads in a transaction, or writes, from the first statement on.

        What was written stays written when an exception passes: to answer an error is an answer too.
        """
        with self.lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._begun and not self._depth:
                    self._end()

    def close(self) -> None:
        """Let go of the file; to be done before a process forks."""
        with self.lock:
            if self._connection:
                self._connection.close()
                os.close(self._gate)
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        self._gate = os.open(self._gate_path, os.O_RDWR | os.O_CREAT, 0o600)
        connection = sqlite3.connect(self._path, 60, isolation_level=None, check_same_thread=False)
        # a file that another process just changes to WAL is locked, however long one would wait
        platform.lock(self._gate)
        try:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(self._schema)
        finally:
            platform.unlock(self._gate)
        self._connection = connection
        return connection

    def _begin(self, connection: sqlite3.Connection) -> None:
        platform.lock(self._gate)
        try:
            connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            platform.unlock(self._gate)
            raise
        self._begun = True

    def _end(self) -> None:
        self._begun = False
        connection = self._connection or self._open()
        try:
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            self.changes.bump_all()
            raise
        finally:
            platform.unlock(self._gate)
