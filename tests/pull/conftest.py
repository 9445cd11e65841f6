"""A mock in process, and a present day that is its own."""

from datetime import date

import pytest

from mockcbs import Mock
from mockcbs.pull import client as pull_client
from mockcbs.pull import days as calendar
from tests.contract.conftest import _clean_environment, serve

__all__ = ["_clean_environment", "serve"]

TODAY = date(2026, 11, 22)
NOW = "2026-11-22T20:00:00+08:00"


@pytest.fixture(autouse=True)
def waits(monkeypatch) -> list[float]:
    """Nobody waits: the pauses that were meant, in seconds."""
    pauses: list[float] = []
    monkeypatch.setattr(calendar, "today", lambda _: TODAY)
    monkeypatch.setattr(pull_client, "sleep", pauses.append)
    return pauses


@pytest.fixture(scope="module")
def mock():
    """One mock for all tests of a module; those that ask questions reset it."""
    with Mock(now=NOW) as mock:
        yield mock
