"""Bytes on the wire that no well-behaved client sends, and some that it may."""

import contextlib
import http.client
import json

import pytest

from tests.clients.wire.talking import LOGIN, PATH, TIMEOUT, Answers, connect, get, post


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\x01\x02\x03 hello\r\n\r\n",
        b"hello\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /v3/auth/tokens HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        bytes.fromhex("1603010200010001fc0303") + bytes(64),
    ],
)
def test_garbage(talk, garbage):
    """Bytes that are not HTTP get 400 APIG.0201 in JSON, once, and the connection is closed."""
    answers = talk(garbage)

    status, body = answers.next()

    assert status == 400
    assert (body["error_code"], body["error_msg"]) == ("APIG.0201", "API request error.")
    assert len(body["request_id"]) == 32
    assert answers.at_end()


def test_pipelined_requests_are_answered_in_order(talk):
    """Good and bad requests that are sent together are answered in order over one connection."""
    targets = [f"{PATH}?start_time={start}" for start in range(1, 21)]
    targets.insert(10, f"{PATH}?interval=hour")

    answers = talk(b"".join(map(get, targets)))

    received = [answers.next() for _ in targets]
    assert [status for status, _ in received] == [200] * 10 + [400] + [200] * 10
    assert [body["startutc"] for status, body in received if status == 200] == list(range(1, 21))


def test_pipelined_garbage(talk):
    """Requests before invalid bytes are answered; then the client gets 400 and the connection is closed."""
    answers = talk(get() + post(b"Content-Length: %d\r\n" % len(LOGIN)) + LOGIN + b"garbage\r\n\r\n")

    statuses = [answers.next()[0] for _ in range(3)]

    assert statuses == [200, 201, 400]
    assert answers.at_end()


def test_pipelining_ends_at_connection_close(talk):
    """No request after one with Connection: close is answered."""
    answers = talk(get(headers=b"Connection: close\r\n") + get())

    status, _ = answers.next()

    assert status == 200
    assert answers.at_end()


def test_byte_by_byte(talk):
    """A request that arrives byte by byte is served."""
    request = post(b"Content-Length: %d\r\n" % len(LOGIN)) + LOGIN

    answers = talk(*(request[place : place + 1] for place in range(len(request))))

    status, body = answers.next()
    assert (status, body["token"]["methods"]) == (201, ["password"])


def test_expect_100_continue(server):
    """The server sends 100 before the client sends the body; then the call is answered."""
    with contextlib.closing(connect(server)) as connection:
        answers = Answers(connection)
        connection.sendall(post(b"Expect: 100-continue\r\nContent-Length: %d\r\n" % len(LOGIN)))
        go_on = answers.line(), answers.line()

        connection.sendall(LOGIN)
        status, _ = answers.next()

        answers.close()
    assert go_on == (b"HTTP/1.1 100 Continue\r\n", b"\r\n")
    assert status == 201


def test_expect_100_continue_for_too_much(talk):
    """A body that would be too large gets 413 instead of 100, and the connection is closed."""
    answers = talk(post(b"Expect: 100-continue\r\nContent-Length: 13000000\r\n"))

    status, body = answers.next()

    assert (status, body["error_msg"]) == (413, "Request entity too large.")
    assert answers.at_end()


def test_http_1_0_is_closed(talk):
    """A request of HTTP/1.0 is answered, and the connection is closed."""
    answers = talk(b"GET " + PATH.encode() + b" HTTP/1.0\r\nX-Auth-Token: t\r\n\r\n")

    status, body = answers.next()

    assert (status, body["interval"]) == (200, "day")
    assert answers.at_end()


def test_http_1_0_may_be_kept(talk):
    """A client of HTTP/1.0 with keep-alive can send several requests on one connection."""
    request = get(version="1.0", headers=b"Connection: keep-alive\r\n")

    answers = talk(request + request)

    assert [answers.next()[0] for _ in range(2)] == [200, 200]


def test_chunked_body(talk):
    """A body in chunks is read as one body."""
    pieces = (LOGIN[:1], LOGIN[1:50], LOGIN[50:])
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)

    answers = talk(post(b"Transfer-Encoding: chunked\r\n") + chunks + b"0\r\nX-Trailer: 1\r\n\r\n" + get())

    assert [answers.next()[0] for _ in range(2)] == [201, 200]


def test_a_trailer_is_no_header(talk):
    """A token in a trailer, after the last chunk, is not a header."""
    head = b"GET " + PATH.encode() + b" HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

    answers = talk(head + b"0\r\nX-Auth-Token: t\r\n\r\n" + get())

    assert [answers.next()[0] for _ in range(2)] == [401, 200]


def test_chunked_get_body_is_ignored(talk):
    """GET may have a body, chunked or not, which is ignored."""
    plain = get(headers=b"Content-Length: 2\r\n") + b"{}"
    chunked = get(headers=b"Transfer-Encoding: chunked\r\n") + b"2\r\n{}\r\n0\r\n\r\n"

    answers = talk(plain + chunked)

    assert [answers.next()[0] for _ in range(2)] == [200, 200]


def test_head_has_no_body(server):
    """The response to HEAD has no body, so the client finds the next response on the connection."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT)) as client:
        client.request("HEAD", PATH, headers={"X-Auth-Token": "t"})
        head = client.getresponse()
        nothing = head.read()
        connection = client.sock

        client.request("GET", PATH, headers={"X-Auth-Token": "t"})
        response = client.getresponse()

        assert (head.status, nothing) == (404, b"")
        assert (response.status, json.loads(response.read())["interval"]) == (200, "day")
        assert client.sock is connection


def test_values_of_the_client_cannot_become_headers(server):
    """A line break in a parameter does not end the header that quotes the parameter."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT)) as client:
        target = f"{PATH}?interval=a%0d%0aSet-Cookie:b=c%0d%0a%0d%0ad"
        client.request("GET", target, headers={"X-Auth-Token": "t"})

        response = client.getresponse()

        assert response.status == 400
        assert response.getheader("Set-Cookie") is None
        assert "Set-Cookie:b=c" in response.getheader("X-Mockcbs-Reason")
        assert json.loads(response.read())["error_code"] == "CBS.0021"
