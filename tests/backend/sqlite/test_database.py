"""A file that cannot be used as it should."""

import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import pytest
import requests

from mockcbs import app
from mockcbs.backend.sqlite import database as module
from mockcbs.backend.sqlite.backend import SqliteBackend
from mockcbs.core.errors import BackendError, FullError
from mockcbs.core.peers import NoPeers
from mockcbs.core.waiting import on_loop
from mockcbs.testing.live import LiveServer
from tests.conftest import BOT, PROJECT

MB = 2**20
CHAT = f"/v1/{PROJECT}/qabots/{BOT}/chat"


@pytest.fixture
def backend(tmp_path):
    made = SqliteBackend(tmp_path / "state", tmp_path, NoPeers(), memory=MB)
    yield made
    made.close()


def test_another_programs_lock_refuses_at_once_and_passes(backend, tmp_path, monkeypatch):
    """While another program locks the file, only one of many calls waits, for a short time.

    Leases work during the lock, and everything works after it.
    """
    monkeypatch.setattr(module, "_BUSY_SECONDS", 0.5)
    backend.documents.put("k", "p", "a", {"n": 1})
    backend.close()
    other = sqlite3.connect(tmp_path / "state", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()

    for _ in range(100):
        with pytest.raises(BackendError, match="another program has locked the state file"):
            backend.documents.put("k", "p", "a", {"n": 2})

    assert time.monotonic() - began < 100 * 0.5 / 2
    assert backend.leases.lease("job", "a", 10)
    other.close()
    monkeypatch.setattr(backend._kept, "_busy_until", 0.0)
    backend.documents.put("k", "p", "a", {"n": 3})
    assert backend.documents.get("k", "p", "a") == {"n": 3}


def test_a_server_serves_others_while_a_request_waits_for_the_file(backend, tmp_path, monkeypatch):
    """While a question waits for the lock of another program, other clients get responses."""
    monkeypatch.setattr(module, "_BUSY_SECONDS", 5.0)
    monkeypatch.setattr(app, "MemoryBackend", lambda _: backend)
    with LiveServer() as server, ThreadPoolExecutor(1) as threads:

        def ask(question: str) -> int:
            body, headers = {"question": question}, {"X-Auth-Token": "t"}
            return requests.post(server.url + CHAT, json=body, headers=headers, timeout=20).status_code

        first = ask("a")
        with closing(sqlite3.connect(tmp_path / "state", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            second = threads.submit(ask, "b")
            with suppress(TimeoutError):
                second.result(0.5)
            ready = requests.get(f"{server.url}/_mockcbs/ready", timeout=20).status_code
            waits = not second.done()

    assert (first, ready, waits) == (200, 200, True)
    assert second.result(20) == 200


def test_a_request_that_has_changed_something_does_not_start_over(backend):
    """It would change it twice; it waits for the file, whatever other threads have committed since."""
    locked = threading.Event()

    def use() -> None:
        backend.documents.put("k", "p", "b", {"n": 1})
        with backend.documents.transaction():
            locked.set()
            time.sleep(0.2)

    with on_loop(), ThreadPoolExecutor(1) as threads:
        backend.documents.put("k", "p", "a", {"n": 1})
        threads.submit(use)
        locked.wait(5)
        backend.documents.put("k", "p", "a", {"n": 2})

    assert backend.documents.get("k", "p", "a") == {"n": 2}


def test_a_full_file_refuses_and_keeps_what_it_has(backend):
    """The limit of --memory holds for the file; what does not fit is refused, and room can be made."""

    def fill():
        for number in range(1000):
            backend.documents.put("k", "p", str(number), {"text": "x" * 100_000})

    with pytest.raises(FullError, match="--memory"):
        fill()

    assert 3 < backend.documents.count("k", "p") < 11
    backend.documents.clear("p")
    backend.documents.put("k", "p", "a", {"text": "x" * 100_000})
    assert backend.documents.count("k", "p") == 1


def test_a_transaction_that_finds_no_room_is_over(backend):
    """A statement after a refusal does not belong to the refused transaction."""

    def fill():
        with backend.documents.transaction():
            for number in range(1000):
                backend.documents.put("k", "p", str(number), {"text": "x" * 100_000})

    with pytest.raises(FullError):
        fill()

    backend.documents.clear()
    backend.documents.put("k", "q", "a", {})
    assert backend.documents.get("k", "q", "a") == {}


@pytest.mark.parametrize("change", ["delete", "replace"])
def test_a_file_that_is_no_longer_there_is_noticed(backend, tmp_path, change):
    """A deleted or replaced file is never written to."""
    backend.documents.put("k", "p", "a", {})
    (tmp_path / "state").unlink()
    if change == "replace":
        (tmp_path / "state").write_bytes(b"")

    with pytest.raises(BackendError, match="no longer the state file that was opened"):
        backend.documents.put("k", "p", "b", {})
    backend.close()
    with pytest.raises(BackendError, match="no longer the state file that was opened"):
        backend.documents.get("k", "p", "a")


def test_a_damaged_file_is_told_from_a_bug(backend, tmp_path):
    """Damaged pages cause an error with a sentence for the user."""
    for number in range(50):
        backend.documents.put("k", "p", str(number), {"text": "x" * 5000})
    backend.close()
    with (tmp_path / "state").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 100_000)

    with pytest.raises(BackendError, match="cannot be used: database disk image is malformed"):
        backend.documents.select("k", "p")


def test_a_worker_that_was_stopped_while_it_writes(backend, tmp_path, monkeypatch):
    """The others wait for a while, then refuse at once with the reason, and work again when it has ended."""
    monkeypatch.setattr(module, "GATE_SECONDS", 0.2)
    backend.documents.put("k", "p", "a", {"n": 1})
    script = (
        "import os, signal, sys; from mockcbs.core import platform;"
        "gate = os.open(sys.argv[1], os.O_RDWR); platform.lock_within(gate, 5); print('ready', flush=True);"
        "os.kill(os.getpid(), signal.SIGSTOP)"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "gate")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as worker:
        worker.stdout.readline()

        for _ in range(100):
            with pytest.raises(BackendError, match="another worker has kept the state locked"):
                backend.documents.put("k", "p", "a", {"n": 2})

        worker.kill()
    monkeypatch.setattr(backend._kept, "_busy_until", 0.0)
    backend.documents.put("k", "p", "a", {"n": 3})
    assert backend.documents.get("k", "p", "a") == {"n": 3}


def test_half_written_files_of_a_killed_server_are_deleted(tmp_path):
    """Whole ones stay."""
    backend = SqliteBackend(tmp_path / "state", tmp_path, NoPeers(), memory=MB)
    with backend.files.create("p", "whole") as file:
        file.write(b"content")
    unfinished = next((tmp_path / "state-files").iterdir()) / "new-x7"
    unfinished.write_bytes(b"half")
    backend.close()

    again = SqliteBackend(tmp_path / "state", tmp_path, NoPeers(), memory=MB)

    assert not unfinished.exists()
    assert b"".join(again.files.read("p", "whole")) == b"content"
    again.close()
