"""Messages, chats, the bot, and custom bots (contract 4.4 and 4.5)."""

from typing import Any

from flask import request

from mockcbs.services.feishu import contents, errors, hooks, messages, rates, schemas
from mockcbs.services.feishu.envelope import ok
from mockcbs.services.feishu.views.base import blp, paged
from mockcbs.web import context, documented

_HOOK = {
    "type": "object",
    "properties": {
        "msg_type": {"type": "string", "enum": ["text", "post", "image", "share_chat", "interactive"]},
        "content": {"type": "object"},
        "card": {"type": "object"},
        "timestamp": {"type": "string", "description": "Unix seconds, of a signed message."},
        "sign": {"type": "string"},
    },
    "required": ["msg_type"],
}
"""The body of a call to a custom bot, for documents."""


@blp.post("/open-apis/im/v1/messages")
@blp.arguments(schemas.MessageQuery, location="query")
@blp.arguments(schemas.MessageBody, location="json")
@blp.answers("MessageAnswer")
def send_message(query: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """发送消息: send a message to a chat or a person."""
    id_type = query["receive_id_type"]
    if id_type not in messages.RECEIVERS:
        raise messages.wrong(
            "invalid receive_id_type", f"receive_id_type is not one of {_words(messages.RECEIVERS)}"
        )
    if body["msg_type"] not in contents.TYPES:
        raise messages.wrong("invalid msg_type", f"msg_type is not one of {_words(contents.TYPES)}")
    rates.check_chat(body["receive_id"])
    return ok(**messages.send(id_type, body, context.current().caller.app_id))


@blp.get("/open-apis/im/v1/chats")
@blp.arguments(schemas.ChatsQuery, location="query")
@blp.answers("ChatPage")
def list_chats(query: dict[str, Any]) -> dict[str, Any]:
    """获取用户或机器人所在的群列表: the chats of the bot."""
    found = [
        {
            "chat_id": chat["chat_id"],
            "avatar": "",
            "name": chat["name"],
            "description": "",
            "owner_id": "ou_mockcbs",
            "owner_id_type": "open_id",
            "external": False,
            "tenant_key": "mockcbs",
            "chat_status": "normal",
        }
        for chat in messages.chats()
    ]
    page = paged(found, query)
    del page["total"]
    return ok(**page)


@blp.get("/open-apis/im/v1/chats/<chat_id>/members/is_in_chat")
@blp.answers("InChatAnswer")
def is_in_chat(chat_id: str) -> dict[str, Any]:
    """判断用户或机器人是否在群里: whether the bot is in a chat."""
    errors.failing(chat_id)
    return ok(is_in_chat=messages.is_in(chat_id))


@blp.get("/open-apis/bot/v3/info")
@blp.answers("BotAnswer")
def bot_info() -> dict[str, Any]:
    """获取机器人信息: the bot of the app; the response has no ``data``."""
    bot = {
        "activate_status": 2,
        "app_name": "mockcbs",
        "avatar_url": "",
        "ip_white_list": [],
        "open_id": "ou_mockcbs",
    }
    return {"code": 0, "msg": "ok", "bot": bot}


@blp.post("/open-apis/bot/v2/hook/<hook_token>")
@blp.documented(requestBody=documented.body(_HOOK))
@blp.answers("HookAnswer")
def call_hook(hook_token: str) -> dict[str, Any]:
    """自定义机器人: send a message to the group of a custom bot."""
    hooks.receive(hook_token, request.get_data())
    return {
        "code": 0,
        "msg": "success",
        "data": {},
        "Extra": None,
        "StatusCode": 0,
        "StatusMessage": "success",
    }


def _words(accepted: Any) -> str:
    return ", ".join(accepted)
