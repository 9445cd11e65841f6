"""Who may call, and the header of every response."""

import pytest

from mockcbs.services.feishu.tokens import token_in
from tests.services.feishu.stated import PATH

CREDENTIALS = {"app_id": "cli_mockcbs", "app_secret": "mockcbs-app-secret"}
GRANT = "/open-apis/auth/v3/tenant_access_token/internal"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", 99991661),
        ("Basic x", 99991661),
        ("Bearer ", 99991661),
        ("Bearer x", 99991671),
        ("Bearer a-app", 99991664),
        ("Bearer t-bad", 99991663),
        ("Bearer t-expired", 99991663),
        ("Bearer t-any", 0),
        ("Bearer u-any", 0),
    ],
)
def test_open_takes_tokens_of_the_right_form(make, header, code):
    """An open mock accepts all tokens of the right form, except those that are known to be bad."""
    assert make().get(PATH, headers={"Authorization": header}).json["code"] == code


def test_strict_takes_tokens_that_were_issued(make):
    """A strict mock accepts issued tokens until they expire, and no user tokens."""
    client = make(strict=True, now="2026-11-22")
    token = client.post(GRANT, json=CREDENTIALS).json["tenant_access_token"]

    def code(text):
        return client.get(PATH, headers={"Authorization": f"Bearer {text}"}).json["code"]

    assert [code(token), code("t-any"), code("u-any")] == [0, 99991663, 99991668]
    client.put("/_mockcbs/clock", json={"advance_ms": 7_200_000})
    assert code(token) == 99991663


@pytest.mark.parametrize(
    ("environ", "token"),
    [
        ({"PATH_INFO": "/open-apis/bot/v2/hook/mine"}, "mine"),
        ({"PATH_INFO": "/open-apis/bot/v2/hook/mine/", "HTTP_AUTHORIZATION": "Bearer t-1"}, "mine"),
        ({"PATH_INFO": "/open-apis/im/v1/chats", "HTTP_AUTHORIZATION": " Bearer  t-1 "}, "t-1"),
        ({"HTTP_AUTHORIZATION": "t-1"}, ""),
    ],
)
def test_the_token_of_a_request(environ, token):
    """The token of a custom bot is in the path, others are in the header."""
    assert token_in(environ) == token
