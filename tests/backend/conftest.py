"""One backend of each kind, for tests that hold for all of them; and SQLite as two processes have it."""

import mmap
from collections.abc import Iterator

import pytest

from mockcbs.backend.memory import MemoryBackend
from mockcbs.backend.sqlite import recordings
from mockcbs.backend.sqlite.backend import SqliteBackend
from mockcbs.backend.sqlite.database import Database
from mockcbs.backend.sqlite.documents import SCHEMA, SqliteDocuments
from mockcbs.core.changes import SIZE, Changes
from mockcbs.core.peers import NoPeers


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def backend(request, tmp_path):
    """A fresh backend."""
    chosen = request.config.getoption("--backend")
    if chosen and chosen != request.param:
        pytest.skip(f"--backend {chosen} was chosen")
    made = MemoryBackend()
    if request.param == "sqlite":
        made = SqliteBackend(tmp_path / "state", tmp_path, NoPeers())
    if request.param == "postgres":
        made = request.getfixturevalue("postgres_backend")()
    yield made
    made.files.clear()
    made.close()


@pytest.fixture
def databases(tmp_path) -> Iterator[tuple[Database, Database]]:
    """One SQLite database, as two processes have it: each has its own connection, both the same counters."""
    changes = Changes(memoryview(mmap.mmap(-1, 8 * SIZE)).cast("Q"))
    schema = SCHEMA + recordings.SCHEMA
    pair = tuple(Database(tmp_path / "state", tmp_path / "gate", schema, changes) for _ in range(2))
    yield pair
    for database in pair:
        database.close()


@pytest.fixture
def stores(databases) -> tuple[SqliteDocuments, SqliteDocuments]:
    """One store, as two processes have it."""
    return tuple(map(SqliteDocuments, databases))
