"""Two workers in one process: each has its own connection to a file, and both see the same counters."""

import mmap
from collections.abc import Iterator

import pytest

from mockcbs.shared import recordings
from mockcbs.store.sqlite import Database, SharedStore
from mockcbs.versions import CELLS, Versions


@pytest.fixture
def databases(tmp_path) -> Iterator[tuple[Database, Database]]:
    """One database, as two processes have it."""
    versions = Versions(memoryview(mmap.mmap(-1, 8 * CELLS)).cast("Q"))
    schema = SharedStore.SCHEMA + recordings.SCHEMA
    pair = tuple(Database(tmp_path / "state", tmp_path / "gate", schema, versions) for _ in range(2))
    yield pair
    for database in pair:
        database.close()


@pytest.fixture
def stores(databases) -> tuple[SharedStore, SharedStore]:
    """One store, as two processes have it."""
    return tuple(map(SharedStore, databases))
