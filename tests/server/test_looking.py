"""Connections of a replica, which looks at what others have changed before it reads a request."""

import json
import os
import socket
import threading
from contextlib import suppress
from functools import partial

import pytest
import requests

from mockcbs.backend.postgres.backend import PostgresBackend
from mockcbs.server.limits import MAX_READ
from mockcbs.server.looking import LookingProtocol
from mockcbs.server.protocol import HttpProtocol
from mockcbs.server.server import Server
from mockcbs.testing import live
from tests import backends
from tests.conftest import NOW
from tests.docs.limits import row
from tests.proxies import proxied
from tests.server.connections import connect

REQUEST = (
    b"%b %b HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
)


def sent(method, path, content=None):
    body = b"" if content is None else json.dumps(content).encode()
    return REQUEST % (method.encode(), path.encode(), len(body), body)


def exchanged(port, *requests):
    """All that comes back to a client that sends these requests, and then no more."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        for request in requests:
            connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b"")).decode()


class CheckOfTwo:
    """A feed whose check ends when two requests wait for it."""

    def __init__(self):
        self.waiting = []

    def after_look(self, loop, work):
        self.waiting.append(work)
        if len(self.waiting) == 2:
            loop.call_soon(self.release)

    def release(self):
        for work in sorted(self.waiting, key=lambda one: b"/bug" not in one.__self__.unread[0]):
            work()


def test_a_bug_in_one_request_leaves_those_that_share_its_check(monkeypatch):
    """The connection with the request is closed; the other one is served."""
    receive = HttpProtocol.data_received

    def fail_at_times(protocol, data):
        if b"/bug" in data:
            raise RuntimeError("a bug")
        receive(protocol, data)

    monkeypatch.setattr(HttpProtocol, "data_received", fail_at_times)
    monkeypatch.setattr(live, "Server", partial(Server, feed=CheckOfTwo()))
    with live.LiveServer() as server:
        port = int(server.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=20) as first:
            first.sendall(sent("GET", "/bug"))
            other = exchanged(port, sent("GET", "/nothing"))

            assert first.recv(1) == b""
        assert "HTTP/1.1 404" in other


@pytest.fixture
def replica(postgres_url, monkeypatch):
    """A server that checks a database before each request, and the proxy in front of that database."""
    with proxied(backends.fresh_schema(postgres_url)) as (proxy, url):
        backend = PostgresBackend(url)
        monkeypatch.setattr(live, "Server", partial(Server, feed=backend.feed))
        with live.LiveServer(now=NOW) as server:
            assert requests.get(server.url + "/nothing", timeout=20).status_code == 404
            yield server, proxy
        proxy.mend()
        backend.close()


@pytest.fixture
def held(monkeypatch):
    """How many bytes a connection held after each piece that came."""
    found, receive = [0], LookingProtocol.data_received

    def noted(protocol, data):
        receive(protocol, data)
        found.append(sum(map(len, protocol.unread)))

    monkeypatch.setattr(LookingProtocol, "data_received", noted)
    return found


def sent_until_it_stops(connection, content):
    """Send *content* until the server takes no more for half a second; the rest."""
    rest = memoryview(content)
    connection.settimeout(0.5)
    with suppress(TimeoutError):
        while rest:
            rest = rest[connection.send(rest) :]
    connection.settimeout(20)
    return rest


@row("bytes held of one connection during a check for changes", "64 KB")
def test_what_comes_during_a_long_check_stays_with_the_client(replica, held):
    """An upload stops while the database hangs, and arrives whole when the database responds."""
    server, proxy = replica
    content = os.urandom(24 * 2**20)
    url = "/bucket/key?OSSAccessKeyId=Any&Expires=4102444800&Signature=any"
    head = f"PUT {url} HTTP/1.1\r\nHost: mock\r\nContent-Length: {len(content)}\r\n\r\n".encode()
    with connect(server) as connection:
        proxy.hang()
        rest = sent_until_it_stops(connection, head + content)
        proxy.mend()
        connection.sendall(rest)

        assert connection.recv(65_536).startswith(b"HTTP/1.1 200")

    assert max(held) <= 2 * MAX_READ == 64 * 1024
    assert requests.get(server.url + url, timeout=20).content == content


def test_requests_that_are_delayed_do_not_pile_up(replica, held):
    """Each end of a delay lets no more come in than one check took out."""
    server, _ = replica
    server.scenario({"rules": [{"latency": {"fixed_ms": 1}}]})
    count, request = 300, b"GET /nothing HTTP/1.1\r\nHost: a\r\nX-Long: %b\r\n\r\n" % (b"a" * 8000)
    last = request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with connect(server) as connection:
        threading.Thread(target=connection.sendall, args=(request * count + last,), daemon=True).start()
        received = b"".join(iter(lambda: connection.recv(2**20), b""))

    assert received.count(b"HTTP/1.1 404") == count + 1
    assert max(held) <= 2 * MAX_READ


@pytest.mark.slow
def test_a_replica_knows_what_another_was_told_before(postgres_url, serving):
    """Each request after a change sees it, whichever replica gets it (law 11).

    A client that closes its sending side during the check still gets its responses in order.
    """
    state = ("--state", backends.fresh_schema(postgres_url), "--quiet")
    with serving(*state) as one, serving(*state) as other:
        for number in range(8):
            change, look = (one, other) if number % 2 else (other, one)
            done = exchanged(change.port, sent("PUT", "/_mockcbs/clock", {"freeze": NOW + number}))

            assert "HTTP/1.1 200" in done, done
            seen = exchanged(look.port, sent("GET", "/_mockcbs/clock"), sent("GET", "/nothing"))

            assert f"{NOW + number}" in seen.partition("HTTP/1.1 404")[0], seen
