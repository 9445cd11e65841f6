"""A PostgreSQL database, which the threads of one process share."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any, cast

import psycopg

from mockcbs.backend.postgres.address import Address
from mockcbs.backend.postgres.changes import ReplicatedChanges
from mockcbs.backend.postgres.connections import Connections
from mockcbs.backend.postgres.outages import STATEMENT_TIMEOUT, failure_of
from mockcbs.backend.postgres.texts import lock_number
from mockcbs.core import waiting

log = logging.getLogger("mockcbs")

_Statement = tuple[str, tuple[Any, ...]]
"""The text and the values of its parameters."""


@dataclass
class _Transaction:
    """The transaction of one thread."""

    connection: psycopg.Connection[Any] | None = None
    failed: Exception | None = None
    """Why the transaction is rolled back: an outage or a bug."""
    pending: list["_Statement"] = field(default_factory=list)
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
        if this.connection is None:
            self._begin(this, ())
        return self._run(this, text, values)

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
        if this.failed:
            raise this.failed
        if this.connection is None:
            self._begin(this, ())
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
        """Keep other threads and replicas from locking the same *name* before the end of this transaction."""
        this = self._transaction
        if this is None:
            return
        number = lock_number(self.address.schema, *name)
        if number in this.locked:
            return
        if this.connection is None:
            self._begin(this, (number,))
        else:
            self._run(this, f"SELECT pg_advisory_xact_lock({number})", ())
        this.locked.add(number)

    def lock_all(self) -> None:
        """Keep other transactions from locking anything before the end of this one."""
        this = self._transaction
        if this is None or self._everything in this.locked:
            return
        this.locked.add(self._everything)
        if this.connection is None:
            self._begin(this, (), alone=True)
        else:
            self._run(this, f"SELECT pg_advisory_xact_lock({self._everything})", ())

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

    def _begin(self, this: _Transaction, locks: tuple[int, ...], *, alone: bool = False) -> None:
        if this.failed:
            raise this.failed
        how = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        wanted = [f"{how}({self._everything})", *(f"pg_advisory_xact_lock({number})" for number in locks)]
        text = f"BEGIN; SELECT {', '.join(wanted)}"
        for again in (True, False):
            connection = self.connections.borrow(long=True)
            try:
                self._execute(connection, (text, ()))
            except psycopg.Error as error:
                dead = connection.closed
                with suppress(psycopg.Error):
                    connection.rollback()
                self.connections.give_back(connection, long=True)
                if again and dead:  # it may have been dead for long
                    self.connections.replace_dead()
                    continue
                this.failed = failure_of(error, connection, self.address) or error
                raise this.failed from error.__cause__
            this.connection = connection
            return

    def _run(self, this: _Transaction, text: str, values: tuple[Any, ...]) -> list[Any]:
        if this.failed:
            raise this.failed
        connection = cast("psycopg.Connection[Any]", this.connection)
        statements, this.pending = [*this.pending, (text, values)], []
        try:
            return self._execute(connection, *statements)
        except psycopg.Error as error:
            this.failed = failure_of(error, connection, self.address) or error
            raise this.failed from error.__cause__

    def _end(self, this: _Transaction) -> None:
        """Commit, or roll back if a statement failed."""
        connection, committed = this.connection, False
        try:
            if connection is None:
                committed = not this.failed
            elif this.failed:
                with suppress(psycopg.Error):
                    connection.rollback()
            else:
                statements = this.pending
                if cells := " ".join(self.changes.noted()):
                    note = f"INSERT INTO {self.schema}.changes (cells) VALUES ('{cells}')"
                    statements.append((note, ()))
                try:
                    self._execute(connection, *statements, ("COMMIT", ()))
                    committed = True
                except psycopg.Error as error:
                    this.failed = failure_of(error, connection, self.address) or error
                    with suppress(psycopg.Error):
                        connection.rollback()
        finally:
            self._here.transaction = None
            if not committed:
                for action in this.undo:
                    action()
            self.changes.end(committed=committed)
            if connection is not None:
                self.connections.give_back(connection, long=True)
        if this.failed:
            raise this.failed

    def _execute(self, connection: psycopg.Connection[Any], *statements: _Statement) -> list[Any]:
        """The rows of the last of these statements, which are sent together."""
        thread = threading.get_ident()
        self._in_use[thread] = connection, time.monotonic()
        together = len(statements) > 1 and psycopg.Pipeline.is_supported()
        try:
            with connection.pipeline() if together else nullcontext():
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
