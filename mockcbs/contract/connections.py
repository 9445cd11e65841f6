"""HTTP connections that notice a response which ends within its status line or its headers.

The standard library takes the end of a connection for the end of the headers.
"""

import http.client
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from mockcbs.core.version import VERSION

_START = b"HTTP/"


class _Lines:
    """A file that keeps the last line it has read."""

    def __init__(self, file: Any) -> None:
        self.file, self.last = file, b""

    def readline(self, limit: int = -1) -> bytes:
        """The next line of the file."""
        self.last = self.file.readline(limit)
        return self.last

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


class _Response(http.client.HTTPResponse):
    def begin(self) -> None:
        """Read the status line and the headers; raises `IncompleteRead` if the connection ends there."""
        if getattr(self, "headers", None) is not None:  # they were read before
            return
        file = self.fp
        lines: Any = _Lines(file)
        self.fp = lines
        try:
            super().begin()
        except http.client.RemoteDisconnected:
            raise
        except http.client.BadStatusLine as error:
            if lines.last.endswith(b"\n") or not lines.last.startswith(_START[: len(lines.last)]):
                raise
            raise http.client.IncompleteRead(lines.last) from error
        finally:
            if self.fp is lines:
                self.fp = file
        if not lines.last.endswith(b"\n"):
            raise http.client.IncompleteRead(lines.last)


class _Plain(HTTPConnection):
    response_class = _Response


class _Secure(HTTPSConnection):
    response_class = _Response


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Create the connections to servers; those to proxies are usual ones."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


def new_session() -> requests.Session:
    """A session that notices responses which end within their headers, and sends no usual headers."""
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter())
    session.headers.clear()
    session.headers["User-Agent"] = f"mockcbs-contract/{VERSION}"
    return session
