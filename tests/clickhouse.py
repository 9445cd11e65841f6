"""ClickHouse's HTTP interface over chdb, which is ClickHouse without a server.

``python -m tests.clickhouse PORT FOLDER`` serves one database on 127.0.0.1, so that the real client and its
SQLAlchemy dialect can be tested where no ClickHouse server is installed.
"""

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from chdb.session import Session


class Interface(BaseHTTPRequestHandler):
    """Runs the statement in the parameter ``query`` or in the body."""

    protocol_version = "HTTP/1.1"
    session: Session
    turn = threading.Lock()

    def do_POST(self) -> None:
        """Send the rows, or the error with status 500."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        statement = parse_qs(urlsplit(self.path).query).get("query", [body])[0]
        try:
            with self.turn:
                self._send(200, self.session.query(statement, "TabSeparated").bytes())
        except Exception as error:  # noqa: BLE001 - any failure is the client's to see
            self._send(500, str(error).encode())

    def _send(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


if __name__ == "__main__":
    Interface.session = Session(sys.argv[2])
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Interface).serve_forever()
