"""One mock for all tests of a module."""

import pytest

from mockcbs import Mock
from tests.testing.calls import WHEN


@pytest.fixture(scope="module")
def shared():
    return Mock(seed=7, now=WHEN)


@pytest.fixture
def mock(shared):
    with shared:
        yield shared
