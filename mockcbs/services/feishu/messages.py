"""Messages to chats, and the chats of the bot (contract 4.4)."""

from typing import Any

from mockcbs.core.errors import ApiError
from mockcbs.core.json_input import JSONInputError, loads
from mockcbs.core.made_ids import made_id
from mockcbs.core.numbers import compact
from mockcbs.messages.store import Message, Messages
from mockcbs.services.feishu import contents, errors
from mockcbs.web import context

RECEIVERS = {"open_id": "ou_", "user_id": "", "union_id": "on_", "email": "", "chat_id": "oc_"}
"""The prefixes of receivers' ids, by type."""
DEFAULT_CHAT = "oc_mockcbs"
_MAX_BYTES = {"text": 150 * 1024, "post": 30 * 1024, "interactive": 30 * 1024}
_SAME_MS = 3_600_000
"""The time in ms in which a uuid identifies the first message that was sent with it."""
_UUIDS = "feishu.uuid"


def sent() -> Messages:
    """The sent messages."""
    return Messages(context.mock().documents)


def chats() -> list[dict[str, str]]:
    """The chats of the bot: those of the dataset, or a default one."""
    stated = context.mock().dataset.services.get("feishu", {}).get("chats")
    return stated or [{"chat_id": DEFAULT_CHAT, "name": "运营日报"}]


def is_in(chat_id: str) -> bool:
    """Whether the bot is in a chat; unless strict, it is in every chat."""
    return not context.mock().settings.strict or chat_id in {chat["chat_id"] for chat in chats()}


def send(id_type: str, body: dict[str, Any], app_id: str) -> dict[str, Any]:
    """Send a message. If a message with the same *uuid* was sent within an hour, return that one."""
    scope, now = context.scope() or "", context.now()
    _check_receiver(id_type, body["receive_id"])
    content = _content(body["msg_type"], body["content"])
    documents, uuid = context.mock().documents, body.get("uuid") or ""
    if uuid and (known := documents.get(_UUIDS, scope, uuid)) and now - known["at"] < _SAME_MS:
        earlier = sent().find(scope, known["id"])
        if earlier:
            return _shown(earlier, app_id)
    number = _issued(scope)
    message = Message(
        made_id("om_", 32, context.mock().seed, scope, number),
        now,
        "chat",
        body["receive_id"],
        contents.text_of(content),
        content,
        body["msg_type"],
        scope,
        details={"receive_id_type": id_type, "chat_id": _chat_id(id_type, body["receive_id"])},
    )
    kept = sent().add(message)
    if uuid:
        documents.put(_UUIDS, scope, uuid, {"id": kept.id, "at": now})
    return _shown(kept, app_id)


def _check_receiver(id_type: str, receive_id: str) -> None:
    errors.failing(receive_id)
    beginning = RECEIVERS[id_type]
    is_right = "@" in receive_id[1:-1] if id_type == "email" else receive_id.startswith(beginning)
    if not is_right:
        raise wrong("invalid receive_id", f"receive_id {receive_id!r} is not of type {id_type}")
    if id_type == "chat_id" and not is_in(receive_id):
        raise ApiError(errors.row(230002), f"the bot is not in chat {receive_id} (--strict)")


def _content(msg_type: str, text: str) -> dict[str, Any]:
    if len(text.encode()) > _MAX_BYTES.get(msg_type, 30 * 1024):
        raise ApiError(errors.row(230025), f"content has {len(text.encode())} bytes")
    try:
        content = loads(text.encode())
    except JSONInputError as error:
        raise wrong("content is not a string in json format", f"content: {error}") from error
    if not isinstance(content, dict):
        raise wrong("content is not a string in json format", "content is not a JSON object")
    if reason := contents.problem(msg_type, content):
        if msg_type == "interactive":
            raise ApiError(errors.row(230099), reason)
        raise wrong("invalid content", reason)
    return content


def wrong(said: str, reason: str) -> ApiError:
    """The error 230001; its message contains the cause after ``ext=``."""
    return errors.refused(230001, reason, detail=f"ext={said}")


def _chat_id(id_type: str, receive_id: str) -> str:
    """The chat of a message; for a person, the chat of the bot with that person."""
    return receive_id if id_type == "chat_id" else made_id("oc_", 32, "p2p", receive_id)


def _issued(scope: str) -> int:
    documents = context.mock().documents
    held = documents.get("feishu.issued", scope, "messages")
    number: int = (held["count"] if held else 0) + 1
    documents.put("feishu.issued", scope, "messages", {"count": number})
    return number


def _shown(message: Message, app_id: str) -> dict[str, Any]:
    return {
        "message_id": message.id,
        "root_id": "",
        "parent_id": "",
        "thread_id": "",
        "msg_type": message.msg_type,
        "create_time": str(message.at),
        "update_time": str(message.at),
        "deleted": False,
        "updated": False,
        "chat_id": message.details["chat_id"],
        "sender": {"id": app_id, "id_type": "app_id", "sender_type": "app", "tenant_key": "mockcbs"},
        "body": {"content": compact(message.content)},
        "mentions": [],
    }
