"""The calls that issue access tokens of apps."""

import pytest

from mockcbs import Settings, create_app
from tests.services.feishu.conftest import NOW
from tests.services.feishu.views.calls import call

URL = "/open-apis/auth/v3/tenant_access_token/internal"
RIGHT = {"app_id": "cli_mockcbs", "app_secret": "mockcbs-app-secret"}


@pytest.fixture
def client():
    return create_app(Settings(now=NOW, dataset="empty")).test_client()


def test_a_token_stays_until_half_an_hour_is_left(client):
    """A new token is issued when half an hour is left; the old one is valid until its end."""
    first = call(client, "POST", URL, RIGHT)
    client.put("/_mockcbs/clock", json={"advance_ms": 5_400_000})
    same = call(client, "POST", URL, RIGHT)
    client.put("/_mockcbs/clock", json={"advance_ms": 1_000})
    other = call(client, "POST", URL, RIGHT)

    assert (first["expire"], same["expire"], other["expire"]) == (7200, 1800, 7200)
    assert first["tenant_access_token"] == same["tenant_access_token"] != other["tenant_access_token"]
    header = {"Authorization": f"Bearer {first['tenant_access_token']}"}
    assert client.get("/open-apis/im/v1/chats", headers=header).json["code"] == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({**RIGHT, "app_secret": "wrong"}, 10014),
        ({"app_id": "mine", "app_secret": "x"}, 10014),
        ({"app_id": "cli_mine", "app_secret": "x"}, 0),
        ({"app_id": "cli_mine"}, 10003),
        ({**RIGHT, "app_secret": ""}, 10003),
    ],
)
def test_who_gets_a_token(client, body, code):
    """The configured app by its secret, any other by the form of its id."""
    assert call(client, "POST", URL, body)["code"] == code


def test_strict_knows_the_configured_app_only():
    """A strict mock refuses all apps except the configured one."""
    client = create_app(Settings(now=NOW, dataset="empty", strict=True)).test_client()

    assert call(client, "POST", URL, RIGHT)["code"] == 0
    assert call(client, "POST", URL, {"app_id": "cli_mine", "app_secret": "x"})["code"] == 10014


def test_the_token_has_two_names(client):
    """Both endpoints return the same token."""
    answer = call(client, "POST", URL.replace("tenant", "app"), RIGHT)

    assert answer["app_access_token"] == answer["tenant_access_token"]
