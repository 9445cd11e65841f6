"""A server of several workers."""

from collections.abc import Iterator

import pytest

from tests.clients.conftest import Served, Serving
from tests.clients.crew import Connection, everyone
from tests.clients.workers.calls import WORKERS


@pytest.fixture(scope="module")
def shared(serving: Serving) -> Iterator[Served]:
    """A server of several workers."""
    with serving("--dataset", "empty", "--now", "2026-11-22T00:00:00Z", "--workers", str(WORKERS)) as served:
        yield served


@pytest.fixture
def workers(shared: Served) -> Iterator[list[Connection]]:
    """A connection to each worker, all as just after the start."""
    with everyone(shared, WORKERS) as connections:
        connections[0].ok("POST", "/_mockcbs/reset")
        yield connections
