"""Two workers in one process: each has its own connection to a file, and both see the same counters."""

import mmap
from collections.abc import Iterator

import pytest

from mockcbs.backend.sqlite import recordings
from mockcbs.backend.sqlite.database import Database
from mockcbs.backend.sqlite.documents import SCHEMA, SqliteDocuments
from mockcbs.core.changes import CELLS, Changes


@pytest.fixture
def databases(tmp_path) -> Iterator[tuple[Database, Database]]:
    """One database, as two processes have it."""
    changes = Changes(memoryview(mmap.mmap(-1, 8 * CELLS)).cast("Q"))
    schema = SCHEMA + recordings.SCHEMA
    pair = tuple(Database(tmp_path / "state", tmp_path / "gate", schema, changes) for _ in range(2))
    yield pair
    for database in pair:
        database.close()


@pytest.fixture
def stores(databases) -> tuple[SqliteDocuments, SqliteDocuments]:
    """One store, as two processes have it."""
    return tuple(map(SqliteDocuments, databases))
