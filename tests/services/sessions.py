"""The connection over which a reporting node writes, to a mock in this process."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from flask import Flask

from mockcbs import Settings, create_app
from mockcbs.services.reporting import Session
from tests.conftest import NOW


@contextmanager
def session_with(app: Flask | None = None, **settings: object) -> Iterator[Session]:
    """A session with *app*, or with a new mock of these settings."""
    transport = httpx.WSGITransport(app or create_app(Settings(now=NOW, **settings)))
    with httpx.Client(transport=transport, base_url="http://localhost") as client:
        yield Session(client)
