"""One process that serves one mock: how it stops."""

from mockcbs.server import protocol
from tests.server.connections import GET, connect, everything
from tests.waiting import until


def test_the_server_stops_after_a_request_that_has_begun(server, monkeypatch):
    """A server that is stopped answers a request that has begun to arrive, and closes the connection."""
    connections = server._server.server_state.connections
    monkeypatch.setattr(protocol, "STOP_TIMEOUT", 60)
    server._server.config.timeout_graceful_shutdown = 60
    with connect(server) as connection:
        connection.sendall(GET[:30])
        until(lambda: any(not one._at_rest() for one in connections))
        server._server.should_exit = True
        until(lambda: any(one._stopping for one in connections))
        connection.sendall(GET[30:])

        received = everything(connection)

    assert received.startswith(b"HTTP/1.1 200")
    assert b"Connection: close" in received
