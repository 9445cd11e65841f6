"""Files, alike in every backend."""

import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from mockcbs.backend.files import FolderFiles


def test_files_are_written_read_and_deleted(backend):
    """A file with any name can be read completely or in part, by scope and name."""
    files = backend.files
    with files.create("p", "../../a/名") as file:
        assert file.write(b"hello ") == 6
        file.write(b"world" * 30_000)

    assert files.size("p", "../../a/名") == 150_006
    assert b"".join(files.read("p", "../../a/名"))[:11] == b"hello world"
    assert b"".join(files.read("p", "../../a/名", 4, 8)) == b"o wo"
    assert files.size("q", "../../a/名") is None
    assert files.delete("p", "../../a/名")
    assert not files.delete("p", "../../a/名")
    with pytest.raises(FileNotFoundError):
        files.read("p", "../../a/名")


def test_a_file_that_fails_half_way_leaves_the_old_one(backend):
    """A file is complete, or it does not exist."""
    with backend.files.create("p", "a") as file:
        file.write(b"old")

    def fail():
        with backend.files.create("p", "a") as file:
            file.write(b"new")
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert b"".join(backend.files.read("p", "a")) == b"old"
    backend.files.clear("p")
    assert backend.files.size("p", "a") is None


def test_the_first_files_may_be_written_at_once(backend):
    """Many threads can write the first files at the same time, and no file is lost."""
    start = threading.Barrier(8)

    def write(number):
        start.wait()
        with backend.files.create("p", str(number)) as file:
            file.write(b"a")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))

    assert [backend.files.size("p", str(number)) for number in range(8)] == [1] * 8


def test_a_temporary_folder_that_is_cleared_keeps_its_owner(tmp_path, monkeypatch):
    """A cleared folder stays closed to other users; if the process is killed, the next start deletes it."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    files = FolderFiles()
    with files.create("p", "a") as file:
        file.write(b"a")
    (folder,) = tmp_path.iterdir()

    files.clear()

    assert [path.name for path in folder.iterdir()] == ["owner"]
    with files.create("p", "b") as file:
        file.write(b"b")
    assert files.size("p", "b") == 1
    assert [*tmp_path.iterdir()] == [folder]
    assert folder.stat().st_mode & 0o077 == 0
