"""Replicas that join, and what they must share."""

import threading

import pytest

from mockcbs.backend.postgres import replicas
from mockcbs.backend.postgres.backend import PostgresBackend
from mockcbs.core.errors import UserError


def test_another_version_or_other_settings_are_refused(url, monkeypatch):
    """The sentence names the replica, what it has and what this one has; no connection stays open."""
    first = PostgresBackend(url, settings="seed=42")
    threads = set(threading.enumerate())

    with pytest.raises(UserError, match=r"with other settings \(seed=42\) than this one \(seed=7\)"):
        PostgresBackend(url, settings="seed=7")
    with monkeypatch.context() as patch:
        patch.setattr(replicas, "VERSION", "99")
        with pytest.raises(UserError, match=r"runs mockcbs .*, and this is 99; stop the others first"):
            PostgresBackend(url, settings="seed=42")
    assert set(threading.enumerate()) <= threads
    first.close()

    PostgresBackend(url, settings="seed=7").close()


def test_many_that_start_at_once_make_the_tables_once(url):
    """Any number of replicas can start at once; all belong to the same mock."""
    made = []
    threads = [threading.Thread(target=lambda: made.append(PostgresBackend(url))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(one.joins for one in made) == [False, True, True, True]
    assert len({one.peers.name for one in made}) == 4
    for one in made:
        one.close()
