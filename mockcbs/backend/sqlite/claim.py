"""Checks whether an SQLite file belongs to mockcbs; a foreign file is neither changed nor used."""

import sqlite3
from pathlib import Path

from mockcbs.core.errors import UserError

_APPLICATION = 0x6D636273
"""The ``application_id`` of mockcbs's SQLite files: "mcbs"."""
_VERSION = 3
"""The version of the tables (``user_version``)."""


def claim(path: Path, schema: str) -> None:
    """Mark a new file as mockcbs's, and check an existing one.

    Raises `UserError` for a foreign file, a file of another version, and a file whose tables, indexes or
    triggers are not exactly those of *schema*: a foreign trigger would run with every write.
    """
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        ((mark,),) = connection.execute("PRAGMA application_id")
        ((version,),) = connection.execute("PRAGMA user_version")
        found = _objects(connection)
        if found and mark != _APPLICATION:
            raise UserError(f"--state {str(path)!r} is a database, but not one of mockcbs's")
        if found and version != _VERSION:
            raise UserError(f"--state {str(path)!r} was written by another version of mockcbs")
        if found and (odd := sorted(found ^ _wanted(schema))):
            kind, name, *_ = odd[0]
            raise UserError(
                f"--state {str(path)!r} was changed by another program: its {kind} {name!r} is not mockcbs's"
            )
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {_VERSION}")
    finally:
        connection.close()


def _objects(connection: sqlite3.Connection) -> set[tuple[str, str, str]]:
    rows = connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_schema")
    return {(kind, name, sql) for kind, name, sql in rows if not name.startswith("sqlite_stat")}


def _wanted(schema: str) -> set[tuple[str, str, str]]:
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(schema)
        return _objects(connection)
    finally:
        connection.close()
