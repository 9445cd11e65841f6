"""An outbox that outlives its server."""

import multiprocessing
import os
import signal

from mockcbs.backend.sqlite.backend import SqliteBackend
from mockcbs.core.peers import NoPeers


def test_what_a_killed_server_had_claimed_comes_again(tmp_path):
    """After kill -9 the next server can claim every entry that was not acknowledged."""
    fork = multiprocessing.get_context("fork")
    ready = fork.SimpleQueue()

    def serve() -> None:
        backend = SqliteBackend(tmp_path / "state", tmp_path, NoPeers())
        for number in range(3):
            backend.outbox.append("hooks", {"n": number}, due=number)
        claimed = backend.outbox.claim("hooks", 10, seconds=1000, limit=2)
        backend.outbox.ack(claimed[0].number)
        ready.put(len(claimed))
        signal.pause()

    process = fork.Process(target=serve, daemon=True)
    process.start()
    assert ready.get() == 2
    os.kill(process.pid, signal.SIGKILL)
    process.join()

    backend = SqliteBackend(tmp_path / "state", tmp_path, NoPeers())

    assert [entry.body["n"] for entry in backend.outbox.claim("hooks", 10, seconds=1000)] == [1, 2]
    backend.close()
