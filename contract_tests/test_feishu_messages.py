"""Feishu: messages from the app and from a custom bot."""

import json
import uuid

from mockcbs.contract.feishu import Feishu
from mockcbs.contract.kit import Kit, NotApplicableError, checks

_PATH = "/open-apis/im/v1/messages"
_TOLERANCE = 900_000
"""The accepted difference between the server's clock and ours, in ms."""


@checks("feishu.shape.message", "feishu.messages.sent", "feishu.messages.uuid", "feishu.messages.wrong")
def test_messages(kit: Kit) -> None:
    """A text message is sent to a chat, and only once for each uuid."""
    kit.must_write()
    feishu, chat = Feishu.of(kit), kit.accounts["feishu_chat"]
    if not chat:
        raise NotApplicableError("no chat is given (MOCKCBS_CONTRACT_FEISHU_CHAT)")
    content = json.dumps({"text": "contract kit"})
    body = {"receive_id": chat, "msg_type": "text", "content": content, "uuid": str(uuid.uuid4())}
    where = "receive_id_type=chat_id"
    answer = feishu.call("POST", _PATH, body, where)
    if answer.json.get("code") == 230002:
        raise NotApplicableError("the bot is not a member of the chat")
    sent = feishu.good("message", answer)
    found = [sent["chat_id"], sent["msg_type"], json.loads(sent["body"]["content"])]
    expected = [chat, "text", {"text": "contract kit"}]
    kit.expect("feishu.messages.sent", answer, found, expected, "chat_id, msg_type, content")
    with kit.part("feishu.messages.sent"):
        found = [sent["deleted"], sent["updated"], sent["sender"]["id"], sent["sender"]["sender_type"]]
        expected = [False, False, kit.accounts["feishu_app_id"], "app"]
        kit.expect("feishu.messages.sent", answer, found, expected, "deleted, updated, sender")
        for name in ("create_time", "update_time"):
            is_now = abs(int(sent[name]) - kit.present(answer)) < _TOLERANCE
            kit.judge("feishu.messages.sent", answer, f"{name}: the current time", sent[name], held=is_now)
    again = feishu.call("POST", _PATH, body, where)
    same = feishu.good("message", again)["message_id"]
    kit.expect("feishu.messages.uuid", again, same, sent["message_id"], "message_id")
    for wrong, place in (({**body, "msg_type": "nothing"}, where), (body, "receive_id_type=nothing")):
        answer = feishu.call("POST", _PATH, {**wrong, "uuid": str(uuid.uuid4())}, place)
        feishu.refused("feishu.messages.wrong", answer, 230001, 400)


@checks("feishu.hooks.sent", "feishu.hooks.wrong")
def test_hooks(kit: Kit) -> None:
    """A custom bot accepts text, post and card, and rejects other types."""
    kit.must_write()
    feishu, hook = Feishu.of(kit), kit.accounts["feishu_hook"]
    if not hook:
        raise NotApplicableError("no custom bot is given (MOCKCBS_CONTRACT_FEISHU_HOOK)")
    path = f"/open-apis/bot/v2/hook/{hook}"
    post = {"zh_cn": {"title": "kit", "content": [[{"tag": "text", "text": "contract kit"}]]}}
    element = {"tag": "div", "text": {"tag": "plain_text", "content": "contract kit"}}
    for body in (
        {"msg_type": "text", "content": {"text": "contract kit"}},
        {"msg_type": "post", "content": {"post": post}},
        {"msg_type": "interactive", "card": {"elements": [element]}},
    ):
        answer = feishu.call("POST", path, body)
        if answer.json.get("code") == 19001:
            raise NotApplicableError("the target has no such custom bot")
        found = [answer.json.get(name) for name in ("code", "StatusCode", "StatusMessage")]
        kit.expect("feishu.hooks.sent", answer, found, [0, 0, "success"], "code, StatusCode, StatusMessage")
    feishu.refused("feishu.hooks.wrong", feishu.call("POST", path, {"msg_type": "nothing"}), 9499)
