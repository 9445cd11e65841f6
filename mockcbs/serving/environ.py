"""A request as WSGI has it (PEP 3333)."""

import io
import sys
import urllib.parse
from collections.abc import Iterable
from wsgiref.types import WSGIEnvironment

Headers = Iterable[tuple[bytes, bytes]]
"""Lower-case names, and values as sent."""


def path_and_query(target: bytes) -> tuple[str, str]:
    """Both, as sent; an absolute URL counts by its path."""
    text = target.decode("latin-1")
    if not text.startswith("/"):
        text = "/" + text.partition("://")[2].partition("/")[2]
    path, _, query = text.partition("?")
    return path, query


def environ(method: str, target: bytes, version: str, headers: Headers, body: bytes) -> WSGIEnvironment:
    """The environment of a request, but for what the connection knows (`of_connection`)."""
    path, query = path_and_query(target)
    made: WSGIEnvironment = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": urllib.parse.unquote(path, "latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": f"{path}?{query}" if query else path,
        "SERVER_PROTOCOL": f"HTTP/{version}",
        "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in headers:
        if b"_" in name:
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        made[key] = f"{made[key]},{text}" if key in made else text
    made["CONTENT_LENGTH"] = str(len(body))
    made.pop("HTTP_TRANSFER_ENCODING", None)
    return made


def of_connection(
    scheme: str, server: tuple[str, int | None] | None, client: tuple[str, int] | None
) -> WSGIEnvironment:
    """What all requests of one connection have in common."""
    host, port = server or ("127.0.0.1", 0)
    return {
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": client[0] if client else "",
        "wsgi.url_scheme": scheme,
    }
