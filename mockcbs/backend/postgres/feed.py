"""Learns what other replicas have changed, with one check for all requests that wait."""

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg
from psycopg import pq

from mockcbs.backend.postgres.changes import GLANCE, LOOK, ReplicatedChanges
from mockcbs.backend.postgres.database import Database
from mockcbs.core.errors import BackendError
from mockcbs.core.waiting import no_waiting

log = logging.getLogger("mockcbs")

_TIMEOUT = 3.0
"""The time limit of a check, in s; after it the database counts as unavailable."""
_RETRY_SECONDS = 0.5
_LOOK, _GLANCE = b"look", b"glance"
"""The names of the prepared queries."""
_MAX_GLANCES = 10.0
"""The time after a `LOOK` for which a `GLANCE` may take its place, in s. A `LOOK` must follow the one before
within the time for which changes are kept.
"""
Work = Callable[[], None]


class PostgresFeed:
    """A `mockcbs.backend.base.Feed` on a separate connection.

    It waits on the event loop, so that a check needs no thread.
    """

    def __init__(self, database: Database, changes: ReplicatedChanges) -> None:
        self._db, self._changes = database, changes
        self._connection: psycopg.Connection[Any] | None = None
        self._descriptor: int | None = None
        """The socket of the connection, which the loop watches."""
        self._loop: asyncio.AbstractEventLoop
        self._waiting: list[Work] = []
        """Callers that need a check that has not started."""
        self._batch: list[Work] = []
        """Callers of the running check."""
        self._checked: list[Work] = []
        """Callers of a completed check that are still to be called."""
        self._scheduled = self._looking = False
        """Whether a check will begin by itself, and whether one is running."""
        self._began = 0.0
        """The time at which the running check began, by the loop's clock."""
        self._calm_until = 0.0
        """Until then, by the loop's clock, a check begins with a `GLANCE`. It is 0 after a change: the next
        check is likely to find one, too.
        """
        self._complete = True
        """Whether the last result completed the check."""
        self._timer: asyncio.TimerHandle | None = None
        """Looks after the running check. It outlives many checks, since a timer costs as much as a check."""
        self._connecting: threading.Thread | None = None
        self._closed = threading.Event()

    @property
    def away(self) -> str:
        """Why the database is unavailable; empty if it is available."""
        return self._db.connections.away

    def away_within(self, seconds: float) -> str:
        """Why the database was unavailable at some time of the last *seconds*; empty if it was not."""
        return self._db.connections.away_within(seconds)

    def refresh(self) -> None:
        """Check now and wait for the result. While the database is unavailable, the known state stays."""
        before = self._db.connections.away
        try:
            seen, at = self._changes.last_look
            text = LOOK.replace("$1", f"'{seen}'").replace("$2", f"'{at}'")
            ((snapshot, at, cells),) = self._db(text)
        except BackendError as error:
            if not before:
                log.warning("%s", error)
                self._changes.distrust()
                self._db.connections.mark_away(str(error))
        else:
            self._changes.learn(snapshot, at, cells)

    def after_look(self, loop: asyncio.AbstractEventLoop, work: Work) -> None:
        """Call *work* on *loop* after a check that starts after this call."""
        self._waiting.append(work)
        if not (self._scheduled or self._looking):
            self._loop = loop
            self._schedule()

    def close(self) -> None:
        """Close the connection."""
        self._closed.set()
        with suppress(RuntimeError):  # of a loop that has ended
            self._drop_connection()
        timer, self._timer = self._timer, None
        if timer:
            timer.cancel()
        if self._connecting:
            self._connecting.join(2 * _TIMEOUT)
        self._closed = threading.Event()
        self._connecting = None

    def _schedule(self) -> None:
        """Check in the next round of the loop, so that all requests of this round share the check."""
        if self._waiting and not (self._scheduled or self._looking):
            self._scheduled = True
            self._loop.call_soon(self._go_on)

    def _look(self) -> None:
        self._scheduled = False
        if self._looking or not self._waiting:
            return
        if self._connection is None:
            if self._db.connections.away and self._connecting:
                self._release()
            else:
                self._connect()
            return
        self._batch, self._waiting = self._waiting, []
        self._looking = True
        self._began = self._loop.time()
        if self._timer is None:
            self._timer = self._loop.call_later(_TIMEOUT, self._supervise)
        if self._began < self._calm_until:
            self._ask(self._connection, _GLANCE)
        else:
            self._ask(self._connection, _LOOK, *self._changes.last_look)

    def _ask(self, connection: psycopg.Connection[Any], query: bytes, *values: str) -> None:
        """Send a query. Its result is read when it arrives."""
        pgconn = connection.pgconn
        try:
            pgconn.send_query_prepared(query, [value.encode() for value in values])
            pgconn.flush()
        except psycopg.Error:
            self._lost()

    def _readable(self) -> None:
        if self._connection is None:
            return
        pgconn, ended = self._connection.pgconn, False
        try:
            pgconn.consume_input()
            while not ended and not pgconn.is_busy():
                result = pgconn.get_result()
                ended = result is None
                if result is not None:
                    self._complete = self._learn(result)
        except (psycopg.Error, BackendError):
            self._lost()
            return
        if pgconn.status != pq.ConnStatus.OK:
            self._lost()
        elif ended and self._looking:
            if self._complete:
                self._release()
            else:
                self._ask(self._connection, _LOOK, *self._changes.last_look)

    def _learn(self, result: Any) -> bool:
        """Apply the result of a query. Return whether it completes the check.

        Raises `BackendError` if it failed.
        """
        if result.status != pq.ExecStatus.TUPLES_OK:
            raise BackendError("a look at the changes failed")
        snapshot = _text(result.get_value(0, 0))
        is_calm, is_look = snapshot == self._changes.last_look[0], result.nfields > 1
        if is_look:
            at, cells = (_text(result.get_value(0, column)) for column in (1, 2))
            self._changes.learn(snapshot, at, cells or None)
            self._calm_until = self._began + _MAX_GLANCES
        if not is_calm:
            self._calm_until = 0.0
        return is_calm or is_look

    def _release(self) -> None:
        """Continue the callers of the check; without a running check, all callers.

        The last eighth is called after the next check has been sent, so that the database works on it
        meanwhile. What they request next waits for the check after that.
        """
        if self._looking:
            batch, self._batch = self._batch, []
        else:
            batch, self._waiting = self._waiting, []
        self._looking = False
        self._checked += batch
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._receive)
        self._call_first(len(self._checked) - len(self._checked) // 8)

    def _call_first(self, count: int) -> None:
        """Continue so many callers whose check is complete."""
        batch, self._checked = self._checked[:count], self._checked[count:]
        with no_waiting:
            for work in batch:
                work()

    def _receive(self) -> None:
        """Let the loop receive what clients have sent meanwhile, so that it shares the next check."""
        self._loop.call_soon(self._go_on)

    def _go_on(self) -> None:
        """Begin the next check, and continue the callers of the one before."""
        self._look()
        if self._checked:
            self._call_first(len(self._checked))

    def _supervise(self) -> None:
        """Give up the connection if its check takes too long."""
        self._timer = None
        if not self._looking:
            return
        if (left := self._began + _TIMEOUT - self._loop.time()) > 0:
            self._timer = self._loop.call_later(left, self._supervise)
        else:
            self._lost()

    def _lost(self) -> None:
        """Connect again. Callers wait for the first attempt."""
        self._waiting, self._batch = self._batch + self._waiting, []
        self._looking = False
        self._drop_connection()
        self._connect()

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        descriptor, self._descriptor = self._descriptor, None
        try:
            if descriptor is not None:
                self._loop.remove_reader(descriptor)
        finally:
            if descriptor is not None:
                os.close(descriptor)
            if connection:
                connection.close()

    def _connect(self) -> None:
        if self._connecting is None:
            self._connecting = threading.Thread(
                target=self._try_until_connected, args=(self._closed,), name="mockcbs feed", daemon=True
            )
            self._connecting.start()

    def _try_until_connected(self, closed: threading.Event) -> None:
        first = True
        while not closed.is_set():
            try:
                connection = self._db.connections.connect()
                pgconn = connection.pgconn
                pgconn.prepare(_LOOK, LOOK.replace("{schema}", self._db.schema).encode())
                pgconn.prepare(_GLANCE, GLANCE.encode())
                pgconn.nonblocking = 1
            except psycopg.Error as error:
                if first:
                    log.warning("the database %s is away: %s", self._db.address, _line(error))
                    first = False
                    self._call(self._give_up)
                closed.wait(_RETRY_SECONDS)
            else:
                if not first:
                    log.warning("the database %s is back", self._db.address)
                self._call(self._connected, connection)
                return

    def _call(self, work: Callable[..., None], *arguments: Any) -> None:
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(work, *arguments)

    def _give_up(self) -> None:
        self._db.connections.mark_away(f"the database {self._db.address} cannot be reached", float("inf"))
        self._changes.distrust()
        self._release()

    def _connected(self, connection: psycopg.Connection[Any]) -> None:
        self._connecting = None
        self._connection = connection
        self._db.connections.mark_back()
        self._changes.distrust()
        try:
            self._descriptor = os.dup(connection.pgconn.socket)  # libpq closes its own when it is lost
            self._loop.add_reader(self._descriptor, self._readable)
        except NotImplementedError:  # Windows' own loop
            self._connection = self._descriptor = None
            connection.close()
            self._batch, self._waiting = self._waiting, []
            self._looking = True
            self._loop.run_in_executor(None, self._refresh_and_release)
            return
        self._schedule()

    def _refresh_and_release(self) -> None:
        self.refresh()
        self._call(self._release)


def _text(value: bytes | None) -> str:
    return (value or b"").decode()


def _line(error: psycopg.Error) -> str:
    return " ".join(str(error).split())
