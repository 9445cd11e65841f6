"""Requests read from bytes: what is understood, what is refused and why, and what is too much."""

import pytest

from mockcbs.server import limits
from mockcbs.server.reader import Phase, Reader
from tests.server.requests import CHUNKED, GET, read

PIECE = 8 * 1024


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_any_portions(size):
    """The same requests are read, however the bytes are split."""
    stream = (
        GET + b"\r\n" + CHUNKED + b"3;x=1\r\nabc\r\n0\r\nT: 1\r\n\r\n" + GET + b"Content-Length: 2\r\n\r\nhi"
    )

    requests, reader = read(*(stream[at : at + size] for at in range(0, len(stream), size)))

    assert [(one.method, one.body.open().read()) for one in requests] == [
        ("GET", b""),
        ("POST", b"abc"),
        ("GET", b"hi"),
    ]
    assert reader.phase is Phase.BETWEEN


def test_http_1_0_needs_no_host():
    """Only HTTP/1.1 requires the header Host."""
    requests, _ = read(b"GET / HTTP/1.0\r\n\r\n")

    assert (requests[0].problem, requests[0].keep_alive) == (None, False)


@pytest.mark.parametrize(
    ("before", "endless"),
    [
        (b"GET /", b"a"),
        (b"GET / HTTP/1.1\r\n", b"a"),
        (GET + b"X: ", b"a"),
        (GET, b"a: b\r\n"),
        (b"", b"\r\n"),
        (CHUNKED + b"0\r\n", b"a"),
        (CHUNKED + b"0\r\nX: ", b"a"),
        (CHUNKED + b"0\r\n", b"a: b\r\n"),
        (CHUNKED + b"1;", b"a"),
        (CHUNKED + b"0", b"0"),
    ],
    ids=["target", "name", "value", "headers", "empty lines", "trailer's name", "trailer's value", "trailers",
         "extension", "chunk length"],
)  # fmt: skip
def test_nothing_goes_on_without_end(before, endless):
    """A request part without an end is refused after a few hundred KB, of which little is kept."""
    piece = endless * (PIECE // len(endless))
    requests = []
    reader = Reader(requests.append, lambda: None)
    reader.feed(before, 0.0) if before else None

    fed = 0
    while not reader.ended and fed < 2**20:
        reader.feed(piece, 0.0)
        fed += len(piece)

    assert reader.ended
    assert fed <= limits.MAX_HEAD + 2 * PIECE
    assert requests[-1].problem in {"headers too large", "URI too large", "malformed request"}


def test_many_small_chunks():
    """A body in chunks of one byte is read: what each costs is allowed."""
    chunks = b"1\r\na\r\n" * 50_000

    requests, _ = read(
        CHUNKED, *(chunks[at : at + PIECE] for at in range(0, len(chunks), PIECE)), b"0\r\n\r\n"
    )

    assert [(one.problem, len(one.body)) for one in requests] == [(None, 50_000)]
