"""The bytes of responses: the application's response with the headers that the server adds."""

from typing import Any, ClassVar, NamedTuple
from wsgiref.types import WSGIApplication, WSGIEnvironment

from uvicorn.protocols.http.httptools_impl import STATUS_LINE
from uvicorn.server import ServerState

from mockcbs.server.body import Body
from mockcbs.web.context import KEY, Context
from mockcbs.web.json import PacedStream


class Waiting(NamedTuple):
    """A request in the queue."""

    request: WSGIEnvironment
    keep_alive: bool
    body: Body

    def again(self) -> "Waiting":
        """The same request with a new context, as if the application had not seen it."""
        made = {name: value for name, value in self.request.items() if not name.startswith("werkzeug.")}
        made |= {"wsgi.input": self.body.open(), KEY: self.request[KEY].again()}
        return Waiting(made, self.keep_alive, self.body)


class Response(NamedTuple):
    """The bytes of a response."""

    head: bytes
    body: bytes
    stream: PacedStream | None
    """The stream that is sent in place of the body."""
    keep_alive: bool
    """Whether the connection stays open after the response."""


class Responses:
    """Calls the application for the requests of one connection."""

    _ends: ClassVar[tuple[Any, list[bytes]]] = None, []
    """The headers of every response (such as `Date`) and the ends of heads: for a last response, and for
    others.
    """

    def __init__(self, wsgi: WSGIApplication, state: ServerState) -> None:
        self._wsgi, self._state = wsgi, state

    def response(self, waiting: Waiting) -> Response:
        """The response of the application."""
        begun: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            del exc_info
            begun[:] = int(status[:3]), b"".join(map(_header, headers))

        body = self._wsgi(waiting.request, start_response)
        stream = body if isinstance(body, PacedStream) else None
        keep_alive = waiting.keep_alive and not (stream and stream.length is None)
        content = b"".join(body) if stream is None else b""
        if stream is None and (close := getattr(body, "close", None)):
            close()
        return Response(self.head(*begun, keep_alive=keep_alive), content, stream, keep_alive)

    def final(self, waiting: Waiting) -> Response:
        """The response of the application; after it the body of the request is not read any more."""
        body, request = waiting.body, waiting.request
        try:
            if body.on_disk:
                request["wsgi.input"] = body.open()
            if body.failure:
                this: Context = request[KEY]
                this.body_error = body.failure
            return self.response(waiting)
        finally:
            waiting.body.close()

    def head(self, code: int, lines: bytes, *, keep_alive: bool) -> bytes:
        """Status line and headers up to the blank line; *lines* are the application's headers."""
        defaults, ends = Responses._ends
        if defaults is not self._state.default_headers:  # uvicorn makes a new list every second
            defaults = self._state.default_headers
            ours = b"".join(b"%b: %b\r\n" % (name.title(), value) for name, value in defaults)
            ends = [b"%bConnection: %b\r\n\r\n" % (ours, how) for how in (b"close", b"keep-alive")]
            Responses._ends = defaults, ends
        return STATUS_LINE[code] + lines + ends[keep_alive]


def _header(header: tuple[str, str]) -> bytes:
    return f"{header[0]}: {header[1]}\r\n".encode("latin-1")
