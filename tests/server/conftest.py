"""A server on a free port."""

import pytest

from mockcbs.testing.live import LiveServer
from tests.conftest import NOW


@pytest.fixture
def server():
    with LiveServer(now=NOW) as server:
        yield server
