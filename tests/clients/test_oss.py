"""OSS as users serve it: what is kept, what workers share, and how much memory files take."""

import hashlib
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import oss2
import psutil
import pytest
import requests

MB = 2**20


def bucket(url):
    """A bucket of a served mock."""
    return oss2.Bucket(oss2.Auth("MOCKCBSAK", "mockcbs-secret-key"), url, "photos")


def test_objects_are_kept_with_the_state(serving, tmp_path):
    """With --state a restart keeps objects, also those of several parts, and unfinished uploads."""
    options = "--state", str(tmp_path / "state")
    with serving(*options) as served:
        photos = bucket(served.url)
        photos.put_object("a", content := os.urandom(2 * MB))
        upload = photos.init_multipart_upload("b").upload_id
        part = photos.upload_part("b", upload, 1, b"part")
    with serving(*options) as served:
        photos = bucket(served.url)
        photos.complete_multipart_upload("b", upload, [oss2.models.PartInfo(1, part.etag)])

        assert photos.get_object("a").read() == content
        assert photos.get_object("b").read() == b"part"


def test_workers_share_objects(serving):
    """Each part is sent over a new connection, and so possibly to another worker; the object is complete."""
    with serving("--workers", "2") as served:
        contents = [os.urandom(200_000) for _ in range(8)]
        upload = bucket(served.url).init_multipart_upload("a").upload_id
        parts = []
        for number, content in enumerate(contents, 1):
            made = bucket(served.url).upload_part("a", upload, number, content)
            parts.append(oss2.models.PartInfo(number, made.etag, size=len(content), part_crc=made.crc))
        bucket(served.url).complete_multipart_upload("a", upload, parts)

        for _ in range(4):
            assert bucket(served.url).get_object("a").read() == b"".join(contents)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_slow_upload_through_the_sdk(serving, workers):
    """A slow upload takes its time with any worker, is counted once, and arrives completely."""
    scenario = {"rules": [{"when": {"method": "PUT", "nth": 2}, "upload_bytes_per_second": 2 * MB}]}
    content = os.urandom(2 * MB)
    with serving("--workers", workers) as served:
        requests.put(f"{served.url}/_mockcbs/scenario", json={"scenario": scenario}, timeout=10)

        began = time.monotonic()
        made = [bucket(served.url).put_object(f"a{number}", content) for number in range(3)]

        assert time.monotonic() - began > 0.9
        assert ["X-Mockcbs-Reason" in one.headers for one in made] == [False, True, False]
        assert [bucket(served.url).get_object(f"a{number}").read() for number in range(3)] == [content] * 3


@pytest.mark.slow
def test_an_object_that_is_replaced_while_it_is_read_comes_back_whole(serving):
    """A reader gets the old or the new object from any worker, never a mixture, and never an error."""
    contents = [bytes([number]) * 1_500_000 for number in range(4)]
    with serving("--workers", "2") as served:
        bucket(served.url).put_object("a", contents[0])

        def replace_often(number):
            for _ in range(5):
                bucket(served.url).put_object("a", contents[number])

        with ThreadPoolExecutor() as pool:
            writers = [pool.submit(replace_often, number) for number in (1, 2, 3)]
            while not all(writer.done() for writer in writers):
                assert bucket(served.url).get_object("a").read() in contents
        for writer in writers:
            writer.result()


class Made:
    """A file of *size* MB that is nowhere: the same bytes at the same place, whoever reads them."""

    def __init__(self, size):
        self.len, self._read, self._block = size * MB, 0, os.urandom(MB - 1)
        self.digest = hashlib.sha256()

    def __len__(self):
        return self.len

    def read(self, amount=-1):
        """The next bytes, at most a block of them."""
        left = self.len - self._read
        wanted = min(left, MB - 1 if amount < 0 else amount, MB - 1)
        start = self._read % (MB - 1)
        piece = (self._block[start:] + self._block[:start])[:wanted]
        self._read += wanted
        self.digest.update(piece)
        return piece


@pytest.mark.parametrize(
    "size",
    [20, pytest.param(1024, marks=pytest.mark.large)],
)
@pytest.mark.timeout(600)
def test_the_memory_of_the_server_does_not_grow_with_objects(serving, size):
    """Uploading and downloading the largest object of one request needs constant memory."""
    content, received = Made(size), hashlib.sha256()
    with serving() as served:
        photos, server = bucket(served.url), psutil.Process(served.process.pid)
        photos.put_object("warm", bytes(2 * MB))
        photos.get_object("warm").read()
        before = server.memory_info().rss
        peak = _Peak(server)
        with peak:
            photos.put_object("a", content)
            down = photos.get_object("a")
            while piece := down.read(MB):
                received.update(piece)

    assert down.content_length == size * MB
    assert received.hexdigest() == content.digest.hexdigest()
    assert peak.rss - before < 20 * MB


class _Peak:
    """The most memory that a process takes while the block runs, in bytes."""

    def __init__(self, process):
        self.rss, self._process, self._ended = 0, process, threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self):
        while not self._ended.wait(0.05):
            self.rss = max(self.rss, self._process.memory_info().rss)

    def __enter__(self):
        self._thread.start()

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()
