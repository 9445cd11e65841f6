"""The state in PostgreSQL, which replicas on many machines share."""

import logging
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import psycopg

from mockcbs.backend.base import Counts, Feed, Files, Leases, Outbox
from mockcbs.backend.clocks import DocumentClocks
from mockcbs.backend.documents import Documents
from mockcbs.backend.postgres import schema
from mockcbs.backend.postgres.address import Address, parse
from mockcbs.backend.postgres.changes import ReplicatedChanges
from mockcbs.backend.postgres.counts import PostgresCounts
from mockcbs.backend.postgres.database import Database
from mockcbs.backend.postgres.documents import SERVER, PostgresDocuments
from mockcbs.backend.postgres.feed import PostgresFeed
from mockcbs.backend.postgres.files import PostgresFiles
from mockcbs.backend.postgres.leases import PostgresLeases
from mockcbs.backend.postgres.outbox import PostgresOutbox
from mockcbs.backend.postgres.peers import ReplicaPeers
from mockcbs.backend.postgres.recordings import PostgresRecordings
from mockcbs.backend.postgres.replicas import Replica
from mockcbs.backend.runs import DocumentRuns
from mockcbs.core.changes import Changes
from mockcbs.core.clock import Clock
from mockcbs.core.clocks import Clocks
from mockcbs.core.errors import BackendError, UserError
from mockcbs.core.peers import Peers
from mockcbs.faults.runs import Runs, Watch
from mockcbs.traffic.recordings import Recordings

logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # mockcbs logs outages itself


class PostgresBackend:
    """A `mockcbs.backend.base.Backend` in a schema of a database.

    Recorded traffic and everything that clients created is permanent. Clocks, scenarios and leases exist as
    long as a replica runs, and start again with the first replica.
    """

    def __init__(
        self, url: str, *, host: str = "127.0.0.1", port: int = 0, settings: str = "", forks: bool = False
    ) -> None:
        """Replicas call each other on *host* and *port*. Replicas of one mock must have equal *settings*.

        With *forks*, this process only prepares the state for forked processes.

        Raises `UserError` if the database cannot be used.
        """
        self._forks = forks
        address = parse(url)
        changes = ReplicatedChanges()
        self.changes: Changes = changes
        self._db = Database(address, changes)
        self._prepare(address)
        self.live: Documents = PostgresDocuments(self._db, SERVER)
        self.documents: Documents = PostgresDocuments(self._db)
        recordings = PostgresRecordings(self._db)
        self.recordings: Recordings = recordings
        self.leases: Leases = PostgresLeases(self._db)
        self.counts: Counts = PostgresCounts(self._db)
        self.outbox: Outbox = PostgresOutbox(self._db)
        files = PostgresFiles(self._db)
        self.files: Files = files
        self._feed = PostgresFeed(self._db, changes)
        self.feed: Feed | None = self._feed
        self._replica = Replica(self._db, settings)
        self._replica.chores += [files.delete_abandoned]
        self._replica.beats += [recordings.bound]
        self._peers = ReplicaPeers(self._replica, host, port, self._own_address)
        self.peers: Peers = self._peers
        self.joins = not self._registered(address)

    def clocks(self, start: Callable[[], Clock]) -> Clocks:
        """The clocks. They start like those of the first replica."""
        clocks = DocumentClocks(start, self.live, self.changes)
        clocks.share_start()
        return clocks

    def runs(self, watch: Watch) -> Runs:
        """The running scenarios."""
        return DocumentRuns(self.live, self.changes, watch)

    def close(self) -> None:
        """Close all connections."""
        self._peers.close()
        if self._forks:
            self._replica.pause()
            self._forks = False
        else:
            self._replica.end()
        self._feed.close()
        self._db.connections.close()

    def _prepare(self, address: Address) -> None:
        try:
            with self._db.connections.connect() as connection:
                schema.prepare(connection, address)
        except psycopg.Error as error:
            raise UserError(f"--state {address} cannot be used: {_line(error)}") from error

    def _registered(self, address: Address) -> bool:
        try:
            return self._replica.register()
        except (BackendError, UserError) as error:
            self._db.connections.close()
            if isinstance(error, UserError):
                raise
            raise UserError(f"--state {address} cannot be used: {error}") from error

    def _own_address(self) -> str:
        """The address of this machine on the network of the database, where the other replicas are."""
        parts = urlsplit(self._db.address.url)
        try:
            with socket.create_connection((parts.hostname or "", parts.port or 5432), 3) as probe:
                found: str = probe.getsockname()[0]
                return found
        except OSError:
            return socket.gethostbyname(socket.gethostname())


def _line(error: psycopg.Error) -> str:
    return " ".join(str(error).split())
