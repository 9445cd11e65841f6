"""The part of a dataset for Feishu."""

from typing import Any

from marshmallow import fields, post_load

from mockcbs.core.bounds import Items
from mockcbs.core.files import StrictSchema, text
from mockcbs.services.feishu.dialect import DIALECT
from mockcbs.services.feishu.hooks import Hook
from mockcbs.tables.stated import stated_schema


class HookSchema(StrictSchema):
    """A custom bot; without a secret it needs no signature, without keywords it accepts any text."""

    token = text(64, 1, required=True)
    secret = text(256, load_default="")
    keywords = Items(text(64, 1), load_default=[])

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Hook:
        return Hook(data["token"], data["secret"], tuple(data["keywords"]))


class ChatSchema(StrictSchema):
    """A chat that the bot is in."""

    chat_id = text(64, 1, required=True)
    name = text(64, load_default="")


class FeishuSection(StrictSchema):
    """Tables with their rows, custom bots, and chats."""

    tables = Items(fields.Nested(stated_schema(DIALECT)), load_default=[])
    hooks = Items(fields.Nested(HookSchema), load_default=[])
    chats = Items(fields.Nested(ChatSchema), load_default=[])

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "hooks": {hook.token: hook for hook in data["hooks"]}}
