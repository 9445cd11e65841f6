"""An SQLite file that the workers of one server share."""

import os
import sqlite3
import threading
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from mockcbs.core import platform
from mockcbs.core.changes import Changes
from mockcbs.core.errors import BackendError, FullError
from mockcbs.core.waiting import StartOver, request_on_loop

_BUSY_SECONDS = 1.0
"""The timeout for a lock of another program on the file."""
_LOOP_SECONDS = 0.02
"""The timeout for any lock on the event loop of a server; then the request starts over in a thread."""
_BUSY_AGAIN_SECONDS = 2.0
"""The seconds after a timeout in which calls fail at once instead of waiting again."""

GATE_SECONDS = 10.0
"""The timeout for another worker's transaction."""

_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_BROKEN = {
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_CANTOPEN,
}

Identity = tuple[int, int]
"""The device and the inode of a file."""


class Database:
    """An SQLite file, opened separately in every process that uses it.

    Writers queue at a lock of the operating system, because SQLite's own lock makes them sleep and try again.
    The system releases the lock when its process ends for any reason. Writes are not synced to disk: a killed
    server loses nothing, but a power failure may damage the file.

    All methods raise `BackendError` if another program or worker has locked the file, or if the file was
    replaced or is damaged, and `FullError` if the disk is full or the file has reached its limit. A request
    on the event loop that has changed nothing yet starts over in a thread instead of waiting for a lock.
    """

    def __init__(
        self, path: Path, gate: Path, schema: str, changes: Changes, limit: int | None = None
    ) -> None:
        """Use *gate* as file to lock, *changes* as counters, and *limit* as maximum size in bytes."""
        self.changes = changes
        self.identity: Identity | None = None
        """The identity that *path* must have; `None` accepts any."""
        self._path, self._gate_path, self._limit = path, gate, limit
        self._schema = schema
        self._connection: sqlite3.Connection | None = None
        self.lock = threading.RLock()
        """Held by the thread of this process that uses the file."""
        self._depth = 0
        self._begun = False
        self._failed: BackendError | None = None
        """The reason why the present transaction was rolled back."""
        self._busy_until, self._busy = 0.0, ""
        """The time until which calls fail at once, with the reason."""
        self._changed_by: object = None
        """The last request on the event loop that has committed a transaction."""
        self._timeout = _BUSY_SECONDS

    def __call__(self, statement: str, *values: Any) -> list[Any]:
        """The rows of a statement, as part of the transaction if there is one."""
        self._acquire()
        try:
            self._begin_if_wanted()
            return (self._connection or self._open()).execute(statement, values).fetchall()
        except sqlite3.Error as error:
            self._explain(error)
            raise
        finally:
            self.lock.release()

    def begin(self) -> None:
        """Start to exclude other processes, if this is in a transaction."""
        self._acquire()
        try:
            self._begin_if_wanted()
        except sqlite3.Error as error:
            self._explain(error)
            raise
        finally:
            self.lock.release()

    def transaction(self) -> AbstractContextManager[None]:
        """A context in which, from its first statement on, no other process starts a transaction or writes.

        An exception does not roll back the transaction, because an error response may store data, too. If a
        statement fails, the whole transaction is rolled back, and no further statement runs.
        """
        return self

    def __enter__(self) -> None:
        self._acquire()
        self._depth += 1

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
        try:
            if self._begun and not self._depth:
                self._end()
        except sqlite3.Error as error:
            self._explain(error)
            raise
        finally:
            self.lock.release()

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
        """Close the file; necessary before a process forks."""
        with self.lock:
            if self._connection:
                self._connection.close()
                os.close(self._gate)
                self._connection = None

    def _acquire(self) -> None:
        """Make this thread the one that uses the file."""
        if self.lock.acquire(blocking=False):
            return
        if not self.lock.acquire(timeout=_LOOP_SECONDS if self._can_start_over else -1):
            raise StartOver

    @property
    def _can_start_over(self) -> bool:
        """Whether this thread handles a request on the event loop that has changed nothing yet."""
        request = request_on_loop()
        return request is not None and request is not self._changed_by and not self._begun

    def _open(self) -> sqlite3.Connection:
        self._check()
        self._gate = os.open(self._gate_path, os.O_RDWR | os.O_CREAT, 0o600)
        connection = sqlite3.connect(self._path, _BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        # while another process changes the file to WAL, it is locked, and SQLite does not wait for that lock
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
        self._connection, self._timeout = connection, _BUSY_SECONDS
        return connection

    def _begin_if_wanted(self) -> None:
        if self._failed:
            raise self._failed
        if self._depth and not self._begun:
            self._check()
            self._begin(self._connection or self._open())

    def _begin(self, connection: sqlite3.Connection) -> None:
        starts_over = self._can_start_over
        self._lock(_LOOP_SECONDS if starts_over else GATE_SECONDS)
        try:
            self._wait_at_most(connection, _LOOP_SECONDS if starts_over else _BUSY_SECONDS)
            connection.execute("BEGIN IMMEDIATE")
        except BaseException as error:
            platform.unlock(self._gate)
            if starts_over and _is_locked(error):
                raise StartOver from error
            raise
        self._begun = True

    def _wait_at_most(self, connection: sqlite3.Connection, seconds: float) -> None:
        """Set the timeout for a lock of another program."""
        if seconds != self._timeout:
            connection.execute(f"PRAGMA busy_timeout = {int(1000 * seconds)}")
            self._timeout = seconds

    def _end(self) -> None:
        self._begun, self._failed = False, None
        connection = self._connection or self._open()
        try:
            if connection.in_transaction:
                connection.execute("COMMIT")
            else:  # SQLite rolled back the transaction when a statement failed
                self.changes.bump_all()
        except BaseException:
            connection.rollback()
            self.changes.bump_all()
            raise
        finally:
            self._changed_by = request_on_loop() or self._changed_by  # other threads commit meanwhile
            platform.unlock(self._gate)

    def _lock(self, seconds: float = GATE_SECONDS) -> None:
        """Exclude other writers; raises `BackendError` if one of them does not finish."""
        if not platform.lock_within(self._gate, seconds):
            if seconds < GATE_SECONDS:
                raise StartOver
            self._busy_until = time.monotonic() + _BUSY_AGAIN_SECONDS
            self._busy = f"another worker has kept the state locked for over {GATE_SECONDS:g} s;"
            self._busy += " it hangs or was stopped"
            raise BackendError(self._busy)

    def _check(self) -> None:
        """Raise `BackendError` if the file cannot be used now."""
        if time.monotonic() < self._busy_until:
            raise BackendError(self._busy)
        if self.identity is not None and self.identity != identity_of(self._path):
            raise BackendError(
                f"{self._path} is no longer the state file that was opened: it was moved, deleted or"
                " replaced; put it back, or restart mockcbs"
            )

    def _explain(self, error: sqlite3.Error) -> None:
        """Raise a message for the user if *error* is about the file; other errors are bugs."""
        failure = self._failure(error)
        if failure is None:
            return
        if self._begun and self._connection:
            self._failed = failure
            self._connection.rollback()
        raise failure from error

    def _failure(self, error: sqlite3.Error) -> BackendError | None:
        """The error for the user about *error*; `None` if it is a bug."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if _is_locked(error):
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


def _is_locked(error: BaseException) -> bool:
    """Whether another program has locked the file."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _LOCKED


def identity_of(path: Path) -> Identity | None:
    """The identity of the file *path*; `None` if it does not exist."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
