"""Documents in memory and in a file."""

from collections.abc import Iterator

import pytest

from mockcbs.backend.documents import Documents
from mockcbs.backend.memory import MemoryBackend
from mockcbs.backend.sqlite.backend import SqliteBackend
from mockcbs.core.peers import NoPeers


@pytest.fixture(params=["memory", "sqlite"])
def documents(request: pytest.FixtureRequest, tmp_path) -> Iterator[Documents]:
    backend = (
        MemoryBackend()
        if request.param == "memory"
        else SqliteBackend(tmp_path / "state", tmp_path, NoPeers())
    )
    yield backend.documents
    backend.close()
