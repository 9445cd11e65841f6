"""Timeouts of connections: idle ones end, busy ones stay."""

from mockcbs.testing.live import LiveServer
from tests.conftest import NOW
from tests.server.test_protocol import ask, connect


def test_idle_connections_end():
    """Idle connections end, also if the last responses came from the response cache."""
    server = LiveServer(now=NOW)
    server._server.config.timeout_keep_alive = 0.2
    with server, connect(server) as connection:
        for _ in range(4):
            ask(connection)

        assert connection.recv(1) == b""


def test_busy_connections_stay():
    """Responses from the response cache keep a connection alive."""
    server = LiveServer(now=NOW)
    server._server.config.timeout_keep_alive = 0.2
    with server, connect(server) as connection:
        began = server.state.clock.stopwatch()
        while server.state.clock.stopwatch() - began < 700:
            ask(connection)
