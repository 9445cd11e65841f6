"""A client of smart sheets."""

import pytest

from tests.services.tencent_docs.caller import caller


@pytest.fixture
def client():
    return caller()
