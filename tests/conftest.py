"""Shared fixtures."""

import signal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from mockcbs import Settings, create_app

settings.register_profile("mockcbs", deadline=None)
settings.load_profile("mockcbs")

PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
NOW = 1_795_305_600_000
"""2026-11-22T00:00:00Z."""


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """Commands that tests start heed Ctrl-C, even if this run is in the background and does not."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def app() -> Flask:
    """Everyday traffic at a fixed instant; nothing a test does changes it."""
    return create_app(Settings(now=NOW))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
