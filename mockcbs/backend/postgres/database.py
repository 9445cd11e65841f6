"""A PostgreSQL database, which the threads of one process share."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, cast

import psycopg

from mockcbs.backend.postgres.address import Address
from mockcbs.backend.postgres.changes import ReplicatedChanges
from mockcbs.backend.postgres.connections import Connections
from mockcbs.backend.postgres.outages import STATEMENT_TIMEOUT, failure_of
from mockcbs.backend.postgres.pipeline import Pipelines, Statement
from mockcbs.backend.postgres.texts import lock_number
from mockcbs.core import waiting
from mockcbs.core.errors import BackendError

log = logging.getLogger("mockcbs")

_LOCKING = "SELECT pg_advisory_xact_lock"
"""The beginning of statements that lock."""


@dataclass
class _Transaction:
    """The transaction of one thread."""

    connection: psycopg.Connection[Any] | None = None
    failed: Exception | None = None
    """Why the transaction is rolled back: an outage or a bug."""
    pending: list[Statement] = field(default_factory=list)
    """Statements without results. They are sent together with the next statement with results, or with the
    commit.
    """
    locked: set[int] = field(default_factory=set)
    undo: list[Callable[[], None]] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    """Names of data that must not be read from memory until the transaction ends."""


class Database:
    """A schema of a database. Threads use it in parallel, each in its own transaction.

    All methods raise `BackendError` while the database is unavailable, and `FullError` if its disk is full.
    Calls on the event loop raise `mockcbs.core.waiting.WouldWaitError`.
    """

    def __init__(self, address: Address, changes: ReplicatedChanges) -> None:
        self.address, self.changes = address, changes
        self.schema = f'"{address.schema}"'
        self._here = threading.local()
        self.connections = Connections(address)
        self._pipelines = Pipelines()
        self._in_use: dict[int, tuple[psycopg.Connection[Any], float]] = {}
        """The connections that wait for the database, by thread, with the start of the wait."""
        self._everything = lock_number(address.schema, "everything")
        changes.publish = self._publish

    # Statements

    def __call__(self, statement: str, *values: Any) -> list[Any]:
        """The rows of a statement, in which {schema} is replaced by the schema. In a transaction, it is
        part of it.
        """
        waiting.check()
        text = statement.replace("{schema}", self.schema)
        this = self._transaction
        if this is None:
            return self._alone(text, values)
        self._begin(this)
        return self._run(this, (text, values))

    def at_once(self, statement: str, *values: Any) -> list[Any]:
        """The rows of a statement that is committed at once, also while this thread is in a transaction."""
        waiting.check()
        return self._alone(statement.replace("{schema}", self.schema), values)

    def later(self, statement: str, *values: Any) -> None:
        """Execute a statement without results; in a transaction it may be sent with the next one.

        Waiting statements are sent together, so that a transaction needs few round trips.
        """
        this = self._transaction
        if this is None:
            self(statement, *values)
            return
        self._begin(this)
        this.pending.append((statement.replace("{schema}", self.schema), values))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction of this thread: its statements are committed together, or not at all if one of them
        fails.

        An exception of the caller does not undo them, since an error response is a response, too.
        """
        waiting.check()
        if self._transaction is not None:
            yield
            return
        this = self._here.transaction = _Transaction()
        self.changes.begin()
        try:
            yield
        finally:
            self._end(this)

    @property
    def in_transaction(self) -> bool:
        """Whether this thread is in a transaction."""
        return self._transaction is not None

    def lock(self, *name: str) -> None:
        """Keep other threads and replicas from locking the same *name* before the end of this transaction.

        The lock is taken before the next statement.
        """
        this = self._transaction
        if this is None:
            return
        number = lock_number(self.address.schema, *name)
        if number in this.locked:
            return
        self._begin(this)
        self._take(this, number)
        this.locked.add(number)

    def lock_all(self) -> None:
        """Keep other transactions from locking anything before the end of this one."""
        this = self._transaction
        if this is None or self._everything in this.locked:
            return
        self._begin(this, alone=True)
        self._take(this, self._everything)
        this.locked.add(self._everything)

    def undo(self, action: Callable[[], None]) -> None:
        """Call *action* if the current transaction fails."""
        if this := self._transaction:
            this.undo.append(action)

    def has_written(self, what: str) -> bool:
        """Whether the current transaction has written *what*."""
        this = self._transaction
        return this is not None and what in this.written

    def writes(self, what: str) -> None:
        """Record that the current transaction writes *what*."""
        if this := self._transaction:
            this.written.add(what)

    def break_stuck(self) -> None:
        """Close connections that have waited for the database for too long."""
        limit = STATEMENT_TIMEOUT + 2
        for connection, since in list(self._in_use.values()):
            if time.monotonic() - since > limit:
                log.warning("the database did not answer within %g s: its connection is closed", limit)
                with suppress(Exception):
                    _shut_down(connection)

    # Inside

    @property
    def _transaction(self) -> _Transaction | None:
        return getattr(self._here, "transaction", None)

    def _alone(self, text: str, values: tuple[Any, ...]) -> list[Any]:
        """Execute a statement outside of a transaction; a read is repeated if the connection was broken."""
        for again in (text.startswith("SELECT"), False):
            connection = self.connections.borrow()
            try:
                return self._execute(connection, (text, values))
            except psycopg.Error as error:
                if again and connection.closed:
                    self.connections.replace_dead()
                    continue
                failure = failure_of(error, connection, self.address)
                if failure is None:
                    raise
                raise failure from error
            finally:
                self.connections.give_back(connection)
        raise AssertionError

    def _begin(self, this: _Transaction, *, alone: bool = False) -> None:
        """Make sure that the next statements are part of the transaction; *alone*: of the only one."""
        if this.failed:
            raise this.failed
        if this.connection is None and not this.pending:
            this.pending.append(("BEGIN", ()))
            if not alone:
                self._take(this, self._everything, shared=True)

    def _take(self, this: _Transaction, number: int, *, shared: bool = False) -> None:
        """Take a lock before the next statement. Locks that follow each other are one statement."""
        lock = f"{_LOCKING.split()[1]}{'_shared' * shared}(%s::bigint)"
        text, values = this.pending[-1] if this.pending else ("", ())
        if text.startswith(_LOCKING):
            this.pending[-1] = f"{text}, {lock}", (*values, number)
        else:
            this.pending.append((f"SELECT {lock}", (number,)))

    def _run(self, this: _Transaction, *statements: Statement) -> list[Any]:
        """The rows of the last statement, which is sent together with those that are pending."""
        if this.failed:
            raise this.failed
        statements, this.pending = (*this.pending, *statements), []
        try:
            if this.connection is None:
                return self._run_first(this, statements)
            return self._execute(this.connection, *statements)
        except BackendError as error:
            this.failed = error
            raise
        except psycopg.Error as error:
            connection = cast("psycopg.Connection[Any]", this.connection)
            this.failed = failure_of(error, connection, self.address) or error
            raise this.failed from error.__cause__

    def _run_first(self, this: _Transaction, statements: tuple[Statement, ...]) -> list[Any]:
        """Execute the first statements of a transaction; they are repeated if the connection was broken."""
        this.connection = self.connections.borrow(long=True)
        try:
            return self._execute(this.connection, *statements)
        except psycopg.Error:
            if not this.connection.closed:
                raise
        self.connections.give_back(this.connection, long=True)
        this.connection = None
        self.connections.replace_dead()
        this.connection = self.connections.borrow(long=True)
        return self._execute(this.connection, *statements)

    def _end(self, this: _Transaction) -> None:
        """Commit, or roll back if a statement failed."""
        committed = False
        try:
            with suppress(psycopg.Error, BackendError):
                self._commit(this)
            committed = not this.failed
        finally:
            self._here.transaction = None
            if not committed:
                for action in this.undo:
                    action()
            self.changes.end(committed=committed)
            if this.connection is not None:
                if not committed:
                    with suppress(psycopg.Error):
                        self._pipelines.roll_back(this.connection)
                self.connections.give_back(this.connection, long=True)
        if this.failed:
            raise this.failed

    def _commit(self, this: _Transaction) -> None:
        if this.pending and this.connection is None:
            self._run(this)  # may be repeated, unlike the commit
        if this.connection is not None and not this.failed:
            if cells := " ".join(self.changes.noted()):
                this.pending.append((f"INSERT INTO {self.schema}.changes (cells) VALUES (%s)", (cells,)))
            self._run(this, ("COMMIT", ()))

    def _execute(self, connection: psycopg.Connection[Any], *statements: Statement) -> list[Any]:
        """The rows of the last of these statements, which are sent together."""
        thread = threading.get_ident()
        self._in_use[thread] = connection, time.monotonic()
        together = len(statements) > 1 and psycopg.Pipeline.is_supported()
        try:
            if together:
                return self._pipelines.execute(connection, statements)
            for text, values in statements:
                cursor = connection.execute(text.encode(), values or None)
            return cursor.fetchall() if cursor.description else []
        finally:
            self._in_use.pop(thread, None)

    def _publish(self, cells: list[str]) -> None:
        self(f"INSERT INTO {{schema}}.changes (cells) VALUES ('{' '.join(cells)}')")


def _shut_down(connection: psycopg.Connection[Any]) -> None:
    """End the wait of the thread that uses *connection*."""
    descriptor = os.dup(connection.pgconn.socket)
    with socket.socket(fileno=descriptor) as end:
        end.shutdown(socket.SHUT_RDWR)
