"""The contents of messages: their validity and their text (contract 4.4, 4.5)."""

from collections.abc import Iterator
from typing import Any

from mockcbs.core.spelling import not_one_of

TYPES = (
    "text",
    "post",
    "image",
    "file",
    "audio",
    "media",
    "sticker",
    "interactive",
    "share_chat",
    "share_user",
)
"""The types of messages to chats."""
HOOK_TYPES = ("text", "post", "image", "share_chat", "interactive")
"""The types of messages to custom bots."""

_KEYS = {
    "image": "image_key",
    "file": "file_key",
    "audio": "file_key",
    "media": "file_key",
    "sticker": "file_key",
    "share_chat": "chat_id",
    "share_user": "user_id",
}
"""The member with the text of a message, by message type."""
_READ = (
    "title",
    "text",
    "content",
    "elements",
    "header",
    "columns",
    "rows",
    "fields",
    "body",
    "actions",
    "user_name",
)
"""The members of posts and cards that contain visible texts."""


def problem(msg_type: str, content: dict[str, Any]) -> str | None:
    """The error in the content of a message to a chat; `None` for a valid one."""
    if msg_type == "text":
        text = content.get("text")
        return None if isinstance(text, str) and text else "content.text is not a text"
    if msg_type == "post":
        return _post_problem(content)
    if msg_type == "interactive":
        return None if content else "content is an empty card"
    key = _KEYS[msg_type]
    value = content.get(key)
    return None if isinstance(value, str) and value else f"content.{key} is not a text"


def hook_problem(body: dict[str, Any]) -> str | None:
    """The error in the body of a message to a custom bot; `None` for a valid one."""
    msg_type = body.get("msg_type")
    if msg_type not in HOOK_TYPES:
        return f"msg_type {not_one_of(msg_type, HOOK_TYPES)}"
    if msg_type == "interactive":
        card = body.get("card")
        return None if isinstance(card, dict) and card else "card is not an object with members"
    content = body.get("content")
    if not isinstance(content, dict):
        return "content is not an object"
    if msg_type == "post":
        post = content.get("post")
        return _post_problem(post) if isinstance(post, dict) else "content.post is not an object"
    if msg_type == "share_chat":
        content = {"chat_id": content.get("share_chat_id")}
    return problem(msg_type, content)


def text_of(content: Any) -> str:
    """The visible text of a message, line by line."""
    return "\n".join(line for line in _lines(content) if line)


def _post_problem(content: dict[str, Any]) -> str | None:
    """The error in a post. By language, a post has a title and paragraphs, which are lists of elements."""
    if not content:
        return "the post has no language, such as zh_cn"
    for language, post in content.items():
        paragraphs = post.get("content") if isinstance(post, dict) else None
        if not isinstance(paragraphs, list) or not all(
            isinstance(line, list) and all(isinstance(one, dict) for one in line) for line in paragraphs
        ):
            return f"{language}.content is not a list of lists of elements"
    return None


def _lines(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        if content and all(isinstance(one, dict) and "tag" in one for one in content):
            yield from _paragraph(content)
        else:
            for one in content:
                yield from _lines(one)
    elif isinstance(content, dict):
        for key, value in content.items():
            if key in _READ or (isinstance(value, dict) and key not in {"config", "style"}):
                yield from _lines(value)


def _paragraph(elements: list[dict[str, Any]]) -> Iterator[str]:
    """The lines of a paragraph: the elements of a post share a line, those of a card do not."""
    texts = [one["text"] for one in elements if isinstance(one.get("text"), str)]
    if len(texts) == len(elements):
        yield "".join(texts)
        return
    for one in elements:
        yield from _lines({key: value for key, value in one.items() if key != "tag"})
