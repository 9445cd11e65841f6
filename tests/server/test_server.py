"""One process that serves one mock: how it stops."""

import time

from tests.server.connections import GET, connect, everything


def test_the_server_stops_after_a_request_that_has_begun(server):
    """A server that is stopped answers a request that has begun to arrive, and closes the connection."""
    with connect(server) as connection:
        connection.sendall(GET[:30])
        time.sleep(0.1)
        server._server.should_exit = True
        time.sleep(0.2)
        connection.sendall(GET[30:])

        received = everything(connection)

    assert received.startswith(b"HTTP/1.1 200")
    assert b"Connection: close" in received
