"""An SQLite file that the workers of one server share."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mockcbs.core import platform
from mockcbs.core.changes import Changes
from mockcbs.core.errors import BackendError, FullError

_BUSY_SECONDS = 1.0
"""How long to wait for a lock that another program holds on the file."""
_BUSY_AGAIN_SECONDS = 2.0
"""Seconds after a timeout in which no call waits again, so that all are refused at once."""

GATE_SECONDS = 10.0
"""How long to wait for another worker that writes."""

_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_BROKEN = {
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_CANTOPEN,
}

Identity = tuple[int, int]
"""Device and inode of a file."""


class Database:
    """An SQLite file, opened anew in every process that uses it.

    Writers queue at a lock of the operating system: SQLite's own makes them sleep and try again. The lock is
    gone with the process that held it, however that ends. Nothing waits for the disk: a server that is killed
    loses nothing, a machine that loses power may lose the file.

    All methods raise `BackendError` when the file is locked by another program or worker,
    was replaced, or is damaged, and `FullError` when the disk is full or the file has reached its limit.
    """

    def __init__(
        self, path: Path, gate: Path, schema: str, changes: Changes, limit: int | None = None
    ) -> None:
        """*gate* is a file to lock; *changes* are counted in transactions; *limit* is the size in bytes."""
        self.changes = changes
        self.identity: Identity | None = None
        """Which file *path* must be; `None` takes any."""
        self._path, self._gate_path, self._limit = path, gate, limit
        self._schema = schema
        self._connection: sqlite3.Connection | None = None
        self.lock = threading.RLock()
        """Held by the thread of this process that uses the file."""
        self._depth = 0
        self._begun = False
        self._failed: BackendError | None = None
        """Why the present transaction was taken back."""
        self._busy_until, self._busy = 0.0, ""
        """Until when no call waits for a lock again, and why."""

    def __call__(self, statement: str, *values: Any) -> list[Any]:
        """The rows of a statement; within a transaction, as part of it."""
        with self.lock, self._explained():
            self._begin_if_wanted()
            return (self._connection or self._open()).execute(statement, values).fetchall()

    def begin(self) -> None:
        """Keep other processes out, if within a transaction."""
        with self.lock, self._explained():
            self._begin_if_wanted()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """No other process reads in a transaction, or writes, from the first statement on.

        What was written stays written when an exception passes: to answer an error is an answer too. When a
        statement fails, all that was written is taken back, and no further statement runs.
        """
        with self.lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._begun and not self._depth:
                    with self._explained():
                        self._end()

    @property
    def is_busy(self) -> bool:
        """Whether a transaction of this thread would wait for another thread or process."""
        if not self.lock.acquire(blocking=False):
            return True
        try:
            if self._begun or self._connection is None:
                return False
            if not platform.try_lock(self._gate):
                return True
            platform.unlock(self._gate)
            return False
        finally:
            self.lock.release()

    def close(self) -> None:
        """Let go of the file; to be done before a process forks."""
        with self.lock:
            if self._connection:
                self._connection.close()
                os.close(self._gate)
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        self._check()
        self._gate = os.open(self._gate_path, os.O_RDWR | os.O_CREAT, 0o600)
        connection = sqlite3.connect(self._path, _BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        # a file that another process just changes to WAL is locked, however long one would wait
        try:
            self._lock()
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(self._schema)
            if self._limit is not None:
                ((size,),) = connection.execute("PRAGMA page_size")
                connection.execute(f"PRAGMA max_page_count = {max(self._limit // size, 1)}")
        except BaseException:
            connection.close()
            os.close(self._gate)
            raise
        platform.unlock(self._gate)
        self._connection = connection
        return connection

    def _begin_if_wanted(self) -> None:
        if self._failed:
            raise self._failed
        if self._depth and not self._begun:
            self._check()
            self._begin(self._connection or self._open())

    def _begin(self, connection: sqlite3.Connection) -> None:
        self._lock()
        try:
            connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            platform.unlock(self._gate)
            raise
        self._begun = True

    def _end(self) -> None:
        self._begun, self._failed = False, None
        connection = self._connection or self._open()
        try:
            if connection.in_transaction:
                connection.execute("COMMIT")
            else:  # SQLite took everything back when a statement failed
                self.changes.bump_all()
        except BaseException:
            connection.rollback()
            self.changes.bump_all()
            raise
        finally:
            platform.unlock(self._gate)

    def _lock(self) -> None:
        """Keep the other workers from writing; raises `BackendError` if one of them does not end."""
        if not platform.lock_within(self._gate, GATE_SECONDS):
            self._busy_until = time.monotonic() + _BUSY_AGAIN_SECONDS
            self._busy = f"another worker has kept the state locked for over {GATE_SECONDS:g} s;"
            self._busy += " it hangs or was stopped"
            raise BackendError(self._busy)

    def _check(self) -> None:
        """Raise `BackendError` if there is no use in trying."""
        if time.monotonic() < self._busy_until:
            raise BackendError(self._busy)
        if self.identity is not None and self.identity != identity_of(self._path):
            raise BackendError(
                f"{self._path} is no longer the state file that was opened: it was moved, deleted or"
                " replaced; put it back, or restart mockcbs"
            )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what SQLite says of the file into a sentence for the user; bugs stay bugs."""
        try:
            yield
        except sqlite3.Error as error:
            failure = self._failure(error)
            if failure is None:
                raise
            if self._begun and self._connection:
                self._failed = failure
                self._connection.rollback()
            raise failure from error

    def _failure(self, error: sqlite3.Error) -> BackendError | None:
        """What to tell the user of *error*; `None` if it is a bug."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _LOCKED:
            self._busy_until = time.monotonic() + _BUSY_AGAIN_SECONDS
            self._busy = f"another program has locked the state file {self._path}; close it there"
            return BackendError(self._busy)
        if code == sqlite3.SQLITE_FULL:
            return FullError(self._full)
        if code in _BROKEN:
            return BackendError(f"the state file {self._path} cannot be used: {error}")
        return None

    @property
    def _full(self) -> str:
        limit = (
            f", or the file has reached its limit of {self._limit} bytes (--memory)" if self._limit else ""
        )
        return f"no room in {self._path}: the disk is full{limit}; delete something, or reset the mock"


def identity_of(path: Path) -> Identity | None:
    """Which file *path* is now; `None` if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
