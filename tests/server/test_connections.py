"""The life of a connection: who may wait how long, and when it is closed."""

import asyncio
import contextlib
import gc
import logging
import socket
import time
import weakref

import pytest
import requests
import urllib3

from mockcbs.server import protocol, timeouts
from mockcbs.settings import ServerSettings
from tests.server.connections import GET, connect, everything, limit_idleness
from tests.waiting import until

POST = b"POST /v3/auth/tokens HTTP/1.1\r\nHost: mock\r\n"


def set_keep_alive(server, seconds):
    server._server.config.timeout_keep_alive = seconds


def test_continue_waits_for_earlier_responses(server):
    """100 Continue follows the response to an earlier request, and is not inside its body."""
    server.scenario({"rules": [{"when": {"first": 1}, "bytes_per_second": 4000}]})
    with connect(server) as connection:
        connection.sendall(GET + POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        received = b""
        while not received.endswith(b"100 Continue\r\n\r\n"):
            received += connection.recv(65536)
        connection.sendall(b"{}")
        second = connection.recv(65536)

    head, _, rest = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split()[0])
    assert rest[length:] == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert second.startswith(b"HTTP/1.1 400")


def test_http_1_0_is_not_told_to_continue(server):
    """A client of HTTP/1.0 does not know of 100 Continue."""
    with connect(server) as connection:
        connection.sendall(
            b"POST /v3/auth/tokens HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}"
        )

        assert connection.recv(12) == b"HTTP/1.1 400"


def test_a_pool_that_polls(server):
    """A pooled connection that is used now and then stays open, and is used again."""
    set_keep_alive(server, 1.5)
    pool = urllib3.HTTPConnectionPool(*server.url.removeprefix("http://").split(":"), retries=False)

    statuses = []
    for _ in range(10):
        statuses.append(pool.request("POST", "/v3/auth/tokens", body=b"{}").status)
        time.sleep(0.3)

    assert statuses == [400] * 10
    assert pool.num_connections == 1
    pool.close()


def test_the_default_is_that_of_nginx():
    """An idle connection lives for 75 s."""
    assert ServerSettings().keep_alive == 75


@pytest.mark.parametrize("asked", [False, True], ids=["never a byte", "after a response"])
def test_idle_connections_end(server, asked):
    """A connection without a request is closed in order, whether or not it ever had one."""
    received = b""
    if not asked:
        set_keep_alive(server, 0.2)
    with connect(server) as connection:
        if asked:
            connection.sendall(GET)
            received = connection.recv(65536)
            limit_idleness(server, 0.2)

        assert (received + everything(connection)).count(b"HTTP/1.1 200") == asked


def test_a_request_that_has_begun_to_arrive_is_answered(server):
    """Unread bytes in the socket keep the connection open after the timeout."""

    async def scene():
        ours, client = socket.socketpair()
        with contextlib.closing(client):
            loop = asyncio.get_running_loop()
            made = protocol.HttpProtocol(server._server.config, server._server.server_state)
            transport, _ = await loop.connect_accepted_socket(lambda: made, ours)
            late = loop.time() + 1000
            client.sendall(GET)
            made.check_timeouts(late)
            open_with_request = not transport.is_closing()
            client.setblocking(False)
            await loop.sock_recv(client, 65536)
            made.check_timeouts(late)
            return open_with_request, transport.is_closing()

    assert asyncio.run(scene()) == (True, True)


@pytest.mark.parametrize(
    ("name", "sent", "what"),
    [
        ("HEAD_TIMEOUT", GET[:30], "headers"),
        ("BODY_TIMEOUT", POST + b"Content-Length: 9\r\n\r\n{", "body"),
        ("HEAD_TIMEOUT", GET + GET[:30], "headers"),
    ],
    ids=["headers", "body", "second request"],
)
def test_requests_that_never_end(server, monkeypatch, caplog, name, sent, what):
    """A request that never ends is closed without a response, and the log states the reason."""
    monkeypatch.setattr(timeouts, name, 0.2)
    set_keep_alive(server, 0.9)
    with connect(server) as connection:
        connection.sendall(sent)
        with contextlib.suppress(ConnectionResetError):
            assert everything(connection).count(b"HTTP/1.1 ") == sent.count(b"\r\n\r\n") - (what == "body")

    assert f"the client 127.0.0.1 did not end the {what} of a request within 0.2 s" in caplog.text


@pytest.mark.slow
def test_a_client_that_does_not_read(server, monkeypatch, caplog):
    """A client that does not read its responses loses the connection."""
    monkeypatch.setattr(timeouts, "WRITE_TIMEOUT", 0.2)
    set_keep_alive(server, 0.9)
    with connect(server) as connection:
        connection.settimeout(60)
        with contextlib.suppress(ConnectionError):
            for _ in range(5000):
                connection.sendall(GET * 100)

    assert "did not read a response within 0.2 s" in caplog.text


def test_a_refused_upload_can_read_why(server):
    """A client that continues to send a body that is too large gets 413, not a reset."""
    for _ in range(3):
        response = requests.post(f"{server.url}/v3/auth/tokens", data=bytes(14 * 2**20), timeout=10)

        assert response.status_code == 413
        assert (
            response.headers["X-Mockcbs-Reason"] == "the body has more than 12,582,912 bytes, the limit here"
        )


def test_one_line_of_log_for_each_request(server, caplog):
    """Line breaks, escape sequences and NUL in a path forge no line of the log, and no header."""
    caplog.set_level(logging.INFO, "mockcbs")
    with connect(server) as connection:
        connection.sendall(b"GET /v1/a/%0AFORGED:%20x%0D%1B%5B31m%00%C2%85 HTTP/1.1\r\nHost: mock\r\n\r\n")
        head = connection.recv(65536).partition(b"\r\n\r\n")[0]

    assert b"\nFORGED" not in head
    assert head.decode("ascii").replace("\r\n", "").isprintable()
    assert "FORGED" in caplog.text
    assert all(record.getMessage().isprintable() for record in caplog.records)


def test_a_closed_connection_is_freed_at_once(server):
    """Nothing of a connection is left for the garbage collector, which may look at it seldom."""
    requests.get(f"{server.url}/_mockcbs/ready", timeout=10)
    gc.collect()
    gc.disable()
    try:
        with connect(server) as connection:
            connection.sendall(GET)
            connection.recv(65536)
            until(lambda: len(server._server.server_state.connections) == 1)
            (made,) = server._server.server_state.connections
            gone = weakref.ref(made)
            del made
        until(lambda: gone() is None)
    finally:
        gc.enable()
