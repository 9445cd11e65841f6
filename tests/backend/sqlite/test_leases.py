"""Leases in an SQLite file, as two processes have them."""

import pytest

from mockcbs.backend.sqlite import leases
from mockcbs.backend.sqlite.database import Database
from mockcbs.backend.sqlite.leases import SCHEMA, SqliteLeases
from mockcbs.core.changes import Changes


@pytest.fixture
def pair(tmp_path):
    made = [Database(tmp_path / "live", tmp_path / "gate", SCHEMA, Changes()) for _ in range(2)]
    yield tuple(map(SqliteLeases, made))
    for database in made:
        database.close()


def test_one_of_two_processes_has_a_lease(pair):
    """One of two processes holds a lease; the other gets it after a release."""
    one, other = pair

    assert one.lease("job", "a", 60)
    assert not other.lease("job", "b", 60)
    assert not other.renew("job", "b", 60)
    one.release("job", "a")
    assert other.lease("job", "b", 60)


def test_a_lease_runs_out(pair, monkeypatch):
    """Unless it is renewed in time, by the clock that all processes of a machine share."""
    one, other = pair
    now = [100.0]
    monkeypatch.setattr(leases.time, "monotonic", lambda: now[0])
    one.lease("job", "a", 10)

    now[0] = 109.0
    assert one.renew("job", "a", 10)
    now[0] = 118.0
    assert not other.lease("job", "b", 10)
    now[0] = 119.0
    assert other.lease("job", "b", 10)
    assert not one.renew("job", "a", 10)
