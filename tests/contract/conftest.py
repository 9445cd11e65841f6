"""Servers on free ports for the length of a test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.servers import running


class _Quiet(WSGIRequestHandler):
    """Adds only the header Date to the responses of the application."""

    def log_request(self, *_):
        pass

    def send_response(self, code, message=None):
        self.send_response_only(code, message)
        self.send_header("Date", self.date_time_string())


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """A function that serves a WSGI application and returns its URL."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(
            running(make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet))
        )


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    """No options from outside, and no proxy between us and this machine."""
    import os

    for name in [name for name in os.environ if name.startswith("MOCKCBS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
