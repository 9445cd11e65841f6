"""``mockcbs serve --replay``: recorded exchanges, answered again."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug import Request, Response

from mockcbs.errors import UserError
from mockcbs.store import Store
from mockcbs.store.memory import MemoryStore

Miss = Literal["mock", "fail"]

log = logging.getLogger("mockcbs")

_LARGEST_FILE = 256 * 2**20
_HIDDEN = "****"
_MOST_NEAR = 3


@dataclass(frozen=True)
class Asked:
    """A request, as replay compares it."""

    method: str
    segments: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    body: Any
    """JSON, text, or `None`."""

    @classmethod
    def of(cls, method: str, target: str, body: str) -> "Asked":
        """From a request line and a body."""
        path, _, query = target.partition("?")
        try:
            content = json.loads(body) if body.strip() else None
        except (ValueError, RecursionError):
            content = body
        segments = tuple(unquote(segment) for segment in path.split("/"))
        return cls(method, segments, tuple(sorted(parse_qsl(query, keep_blank_values=True))), content)

    def differences(self, sent: "Asked", free: frozenset[str]) -> Iterator[str]:
        """How *sent* differs from this recorded request; for the texts in *free* anything will do."""
        if sent.method != self.method:
            yield f"method {self.method} was recorded, {sent.method} sent"
        if not _fits(list(self.segments), list(sent.segments), free):
            yield f"path {'/'.join(self.segments)} was recorded"
        recorded, given = dict(self.query), dict(sent.query)
        for name in sorted(recorded.keys() | given.keys()):
            one, other = recorded.get(name, "(absent)"), given.get(name, "(absent)")
            if not _fits(one, other, free):
                yield f"{name}={one} was recorded, {other} sent"
        if self.body is not None and not _fits(self.body, sent.body, free):
            yield "another body was recorded"


@dataclass(frozen=True)
class Exchange:
    """One recorded request and its answer."""

    asked: Asked
    shown: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    free: frozenset[str]
    """Stand-ins for what was masked."""

    def differences(self, sent: Asked) -> list[str]:
        """How *sent* differs from what was recorded."""
        return list(self.asked.differences(sent, self.free))


class Replay:
    """A WSGI application that answers from recorded exchanges before it asks another.

    Of equal requests the answers come in the order recorded, the last one again and again.
    """

    def __init__(
        self, app: WSGIApplication, exchanges: list[Exchange], miss: Miss, store: Store | None = None
    ) -> None:
        """In *store* it counts what was asked before."""
        self._app, self._exchanges, self._miss = app, exchanges, miss
        self._store: Store = store or MemoryStore()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        """Answer from the record, or explain why not."""
        request = Request(environ)
        target = environ.get("REQUEST_URI") or request.full_path.rstrip("?")
        sent = Asked.of(request.method, target, request.get_data().decode("utf-8", "replace"))
        fitting = (place for place, one in enumerate(self._exchanges) if not one.differences(sent))
        if found := list(fitting):
            exchange = self._exchanges[found[min(self._turn(found[0]), len(found) - 1)]]
            return _respond(exchange)(environ, start_response)
        reason = self._explain(sent)
        log.info("%s %s is not on record: %s", request.method, request.path, reason)
        if self._miss == "fail":
            problem = {"title": "not on record", "status": 404, "detail": reason}
            response = Response(json.dumps(problem), 404, mimetype="application/problem+json")
            return response(environ, start_response)
        return self._app(environ, _with_reason(start_response, reason))

    def _turn(self, place: int) -> int:
        """How often the exchange in that place was asked for before."""
        with self._store.transaction():
            turn: int = (self._store.get("live.replay", "", str(place)) or {"turn": 0})["turn"]
            self._store.put("live.replay", "", str(place), {"turn": turn + 1})
            return turn

    def _explain(self, sent: Asked) -> str:
        """The recorded requests that come nearest, and how they differ."""
        near = sorted(
            ((exchange.differences(sent), exchange.shown) for exchange in self._exchanges),
            key=lambda row: len(row[0]) + 10 * row[0][0].startswith("path "),
        )
        rows = {f"{shown} ({'; '.join(differences)})": None for differences, shown in near}
        return " | ".join(list(rows)[:_MOST_NEAR]) or "nothing is on record"


def read(path: Path) -> list[Exchange]:
    """The exchanges of a file; raises `UserError`."""
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise UserError(f"{path}: larger than {_LARGEST_FILE >> 20} MiB")
        content = json.loads(path.read_text("utf-8"))
        return [
            _exchange(entry["request"], entry["response"], frozenset(entry.get("stand_ins", ())))
            for entry in content["exchanges"]
        ]
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(f"{path}: no file of exchanges ({type(error).__name__}: {error})") from error


def _exchange(request: dict[str, Any], response: dict[str, Any], free: frozenset[str]) -> Exchange:
    method, path = str(request["method"]), str(request["path"])
    headers = {"Content-Type": "application/json", **response.get("headers", {})}
    return Exchange(
        Asked.of(method, path, str(request.get("body", ""))),
        f"{method} {path}",
        int(response["status"]),
        tuple((str(name), str(value)) for name, value in headers.items()),
        str(response["body"]).encode(),
        free | {_HIDDEN},
    )


def _fits(recorded: Any, sent: Any, free: frozenset[str]) -> bool:
    if isinstance(recorded, str):
        return recorded in free or recorded == sent
    if isinstance(recorded, dict):
        same = isinstance(sent, dict) and recorded.keys() == sent.keys()
        return same and all(_fits(value, sent[name], free) for name, value in recorded.items())
    if isinstance(recorded, list):
        same = isinstance(sent, list) and len(recorded) == len(sent)
        return same and all(_fits(one, other, free) for one, other in zip(recorded, sent, strict=True))
    return type(recorded) is type(sent) and recorded == sent


def _respond(exchange: Exchange) -> Response:
    return Response(exchange.body, exchange.status, list(exchange.headers))


def _with_reason(start_response: StartResponse, reason: str) -> StartResponse:
    """Tell a client of the mock why it was not answered from the record."""
    text = reason.encode("ascii", "backslashreplace").decode()[:500].replace("\n", " ").replace("\r", " ")

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        return start_response(status, [*headers, ("X-Mockcbs-Replay", f"not on record: {text}")], exc_info)

    return start
