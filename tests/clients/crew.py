"""The workers of a server, each on a connection of its own."""

import contextlib
import http.client
import json
from collections.abc import Iterator

from .conftest import Served

TOKEN = {"X-Auth-Token": "t"}
TIMEOUT = 20.0


class Connection:
    """A connection that is kept, and so stays with one worker."""

    def __init__(self, port: int):
        self.client = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)

    def __call__(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, dict]:
        """Status and body of the answer to a call."""
        content = None if body is None else json.dumps(body)
        self.client.request(method, path, content, {**TOKEN, **headers})
        response = self.client.getresponse()
        read = response.read()
        return response.status, json.loads(read) if read else {}

    def ok(self, method: str, path: str, body: object = None) -> dict:
        """The body of a call that succeeds."""
        status, answer = self(method, path, body)
        assert status < 300, answer
        return answer


@contextlib.contextmanager
def everyone(served: Served, count: int) -> Iterator[list[Connection]]:
    """A connection to each worker; the journal's ids tell who answered."""
    found: dict[int, Connection] = {}
    opened: list[Connection] = []
    for number in range(40 * count):
        opened.append(connection := Connection(served.port))
        connection("GET", f"/v1/p/qabots/who/{number}")
        (entry,) = connection.ok("GET", "/_mockcbs/journal?limit=1")["entries"]
        assert entry["request"]["path"].endswith(f"/{number}")
        found.setdefault(entry["id"] % 64 if count > 1 else 0, connection)
        if len(found) == count:
            break
    assert len(found) == count, f"connections are with {sorted(found)} only"
    try:
        yield list(found.values())
    finally:
        for connection in opened:
            connection.client.close()
