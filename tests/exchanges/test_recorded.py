"""The file that is recorded into, also on a disk that is full."""

import errno
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import Client

from mockcbs.core.errors import FullError, UserError
from mockcbs.exchanges.record import Recorder
from mockcbs.exchanges.recorded import ExchangeFile
from tests.exchanges.proxied import plain, upstream


class SmallDisk:
    """A file that cannot grow beyond *room* bytes."""

    def __init__(self, file, room):
        self._file, self.room = file, room

    def __getattr__(self, name):
        return getattr(self._file, name)

    def write(self, data):
        room = self.room - self._file.tell()
        if room <= 0 < len(data):
            raise OSError(errno.ENOSPC, "No space left on device")
        return self._file.write(data[:room])


@given(
    room=st.integers(0, 600),
    steps=st.lists(st.text("ab\n中", max_size=60) | st.sampled_from([1, 3]), max_size=12),
)
def test_the_file_is_always_complete(tmp_path_factory, room, steps):
    """After each step it has what was written before the disk was full, and nothing half."""
    path = tmp_path_factory.mktemp("recorded") / "x.json"
    file = ExchangeFile(path, "https://upstream.example")
    file._file = SmallDisk(file._file, path.stat().st_size + room)
    written = []

    for step in steps:
        with suppress(FullError):
            if isinstance(step, int):
                file.change(lambda text, step=step: text.replace("a", "a" * step))
                written = [one.replace("a", "a" * step) for one in written]
            else:
                file.add({"text": step})
                written.append(step)

        assert [one["text"] for one in json.loads(path.read_bytes())["exchanges"]] == written
    file.close()


def test_no_file_is_left_if_it_cannot_be_started(tmp_path, monkeypatch):
    """A full disk is an error of one line that names the file."""
    monkeypatch.setattr(ExchangeFile, "_write", fails)

    with pytest.raises(UserError, match=r"the disk of .*x\.json is full"):
        ExchangeFile(tmp_path / "x.json", "https://upstream.example")

    assert list(tmp_path.iterdir()) == []


def fails(self, text, start):
    del self, start
    if text:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_stops_no_call(tmp_path, caplog):
    """The client has its response, the log has the reason, and what fits later is recorded."""
    file = ExchangeFile(path := tmp_path / "x.json", "https://upstream.example")
    file._file = disk = SmallDisk(file._file, path.stat().st_size)
    with upstream({"/a": plain(b"yes", 200)}) as url:
        proxy = Client(Recorder(url, file))

        full = proxy.get("/a", buffered=True)
        disk.room = 10**6
        later = proxy.get("/a", buffered=True)

    file.close()
    assert (full.data, later.data) == (b"yes", b"yes")
    assert "is full; not recorded" in caplog.text
    assert [one["request"]["path"] for one in json.loads(path.read_text())["exchanges"]] == ["/a"]


def test_secrets_are_masked_once_there_is_space(tmp_path):
    """A secret that is known only later is masked in earlier exchanges, even if that failed at first."""
    file = ExchangeFile(path := tmp_path / "x.json", "https://upstream.example")
    with upstream({"/a": plain(b'{"x":"hidden-value-77"}', 200)}) as url:
        proxy = Client(Recorder(url, file))
        proxy.get("/a", buffered=True)
        change, file.change = file.change, full
        proxy.get("/a", headers={"X-Auth-Token": "hidden-value-77"}, buffered=True)
        file.change = change
        assert "hidden-value-77" in path.read_text()

        proxy.get("/a", buffered=True)

    file.close()
    assert "hidden-value-77" not in path.read_text()


def full(_):
    raise FullError("the disk is full")
