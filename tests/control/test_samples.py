"""``/_mockcbs/samples``: code for a request, with credentials that work."""

import pytest

from mockcbs import Settings, create_app
from tests.conftest import BOT, NOW, PROJECT

URL = "/_mockcbs/samples"
STATS = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=day"


@pytest.fixture
def client():
    return create_app(Settings(now=NOW, strict=True)).test_client()


def test_code_for_an_operation(client):
    """Code is available in several languages, and with the SDK of the service."""
    found = client.get(f"{URL}?operation=cbs.session_stats").json

    names = {sample["language"] for sample in found["samples"]}
    assert {"curl", "python", "sdk"} <= names


def test_code_for_a_request_of_the_journal(client):
    """Valid credentials, which a strict mock accepts, replace the masked ones."""
    client.get(STATS, headers={"X-Auth-Token": "any-secret-token"})
    entry = client.get("/_mockcbs/journal").json["entries"][0]["id"]

    found = client.get(f"{URL}?entry={entry}")

    assert "any-secret-token" not in found.text
    assert STATS.partition("?")[0] in found.text


def test_a_request_gets_valid_credentials(client):
    """A strict mock accepts the request with the credentials that are returned."""
    url = f"http://localhost{STATS}"
    sent = client.post("/_mockcbs/authorize", json={"method": "GET", "url": url}).json

    headers = dict(sent["headers"]) if isinstance(sent["headers"], list) else sent["headers"]
    assert client.get(STATS, headers=headers).status_code == 200
    assert client.get(STATS).status_code == 401


@pytest.mark.parametrize("query", ["", "operation=nope", "entry=99", "entry=1&operation=cbs.session_stats"])
def test_what_cannot_be_written(client, query):
    """Code is written for exactly one request, which must exist."""
    assert client.get(f"{URL}?{query}").status_code in {400, 404}
