"""The error catalogue of Feishu."""

import pytest

from mockcbs.core.errors import ApiError
from mockcbs.services.feishu import errors

TOKEN = {"Authorization": "Bearer t-any"}
CALLS = {
    "app_token": lambda client, one: client.get(f"/open-apis/bitable/v1/apps/{one}", headers=TOKEN),
    "access token": lambda client, one: client.get(
        "/open-apis/im/v1/chats", headers={"Authorization": f"Bearer {one}"}
    ),
    "receive_id": lambda client, one: client.post(
        "/open-apis/im/v1/messages?receive_id_type=chat_id",
        json={"receive_id": one, "msg_type": "text", "content": '{"text":"x"}'},
        headers=TOKEN,
    ),
    "app_id": lambda client, one: client.post(
        "/open-apis/auth/v3/tenant_access_token/internal", json={"app_id": one, "app_secret": "x"}
    ),
    "hook token": lambda client, one: client.post(f"/open-apis/bot/v2/hook/{one}", json={"msg_type": "text"}),
}


@pytest.mark.parametrize("row", errors.CATALOGUE, ids=lambda row: row.code)
def test_every_error_can_be_provoked(app, row):
    """An id that ends in Fail and a code provokes that error with its status and envelope."""
    where, _, one = row.provoke.rpartition(" ")

    answer = CALLS[where](app.test_client(), one)

    assert (answer.status_code, answer.json["code"]) == (row.status, int(row.code))
    if isinstance(row, errors.PlainError):
        assert answer.json == {"code": int(row.code), "msg": row.message, "data": {}}
    else:
        assert answer.json["error"]["log_id"] == answer.headers["X-Tt-Logid"]


def test_an_id_that_ends_otherwise_is_fine():
    """An id that ends in Fail and an unknown code is an ordinary id."""
    errors.failing("bascnFail")
    errors.failing("bascnFail999")

    with pytest.raises(ApiError, match="1254302"):
        errors.failing("bascnFail1254302")


def test_details_stand_behind_the_message():
    """Details follow the message of the body; the reason is only in the header."""
    error = errors.refused(230001, "because", detail="ext=x")

    assert error.message == f"{errors.row(230001).message} ext=x"
    assert error.reason == "because"
