"""Classifies errors of the database: unavailable, full, or a bug."""

from typing import Any

import psycopg
from psycopg import errors as pg

from mockcbs.backend.postgres.address import Address
from mockcbs.core.errors import BackendError, FullError

LOCK_TIMEOUT = 8.0
"""The time to wait for a lock that another replica holds, in s."""
STATEMENT_TIMEOUT = 10.0

_UNAVAILABLE: dict[type[psycopg.Error], str] = {
    pg.AdminShutdown: "the database ended the connection",
    pg.CrashShutdown: "the database has crashed",
    pg.CannotConnectNow: "the database is starting or stopping",
    pg.IdleInTransactionSessionTimeout: "this replica stood still for too long",
    pg.LockNotAvailable: f"another replica has kept this scope locked for over {LOCK_TIMEOUT:g} s",
    pg.DeadlockDetected: "two calls waited for each other; send it again",
    pg.QueryCanceled: f"the database took longer than {STATEMENT_TIMEOUT:g} s",
    pg.ReadOnlySqlTransaction: "the database takes no writes; is it a standby?",
    pg.UndefinedTable: "its tables are gone; restart mockcbs",
    pg.InvalidSchemaName: "its schema is gone; restart mockcbs",
    pg.TooManyConnections: "the database takes no more connections",
}
_FULL = (pg.DiskFull, pg.OutOfMemory, pg.ConfigurationLimitExceeded)


def failure_of(
    error: psycopg.Error, connection: psycopg.Connection[Any], address: Address
) -> BackendError | None:
    """The failure behind *error* of a statement on *connection*; `None` if it is a bug."""
    if isinstance(error, _FULL):
        return FullError(f"no room in the database {address}: {error}; delete something, or reset the mock")
    for kind, why in _UNAVAILABLE.items():
        if isinstance(error, kind):
            return BackendError(f"the database {address} cannot be used: {why}")
    if connection.closed or isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return BackendError(f"the connection to the database {address} is lost")
    return None
