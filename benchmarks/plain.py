"""Constant responses by a library, as in a test: `plain:flask(FOLDER)`, or by pytest-httpserver.

python plain.py httpserver FOLDER PORT

FOLDER has the bodies 200.json, 400.json and 401.json.
"""

import re
import signal
import sys
from pathlib import Path
from typing import Any

_PATH = re.compile("/v1/[^/]+/qabots/[^/]+/requests/session-stats")
_INTERVALS = {"day", "week", "month", "year"}
_JSON = "application/json"


def flask(folder: str) -> Any:
    """A Flask application for gunicorn."""
    from flask import Flask, Response, request

    app = Flask("plain", static_folder=None)
    bodies = _bodies(folder)

    @app.get("/v1/<project>/qabots/<bot>/requests/session-stats")
    def stats(project: str, bot: str) -> Response:
        del project, bot
        status = _status(request)
        return Response(bodies[status], status, mimetype=_JSON)

    return app


def httpserver(folder: str, port: int) -> None:
    """Serve with pytest-httpserver until the process is terminated."""
    from pytest_httpserver import HTTPServer
    from werkzeug import Request, Response

    bodies = _bodies(folder)

    def stats(request: Request) -> Response:
        status = _status(request)
        return Response(bodies[status], status, mimetype=_JSON)

    with HTTPServer(host="127.0.0.1", port=port) as server:
        server.expect_request(_PATH, method="GET").respond_with_handler(stats)
        signal.sigwait({signal.SIGTERM, signal.SIGINT})


def _bodies(folder: str) -> dict[int, bytes]:
    return {status: Path(folder, f"{status}.json").read_bytes() for status in (200, 400, 401)}


def _status(request: Any) -> int:
    if not request.headers.get("X-Auth-Token"):
        return 401
    return 200 if request.args.get("interval") in _INTERVALS else 400


if __name__ == "__main__":
    httpserver(sys.argv[2], int(sys.argv[3]))
