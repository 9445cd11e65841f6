"""The replicas that serve one mock: a table in which each reports every two seconds that it is alive."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from mockcbs.backend.postgres.changes import RETENTION_SECONDS
from mockcbs.backend.postgres.database import Database
from mockcbs.backend.postgres.documents import SERVER
from mockcbs.core.errors import BackendError, UserError
from mockcbs.core.version import VERSION

log = logging.getLogger("mockcbs")

BEAT_SECONDS = 2.0
DEAD_SECONDS = 10.0
"""The time without a report after which a replica counts as dead, in s."""
MAX_REPLICAS = 128
_KEEP_SECONDS = 86_400
"""The time for which the names of ended replicas are kept, whose journals are lost, in s."""
_CHORES_SECONDS = 20.0
_CHORES = "postgres.chores"
"""The name of the lease of the replica that cleans up."""

_LIVES = f"NOT ended AND seen > clock_timestamp() - interval '{DEAD_SECONDS} s'"


class Other(NamedTuple):
    """Another replica."""

    name: str
    url: str
    """The URL at which it answers other replicas."""
    lives: bool


class Replica:
    """A replica: the current process, after `register`."""

    def __init__(self, database: Database, settings: str) -> None:
        """Replicas of one mock must have equal *settings*."""
        self._db, self._settings = database, settings
        self.name, self.number = "", 0
        self.token = ""
        """The token with which replicas authenticate to each other."""
        self.url: str | None = None
        self._origin = time.time_ns()
        """The start of this mock's journals, in ns since 1970 by the clock of this machine."""
        self._others: list[Other] = []
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.chores: list[Callable[[], None]] = []
        """Functions that one of the replicas calls at intervals."""
        self.beats: list[Callable[[], None]] = []
        """Functions that every replica calls with each report."""

    def register(self) -> bool:
        """Join the table of replicas. Return whether this is the first replica, so that live state starts
        again.

        Raises `UserError` if a replica with another version or other settings is alive.
        """
        with self._db.transaction():
            self._db.lock("replicas")
            living = self._db(
                f"SELECT name, number, version, settings FROM {{schema}}.replicas WHERE {_LIVES}"
            )
            for name, _, version, settings in living:
                self._check(name, version, settings)
            if not living:
                self._begin_anew()
            ((self.token, epoch, now),) = self._db(
                "SELECT token, extract(epoch FROM epoch)::float8,"
                " extract(epoch FROM clock_timestamp())::float8 FROM {schema}.meta"
            )
            self._origin = time.time_ns() + _nanoseconds(epoch - now)
            self._enter({number for _, number, _, _ in living})
        self._stopping = threading.Event()
        threading.Thread(
            target=self._watch, args=(self._stopping,), name="mockcbs watch", daemon=True
        ).start()
        self._thread = threading.Thread(target=self._live, name="mockcbs replica", daemon=True)
        self._thread.start()
        return not living

    def serve(self, url: str) -> None:
        """Publish the URL at which this replica answers the others."""
        self.url = url
        self._beat()

    @property
    def is_registered(self) -> bool:
        """Whether this process has joined and reports that it is alive."""
        return self._thread is not None

    def others(self) -> list[Other]:
        """The other replicas, including dead ones; the last known ones if the database is unavailable."""
        try:
            rows = self._db(
                f"SELECT name, url, {_LIVES} FROM {{schema}}.replicas WHERE name <> %s AND url IS NOT NULL",
                self.name,
            )
        except BackendError:
            return self._others
        self._others = [Other(*row) for row in rows]
        return self._others

    def forget_dead(self, names: Sequence[str] = ()) -> None:
        """Remove ended and dead replicas, whose journals are lost, and those with these *names*.

        A replica that is alive appears again with its next report.
        """
        self._db(
            f"DELETE FROM {{schema}}.replicas WHERE NOT ({_LIVES}) OR name = ANY(%s::text[])", list(names)
        )

    def numbers(self) -> Iterator[int]:
        """Unique numbers: microseconds since the start of this mock's journals by the database's clock,
        followed by this replica's number.
        """
        latest = 0
        while True:
            now = (time.time_ns() - self._origin) // 1000
            latest = now if now > latest else latest + 1  # max() takes twice as long
            yield latest * MAX_REPLICAS + self.number

    def pause(self) -> None:
        """Stop reporting that this process is alive. It counts as alive for `DEAD_SECONDS`."""
        thread, self._thread = self._thread, None
        if thread:
            self._stopping.set()
            thread.join(2 * BEAT_SECONDS)

    def end(self) -> None:
        """Leave the table. A process that never served leaves no entry."""
        if not self.is_registered:
            return
        self.pause()
        try:
            if self.url is None:
                self._db("DELETE FROM {schema}.replicas WHERE name = %s", self.name)
            else:
                self._db("UPDATE {schema}.replicas SET ended = true WHERE name = %s", self.name)
        except BackendError as error:
            log.info("replica %s counts as dead in %g s: %s", self.name, DEAD_SECONDS, error)
        self.url = None

    def _check(self, name: str, version: str, settings: str) -> None:
        where = f"--state {self._db.address}"
        if version != VERSION:
            raise UserError(
                f"{where}: replica {name} runs mockcbs {version}, and this is {VERSION};"
                " stop the others first, or use another ?schema="
            )
        if settings != self._settings:
            raise UserError(
                f"{where}: replica {name} was started with other settings ({settings}) than this one"
                f" ({self._settings}), and would answer differently; use the same, or another ?schema="
            )

    def _begin_anew(self) -> None:
        """Delete the state that belongs to a running mock."""
        self._db(
            "DELETE FROM {schema}.documents WHERE starts_with(kind, %s) OR starts_with(kind, 'live.')",
            SERVER,
        )
        self._db("DELETE FROM {schema}.replicas")
        self._db("DELETE FROM {schema}.leases")
        self._db("UPDATE {schema}.outbox SET claimed_until = '-infinity'")
        self._db("UPDATE {schema}.meta SET epoch = clock_timestamp()")
        self._db.changes.bump_all()

    def _enter(self, taken: set[int]) -> None:
        free = [number for number in range(MAX_REPLICAS) if number not in taken]
        if not free:
            raise UserError(f"--state {self._db.address}: {MAX_REPLICAS} replicas use it already")
        # a replica that has ended keeps its name while others are free, since its journal is reported as lost
        ended = {number for (number,) in self._db("SELECT number FROM {schema}.replicas")}
        self.number = next((number for number in free if number not in ended), free[0])
        self.name = f"{socket.gethostname()}-{self.number}"
        self._db(
            "INSERT INTO {schema}.replicas AS r (name, number, version, settings, seen)"
            " VALUES (%s, %s, %s, %s, clock_timestamp()) ON CONFLICT (name) DO UPDATE SET"
            " number = excluded.number, url = NULL, seen = excluded.seen, ended = false",
            *(self.name, self.number, VERSION, self._settings),
        )

    def _watch(self, stopping: threading.Event) -> None:
        """Close connections that hang, in a thread that never waits for the database."""
        while not stopping.wait(BEAT_SECONDS):
            self._db.break_stuck()

    def _live(self) -> None:
        chores_at = 0.0
        while not self._stopping.wait(BEAT_SECONDS):
            if self._db.connections.away:
                continue
            try:
                self._beat()
                if time.monotonic() >= chores_at:
                    chores_at = time.monotonic() + _CHORES_SECONDS
                    self._do_chores()
            except BackendError as error:
                log.info("replica %s cannot report that it lives: %s", self.name, error)
            except Exception:
                log.exception("a bug in mockcbs: replica %s could not report that it lives", self.name)

    def _beat(self) -> None:
        began = time.time_ns()
        rows = self._db(
            "INSERT INTO {schema}.replicas AS r (name, number, url, version, settings, seen)"
            " VALUES (%s, %s, %s, %s, %s, clock_timestamp()) ON CONFLICT (name) DO UPDATE SET"
            " url = excluded.url, seen = excluded.seen, ended = false"
            " RETURNING extract(epoch FROM clock_timestamp())::float8,"
            " (SELECT extract(epoch FROM epoch)::float8 FROM {schema}.meta)",
            *(self.name, self.number, self.url, VERSION, self._settings),
        )
        now, epoch = rows[0]
        self._origin = (began + time.time_ns()) // 2 + _nanoseconds(epoch - now)
        for work in self.beats:
            work()

    def _do_chores(self) -> None:
        taken = self._db(
            "INSERT INTO {schema}.leases AS l VALUES (%s, %s, clock_timestamp() + make_interval(secs => %s))"
            " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until"
            " WHERE l.until <= clock_timestamp() RETURNING 1",
            *(_CHORES, self.name, _CHORES_SECONDS - BEAT_SECONDS),
        )
        if not taken:
            return
        self._db(
            "DELETE FROM {schema}.changes WHERE at < clock_timestamp() - make_interval(secs => %s)",
            RETENTION_SECONDS,
        )
        self._db(
            "DELETE FROM {schema}.replicas WHERE seen < clock_timestamp() - make_interval(secs => %s)",
            _KEEP_SECONDS,
        )
        for chore in self.chores:
            chore()


def _nanoseconds(seconds: float) -> int:
    return int(seconds * 1_000_000_000)
