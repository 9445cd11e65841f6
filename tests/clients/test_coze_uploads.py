"""Files up to 512 MB go up through cozepy, and the server's memory does not grow with them."""

import contextlib
import http.client
import json

import httpx
import psutil
import pytest
from cozepy import Coze, CozeAPIError, SyncHTTPClient, TokenAuth

MB = 2**20


def _sized(path, size):
    """A file of that size at *path*, all zeros, which takes no room on the disk."""
    with path.open("wb") as file:
        file.truncate(size)
    return path


def _upload(coze, path):
    with path.open("rb") as file:
        return coze.files.upload(file=(path.name, file))


@pytest.fixture
def coze(server):
    http = SyncHTTPClient(timeout=100)
    yield Coze(auth=TokenAuth("pat_upload"), base_url=server.url, http_client=http)
    http.close()


@pytest.mark.parametrize("size", [30, pytest.param(512, marks=pytest.mark.large)])
def test_memory(server, coze, tmp_path, size):
    """The file is far larger than what the server takes more than before."""
    process = psutil.Process(server.process.pid)
    _upload(coze, _sized(tmp_path / "warm.mp4", 2 * MB))
    before = process.memory_info().rss

    uploaded = _upload(coze, _sized(tmp_path / "a.mp4", size * MB))

    assert process.memory_info().rss - before < 10 * MB
    assert (uploaded.bytes, uploaded.file_name) == (size * MB, "a.mp4")
    assert coze.files.retrieve(file_id=uploaded.id).bytes == size * MB


@pytest.mark.large
def test_one_byte_more(coze, tmp_path):
    """A file of more than 512 MB is refused with 4302."""
    with pytest.raises(CozeAPIError) as refused:
        _upload(coze, _sized(tmp_path / "a.mp4", 512 * MB + 1))

    assert refused.value.code == 4302


def test_the_length_is_enough_to_be_refused(server):
    """A body that cannot hold an accepted file is refused before it is sent; any other call has 20 MB."""
    for path, length, code in (("files/upload", 514 * MB, 4302), ("conversation/create", 21 * MB, 4000)):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        with contextlib.closing(connection):
            connection.putrequest("POST", f"/v1/{path}")
            connection.putheader("Content-Length", str(length))
            connection.endheaders()
            answer = connection.getresponse()

            assert json.load(answer)["code"] == code
            assert "bytes, the limit here" in answer.headers["X-Mockcbs-Reason"]


def test_the_journal_names_the_file(server, coze):
    """The journal shows name and size of the file instead of the body."""
    coze.files.upload(file=("notes.txt", b"text"))

    entries = httpx.get(f"{server.url}/_mockcbs/journal?operation=coze.upload_file").json()["entries"]

    assert "notes.txt, 4 bytes" in {entry["request"]["body"] for entry in entries}
