"""Connections of a replica, which looks at what others have changed before it reads a request."""

import json
import socket

import pytest

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
