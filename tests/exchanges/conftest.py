"""A recording of a few calls."""

import pytest
from werkzeug.test import Client

from mockcbs import Settings, create_app
from mockcbs.exchanges.record import Recorder
from mockcbs.exchanges.recorded import ExchangeFile
from tests.conftest import NOW
from tests.exchanges.recorded import BASE, LOGIN, STATS, TOKEN
from tests.servers import served


@pytest.fixture
def recorded(tmp_path):
    """A file with some exchanges, and the answers as they came."""
    path = tmp_path / "recorded.json"
    file = ExchangeFile(path, "https://upstream.example")
    with served(create_app(Settings(now=NOW))) as url:
        proxy = Client(Recorder(url, file))
        headers = {"X-Auth-Token": TOKEN}
        answers = [
            proxy.get(f"{BASE}/{STATS}", headers=headers, buffered=True),
            proxy.get(f"{BASE}/reply-rates?interval=hour", headers=headers, buffered=True),
            proxy.get(f"{BASE}/reply-rates", buffered=True),
            proxy.post("/v3/auth/tokens", json=LOGIN, buffered=True),
        ]
    file.close()
    return path, answers
