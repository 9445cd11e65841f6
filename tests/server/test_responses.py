"""The bytes of responses."""

import pytest
from uvicorn.server import ServerState

from mockcbs.server.responses import Responses, Waiting


def bytes_of(application, *, keep_alive: bool = True):
    state = ServerState()
    state.default_headers = [(b"date", b"Mon, 22 Dec 2025 01:00:00 GMT")]
    response = Responses(application, state).response(Waiting({}, keep_alive, None))
    return response.head + response.body, response.keep_alive


def application(environ, start_response):
    """Two headers, and a body in pieces."""
    del environ
    start_response("404 NOT FOUND", [("Content-Length", "4"), ("X-Name", "\u00e9")])
    return [b"ab", b"cd"]


@pytest.mark.parametrize(("keep_alive", "word"), [(True, b"keep-alive"), (False, b"close")])
def test_the_bytes(keep_alive, word):
    """Status line, the application's headers, the server's, a blank line, the body in one piece."""
    found, lives_on = bytes_of(application, keep_alive=keep_alive)

    assert found == (
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nX-Name: \xe9\r\n"
        b"Date: Mon, 22 Dec 2025 01:00:00 GMT\r\nConnection: " + word + b"\r\n\r\nabcd"
    )
    assert lives_on is keep_alive


def test_bodies_are_closed():
    """A body with resources is closed after it is read."""

    class Body(list):
        """Remembers whether it was closed."""

        closed = False

        def close(self):
            self.closed = True

    body = Body([b"x"])

    def answer(environ, start_response):
        start_response("200 OK", [])
        return body

    assert bytes_of(answer)[0].endswith(b"\r\n\r\nx")
    assert body.closed
