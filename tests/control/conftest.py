"""Fixtures of these tests."""

import pytest

from mockcbs import Settings, create_app
from tests.conftest import NOW


@pytest.fixture
def client():
    return create_app(Settings(now=NOW)).test_client()
