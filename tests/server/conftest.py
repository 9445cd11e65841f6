"""A server on a free port."""

import pytest

from mockcbs.testing.live import LiveServer
from tests.clients.conftest import serving
from tests.conftest import NOW

__all__ = ["serving"]


@pytest.fixture
def server():
    with LiveServer(now=NOW) as server:
        yield server
