"""The WSGI environment of a request (PEP 3333)."""

import sys
import urllib.parse
from collections.abc import Hashable, Iterable
from wsgiref.types import WSGIEnvironment

from mockcbs.server.body import Body
from mockcbs.services import registry
from mockcbs.web.proofs import Proof, without_proof


def path_and_query(target: bytes) -> tuple[str, str]:
    """The path and the query of a request target as sent; the host of an absolute URL is dropped.

    ``*`` and ``host:port`` count as paths.
    """
    path, _, query = target.decode("latin-1").partition("?")
    if "://" in path and not path.startswith("/"):
        path = "/" + path.partition("://")[2].partition("/")[2]
    return path, query


def environ(
    method: str, path: str, query: str, headers: Iterable[tuple[str, str]], body: Body
) -> WSGIEnvironment:
    """The environment of a request without the protocol and what `of_connection` adds.

    A body on disk is opened later, in a thread.
    """
    made: WSGIEnvironment = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": urllib.parse.unquote(path, "latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": f"{path}?{query}" if query else path,
        "wsgi.version": (1, 0),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in headers:
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        made[key] = f"{made[key]},{value}" if key in made else value
    made["CONTENT_LENGTH"] = str(len(body))
    made["wsgi.input"] = None if body.on_disk else body.open()
    made.pop("HTTP_TRANSFER_ENCODING", None)
    return made


def of_connection(scheme: str, host: str, port: int, client: str) -> WSGIEnvironment:
    """The entries that all requests of a connection share; *client* is an IP address."""
    return {
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": client,
        "wsgi.url_scheme": scheme,
    }


def split(whole: bytes) -> tuple[Hashable, str, Proof | None]:
    """Divide a request into query, proof (if it is signed) and everything else, which comes first. *whole* is
    one complete, valid request.
    """
    line, _, rest = whole.partition(b"\r\n")
    target, _, version = line.rpartition(b" ")
    path, _, query = target.partition(b"?")
    if signed := without_proof(b"\r\n" + rest, registry.signatures()):
        pieces, proof = signed
        return (path, version, pieces), query.decode("latin-1"), proof
    return (path, version, rest), query.decode("latin-1"), None
