"""Requests read from bytes: what is understood, what is refused and why, and what is too much."""

import pytest

from mockcbs.server import limits
from mockcbs.server.reader import Phase, Reader

GET = b"GET /v3/chat HTTP/1.1\r\nHost: a\r\n"
CHUNKED = b"POST /v3/chat HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
PIECE = 8 * 1024


def read(*pieces: bytes):
    """The requests in *pieces*, and the reader after them."""
    requests = []
    reader = Reader(requests.append, lambda: None)
    for piece in pieces:
        if not reader.ended:
            reader.feed(piece, 0.0)
    return requests, reader


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_any_portions(size):
    """However the bytes are cut, the same requests are read."""
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


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (bytes.fromhex("1603010200010001fc0303") + bytes(64), "this is TLS"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "this is HTTP/2"),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", "this is HTTP/2"),
        (b"GET /\r\n\r\n", "HTTP/0.9 is not served"),
        (b"GET / HTTP/9.9\r\n\r\n", "version is not one of"),
        (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", "blank before the colon of the header 'Host '"),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", "'no colon' has no colon"),
        (b"GET / HTTP/1.1\r\nA@b: 1\r\n\r\n", "'A@b' is no name of a header"),
        (b"get / HTTP/1.1\r\nHost: a\r\n\r\n", "capitals: GET, not get"),
        (b"hello\r\n\r\n", "'hello' is no method"),
        (b"\x00\x01\r\n\r\n", "begins with a method"),
        (GET + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", "two Content-Length"),
        (GET + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "both Content-Length and"),
        (GET + b"Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", "both Content-Length and"),
        (GET + b"Content-Length: many\r\n\r\n", "not a whole number"),
        (GET + b"Transfer-Encoding: gzip\r\n\r\n", "must end with chunked"),
        (GET + b" folded\r\n\r\n", "goes on in a second line"),
        (GET + b"X: a\x00b\r\n\r\n", "control character"),
        (b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "holds a blank"),
        ("GET /é HTTP/1.1\r\nHost: a\r\n\r\n".encode(), "percent-encoded"),
        (b"GET /a%2 HTTP/1.1\r\nHost: a\r\n\r\n", "% without two hexadecimal digits"),
        (b"GET a HTTP/1.1\r\nHost: a\r\n\r\n", "begins with neither a slash"),
        (b"GET / HTTP/1.1\nHost: a\n\n", "CR LF"),
        (CHUNKED + b"zz\r\n", "not a hexadecimal number"),
        (CHUNKED + b"1\r\nabc\r\n", "longer than the length before it"),
        (b"GET / HTTP/1.1\r\n\r\n", "requires a Host header"),
        (b"GET / HTTP/1.1\r\nHost:\r\n\r\n", "Host '' is not"),
        (b"GET / HTTP/1.0\r\nHost: a b\r\n\r\n", "Host 'a b' is not"),
        (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "Host 'a/b' is not"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "2 Host headers"),
    ],
)
def test_each_mistake_has_a_reason_of_its_own(sent, reason):
    """What is no good HTTP is refused with a sentence about that mistake."""
    requests, reader = read(sent)

    assert reader.ended
    assert requests[-1].problem == "malformed request"
    assert reason in requests[-1].reason


@pytest.mark.parametrize(
    "host", ["a", "a:80", "a:", "127.0.0.1:8021", "[::1]:8021", "xn--a", "api.coze.cn", "a_b", "cbs-ext.*.x"]
)
def test_hosts(host):
    """A host is taken as it is, whether or not such a name can exist."""
    requests, _ = read(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())

    assert requests[0].problem is None


def test_http_1_0_needs_no_host():
    """Only HTTP/1.1 requires the header."""
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
    """Whatever never comes to its end is refused after a few hundred KB, and little of it is kept."""
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
