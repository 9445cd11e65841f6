"""Connections to a server, byte by byte."""

import socket

from tests.conftest import BOT, PROJECT

PATH = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=week"
GET = f"GET {PATH} HTTP/1.1\r\nHost: mock\r\nX-Auth-Token: any\r\n\r\n".encode()


def connect(server) -> socket.socket:
    host, port = server.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


def everything(connection) -> bytes:
    """What comes until the server closes."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


def limit_idleness(server, seconds: float) -> None:
    """From now on, the only connection of *server* may be idle for so long."""
    (made,) = server._server.server_state.connections
    server._server.config.timeout_keep_alive = made._keep_alive_timeout = seconds
