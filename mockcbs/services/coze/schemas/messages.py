"""Messages from clients (contract 3.3, 3.5.2)."""

from typing import Any, ClassVar

import simplejson
from marshmallow import ValidationError, validates_schema

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import errors
from mockcbs.services.coze.schemas.fields import Body, Item, Items, MetaData, choice, text

MAX_MESSAGES = 100
_PARTS = ("text", "file", "image", "audio")
_MADE_BY_TOOLS = frozenset({"function_call", "tool_output", "tool_response"})


class EnterMessage(Body):
    """A message from a client.

    It may be a received message; members that have no meaning in a request are ignored.
    """

    HARMLESS: ClassVar[frozenset[str]] = frozenset(
        (
            "id", "conversation_id", "section_id", "bot_id", "chat_id", "created_at", "updated_at",
            "reasoning_content",
        )
    )  # fmt: skip

    role = choice("user", "assistant", required=True)
    type = choice("", "question", "answer", "function_call", "tool_output", "tool_response", load_default="")
    content = text(load_default="")
    content_type = choice("text", "object_string", load_default=str)
    meta_data = MetaData(load_default=dict)

    @validates_schema(skip_on_field_errors=True)
    def _content(self, data: dict[str, Any], **_: Any) -> None:
        if data["content"] and not data["content_type"]:
            raise ValidationError("content_type is required with content")
        if data["content_type"] == "object_string":
            parts(data["content"])


class CreateMessage(EnterMessage):
    """Body of inserting a message."""

    content = text(2**20, 1, required=True)
    content_type = choice("text", "object_string", required=True)


def parts(content: str) -> list[dict[str, Any]]:
    """The parts of an ``object_string``; raises `ValidationError` for a part that contract 3.3 forbids."""
    try:
        found = simplejson.loads(content)
    except (ValueError, RecursionError):
        raise ValidationError("content must be a JSON array of parts") from None
    if not isinstance(found, list) or not all(isinstance(part, dict) for part in found) or not found:
        raise ValidationError("content must be a JSON array of parts")
    kinds = [part.get("type") for part in found]
    if not all(kind in _PARTS for kind in kinds):
        raise ValidationError("a part must be of type text, file, image or audio")
    if kinds.count("text") > 1 or kinds == ["text"]:
        raise ValidationError("one text part is allowed, together with at least one file or image")
    if not all(_is_filled(part) for part in found):
        raise ValidationError("a part needs its text, file_id or file_url, as a string")
    return found


def _is_filled(part: dict[str, Any]) -> bool:
    if part["type"] == "text":
        return isinstance(part.get("text"), str)
    given = [part[name] for name in ("file_id", "file_url") if part.get(name)]
    return bool(given) and all(isinstance(value, str) for value in given)


class AdditionalMessages(Items):
    """At most *high* messages; more than 100 have a separate error (4004)."""

    checks_length_first = True

    def __init__(self, high: int = MAX_MESSAGES, **kwargs: Any) -> None:
        super().__init__(Item(EnterMessage), 0, high, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > MAX_MESSAGES:
            raise ApiError(
                errors.MESSAGES_LIMITS, f"{len(value)} messages, at most {MAX_MESSAGES} are accepted"
            )
        return super()._deserialize(value, attr, data, **kwargs)


def check_additional(said: list[dict[str, Any]], *, saved: bool) -> None:
    """Refuse messages that must not be combined; raises `ValidationError`."""
    for place in range(len(said)):
        if problem := _problem(said, place, saved=saved):
            raise ValidationError({f"additional_messages[{place}]": [problem]})


def _problem(said: list[dict[str, Any]], place: int, *, saved: bool) -> str:
    """The problem of a message; empty if it is correct."""
    message = said[place]
    if saved and message["type"] in _MADE_BY_TOOLS:
        return f"is of type {message['type']}, which is accepted only with auto_save_history=false"
    if message["role"] == "assistant" and message["type"] == "question":
        return "is of type question, but of role assistant"
    if message["role"] == "assistant" and message["content_type"] == "object_string":
        return "is an object_string, which only role user may send"
    neighbours = said[max(place - 1, 0) : place] + said[place + 1 : place + 2]
    if _needs_text(message) and not any(_has_text(other) for other in neighbours):
        return "has only files or images, so another message must have text"
    return ""


def _needs_text(message: dict[str, Any]) -> bool:
    if message["content_type"] != "object_string":
        return False
    kinds = {part["type"] for part in parts(message["content"])}
    return bool(kinds & {"file", "image"}) and not kinds & {"text", "audio"}


def _has_text(message: dict[str, Any]) -> bool:
    if message["content_type"] != "object_string":
        return bool(message["content"].strip())
    return any(part["type"] == "text" for part in parts(message["content"]))
