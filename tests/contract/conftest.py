"""Servers on free ports for the length of a test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.servers import served


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """A function that serves a WSGI application and returns its URL."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(served(app))


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    """No options from outside, and no proxy between us and this machine."""
    import os

    for name in [name for name in os.environ if name.startswith("MOCKCBS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
