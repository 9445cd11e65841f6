"""``mockcbs record``: a proxy that records exchanges without secrets."""

import base64
import json
import logging
import re
import signal
import socket
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import click
import requests
import urllib3
from werkzeug import Request, Response
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from mockcbs.core.errors import BackendError
from mockcbs.core.files import check_free
from mockcbs.core.platform import STOP_SIGNALS
from mockcbs.core.printable import make_log_printable
from mockcbs.core.urls import check_base_url
from mockcbs.exchanges.mask import Masker
from mockcbs.exchanges.recorded import ExchangeFile
from mockcbs.exchanges.upstream import (
    MAX_BODY,
    NOT_FORWARDED,
    NOT_RETURNED,
    BadRequestError,
    Session,
    body_of,
    connection_headers,
    decoded,
    target,
)
from mockcbs.server.server import bind
from mockcbs.web.problems import Problem, render

log = logging.getLogger("mockcbs")

_KEPT = (
    "Content-Type",
    "X-Request-Id",
    "X-Subject-Token",
    "X-Tt-Logid",
    "Retry-After",
    "Location",
    "Allow",
    "WWW-Authenticate",
    "Server",
)
_TOKEN_HEADERS = ("X-Auth-Token", "Authorization", "X-Subject-Token", "X-Security-Token")
_PIECE = 2**16
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]+")
_LENGTHS = "mockcbs.content_lengths"
"""The key of the WSGI environment for all headers Content-Length; WSGI has room for one."""
_WORD = re.compile(r"[\w.~+/=-]{8,}")
"""Matches texts that may be a secret or a part of one."""


class Recorder:
    """A WSGI application that forwards requests to another server, and records the exchanges.

    A response passes piece by piece, like a stream of events; it is recorded when it is complete.
    """

    def __init__(
        self, upstream: str, file: ExchangeFile, *, timeout: float = 30, verify: bool | str = True
    ) -> None:
        self._upstream = upstream.rstrip("/")
        self._file, self._timeout, self._verify = file, timeout, verify
        self._masker = Masker()
        self._lock = threading.Lock()
        self._written: set[int] = set()
        """Hashes of the words in the file, to find a secret that was written before it was known as one."""
        self._shows_secrets = False
        """Whether the file has secrets that were not known when they were written."""
        self._session = Session()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        """Respond as the upstream server does."""
        request = Request(environ)
        try:
            path = target(environ.get("REQUEST_URI") or request.full_path.rstrip("?"))
            body = body_of(request, environ.get(_LENGTHS))
        except BadRequestError as error:
            return render(Problem(400, "Bad Request", str(error)))(environ, start_response)
        try:
            answer = self._forward(request, path, body)
        except requests.RequestException as error:
            return self._unanswered(request, _why(error, self._timeout))(environ, start_response)
        if answer.status_code < 200:
            answer.close()
            reason = f"sent the interim status {answer.status_code}, which is not passed on"
            return self._unanswered(request, reason)(environ, start_response)
        dropped = NOT_RETURNED | connection_headers(answer.headers.get("Connection", ""))
        sent = answer.raw.headers.items()
        headers = [(k, _CONTROLS.sub(" ", v)) for k, v in sent if k.lower() not in dropped]
        length = answer.headers.get("Content-Length")
        if length and (request.method == "HEAD" or "Content-Encoding" not in answer.headers):
            headers.append(("Content-Length", length))
        pieces = self._pass(request, path, body, answer)
        silent = request.method == "HEAD" or answer.status_code in {204, 304}
        response = Response(list(pieces) if silent else pieces, answer.status_code)
        response.headers.clear()
        response.headers.extend(headers)
        return response(environ, start_response)

    def _unanswered(self, request: Request, why: str) -> Response:
        reason = f"{self._upstream} {why}"
        log.warning("%s %s was not answered: %s", *_named(request), reason)
        return render(Problem(502, "upstream did not answer", reason))

    def _forward(self, request: Request, path: str, body: bytes) -> requests.Response:
        dropped = NOT_FORWARDED | connection_headers(request.headers.get("Connection", ""))
        headers = {k: v for k, v in request.headers.items() if k.lower() not in dropped}
        if "host" in request.headers.get("Authorization", ""):  # the signature covers the Host header
            headers["Host"] = request.headers["Host"]
        return self._session.request(
            request.method,
            f"{self._upstream}{path}",
            headers={**headers, "Accept-Encoding": "identity"},
            data=body or None,
            timeout=self._timeout,
            verify=self._verify,
            allow_redirects=False,
            stream=True,
        )

    def _pass(self, request: Request, path: str, body: bytes, answer: requests.Response) -> Iterator[bytes]:
        """The body of the response.

        If the client disconnects early, the rest is still read for the record, unless it is too much.
        """
        pieces = self._pieces(request, path, body, answer)
        try:
            yield from iter(lambda: next(pieces, b""), b"")
        finally:
            self._read_out(request, pieces)

    def _read_out(self, request: Request, pieces: Generator[bytes]) -> None:
        """Read the rest of a response, or close it if it does not end: a server may send for ever."""
        size, until = 0, time.monotonic() + self._timeout
        for piece in pieces:
            size += len(piece)
            if size > MAX_BODY or time.monotonic() > until:
                log.warning("%s %s: its client left before it ended, not recorded", *_named(request))
                pieces.close()

    def _pieces(
        self, request: Request, path: str, body: bytes, answer: requests.Response
    ) -> Generator[bytes]:
        """The body in pieces; the exchange is recorded before the last piece is passed on."""
        said = bytearray()
        passed = 0
        length = answer.headers.get("Content-Length") if "Content-Encoding" not in answer.headers else None
        try:
            while piece := answer.raw.read1(_PIECE, decode_content=True):
                passed += len(piece)
                if passed <= MAX_BODY:
                    said += piece
                if length == str(passed):
                    break
                yield piece
        except (urllib3.exceptions.HTTPError, OSError) as error:
            log.warning("%s %s: the answer broke off and is not recorded", *_named(request))
            raise ConnectionError("upstream broke off") from error
        finally:
            answer.close()
        if max(passed, len(body)) > MAX_BODY:
            log.warning("%s %s: over %d MiB, not recorded", *_named(request), MAX_BODY >> 20)
        else:
            self._write(request, path, (body, bytes(said)), answer)
        yield piece

    def _write(
        self, request: Request, path: str, bodies: tuple[bytes, bytes], answer: requests.Response
    ) -> None:
        """Record the exchange. If it shows that earlier records contain a secret, mask it there."""
        sent = decoded(bodies[0], request.headers.get("Content-Encoding", ""))
        if sent is None:
            log.warning("%s %s: the request's body cannot be decoded, not recorded", *_named(request))
            return
        with self._lock:
            exchange = self._exchange(request, path, (sent, bodies[1]), answer)
            new = self._masker.new_secrets()
            if any(hash(word) in self._written for secret in new for word in _WORD.findall(secret)):
                self._shows_secrets = True
            try:
                if self._shows_secrets:
                    self._file.change(self._masker.text)
                    self._shows_secrets = False
                self._file.add(exchange)
            except BackendError as error:
                log.warning("%s %s: %s; not recorded", *_named(request), error)
            self._written.update(map(hash, _WORD.findall(json.dumps(exchange, ensure_ascii=False))))

    def _exchange(
        self, request: Request, path: str, bodies: tuple[bytes, bytes], answer: requests.Response
    ) -> dict[str, Any]:
        """The recorded form of an exchange: everything for a replay, no secrets and no personal ids."""
        masker, (body, said) = self._masker, bodies
        masker.learn_request(path, dict(request.headers), _text(body))
        masker.learn_answer(answer.headers, answer.cookies, _text(said))
        for cookie in answer.raw.headers.getlist("Set-Cookie"):
            masker.learn(cookie.partition(";")[0].partition("=")[2])
        sent = {name: "****" for name in _TOKEN_HEADERS if name in request.headers}
        if kind := request.headers.get("Content-Type"):
            sent["Content-Type"] = kind
        asked = {"method": request.method, "path": masker.path(path), "headers": sent, **self._body(body)}
        kept = {name: masker.text(answer.headers[name]) for name in _KEPT if name in answer.headers}
        response = {"status": answer.status_code, "headers": kept, **({"body": ""} | self._body(said))}
        return {
            "request": asked,
            "response": response,
            "stand_ins": masker.stand_ins_in(json.dumps([asked, response])),
        }

    def _body(self, content: bytes) -> dict[str, str]:
        """The recorded form of a body; a body that is not text is masked, too, and encoded in Base64."""
        if not content:
            return {}
        try:
            return {"body": self._masker.text(content.decode())}
        except UnicodeDecodeError:
            masked = self._masker.text(_text(content)).encode("latin-1", "replace")
            return {"body": base64.b64encode(masked).decode(), "encoding": "base64"}


def _named(request: Request) -> tuple[str, str]:
    """A request, for the log, without its query, which may contain secrets."""
    return request.method, request.path


def _text(body: bytes) -> str:
    """A body as text for searches; bytes that are not UTF-8 stay single characters."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _why(error: requests.RequestException, timeout: float) -> str:
    """A description of the error."""
    if isinstance(error, requests.exceptions.SSLError):
        return "has a certificate that is not trusted; name the one to trust with --ca-file"
    if isinstance(error, requests.Timeout):
        return f"did not answer within {timeout:g} s"
    if isinstance(error, requests.ConnectionError) and "Connection refused" in str(error):
        return "refuses connections"
    if isinstance(error, requests.ConnectionError) and "resolve" in str(error):
        return "cannot be found: no such host"
    return f"broke off ({type(error).__name__})"


class _Handler(WSGIRequestHandler):
    """A connection of a client."""

    protocol_version = "HTTP/1.1"

    def make_environ(self) -> WSGIEnvironment:
        """Pass the target exactly as sent; the base class removes slashes at its beginning."""
        environ = super().make_environ()
        environ["REQUEST_URI"] = self.requestline.split()[1]
        environ[_LENGTHS] = self.headers.get_all("Content-Length", [])
        return environ

    def send_response(self, code: int, message: str | None = None) -> None:
        """Send the response; Server and Date are those of the upstream server."""
        self.send_response_only(code, message)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Print nothing: the file contains the requests."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the name it overrides
        """Log an error."""
        log.log(logging.ERROR if type == "error" else logging.INFO, message.rstrip(), *args)


class RecordingServer(ThreadedWSGIServer):
    """A server with one thread per connection; no thread outlives the command."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, app: Recorder, listener: socket.socket) -> None:
        host, port = listener.getsockname()[:2]
        super().__init__(host, port, app, _Handler, fd=listener.fileno())


@contextmanager
def _until_signal() -> Iterator[None]:
    """A block that ends with Ctrl-C or SIGTERM; only the main thread can run it."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in STOP_SIGNALS}
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def record(
    upstream: str, path: Path, host: str, port: int, *, verify: bool | str, force: bool, quiet: bool
) -> None:
    """Run the proxy and record until a signal comes; raises `UserError`."""
    check_base_url(upstream, "https://cbs-ext.cn-north-4.myhuaweicloud.com")
    check_free(path, force=force)
    make_log_printable()
    with bind(host, port) as listener:
        file = ExchangeFile(path, upstream)
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{listener.getsockname()[1]}"

        server = RecordingServer(Recorder(upstream, file, verify=verify), listener)
        try:
            with _until_signal():
                click.echo(
                    url if quiet else f"mockcbs records {upstream} at {url} into {path}. Ctrl-C stops it."
                )
                server.serve_forever()
        finally:
            file.close()
    if not quiet:
        click.echo(f"mockcbs recorded {file.count} exchanges.")
