"""Temporary folders."""

import multiprocessing
import os
import signal
import tempfile
from pathlib import Path

import pytest

from mockcbs.backend.folders import delete_abandoned, temporary_folder


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_a_folder_is_gone_at_the_end(tmp_path):
    """A temporary folder is deleted at the end of its process, and not before."""
    with temporary_folder() as folder:
        (folder / "x").write_text("x")
        delete_abandoned()
        assert (folder / "x").exists()

    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_goes_at_the_next_start(tmp_path):
    """Kill -9 leaves a folder, the next mock deletes it, and nothing else."""
    for name in ("mockcbs-mine", "other"):
        (tmp_path / name).mkdir()
    fork = multiprocessing.get_context("fork")
    ready = fork.SimpleQueue()

    def serve() -> None:
        with temporary_folder() as folder:
            (folder / "state").write_text("x")
            ready.put(str(folder))
            signal.pause()

    process = fork.Process(target=serve, daemon=True)
    process.start()
    left = Path(ready.get())
    delete_abandoned()
    assert left.exists()
    os.kill(process.pid, signal.SIGKILL)
    process.join()

    with temporary_folder() as folder:
        assert not left.exists()
        assert {path.name for path in tmp_path.iterdir()} == {folder.name, "mockcbs-mine", "other"}
