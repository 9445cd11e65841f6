"""Pages of other origins: Coze lets them call it, Huawei's services and mockcbs itself do not."""

import pytest

from tests.conftest import BOT, PROJECT

ORIGIN = {"Origin": "https://app.example"}
PREFLIGHT = {
    **ORIGIN,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
}
ALLOWED = "Access-Control-Allow-Origin"


@pytest.mark.parametrize("path", ["/v3/chat", "/v1/workflow/run", "/v1/files/upload", "/v1/bots/1/analytics"])
def test_preflights_of_coze(client, path):
    """A browser may ask without credentials, and may send any header."""
    answer = client.options(path, headers=PREFLIGHT)

    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers[ALLOWED] == "*"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"].split(",")
    assert answer.headers["Access-Control-Allow-Headers"] == "*,Authorization"
    assert answer.headers["Access-Control-Max-Age"] == "43200"


def test_answers_of_coze(client):
    """A page can read successes and errors of Coze; without an origin there are no CORS headers."""
    good, bad = (
        client.get("/v1/users/me", headers={**ORIGIN, "Authorization": token}) for token in ("Bearer x", "")
    )
    plain = client.get("/v1/users/me", headers={"Authorization": "Bearer x"})

    assert [answer.headers[ALLOWED] for answer in (good, bad)] == ["*", "*"]
    assert ALLOWED not in plain.headers


@pytest.mark.parametrize(
    "path", [f"/v1/{PROJECT}/qabots/{BOT}/requests/keywords", "/v3/auth/tokens", "/_mockcbs/health"]
)
def test_nobody_else(client, path):
    """CBS, IAM and the control API answer no preflight and let no page read their responses."""
    preflight = client.options(path, headers=PREFLIGHT)
    answer = client.get(path, headers=ORIGIN)

    assert preflight.status_code >= 400
    assert ALLOWED not in preflight.headers
    assert ALLOWED not in answer.headers


def test_a_plain_options_is_no_preflight(client):
    """OPTIONS without the headers of a preflight is a wrong method."""
    assert client.options("/v3/chat").status_code == 405


def test_a_page_of_a_service_has_an_origin_of_its_own(client):
    """A response that a browser would run as a page is sandboxed; API clients see no difference."""
    shown = client.get("/v1/users/me", headers={"Sec-Fetch-Dest": "document"})
    called = client.get("/v1/users/me")
    ours = client.get("/_mockcbs/health", headers={"Sec-Fetch-Dest": "document"})

    assert shown.headers["Content-Security-Policy"] == "sandbox"
    assert "Content-Security-Policy" not in called.headers
    assert "Content-Security-Policy" not in ours.headers
