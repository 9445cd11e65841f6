"""Connections of a replica, which looks at what others have changed before it reads a request."""

import json
import socket
from functools import partial

import pytest

from mockcbs.server.protocol import HttpProtocol
from mockcbs.server.server import Server
from mockcbs.testing import live
from tests import backends
from tests.conftest import NOW

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
