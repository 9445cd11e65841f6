"""Leases that replicas share."""

import pytest

from mockcbs.backend.postgres.backend import PostgresBackend


@pytest.fixture
def other(url, backend):
    made = PostgresBackend(url)
    yield made
    made.close()


def test_one_replica_has_a_lease(backend, other):
    """One replica holds a lease until it is released or expires; names and holders may be any texts."""
    name = "job\0\ud800"

    assert backend.leases.lease(name, "a\0", 1000)
    assert not other.leases.lease(name, "b", 1000)
    assert other.leases.lease("job", "b", 1000)
    assert backend.leases.renew(name, "a\0", 0)
    assert other.leases.lease(name, "b", 1000)
    assert not backend.leases.renew(name, "a\0", 1000)
    other.leases.release(name, "b")
    assert backend.leases.lease(name, "a\0", 1000)
