"""Fixtures of these tests."""

import pytest

from mockcbs import Settings, create_app
from tests.conftest import NOW


@pytest.fixture
def strict():
    return create_app(Settings(dataset="empty", now=NOW, strict=True)).test_client()
