"""``mockcbs record``: a proxy that writes down what passes, without secrets."""

import json
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

import click
import requests
from werkzeug import Request, Response

from mockcbs.clock import iso, real_now
from mockcbs.errors import UserError
from mockcbs.exchanges.mask import Masker
from mockcbs.serving.server import Server, bind

_NOT_FORWARDED = frozenset(
    "connection keep-alive proxy-authenticate proxy-authorization te trailers transfer-encoding upgrade host "
    "content-length accept-encoding content-encoding".split()
)
_KEPT = ("Content-Type", "X-Request-Id", "X-Subject-Token", "X-Tt-Logid", "Retry-After", "Server")
_ID_HEADERS = ("X-Subject-Token", "X-Request-Id", "X-Tt-Logid")
_TOKEN_HEADERS = ("X-Auth-Token", "Authorization", "X-Subject-Token", "X-Security-Token")
_TAIL = "\n  ]\n}\n"
_LARGEST = 16 * 2**20


class ExchangeFile:
    """A file of exchanges that is whole after every one of them."""

    def __init__(self, path: Path, upstream: str) -> None:
        """Begin the file; raises `UserError`."""
        head = {
            "id": path.stem,
            "title": f"Recorded from {iso(real_now(), timespec='seconds')} on",
            "source": urlsplit(upstream).hostname,
            "standing": "recorded",
        }
        text = json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}")
        try:
            self._file = path.open("w+", encoding="utf-8")
        except OSError as error:
            raise UserError(f"{path}: {error.strerror}") from error
        self._file.write(f'{text},\n  "exchanges": [')
        self._end = self._file.tell()
        self._file.write(_TAIL)
        self._file.flush()
        self.count = 0

    def add(self, exchange: dict[str, Any]) -> None:
        """Write one more."""
        self._file.seek(self._end)
        self._file.write(",\n    " if self.count else "\n    ")
        self._file.write(json.dumps(exchange, ensure_ascii=False))
        self._end = self._file.tell()
        self._file.write(_TAIL)
        self._file.flush()
        self.count += 1

    def close(self) -> None:
        """Done."""
        self._file.close()


class Recorder:
    """A WSGI application that asks another server, and writes down question and answer."""

    def __init__(
        self, upstream: str, file: ExchangeFile, *, timeout: float = 30, verify: bool | str = True
    ) -> None:
        self._upstream = upstream.rstrip("/")
        self._file, self._timeout, self._verify = file, timeout, verify
        self._masker = Masker()
        self._lock = threading.Lock()
        self._session = requests.Session()
        self._session.headers.clear()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        """Answer as upstream does."""
        request = Request(environ)
        path = environ.get("REQUEST_URI") or request.full_path.rstrip("?")
        body = request.get_data()
        try:
            answer = self._forward(request, path, body)
        except requests.RequestException as error:
            text = json.dumps({"title": "upstream did not answer", "detail": type(error).__name__})
            response = Response(text, 502, mimetype="application/problem+json")
            return response(environ, start_response)
        with self._lock:
            self._file.add(self._exchange(request, path, body, answer))
        headers = [(k, v) for k, v in answer.headers.items() if k.lower() not in _NOT_FORWARDED]
        return Response(answer.content, answer.status_code, headers)(environ, start_response)

    def _forward(self, request: Request, path: str, body: bytes) -> requests.Response:
        headers = {k: v for k, v in request.headers.items() if k.lower() not in _NOT_FORWARDED}
        if "host" in request.headers.get("Authorization", ""):  # the signature covers it
            headers["Host"] = request.headers["Host"]
        return self._session.request(
            request.method,
            f"{self._upstream}{path}",
            headers={**headers, "Accept-Encoding": "identity"},
            data=body or None,
            timeout=self._timeout,
            verify=self._verify,
            allow_redirects=False,
        )

    def _exchange(
        self, request: Request, path: str, body: bytes, answer: requests.Response
    ) -> dict[str, Any]:
        """What is written down: everything that a replay needs, nothing that is anybody's own."""
        masker = self._masker
        text, said = (part[:_LARGEST].decode("utf-8", "replace") for part in (body, answer.content))
        masker.learn_request(path, dict(request.headers), text)
        masker.learn_body(said)
        for name in _ID_HEADERS:
            masker.learn(answer.headers.get(name, ""))
        sent = {name: "****" for name in _TOKEN_HEADERS if name in request.headers}
        if kind := request.headers.get("Content-Type"):
            sent["Content-Type"] = kind
        asked = {"method": request.method, "path": masker.path(path), "headers": sent}
        if text:
            asked["body"] = masker.text(text)
        kept = {name: masker.text(answer.headers[name]) for name in _KEPT if name in answer.headers}
        response = {"status": answer.status_code, "headers": kept, "body": masker.text(said)}
        return {
            "request": asked,
            "response": response,
            "stand_ins": masker.stand_ins_in(json.dumps([asked, response])),
        }


def record(upstream: str, path: Path, host: str, port: int, *, verify: bool | str, quiet: bool) -> None:
    """Proxy and record until a signal comes; raises `UserError`."""
    parts = urlsplit(upstream)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UserError(f"{upstream!r} is not a URL such as https://cbs-ext.cn-north-4.myhuaweicloud.com")
    listener = bind(host, port)
    file = ExchangeFile(path, upstream)
    shown = f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{listener.getsockname()[1]}"

    def announce() -> None:
        click.echo(url if quiet else f"mockcbs records {upstream} at {url} into {path}. Ctrl-C stops it.")

    try:
        Server(Recorder(upstream, file, verify=verify), on_ready=announce).run([listener])
    finally:
        file.close()
    if not quiet:
        click.echo(f"mockcbs recorded {file.count} exchanges.")
