"""Responses from the response cache: a connection sees no difference."""

import re
import socket
import sys

import pytest

from mockcbs.testing.live import LiveServer
from mockcbs.traffic.table import Table
from tests.conftest import BOT, NOW, PROJECT

PATH = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=week"
RATES = PATH.partition("?")[0].replace("session-stats", "reply-rates")
REQUEST = f"GET {PATH} HTTP/1.1\r\nHost: mock\r\nX-Auth-Token: any\r\n\r\n".encode()
OTHER = REQUEST.replace(b"interval=week", b"interval=day")
FRESH = re.compile(rb"(X-Request-Id|Date): [^\r]*")


@pytest.fixture(scope="module", params=["uvloop", "asyncio"])
def server(request):
    """One on each event loop: where there is no uvloop, as on Windows, Python's own serves."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "asyncio":
            patch.setitem(sys.modules, "uvloop", None)
        else:
            pytest.importorskip("uvloop")
        with LiveServer(now=NOW) as server:
            yield server


@pytest.fixture
def connection(server):
    server.reset()
    with connect(server) as connection:
        yield connection


def connect(server) -> socket.socket:
    host, port = server.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


def answer(connection) -> bytes:
    """The next answer, what is new in each taken out."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(re.search(rb"Content-Length: (\d+)", head)[1])
    while len(body) < length:
        body += connection.recv(65536)
    assert len(body) == length
    return FRESH.sub(rb"\1", head) + body


def ask(connection, request=REQUEST) -> bytes:
    connection.sendall(request)
    return answer(connection)


def test_the_bytes_are_those_of_the_first_time(server, connection):
    """Status line, headers and body, on this connection and on another; all of them are in the journal."""
    answers = {ask(connection) for _ in range(4)}
    with connect(server) as another:
        answers.add(ask(another))

    assert len(answers) == 1
    assert [entry.status for entry in server.journal] == [200] * 5


def test_a_request_in_pieces_and_requests_at_once(connection):
    """Requests in other portions are parsed, and the responses stay in order."""
    week, day = [ask(connection, request) for request in (REQUEST, OTHER) * 3][:2]

    connection.sendall(REQUEST[:40])
    connection.sendall(REQUEST[40:])
    assert answer(connection) == week
    connection.sendall(REQUEST + OTHER[:20])
    assert answer(connection) == week
    assert ask(connection, OTHER[20:]) == day
    connection.settimeout(10)
    connection.sendall(OTHER)
    assert answer(connection) == day


def test_connection_close(server):
    """A request with Connection: close ends the connection, the third time as the first."""
    closing = REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")

    for _ in range(4):
        with connect(server) as connection:
            assert b"Connection: close" in ask(connection, closing)
            assert connection.recv(1) == b""


@pytest.mark.parametrize(
    ("form", "status"),
    [
        (f"GET {PATH} HTTP/1.0\r\nConnection: keep-alive\r\nX: {{}} HTTP/1.1\r\n", 200),
        (
            f"GET {RATES} HTTP/1.0\r\nConnection: keep-alive\r\nX: ?{{}} HTTP/1.1\r\n",
            200,
        ),
        (f"GET http://mock?{{}}&domain={PATH.partition('?')[0]} HTTP/1.1\r\n", 404),
    ],
    ids=["HTTP/1.0", "HTTP/1.0 without a query", "an absolute URL without a path"],
)
def test_what_only_looks_like_a_query(connection, form, status):
    """No part of a request is taken for its query that is not."""
    asked = [form.format(f"interval={interval}") for interval in ["week", "month", "day"] * 3]

    answers = {ask(connection, f"{one}Host: mock\r\nX-Auth-Token: any\r\n\r\n".encode()) for one in asked}

    assert len(answers) == 1
    assert answers.pop().startswith(b"HTTP/1.1 %d" % status)


def test_a_query_may_be_too_long(connection):
    """A query that is too long is refused, also from a caller that the response cache knows."""
    for _ in range(3):
        ask(connection)

    assert ask(connection, REQUEST.replace(b"?", b"?" + b"&" * 33_000)).startswith(b"HTTP/1.1 414")


def test_a_fault_comes_between(server, connection):
    """A scenario applies before the response cache."""
    right = [ask(connection) for _ in range(3)][-1]
    server.scenario({"rules": [{"when": {"first": 1}, "wire": "truncated-body"}]})

    with connect(server) as broken:
        broken.sendall(REQUEST)
        received = b"".join(iter(lambda: broken.recv(65536), b""))

    assert len(received) < len(right)
    assert ask(connection) == right


def test_a_stream_that_breaks_off(server, connection, monkeypatch, caplog):
    """A bug in a stream is logged; the client neither waits for ever nor takes a part for the whole."""

    def pieces(*_, **__):
        yield "some"
        raise ZeroDivisionError

    monkeypatch.setattr(Table, "pieces", pieces)
    connection.sendall(f"GET /_mockcbs/export?bot={BOT} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())

    with pytest.raises(ConnectionResetError):
        list(iter(lambda: connection.recv(65536), b""))

    assert "ZeroDivisionError" in caplog.text


def test_a_client_that_expects_to_continue_is_told_so_each_time(connection):
    """The 100 Continue before a response is not cached with it."""
    expecting = REQUEST.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n")

    for _ in range(4):
        connection.sendall(expecting)
        assert connection.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert answer(connection).startswith(b"HTTP/1.1 200 OK")
