"""One request and its response without a socket."""

import urllib.parse
from collections.abc import Hashable, Iterable
from typing import Any, NamedTuple
from wsgiref.types import WSGIEnvironment

from mockcbs.faults.delivery import MAX_SILENCE, Delivery
from mockcbs.server.body import Body
from mockcbs.server.environ import environ, of_connection
from mockcbs.services import registry
from mockcbs.web.cache.response_cache import ResponseCache
from mockcbs.web.cache.templates import Hit
from mockcbs.web.context import KEY, Context
from mockcbs.web.proofs import Proof, headers_without_proof

_Headers = tuple[tuple[str, str], ...]


class Received(NamedTuple):
    """A response as a client receives it."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    delivery: Delivery
    """The way in which a scenario delivers it."""

    @property
    def seconds(self) -> float:
        """The time until the first byte, in seconds."""
        return MAX_SILENCE if self.delivery.wire == "no-answer" else self.delivery.delay

    @property
    def seconds_of_body(self) -> float:
        """The time from the first to the last byte of the body, in seconds."""
        pace = self.delivery.bytes_per_second
        return len(self.body) / pace if pace else 0.0

    def times_out(self, timeout: float | None) -> bool:
        """Whether a client with a timeout of *timeout* seconds would time out."""
        return timeout is not None and self.seconds > timeout


def exchange(
    cache: ResponseCache, method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes
) -> Received:
    """The response to one request, from *cache* or else from the application."""
    sent, url = tuple(headers), url.partition("#")[0]
    found = cache.lookup((url, sent, body), _split) if method == "GET" else None
    if isinstance(found, Hit):
        return Received(found.code, found.headers, found.body, Delivery())
    request = _environ(method, url, sent, body)
    request[KEY] = this = Context(delivers=True)
    if found:
        this.cache_key, this.request_id = found
    elif method == "POST":
        this.head = (url, *[header for header in sent if header[0].lower() != "content-length"])
    answer: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        del exc_info
        answer[:] = int(status[:3]), headers

    parts = cache(request, start_response)
    content = b"".join(parts)
    if close := getattr(parts, "close", None):
        close()
    return Received(answer[0], answer[1], content, this.delivery or Delivery())


def _split(exact: tuple[str, _Headers, bytes]) -> tuple[Hashable, str, Proof | None]:
    """The request without query and proof, its query, and its proof if it is signed."""
    url, sent, body = exact
    path, _, query = url.partition("?")
    if not body and (signed := headers_without_proof(sent, registry.signatures())):
        sent, proof = signed
        return (path, sent, body, "signed"), query, proof
    return (path, sent, body), query, None


def _environ(method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes) -> WSGIEnvironment:
    target = urllib.parse.urlsplit(url)
    made = environ(method, target.path or "/", target.query, headers, Body(body))
    port = target.port or (443 if target.scheme == "https" else 80)
    made |= of_connection(target.scheme, target.hostname or "localhost", port, "127.0.0.1")
    made["SERVER_PROTOCOL"] = "HTTP/1.1"
    made.setdefault("HTTP_HOST", target.netloc.rpartition("@")[2])
    return made
