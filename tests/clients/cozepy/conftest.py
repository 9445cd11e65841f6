"""Clients of cozepy on a mock with the sample data."""

import asyncio

import cozepy.request
import pytest
from cozepy import (
    AsyncCoze,
    AsyncTokenAuth,
    Coze,
    TokenAuth,
)

from tests.clients.cozepy.asking import (
    Awaited,
)


@pytest.fixture(scope="module", autouse=True)
def _close_clients():
    """Nobody else closes the connections of cozepy: it leaves that to the garbage collector."""
    made = []

    class Client(cozepy.request.SyncHTTPClient):
        def __init__(self, **members):
            super().__init__(**members)
            made.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cozepy.request, "SyncHTTPClient", Client)
        yield
    for client in made:
        client.close()


@pytest.fixture(scope="module")
def url(_shared):
    """Where the sample data is served."""
    return _shared("--dataset", "coze-sample").url


@pytest.fixture(scope="module", params=["sync", "async"])
def coze(url, request):
    """Either client."""
    if request.param == "sync":
        yield Coze(auth=TokenAuth("pat_mockcbs"), base_url=url)
        return
    loop, http = asyncio.new_event_loop(), cozepy.request.AsyncHTTPClient()
    client = AsyncCoze(auth=AsyncTokenAuth("pat_mockcbs"), base_url=url, http_client=http)
    yield Awaited(client, loop)
    loop.run_until_complete(http.aclose())
    loop.close()
