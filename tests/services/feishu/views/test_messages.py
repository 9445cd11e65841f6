"""The calls of messages, chats and the bot."""

import pytest

from tests.services.feishu.views.calls import call, data

DATASET = """
bots: []
feishu:
  chats:
    - {chat_id: oc_daily, name: 运营日报}
    - {chat_id: oc_weekly, name: 周报}
"""
URL = "/open-apis/im/v1"


@pytest.fixture
def client(make):
    return make(DATASET)


def test_stated_chats_are_listed_page_by_page(client):
    """Stated chats are listed in pages without a total."""
    first = data(client, "GET", f"{URL}/chats", page_size=1)
    rest = data(client, "GET", f"{URL}/chats", page_size=1, page_token=first["page_token"])

    names = [chat["name"] for page in (first, rest) for chat in page["items"]]
    assert names == ["运营日报", "周报"]
    assert "total" not in first


def test_strict_knows_the_stated_chats_only(make):
    """Open, the bot is in every chat."""
    path = f"{URL}/chats/oc_other/members/is_in_chat"
    strict = make(DATASET, strict=True)
    credentials = {"app_id": "cli_mockcbs", "app_secret": "mockcbs-app-secret"}
    grant = call(strict, "POST", "/open-apis/auth/v3/tenant_access_token/internal", credentials)
    header = {"Authorization": f"Bearer {grant['tenant_access_token']}"}

    assert data(make(DATASET), "GET", path)["is_in_chat"] is True
    assert strict.get(path, headers=header).json["data"]["is_in_chat"] is False
    body = {"receive_id": "oc_other", "msg_type": "text", "content": '{"text":"x"}'}
    refused = strict.post(f"{URL}/messages?receive_id_type=chat_id", json=body, headers=header)
    assert refused.json["code"] == 230002


@pytest.mark.parametrize(("query", "msg_type"), [("phone", "text"), ("chat_id", "letter")])
def test_wrong_words_are_answered_with_the_accepted(client, query, msg_type):
    """230001 names the parameter, the reason what is accepted."""
    body = {"receive_id": "oc_daily", "msg_type": msg_type, "content": '{"text":"x"}'}

    answer = client.post(
        f"{URL}/messages?receive_id_type={query}", json=body, headers={"Authorization": "Bearer t-any"}
    )

    assert answer.json["code"] == 230001
    assert "ext=invalid" in answer.json["msg"]
    assert "is not one of" in answer.headers["X-Mockcbs-Reason"]


def test_the_bot(client):
    """As in the vendor's responses, the bot is not in data."""
    assert call(client, "GET", "/open-apis/bot/v3/info")["bot"]["app_name"] == "mockcbs"
