"""The commands are tested against servers on free ports, as the kit is."""

import pytest

from tests.contract.conftest import _clean_environment, serve
from tests.webhooks.conftest import postgresql_url

__all__ = ["_clean_environment", "postgresql_url", "serve"]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'events.sqlite'}"
    return request.getfixturevalue("postgresql_url")
