"""``mockcbs serve --replay``: replays recorded exchanges."""

import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, unquote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug import Request, Response
from werkzeug.datastructures import Headers

from mockcbs.backend.documents import Document, Documents
from mockcbs.backend.memory import MemoryDocuments
from mockcbs.exchanges.file import FRAMING, load
from mockcbs.web.problems import Problem, render

Miss = Literal["mock", "fail"]

_KIND = "live.replay"
"""The kind of the documents about earlier requests."""

log = logging.getLogger("mockcbs")

_HIDDEN = "****"
_SURROGATE = "surrogateescape"
"""Bodies that are not text are decoded as Latin-1, which is enough for a comparison."""
_MOST_NEAR = 3


_SEPARATOR = re.compile("[,;]")
_BOUNDARY = re.compile(r'multipart/.*boundary="?([^";]+)')


@dataclass
class Standing:
    """The texts that the stand-ins of a file stand for in the incoming requests."""

    real: dict[str, str] = field(default_factory=dict)
    """The texts, by stand-in."""

    def takes(self, recorded: str, sent: str, free: frozenset[str]) -> bool:
        """Whether *sent* matches the *recorded* text; the first text for a stand-in is stored."""
        if recorded in {sent, _HIDDEN}:
            return True
        if recorded not in free:
            return False
        if recorded not in self.real and sent not in self.real.values():
            self.real[recorded] = sent
        return self.real.get(recorded) == sent


@dataclass(frozen=True)
class Asked:
    """A request in a comparable form."""

    method: str
    segments: tuple[str, ...]
    query: dict[str, list[str]]
    body: Any
    """JSON, the fields of a form, text, or `None`."""

    @classmethod
    def of(cls, method: str, target: str, body: str, content_type: str) -> "Asked":
        """Make it from a request line, a body and the body's type."""
        path, _, query = target.partition("?")
        if boundary := _BOUNDARY.match(content_type):
            body = body.replace(boundary[1], "boundary")
        try:
            content = json.loads(body) if body.strip() else None
        except (ValueError, RecursionError):
            content = parse_qs(body, keep_blank_values=True) if "form-urlencoded" in content_type else body
        segments = tuple(unquote(segment) for segment in path.split("/"))
        return cls(method, segments, parse_qs(query, keep_blank_values=True), content)

    def differences(self, sent: "Asked", free: frozenset[str], standing: Standing | None) -> Iterator[str]:
        """The differences between *sent* and this recorded request.

        A text in *free* matches any value, unless it stands for a value in *standing* already.
        """
        if sent.method != self.method:
            yield f"method {self.method} was recorded, {sent.method} sent"
        if not _fits(list(self.segments), list(sent.segments), free, standing):
            yield f"path {'/'.join(self.segments)} was recorded"
        for name in sorted(self.query.keys() | sent.query.keys()):
            one, other = self.query.get(name, ["(absent)"]), sent.query.get(name, ["(absent)"])
            if not _fits(one, other, free, standing):
                yield f"{name}={','.join(one)} was recorded, {','.join(other)} sent"
        if self.body is None and sent.body is not None:
            yield "no body was recorded"
        elif not _fits(self.body, sent.body, free, standing):
            yield "another body was recorded"


@dataclass(frozen=True)
class Exchange:
    """A recorded request with its response."""

    asked: Asked
    shown: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    free: frozenset[str]
    """The stand-ins for masked texts."""

    def differences(self, sent: Asked, standing: Standing | None = None) -> list[str]:
        """The differences between *sent* and the recorded request."""
        return list(self.asked.differences(sent, self.free, standing))


class Replay:
    """A WSGI application that answers from recorded exchanges first, and else from another application.

    Equal requests get their responses in the recorded order; the last response is repeated. A stand-in keeps
    the first id that came in its place, as long as another exchange fits the request.
    """

    def __init__(
        self, app: WSGIApplication, exchanges: list[Exchange], miss: Miss, store: Documents | None = None
    ) -> None:
        """*store* keeps the earlier requests."""
        self._app, self._exchanges, self._miss = app, exchanges, miss
        self._store: Documents = store or MemoryDocuments()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        """Answer from the recorded exchanges, or explain why not."""
        request = Request(environ)
        if request.path.startswith("/_mockcbs"):
            return self._app(environ, start_response)
        target = environ.get("REQUEST_URI") or request.full_path.rstrip("?")
        content, kind = request.get_data(), request.headers.get("Content-Type", "")
        environ["wsgi.input"] = io.BytesIO(
            content
        )  # the mock may have to answer, so it must be able to read the body
        sent = Asked.of(request.method, target, content.decode("utf-8", _SURROGATE), kind)
        with self._store.transaction():
            exchange = self._next(sent)
        if exchange:
            return _respond(exchange)(environ, start_response)
        reason = self._explain(sent)
        log.info("%s %s is not on record: %s", request.method, request.path, reason)
        if self._miss == "fail":
            return render(Problem(404, "not on record", reason))(environ, start_response)
        return self._app(environ, _with_reason(start_response, reason))

    def _next(self, sent: Asked) -> Exchange | None:
        """The exchange that answers *sent* next."""
        found = self._found(sent)
        if not found:
            return None
        turn: int = self._kept(str(found[0])).get("turn", 0)
        self._store.put(_KIND, "", str(found[0]), {"turn": turn + 1})
        return self._exchanges[found[min(turn, len(found) - 1)]]

    def _found(self, sent: Asked) -> list[int]:
        """The indices of exchanges that match *sent*; those with the same ids as before come first."""
        real: dict[str, Any] = self._kept("standing").get("real", {})
        found: list[int] = []
        for place, exchange in enumerate(self._exchanges):
            standing = Standing(dict(real))
            if not exchange.differences(sent, standing):
                found.append(place)
                real = standing.real
        if found:
            self._store.put(_KIND, "", "standing", {"real": real})
            return found
        others = [place for place, one in enumerate(self._exchanges) if not one.differences(sent)]
        return [place for place in others if self._exchanges[place].asked == self._exchanges[others[0]].asked]

    def _kept(self, key: str) -> Document:
        return self._store.get(_KIND, "", key) or {}

    def _explain(self, sent: Asked) -> str:
        """The nearest recorded requests, and their differences."""
        near = sorted(
            ((exchange.differences(sent), exchange.shown) for exchange in self._exchanges),
            key=lambda row: len(row[0]) + 10 * row[0][0].startswith("path "),
        )
        rows = {f"{shown} ({'; '.join(differences)})": None for differences, shown in near}
        return " | ".join(list(rows)[:_MOST_NEAR]) or "nothing is on record"


def read(path: Path) -> list[Exchange]:
    """The exchanges of a file; raises `mockcbs.core.errors.UserError`."""
    return [
        _exchange(entry["request"], entry["response"], frozenset(entry.get("stand_ins", ())))
        for entry in load(path)
    ]


def _exchange(request: dict[str, Any], response: dict[str, Any], free: frozenset[str]) -> Exchange:
    method, path = request["method"], request["path"]
    kind = Headers(request.get("headers", {})).get("Content-Type", "")
    return Exchange(
        Asked.of(method, path, request["body"].decode("utf-8", _SURROGATE), kind),
        f"{method} {path}",
        response["status"],
        tuple(response.get("headers", {}).items()),
        response["body"],
        free | {_HIDDEN},
    )


def _fits(recorded: Any, sent: Any, free: frozenset[str], standing: Standing | None) -> bool:
    if isinstance(recorded, str):
        if not isinstance(sent, str):
            return False
        ours, theirs = _SEPARATOR.split(recorded), _SEPARATOR.split(sent)
        if len(ours) > 1:
            return _fits(ours, theirs, free, standing)
        return standing.takes(recorded, sent, free) if standing else recorded in free or recorded == sent
    if isinstance(recorded, dict):
        same = isinstance(sent, dict) and recorded.keys() == sent.keys()
        return same and all(_fits(value, sent[name], free, standing) for name, value in recorded.items())
    if isinstance(recorded, list):
        same = isinstance(sent, list) and len(recorded) == len(sent)
        pairs = zip(recorded, sent, strict=True) if same else ()
        return same and all(_fits(one, other, free, standing) for one, other in pairs)
    return type(recorded) is type(sent) and (recorded == sent or str(recorded) in free)


def _respond(exchange: Exchange) -> Response:
    headers = Headers([pair for pair in exchange.headers if pair[0].lower() not in FRAMING])
    if exchange.body:
        headers.setdefault("Content-Type", "application/json")
    response = Response(exchange.body, exchange.status)
    response.headers = headers
    return response


def _with_reason(start_response: StartResponse, reason: str) -> StartResponse:
    """Add to a response of the mock why no recorded exchange answered the request."""
    text = reason.encode("ascii", "backslashreplace").decode()[:500].replace("\n", " ").replace("\r", " ")

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        return start_response(status, [*headers, ("X-Mockcbs-Replay", f"not on record: {text}")], exc_info)

    return start
