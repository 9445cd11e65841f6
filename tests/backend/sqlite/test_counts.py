"""Counts of requests beside a state file."""

import pytest

from mockcbs.backend.sqlite.backend import SqliteBackend
from mockcbs.core.peers import NoPeers


@pytest.fixture
def start(tmp_path):
    """Starts a server on the same state file, and ends the one before."""
    running = []

    def start():
        for backend in running:
            backend.close()
        folder = tmp_path / str(len(running))
        folder.mkdir()
        running.append(SqliteBackend(tmp_path / "state", folder, NoPeers()))
        return running[-1]

    yield start
    running[-1].close()


def test_a_restart_gives_no_number_twice(start):
    """Ids that are made of the numbers may be kept in the state file."""
    numbers = []

    for _ in range(3):
        backend = start()
        numbers += [backend.counts.next(scope) for scope in ("p", "p", "q")]

    assert numbers[:3] == [0, 1, 0]
    assert len(set(numbers)) == 6, "two scopes count alike, and nothing else"


def test_a_reset_begins_as_a_new_file_does(start):
    """After a reset, numbers begin as in a new file; later servers continue from there."""
    start()
    backend = start()
    assert backend.counts.next("p") > 0

    backend.counts.clear()

    assert [backend.counts.next("p"), backend.counts.next("p")] == [0, 1]
    assert start().counts.next("p") > 1


def test_a_reset_of_one_scope_leaves_the_others(start):
    """After a reset of one scope, the numbers of other scopes continue."""
    start()
    backend = start()
    before = backend.counts.next("q")

    backend.counts.clear("p")

    assert backend.counts.next("p") == 0
    assert backend.counts.next("q") == before + 1
