"""The connections of one process to its database, and whether the database is available."""

import logging
import threading
import time
from contextlib import suppress
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from mockcbs.backend.postgres.address import Address
from mockcbs.backend.postgres.outages import LOCK_TIMEOUT, STATEMENT_TIMEOUT
from mockcbs.core.errors import BackendError

log = logging.getLogger("mockcbs")

MAX_CONNECTIONS = 12
"""The maximum number of transactions of one process at a time."""
_MORE_CONNECTIONS = 2
"""Connections for single statements, also of threads that are in a transaction: if transactions had them
all, they would wait for each other.
"""
_POOL_TIMEOUT = 3.0
"""The time to wait for a connection, in s."""
_CONNECT_TIMEOUT = 3
_IDLE_TIMEOUT = 6.0
"""The time after which the database ends an idle transaction and frees its locks, in s."""
_AWAY_SECONDS = 1.0
"""The time after a failed connection in which calls fail at once, in s."""


class Connections:
    """A pool of connections, which is opened when it is first used.

    While the database is unavailable, `borrow` and `replace_dead` raise `BackendError`.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._pool: ConnectionPool[Any] | None = None
        self._lock = threading.Lock()
        self._transactions = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self._away_until, self._why = 0.0, ""
        self._suspect = False
        """Whether the database was unavailable, so that a connection of the pool may be broken."""

    @property
    def away(self) -> str:
        """Why the database is unavailable; empty if it is available, as far as is known."""
        return self.away_within(0.0)

    def away_within(self, seconds: float) -> str:
        """Why the database was unavailable at some time of the last *seconds*; empty if it was not."""
        return self._why if time.monotonic() - seconds < self._away_until else ""

    def mark_away(self, why: str, seconds: float = _AWAY_SECONDS) -> None:
        """Let all calls fail for *seconds*, or longer if they already do."""
        self._suspect, self._why = True, why
        self._away_until = max(self._away_until, time.monotonic() + seconds)

    def mark_back(self) -> None:
        """Accept calls again."""
        self._away_until = min(self._away_until, time.monotonic())

    def connect(self) -> psycopg.Connection[Any]:
        """A connection outside of the pool. Raises `psycopg.OperationalError`."""
        connection: psycopg.Connection[Any] = psycopg.connect(
            self._address.url, autocommit=True, **self._parameters
        )
        return connection

    def borrow(self, *, long: bool = False) -> psycopg.Connection[Any]:
        """A connection of the pool: for a transaction (*long*), or for one statement."""
        if why := self.away:
            raise BackendError(why)
        if self._suspect:
            self.replace_dead()
        if not long:
            return self._taken()
        if not self._transactions.acquire(timeout=LOCK_TIMEOUT):
            raise BackendError(f"{MAX_CONNECTIONS} transactions of this replica wait for the database")
        try:
            return self._taken()
        except BaseException:
            self._transactions.release()
            raise

    def give_back(self, connection: psycopg.Connection[Any], *, long: bool = False) -> None:
        """Give back the connection that `borrow` returned."""
        pool = self._pool
        try:
            if pool is None:
                connection.close()
            else:
                with suppress(ValueError, PoolClosed):  # of a pool that was closed meanwhile
                    pool.putconn(connection)
        finally:
            if long:
                self._transactions.release()

    def replace_dead(self) -> None:
        """Connect at once instead of waiting for the pool's timeout; then replace broken idle connections."""
        try:
            self.connect().close()
        except psycopg.Error as error:
            failure = self._unreachable()
            raise failure from error
        self._suspect = False
        if pool := self._pool:
            pool.check()

    def close(self) -> None:
        """Close all connections, before forking and at the end."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool:
            pool.close(timeout=1.0)

    @property
    def _parameters(self) -> dict[str, Any]:
        timeouts = {
            "statement_timeout": STATEMENT_TIMEOUT,
            "lock_timeout": LOCK_TIMEOUT,
            "idle_in_transaction_session_timeout": _IDLE_TIMEOUT,
        }
        return {
            "connect_timeout": _CONNECT_TIMEOUT,
            "application_name": "mockcbs",
            "client_encoding": "UTF8",
            "tcp_user_timeout": 10_000,
            "keepalives_idle": 10,
            "options": " ".join(f"-c {name}={int(seconds * 1000)}" for name, seconds in timeouts.items()),
        }

    def _taken(self) -> psycopg.Connection[Any]:
        try:
            connection: psycopg.Connection[Any] = self._opened().getconn()
        except (PoolTimeout, PoolClosed) as error:
            failure = self._unreachable()
            raise failure from error
        return connection

    def _opened(self) -> ConnectionPool[Any]:
        with self._lock:
            if self._pool is None:
                self._pool = ConnectionPool(
                    self._address.url,
                    kwargs={"autocommit": True, **self._parameters},
                    min_size=1,
                    max_size=MAX_CONNECTIONS + _MORE_CONNECTIONS,
                    timeout=_POOL_TIMEOUT,
                    reconnect_timeout=2.0,
                    configure=_listen,
                    open=True,
                    num_workers=1,
                )
            return self._pool

    def _unreachable(self) -> BackendError:
        failure = BackendError(f"the database {self._address} cannot be reached")
        self.mark_away(str(failure))
        return failure


def _listen(connection: psycopg.Connection[Any]) -> None:
    """Log the warnings of the database."""
    connection.add_notice_handler(lambda notice: log.warning("%s", notice.message_primary))
