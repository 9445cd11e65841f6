"""Bytes on the wire that no well-behaved client sends, and some that it may."""

import contextlib
import http.client
import json
import socket
import ssl
import struct
import time

import pytest

from .conftest import Served

PATH = "/v1/1604d8170cd84440a81281e5a3a04f8b/qabots/303a0a00-c88a-43e3-aa2f-d5b8b9832b02/requests/reply-rates"
LOGIN = json.dumps(
    {
        "auth": {
            "identity": {
                "methods": ["password"],
                "password": {
                    "user": {"name": "mockcbs", "password": "mockcbs", "domain": {"name": "mockcbs"}}
                },
            },
            "scope": {"project": {"name": "cn-north-4"}},
        }
    }
).encode()
H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n"
TIMEOUT = 10


def _get(target: str = PATH, *, headers: bytes = b"", version: str = "1.1") -> bytes:
    head = f"GET {target} HTTP/{version}\r\nHost: localhost\r\nX-Auth-Token: any-token\r\n".encode()
    return head + headers + b"\r\n"


def _post(headers: bytes) -> bytes:
    return b"POST /v3/auth/tokens HTTP/1.1\r\nHost: localhost\r\n" + headers + b"\r\n"


def _connect(served: Served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", served.port), TIMEOUT)


class Answers:
    """Answers read one after the other from a connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._file = connection.makefile("rb")

    def next(self) -> tuple[int, dict]:
        """Status and body of the next answer."""
        status = int(self._file.readline().split()[1])
        headers = http.client.parse_headers(self._file)
        length = int(headers["Content-Length"] or 0)
        body = self._file.read(length)
        assert len(body) == length
        return status, json.loads(body) if body else {}

    def line(self) -> bytes:
        """The next line."""
        return self._file.readline()

    def at_end(self) -> bool:
        """Whether the server has closed the connection and nothing is left."""
        return self._file.read(1) == b""

    def close(self) -> None:
        """Close file and connection."""
        self._file.close()
        self._connection.close()


@pytest.fixture
def talk(server):
    """Send bytes to the default server; read its answers."""
    with contextlib.ExitStack() as stack:

        def talk(*pieces: bytes) -> Answers:
            connection = _connect(server)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            stack.callback(connection.close)
            answers = Answers(connection)
            stack.callback(answers.close)
            for piece in pieces:
                connection.sendall(piece)
            return answers

        yield talk


def _assert_alive(served: Served) -> None:
    """A well-behaved client is served."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=TIMEOUT)) as client:
        client.request("GET", PATH, headers={"X-Auth-Token": "any-token"})
        response = client.getresponse()
        assert response.status == 200
        assert json.loads(response.read())["interval"] == "day"


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
    """What is no HTTP gets 400 APIG.0201 in JSON, once, and the connection is closed."""
    answers = talk(garbage)

    status, body = answers.next()

    assert status == 400
    assert (body["error_code"], body["error_msg"]) == ("APIG.0201", "API request error.")
    assert len(body["request_id"]) == 32
    assert answers.at_end()


def test_pipelined_requests_are_answered_in_order(talk):
    """Requests sent all at once, good and bad, are answered in order over one connection."""
    targets = [f"{PATH}?start_time={start}" for start in range(1, 21)]
    targets.insert(10, f"{PATH}?interval=hour")

    answers = talk(b"".join(map(_get, targets)))

    received = [answers.next() for _ in targets]
    assert [status for status, _ in received] == [200] * 10 + [400] + [200] * 10
    assert [body["startutc"] for status, body in received if status == 200] == list(range(1, 21))


def test_pipelined_garbage(talk):
    """Requests before the garbage are answered; then comes 400 and the end."""
    answers = talk(_get() + _post(b"Content-Length: %d\r\n" % len(LOGIN)) + LOGIN + b"garbage\r\n\r\n")

    statuses = [answers.next()[0] for _ in range(3)]

    assert statuses == [200, 201, 400]
    assert answers.at_end()


def test_pipelining_ends_at_connection_close(talk):
    """After a request that asks to close, nothing more is answered."""
    answers = talk(_get(headers=b"Connection: close\r\n") + _get())

    status, _ = answers.next()

    assert status == 200
    assert answers.at_end()


def test_byte_by_byte(talk):
    """A request that arrives byte by byte is served."""
    request = _post(b"Content-Length: %d\r\n" % len(LOGIN)) + LOGIN

    answers = talk(*(request[place : place + 1] for place in range(len(request))))

    status, body = answers.next()
    assert (status, body["token"]["methods"]) == (201, ["password"])


def test_expect_100_continue(server):
    """The body is asked for with 100 before it is sent; then the call is answered."""
    with contextlib.closing(_connect(server)) as connection:
        answers = Answers(connection)
        connection.sendall(_post(b"Expect: 100-continue\r\nContent-Length: %d\r\n" % len(LOGIN)))
        go_on = answers.line(), answers.line()

        connection.sendall(LOGIN)
        status, _ = answers.next()

        answers.close()
    assert go_on == (b"HTTP/1.1 100 Continue\r\n", b"\r\n")
    assert status == 201


def test_expect_100_continue_for_too_much(talk):
    """A body that would be too large is not asked for: 413 at once, and the end."""
    answers = talk(_post(b"Expect: 100-continue\r\nContent-Length: 13000000\r\n"))

    status, body = answers.next()

    assert (status, body["error_msg"]) == (413, "Request entity too large.")
    assert answers.at_end()


def test_http_1_0_is_closed(talk):
    """HTTP/1.0 is answered once and closed."""
    answers = talk(b"GET " + PATH.encode() + b" HTTP/1.0\r\nX-Auth-Token: t\r\n\r\n")

    status, body = answers.next()

    assert (status, body["interval"]) == (200, "day")
    assert answers.at_end()


def test_http_1_0_may_be_kept(talk):
    """HTTP/1.0 with keep-alive is answered as often as it asks."""
    request = _get(version="1.0", headers=b"Connection: keep-alive\r\n")

    answers = talk(request + request)

    assert [answers.next()[0] for _ in range(2)] == [200, 200]


def test_chunked_body(talk):
    """A body in chunks is put together."""
    pieces = (LOGIN[:1], LOGIN[1:50], LOGIN[50:])
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)

    answers = talk(_post(b"Transfer-Encoding: chunked\r\n") + chunks + b"0\r\nX-Trailer: 1\r\n\r\n" + _get())

    assert [answers.next()[0] for _ in range(2)] == [201, 200]


def test_a_trailer_is_no_header(talk):
    """Bytes after the last chunk do not get a token."""
    head = b"GET " + PATH.encode() + b" HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

    answers = talk(head + b"0\r\nX-Auth-Token: t\r\n\r\n" + _get())

    assert [answers.next()[0] for _ in range(2)] == [401, 200]


def test_chunked_get_body_is_ignored(talk):
    """GET may carry a body, chunked or not, that changes nothing."""
    plain = _get(headers=b"Content-Length: 2\r\n") + b"{}"
    chunked = _get(headers=b"Transfer-Encoding: chunked\r\n") + b"2\r\n{}\r\n0\r\n\r\n"

    answers = talk(plain + chunked)

    assert [answers.next()[0] for _ in range(2)] == [200, 200]


def test_head_has_no_body(server):
    """HEAD is answered by a head alone, so that the next answer on the connection is found."""
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
    """A line break in a parameter stays within the reason that quotes it."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT)) as client:
        target = f"{PATH}?interval=a%0d%0aSet-Cookie:b=c%0d%0a%0d%0ad"
        client.request("GET", target, headers={"X-Auth-Token": "t"})

        response = client.getresponse()

        assert response.status == 400
        assert response.getheader("Set-Cookie") is None
        assert "Set-Cookie:b=c" in response.getheader("X-Mockcbs-Reason")
        assert json.loads(response.read())["error_code"] == "CBS.0021"


@pytest.mark.parametrize("authority", ["localhost", "cbs-ext.cn-north-4.myhuaweicloud.com:443", "a@b"])
def test_absolute_form(talk, authority):
    """A request target in absolute form, as sent to proxies, counts by its path and query."""
    answers = talk(_get(f"http://{authority}{PATH}?start_time=7"))

    status, body = answers.next()

    assert (status, body["startutc"]) == (200, 7)


def test_absolute_form_without_a_path(talk):
    """A slash in the query does not begin the path."""
    answers = talk(b"GET http://localhost?next=/v1/p HTTP/1.1\r\nHost: localhost\r\n\r\n")

    status, body = answers.next()

    assert status == 404
    assert "'/'" in body["detail"]


@pytest.mark.parametrize("request_line", [b"OPTIONS * HTTP/1.1", b"CONNECT example.com:443 HTTP/1.1"])
def test_targets_without_a_path(talk, request_line):
    """Targets that are not paths belong to no service: mockcbs itself responds with 404."""
    answers = talk(request_line + b"\r\nHost: localhost\r\n\r\n")

    status, body = answers.next()

    assert (status, body["status"], body["title"]) == (404, 404, "Not Found")


def test_h2c_offer_is_ignored(talk):
    """A request that offers HTTP/2 is answered in HTTP/1.1, and so is the one after it."""
    answers = talk(_get(f"{PATH}?start_time=1", headers=H2C))
    first = answers.next()

    answers._connection.sendall(_get(f"{PATH}?start_time=2", headers=H2C))
    second = answers.next()

    assert [(status, body["startutc"]) for status, body in (first, second)] == [(200, 1), (200, 2)]


def test_h2c_offer_with_a_body(talk):
    """A request that offers HTTP/2 and has a body, as java.net.http sends it, is read to its end."""
    answers = talk(_post(H2C + b"Content-Length: %d\r\n" % len(LOGIN)) + LOGIN)

    status, _ = answers.next()

    assert status == 201


def test_h2c_offer_with_pipelined_requests(talk):
    """Requests sent together with one that offers HTTP/2 are answered too."""
    answers = talk(_get(headers=H2C) + _get())

    assert [answers.next()[0] for _ in range(2)] == [200, 200]


def test_h2c_offer_that_asks_to_close(talk):
    """A request that offers HTTP/2 and asks to close is answered once, whatever else was sent."""
    headers = H2C.replace(b"Connection: Upgrade", b"Connection: close, Upgrade")

    answers = talk(_get(headers=headers) + _get())

    assert answers.next()[0] == 200
    assert answers.at_end()


def test_pipelining_ends_at_connection_close_after_h2c_offer(talk):
    """An ignored offer of HTTP/2 changes nothing for the requests after it: the last one closes."""
    answers = talk(_get(headers=H2C) + _get(headers=b"Connection: close\r\n") + _get())

    assert [answers.next()[0] for _ in range(2)] == [200, 200]
    assert answers.at_end()


def test_websocket_offer_is_ignored(talk):
    """A request that offers a WebSocket is answered as if it did not."""
    answers = talk(
        _get(headers=b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n")
    )

    status, _ = answers.next()

    assert status == 200


@pytest.mark.parametrize(
    "unfinished",
    [
        b"",
        b"GE",
        _get()[:-2],
        _post(b"Content-Length: 100\r\n") + b"{",
        _post(b"Transfer-Encoding: chunked\r\n") + b"5\r\nab",
        _get() * 50,
    ],
    ids=["nothing", "method", "headers", "body", "chunk", "unread answers"],
)
@pytest.mark.parametrize("rudely", [False, True], ids=["closed", "reset"])
def test_client_that_leaves_early(server, unfinished, rudely):
    """A client that disconnects early, cleanly or not, does not affect others."""
    with _connect(server) as connection:
        connection.sendall(unfinished)
        if rudely:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    _assert_alive(server)


@pytest.mark.parametrize("requests", [1, 5])
def test_half_closed_connection(server, requests):
    """A client that has said all it will say still gets all its answers."""
    with contextlib.closing(_connect(server)) as connection:
        connection.sendall(_get() * requests)
        connection.shutdown(socket.SHUT_WR)
        answers = Answers(connection)

        statuses = [answers.next()[0] for _ in range(requests)]

        assert answers.at_end()
        answers.close()
    assert statuses == [200] * requests


def test_client_that_does_not_read(serving):
    """While one client sends thousands of requests and reads no answers, others are served without delay."""
    with serving() as served, contextlib.closing(_connect(served)) as lazy:
        lazy.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            for _ in range(500):
                lazy.send(_get() * 10)

        began = time.monotonic()
        _assert_alive(served)
        waited = time.monotonic() - began

        assert waited < 2, f"another client waited {waited:.1f} s"


def test_plain_http_to_the_tls_port(tls_server):
    """Plain HTTP to the TLS port fails at once and does not affect others."""
    with contextlib.closing(_connect(tls_server)) as connection:
        connection.sendall(_get())

        with contextlib.suppress(ConnectionError):
            assert not connection.recv(4096).startswith(b"HTTP/1.1 200")

    context = ssl.create_default_context(cafile=tls_server.ca_file)
    with (
        contextlib.closing(_connect(tls_server)) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        connection.sendall(_get(headers=b"Connection: close\r\n"))
        assert connection.recv(12) == b"HTTP/1.1 200"
