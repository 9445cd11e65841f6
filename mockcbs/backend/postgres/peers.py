"""Replicas that send each other JSON over HTTP, with a token that is stored in their database."""

import hmac
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import urllib3

from mockcbs.backend.postgres.replicas import Other, Replica
from mockcbs.core.errors import UserError
from mockcbs.core.peers import Responses

log = logging.getLogger("mockcbs")

_TIMEOUT = 2.0
"""The time in which another replica must respond, in s."""
_SHORT_TIMEOUT, _SHORT_SECONDS = 0.1, 1.0
"""The time in which a replica must respond for a second after it did not respond in time, in s: one call for
the journal sends several requests. They are sent nevertheless, so that it carries them out when it goes on.
"""
_MAX_BODY = 2**20
"""The maximum size of a request, in bytes."""
_PATH = "/"


class ReplicaPeers:
    """The other replicas of a mock.

    Each replica listens on a second port. It responds from threads, also while its event loop is busy. A
    forked process joins the table of replicas when it calls `join`.
    """

    def __init__(self, replica: Replica, host: str, port: int, address: Callable[[], str]) -> None:
        """Listen on *host* and *port* (0: any). *address* is that of this machine, if *host* means all
        addresses.
        """
        self._replica, self._host, self._port, self._address = replica, host, port, address
        self._handlers: dict[str, Callable[..., Any]] = {}
        self._server: ThreadingHTTPServer | None = None
        self._slow_until: dict[str, float] = {}
        """The times until which replicas have only a short time to respond, by `time.monotonic`."""

    @property
    def name(self) -> str:
        """The name of this replica."""
        return self._replica.name

    def join(self, slot: int) -> None:
        """Respond to other replicas from now on; *slot* is the number of this process on its machine."""
        if not self._replica.is_registered:
            self._replica.register()
        port = self._port and self._port + slot
        try:
            self._server = _Server((self._host, port), self)
        except OSError as error:
            raise UserError(f"--peer-port: {self._host}:{port} cannot be listened on: {error}") from error
        threading.Thread(target=self._server.serve_forever, name="mockcbs peers", daemon=True).start()
        host = self._address() if self._host in {"", "0.0.0.0", "::"} else self._host
        self._replica.serve(f"http://{f'[{host}]' if ':' in host else host}:{self._server.server_port}")

    def handle(self, subject: str, handler: Callable[..., Any]) -> None:
        """Call *handler* with the details of every request about *subject*, and send its result."""
        self._handlers[subject] = handler

    def request(self, subject: str, *details: Any) -> Responses:
        """Send a request about *subject* to all other replicas. The result names those that did not
        respond.
        """
        others = self._replica.others()
        body = json.dumps([subject, *details], separators=(",", ":")).encode("ascii")
        asked = [other for other in others if other.lives]
        responses, missing = Responses(), [other.name for other in others if not other.lives]
        refused: list[str] = []
        if asked:
            with ThreadPoolExecutor(min(len(asked), 16)) as pool:
                answers = list(pool.map(lambda other: self._ask(other, body, refused), asked))
            for other, answer in zip(asked, answers, strict=True):
                if answer is None:
                    missing.append(other.name)
                else:
                    responses.append(answer[0])
        responses.missing, responses.refused = tuple(sorted(missing)), tuple(refused)
        return responses

    def numbers(self) -> Iterator[int]:
        """Unique numbers, which ascend with the time."""
        return self._replica.numbers()

    def forget_lost(self, *names: str) -> None:
        """Stop reporting that the journals of ended replicas, and of those with these *names*, are lost."""
        self._replica.forget_dead(names)

    def close(self) -> None:
        """Stop responding."""
        server, self._server = self._server, None
        if server:
            server.shutdown()
            server.server_close()

    def respond(self, token: str, to: str, body: bytes) -> tuple[int, bytes]:
        """The status and body of the response to another replica, which sent *token* for replica *to*."""
        if not hmac.compare_digest(token.encode(), f"Bearer {self._replica.token}".encode()):
            return 401, b"this is for other replicas of the mock"
        if to != self.name:
            return 421, f"this is replica {self.name}".encode()
        subject, *details = json.loads(body)
        return 200, json.dumps(self._handlers[subject](*details), separators=(",", ":")).encode("ascii")

    def _ask(self, other: Other, body: bytes, refused: list[str]) -> list[Any] | None:
        """The response of another replica in a list; `None` without a response.

        Appends its name to *refused* if its address refuses the connection.
        """
        is_slow = time.monotonic() < self._slow_until.get(other.name, 0.0)
        timeout = _SHORT_TIMEOUT if is_slow else _TIMEOUT
        headers = {"Authorization": f"Bearer {self._replica.token}", "X-Mockcbs-Replica": other.name}
        try:
            response = urllib3.request(
                "POST", f"{other.url}{_PATH}", body=body, headers=headers, timeout=timeout, retries=False
            )
            if response.status == 200:
                return [json.loads(response.data)]
            why = f"{response.status} {response.data[:200]!r}"
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            if isinstance(error, urllib3.exceptions.TimeoutError):
                self._slow_until[other.name] = time.monotonic() + _SHORT_SECONDS
            if isinstance(error.__cause__, ConnectionRefusedError):
                refused.append(other.name)
            why = str(error)
        log.warning("replica %s did not answer this one: %s", other.name, why)
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], peers: ReplicaPeers) -> None:
        super().__init__(address, _Handler)
        self.peers = peers


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    server: _Server

    def do_POST(self) -> None:
        """Respond to another replica."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > _MAX_BODY:
            self.send_error(413)
            return
        body = self.rfile.read(length)
        sent = self.headers.get("Authorization", ""), self.headers.get("X-Mockcbs-Replica", "")
        try:
            status, content = self.server.peers.respond(*sent, body)
        except Exception:
            log.exception("a bug in mockcbs: another replica was not answered")
            status, content = 500, b"a bug in mockcbs"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        with suppress(ConnectionError):  # the other replica waits no more
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Log nothing."""
