"""Offers of other protocols, targets of other forms, and clients that leave."""

import contextlib
import http.client
import json
import socket
import ssl
import struct

import psutil
import pytest

from tests.clients.conftest import Served
from tests.clients.wire.talking import LOGIN, PATH, TIMEOUT, Answers, connect, get, post

H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n"


def _assert_alive(served: Served) -> None:
    """A well-behaved client is served."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=TIMEOUT)) as client:
        client.request("GET", PATH, headers={"X-Auth-Token": "any-token"})
        response = client.getresponse()
        assert response.status == 200
        assert json.loads(response.read())["interval"] == "day"


@pytest.mark.parametrize("authority", ["localhost", "cbs-ext.cn-north-4.myhuaweicloud.com:443", "a@b"])
def test_absolute_form(talk, authority):
    """A request target in absolute form, as sent to proxies, counts by its path and query."""
    answers = talk(get(f"http://{authority}{PATH}?start_time=7"))

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
    """A target that is not a path belongs to no service: mockcbs responds with 404."""
    answers = talk(request_line + b"\r\nHost: localhost\r\n\r\n")

    status, body = answers.next()

    assert (status, body["status"], body["title"]) == (404, 404, "Not Found")


def test_h2c_offer_is_ignored(talk):
    """A request that offers HTTP/2 is answered in HTTP/1.1, and so is the one after it."""
    answers = talk(get(f"{PATH}?start_time=1", headers=H2C))
    first = answers.next()

    answers._connection.sendall(get(f"{PATH}?start_time=2", headers=H2C))
    second = answers.next()

    assert [(status, body["startutc"]) for status, body in (first, second)] == [(200, 1), (200, 2)]


def test_h2c_offer_with_a_body(talk):
    """A request that offers HTTP/2 and has a body, as java.net.http sends it, is read to its end."""
    answers = talk(post(H2C + b"Content-Length: %d\r\n" % len(LOGIN)) + LOGIN)

    status, _ = answers.next()

    assert status == 201


def test_h2c_offer_with_pipelined_requests(talk):
    """Requests sent together with one that offers HTTP/2 are answered too."""
    answers = talk(get(headers=H2C) + get())

    assert [answers.next()[0] for _ in range(2)] == [200, 200]


def test_h2c_offer_that_asks_to_close(talk):
    """After a request that offers HTTP/2 and has Connection: close, no other is answered."""
    headers = H2C.replace(b"Connection: Upgrade", b"Connection: close, Upgrade")

    answers = talk(get(headers=headers) + get())

    assert answers.next()[0] == 200
    assert answers.at_end()


def test_pipelining_ends_at_connection_close_after_h2c_offer(talk):
    """After an ignored offer of HTTP/2, a later request with Connection: close still ends the connection."""
    answers = talk(get(headers=H2C) + get(headers=b"Connection: close\r\n") + get())

    assert [answers.next()[0] for _ in range(2)] == [200, 200]
    assert answers.at_end()


def test_websocket_offer_is_ignored(talk):
    """A request that offers a WebSocket is answered as an ordinary request."""
    answers = talk(get(headers=b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"))

    status, _ = answers.next()

    assert status == 200


@pytest.mark.parametrize(
    "unfinished",
    [
        b"",
        b"GE",
        get()[:-2],
        post(b"Content-Length: 100\r\n") + b"{",
        post(b"Transfer-Encoding: chunked\r\n") + b"5\r\nab",
        get() * 50,
    ],
    ids=["nothing", "method", "headers", "body", "chunk", "unread answers"],
)
@pytest.mark.parametrize("rudely", [False, True], ids=["closed", "reset"])
def test_client_that_leaves_early(server, unfinished, rudely):
    """A client that disconnects early, by FIN or by RST, does not affect other clients."""
    with connect(server) as connection:
        connection.sendall(unfinished)
        if rudely:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    _assert_alive(server)


@pytest.mark.parametrize("requests", [1, 5])
def test_half_closed_connection(server, requests):
    """A client that has closed its sending side still gets all its responses."""
    with contextlib.closing(connect(server)) as connection:
        connection.sendall(get() * requests)
        connection.shutdown(socket.SHUT_WR)
        answers = Answers(connection)

        statuses = [answers.next()[0] for _ in range(requests)]

        assert answers.at_end()
        answers.close()
    assert statuses == [200] * requests


def test_client_that_does_not_read(serving):
    """While one client sends thousands of requests and reads no responses, others are served without
    delay.
    """
    with serving() as served, contextlib.closing(connect(served)) as lazy:
        lazy.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            for _ in range(500):
                lazy.send(get() * 10)

        server = psutil.Process(served.process.pid)
        began = sum(server.cpu_times()[:2])
        _assert_alive(served)
        worked = sum(server.cpu_times()[:2]) - began

        assert worked < 2, f"the server worked {worked:.1f} s before it served another client"


def test_plain_http_to_the_tls_port(tls_server):
    """Plain HTTP to the TLS port fails at once and does not affect other clients."""
    with contextlib.closing(connect(tls_server)) as connection:
        connection.sendall(get())

        with contextlib.suppress(ConnectionError):
            assert not connection.recv(4096).startswith(b"HTTP/1.1 200")

    context = ssl.create_default_context(cafile=tls_server.ca_file)
    with (
        contextlib.closing(connect(tls_server)) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        connection.sendall(get(headers=b"Connection: close\r\n"))
        assert connection.recv(12) == b"HTTP/1.1 200"
