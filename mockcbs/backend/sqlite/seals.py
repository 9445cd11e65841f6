"""Checks whether mockcbs wrote the rows of a state file.

This finds changes by hand, by another program or by a broken disk. It does not protect against an attacker
who knows this module.
"""

import hashlib

from mockcbs.backend.sqlite.database import Database
from mockcbs.core.clock import LATEST
from mockcbs.core.errors import BackendError

_SEALED = {
    "documents": ("kind", "scope", "key", "body"),
    "said": ("body",),
    "outbox": ("queue", "scope", "body"),
}
"""The tables with a seal in each row, and the columns that it covers."""

_WRONG = {
    "turns": (
        "(typeof(place), typeof(at), typeof(latency), typeof(change))"
        " IS NOT ('integer', 'integer', 'integer', 'integer')"
        f" OR place < 0 OR at NOT BETWEEN 0 AND {LATEST} OR latency NOT BETWEEN 0 AND 2147483647"
        " OR said NOT IN (SELECT id FROM said)"
        " OR NOT EXISTS (SELECT 1 FROM recorded WHERE scope = turns.scope AND bot = turns.bot)"
    ),
    "recorded": (
        "(turns, first) IS NOT (SELECT count(*), min(id) FROM turns AS t"
        "  WHERE t.scope = recorded.scope AND t.bot = recorded.bot)"
        " OR (typeof(born), typeof(changes), typeof(sessions)) IS NOT ('integer', 'integer', 'integer')"
        " OR born > first"
    ),
    "total": "turns IS NOT (SELECT count(*) FROM turns)",
    "outbox": "typeof(due) IS NOT 'integer'",
}
"""The conditions for invalid rows, by table."""


def seal(*texts: str) -> int:
    """The seal of a row with these *texts*."""
    joined = "\0".join(texts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(joined, digest_size=7, person=b"mockcbs").digest())


def check(database: Database) -> None:
    """Raise `BackendError` if another program changed a row; the message names the table."""
    for table, columns in _SEALED.items():
        for number, found, *texts in database(f"SELECT rowid, seal, {', '.join(columns)} FROM {table}"):
            if not all(isinstance(text, str) for text in texts) or found != seal(*texts):
                raise _changed(table, number)
    for table, wrong in _WRONG.items():
        name = "bot" if table == "recorded" else "rowid"
        for (number,) in database(f"SELECT {name} FROM {table} WHERE {wrong} LIMIT 1"):
            raise _changed(table, number)


def _changed(table: str, row: object) -> BackendError:
    return BackendError(f"row {row} of its table {table} was changed by another program; delete the file")
