"""Timeouts of connections: idle ones end, busy ones stay."""

from mockcbs.testing.live import LiveServer
from tests.conftest import NOW
from tests.server.connections import limit_idleness
from tests.server.test_protocol import ask, connect
from tests.waiting import until


def test_idle_connections_end():
    """Idle connections end, also if the last responses came from the response cache."""
    with LiveServer(now=NOW) as server, connect(server) as connection:
        for _ in range(4):
            ask(connection)
        limit_idleness(server, 0.2)

        assert connection.recv(1) == b""


def test_busy_connections_stay():
    """Responses from the response cache keep a connection alive."""
    with LiveServer(now=NOW) as server, connect(server) as connection:
        for _ in range(4):
            ask(connection)
        (made,) = server._server.server_state.connections
        made._idle_since = late = made._idle_since - 50
        ask(connection)

        until(lambda: made._idle_since >= late + 50)
