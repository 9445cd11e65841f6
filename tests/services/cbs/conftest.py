"""Fixtures of these tests."""

import pytest

from tests.services.cbs.conversing import Talk


@pytest.fixture
def talk() -> Talk:
    """A new mock, whose only traffic is that of the test."""
    return Talk.start("empty")
