"""Clients of huaweicloudsdkcbs on the default server."""

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from huaweicloudsdkcbs.v1 import (
    CbsClient,
)
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.http.http_config import HttpConfig

from tests.clients.conftest import Served
from tests.clients.huawei_sdk.account import AK, DAY, PROJECT, SK


@pytest.fixture(scope="module", autouse=True)
def _home(tmp_path_factory) -> Iterator[None]:
    """The SDK reads a profile from the user's home and leaves an id there: give it another one."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("HOME", "USERPROFILE"):
            patch.setenv(variable, str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="module")
def stack() -> Iterator[ExitStack]:
    """Closes what the tests of this module open."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture(scope="module")
def connect(server: Served, stack: ExitStack):
    """Build a client of the default server."""

    def build(client_class=CbsClient, *, url=server.url, ak=AK, sk=SK, project=PROJECT, config=None):
        builder = client_class.new_builder().with_credentials(BasicCredentials(ak, sk, project))
        builder = builder.with_endpoint(url).with_http_config(config or HttpConfig(retry_times=0))
        client = builder.build()
        stack.callback(client.close)
        return client

    return build


@pytest.fixture(scope="module")
def client(connect):
    """A synchronous client."""
    return connect()


@pytest.fixture(scope="module")
def fortnight() -> dict[str, str]:
    """The fourteen days before yesterday, so that nothing is added to them while tests run."""
    today = int(time.time() * 1000) // DAY * DAY
    return {"start_time": str(today - 15 * DAY), "end_time": str(today - DAY - 1)}
