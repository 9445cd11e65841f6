"""Servers on free ports for the length of a test."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.contract.sockets import listening
from tests.servers import served


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """A function that serves a WSGI application and returns its URL."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(served(app))


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    """No options from outside, and no proxy between us and this machine."""
    for name in [name for name in os.environ if name.startswith("MOCKCBS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the default run try every thirtieth mutant; ``pytest -m slow`` tries the others."""
    mutants = [item for item in items if getattr(item, "originalname", "") == "test_mutant_is_found"]
    for place, item in enumerate(mutants):
        if place % 30:
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def listen():
    """Listen with a handler; gives the URL."""
    with ExitStack() as stack:
        yield lambda handler: stack.enter_context(listening(handler))
