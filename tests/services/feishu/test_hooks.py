"""Custom bots: signatures, keywords and what is refused."""

import json

import pytest

from mockcbs import Settings, create_app
from mockcbs.services.feishu.hooks import sign

NOW = 1_599_360_473_000
DATASET = """
bots: []
feishu:
  hooks:
    - {token: signed, secret: demo, keywords: [日报, report]}
    - {token: open}
"""
SUCCESS = {
    "code": 0,
    "msg": "success",
    "data": {},
    "Extra": None,
    "StatusCode": 0,
    "StatusMessage": "success",
}


@pytest.fixture
def client(tmp_path):
    (tmp_path / "hooks.yaml").write_text(DATASET, "utf-8")
    # the documented example of a signature is older than what a clock accepts at the start
    app = create_app(Settings(dataset=str(tmp_path / "hooks.yaml"), strict=True, now="2026-11-22"))
    client = app.test_client()
    client.put("/_mockcbs/clock", json={"freeze": NOW})
    return client


def call(client, token="signed", *, seconds=NOW // 1000, secret="demo", **body):
    content = {"msg_type": "text", "content": {"text": "日报: 7"}, **body}
    if secret:
        content |= {"timestamp": str(seconds), "sign": sign(str(seconds), secret)}
    return client.post(f"/open-apis/bot/v2/hook/{token}", json=content)


def test_the_documented_signature():
    """The signature equals that of the vendor's example."""
    assert sign("1599360473", "demo") == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="


def test_a_signed_message_with_a_keyword_arrives(client):
    """A signed message with a keyword is shown with its text, under the token of the bot."""
    response = call(client)

    (message,) = client.get("/_mockcbs/messages?token=signed").json["messages"]
    assert (response.status_code, response.json) == (200, SUCCESS)
    assert (message["kind"], message["to"], message["text"], message["at"]) == (
        "hook",
        "signed",
        "日报: 7",
        NOW,
    )
    assert client.get("/_mockcbs/messages?token=open").json["messages"] == []
    client.post("/_mockcbs/reset")
    assert client.get("/_mockcbs/messages").json["messages"] == []


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"secret": ""}, 19021),
        ({"secret": "other"}, 19021),
        ({"seconds": NOW // 1000 - 7200}, 19021),
        ({"seconds": NOW // 1000 + 3601}, 19021),
        ({"content": {"text": "7"}}, 19024),
        ({"content": {"txt": "日报"}}, 9499),
        ({"content": "日报"}, 9499),
        ({"msg_type": "audio"}, 9499),
        ({"msg_type": "interactive"}, 9499),
        ({"msg_type": "post"}, 9499),
        ({"content": {"text": "日报" * 11_000}}, 9499),
        ({"token": "unknown"}, 19001),
        ({"token": "Fail19022"}, 19022),
    ],
)
def test_a_wrong_message_is_refused(client, how, code):
    """A wrong message gets status 200 with the code of its reason and empty data, and is not stored."""
    response = call(client, **how)

    assert (response.status_code, response.json["code"], response.json["data"]) == (200, code, {})
    assert client.get("/_mockcbs/messages").json["messages"] == []


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"null", "日报".encode()])
def test_a_body_that_is_no_object_is_refused(client, raw):
    """A body that is not an object gets code 9499."""
    assert client.post("/open-apis/bot/v2/hook/open", data=raw).json["code"] == 9499


@pytest.mark.parametrize("msg_type", ["post", "interactive", "image", "share_chat"])
def test_each_type_of_message_arrives(client, msg_type):
    """Each type of message is accepted with its members; keywords may be in any of its texts."""
    post = {"zh_cn": {"title": "report", "content": [[{"tag": "text", "text": "7"}]]}}
    card = {"header": {"title": {"tag": "plain_text", "content": "日报"}}}
    bodies = {
        "post": {"content": {"post": post}},
        "interactive": {"card": card},
        "image": {"content": {"image_key": "img"}},
        "share_chat": {"content": {"share_chat_id": "oc_1"}},
    }
    token = "signed" if msg_type in {"post", "interactive"} else "open"

    assert call(client, token, msg_type=msg_type, **bodies[msg_type]).json == SUCCESS


def test_strict_limits_and_the_full_hour(client):
    """The sixth message of a second is refused; the scenario refuses each."""
    codes = [call(client, "open").json["code"] for _ in range(12)]
    client.post("/_mockcbs/reset")
    client.put("/_mockcbs/scenario", json={"scenario": "full-hour"})

    assert codes[:5] == [0] * 5
    assert 11232 in codes
    assert call(client, "open").json["code"] == 11232


def test_open_mode_takes_any_bot():
    """An unknown bot accepts any message, also a signed one, whose signature cannot be checked."""
    client = create_app(Settings(dataset="empty")).test_client()

    assert call(client, "5f0a1b2c-any").json == SUCCESS
    assert json.loads(call(client, "no!").data)["code"] == 19001
