"""A client that openapi-python-client generates from the document calls a live mock."""

import importlib
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
import requests

from tests.conftest import BOT, PROJECT

CHAT_BOT = "7342866812345678901"


@pytest.fixture(scope="module")
def generated(server, tmp_path_factory):
    """The package of the client; what it needs (httpx, attrs) is there."""
    pytest.importorskip("openapi_python_client")
    folder = tmp_path_factory.mktemp("generated")
    (file := folder / "openapi.json").write_bytes(
        requests.get(f"{server.url}/_mockcbs/openapi.json", timeout=60).content
    )
    package = folder / "mockcbs_client"
    command = ["generate", "--path", str(file), "--output-path", str(package), "--meta", "none"]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "openapi_python_client", *command],
        capture_output=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield importlib.import_module("mockcbs_client")
    sys.path.remove(str(folder))


@pytest.mark.slow
def test_session_stats(generated, server):
    """Figures are numbers of the types that the document states."""
    call = importlib.import_module("mockcbs_client.api.huawei_cloud_cbs.cbs_session_stats")
    interval = importlib.import_module("mockcbs_client.models").CbsSessionStatsInterval
    how = {"token": "any-token", "prefix": "", "auth_header_name": "X-Auth-Token"}

    with generated.AuthenticatedClient(server.url, **how) as client:
        stats = call.sync(PROJECT, BOT, client=client, interval=interval.DAY)

    assert type(stats).__name__ == "CbsSessionStats"
    assert stats.total.session_count == sum(day.session_count for day in stats.intervals) > 0


@pytest.mark.slow
def test_coze_analytics(generated, server):
    """Figures of a Coze bot have the stated types; a refusal has the type of an error."""
    call = importlib.import_module("mockcbs_client.api.coze_analytics.coze_bot_analytics")
    today = datetime.now(UTC).date()

    with generated.AuthenticatedClient(server.url, "pat_mockcbs") as client:
        answer = call.sync(CHAT_BOT, client=client, start_date=today - timedelta(days=7), end_date=today)
        refused = call.sync(CHAT_BOT, client=client, start_date=today, end_date=today - timedelta(days=7))

    assert answer.code == 0
    assert answer.data.summary.total_calls == sum(row.total_calls for row in answer.data.metrics) > 0
    assert (type(refused).__name__, refused.code) == ("CozeFailure", 4000)
