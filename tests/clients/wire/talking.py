"""Bytes of requests, and the responses on a connection."""

import http.client
import json
import socket

from tests.clients.conftest import Served
from tests.services.iam.logins import IN_PROJECT, login

PATH = "/v1/1604d8170cd84440a81281e5a3a04f8b/qabots/303a0a00-c88a-43e3-aa2f-d5b8b9832b02/requests/reply-rates"
LOGIN = json.dumps(login(scope=IN_PROJECT)).encode()
TIMEOUT = 10


def get(target: str = PATH, *, headers: bytes = b"", version: str = "1.1") -> bytes:
    head = f"GET {target} HTTP/{version}\r\nHost: localhost\r\nX-Auth-Token: any-token\r\n".encode()
    return head + headers + b"\r\n"


def post(headers: bytes) -> bytes:
    return b"POST /v3/auth/tokens HTTP/1.1\r\nHost: localhost\r\n" + headers + b"\r\n"


def connect(served: Served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", served.port), TIMEOUT)


class Answers:
    """Answers read one after the other from a connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._file = connection.makefile("rb")

    def next(self) -> tuple[int, dict]:
        """Status and body of the next answer."""
        status = int(self._file.readline().split()[1])
        headers = http.client.parse_headers(self._file)
        length = int(headers["Content-Length"] or 0)
        body = self._file.read(length)
        assert len(body) == length
        return status, json.loads(body) if body else {}

    def line(self) -> bytes:
        """The next line."""
        return self._file.readline()

    def at_end(self) -> bool:
        """Whether the server has closed the connection and nothing is left."""
        return self._file.read(1) == b""

    def close(self) -> None:
        """Close file and connection."""
        self._file.close()
        self._connection.close()
