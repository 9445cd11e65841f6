"""The reasons why bytes are not a request of HTTP/1.1."""

import pytest

from tests.server.requests import CHUNKED, GET, read


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
        (b"GET / HTTP/1.1\r\nA@b: 1\r\n\r\n", "'A@b' is not the name of a header"),
        (b"get / HTTP/1.1\r\nHost: a\r\n\r\n", "capitals: GET, not get"),
        (b"hello\r\n\r\n", "'hello' is not a method"),
        (b"\x00\x01\r\n\r\n", "begins with a method"),
        (GET + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", "two Content-Length"),
        (GET + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "both Content-Length and"),
        (GET + b"Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", "both Content-Length and"),
        (GET + b"Content-Length: many\r\n\r\n", "not a whole number"),
        (GET + b"Transfer-Encoding: gzip\r\n\r\n", "must end with chunked"),
        (GET + b" folded\r\n\r\n", "continues on a second line"),
        (GET + b"X: a\x00b\r\n\r\n", "control character"),
        (b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "holds a blank"),
        ("GET /é HTTP/1.1\r\nHost: a\r\n\r\n".encode(), "percent-encoded"),
        (b"GET /a%2 HTTP/1.1\r\nHost: a\r\n\r\n", "% without two hexadecimal digits"),
        (b"GET a HTTP/1.1\r\nHost: a\r\n\r\n", "begins with neither a slash"),
        (b"GET v1/a HTTP/1.1\r\nHost: a\r\n\r\n", "begins with neither a slash"),
        (b"GET a:b HTTP/1.1\r\nHost: a\r\n\r\n", "begins with neither a slash"),
        (b"GET /a#\x00 HTTP/1.1\r\nHost: a\r\n\r\n", "percent-encoded"),
        (b"GET / HTTP/1.1\nHost: a\n\n", "CR LF"),
        (CHUNKED + b"zz\r\n", "not a hexadecimal number"),
        (CHUNKED + b"1\r\nabc\r\n", "longer than the length before it"),
        (b"GET / HTTP/1.1\r\n\r\n", "requires a Host header"),
        (b"GET / HTTP/1.1\r\nHost:\r\n\r\n", "Host '' is not"),
        (b"GET / HTTP/1.0\r\nHost: a b\r\n\r\n", "Host 'a b' is not"),
        (b"GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", "Host 'u@a' is not"),
        (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "Host 'a/b' is not"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "2 Host headers"),
    ],
)
def test_each_mistake_has_a_reason_of_its_own(sent, reason):
    """Invalid HTTP is refused with a sentence about the mistake."""
    requests, reader = read(sent)

    assert reader.ended
    assert requests[-1].problem == "malformed request"
    assert reason in requests[-1].reason
