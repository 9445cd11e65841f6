"""Servers of tests, which listen on 127.0.0.1 and stop with the test."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import HTTPServer
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server


@contextmanager
def running(server: HTTPServer) -> Iterator[str]:
    """The base URL of *server*, which runs in a thread until the context ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(WSGIRequestHandler):
    """Adds only the header Date to the responses of the application."""

    def log_request(self, *_):
        pass

    def send_response(self, code, message=None):
        self.send_response_only(code, message)
        self.send_header("Date", self.date_time_string())


def served(app) -> AbstractContextManager[str]:
    """A WSGI application on a free port; gives its URL."""
    return running(make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet))


@contextmanager
def stopped(process: subprocess.Popen[Any]) -> Iterator[subprocess.Popen[Any]]:
    """*process*, terminated when the context ends."""
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)
