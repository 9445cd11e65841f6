"""One backend of each kind, for tests that hold for all of them."""

import pytest

from mockcbs.backend.memory import MemoryBackend
from mockcbs.backend.sqlite.backend import SqliteBackend
from mockcbs.core.peers import NoPeers


@pytest.fixture(params=["memory", "sqlite"])
def backend(request, tmp_path):
    """A fresh backend."""
    made = MemoryBackend()
    if request.param == "sqlite":
        made = SqliteBackend(tmp_path / "state", tmp_path, NoPeers())
    yield made
    made.files.clear()
    made.close()
