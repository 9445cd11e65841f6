"""Counts of requests that replicas share."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from mockcbs.backend.postgres.backend import PostgresBackend


@pytest.fixture
def other(url, backend):
    made = PostgresBackend(url)
    yield made
    made.close()


def test_replicas_count_together(backend, other):
    """Each number is given once, whichever replica counts, even while one of them locks the scope."""
    with backend.documents.transaction():
        backend.documents.put("toy", "p", "key", {})
        with ThreadPoolExecutor(4) as pool:
            numbers = list(pool.map(lambda place: (backend, other)[place % 2].counts.next("p"), range(40)))

    assert sorted(numbers) == list(range(40))
    other.counts.clear("p")
    assert backend.counts.next("p") == 0
