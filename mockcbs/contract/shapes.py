"""Finds problems in a response by its schema, and lists the values of a response."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from marshmallow import Schema

from mockcbs.contract.lacking import Lacking

_UNKNOWN = "Unknown field."
_IDENTITIES = (
    *("event_id", "message_id", "id", "version", "workflow_id", "bot_id", "keyword", "user_id"),
    *("record_id", "field_id", "view_id", "table_id", "chat_id", "recordID", "sheetID"),
)
"""Members that identify the items of a list; the first that an item has is used."""
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)")


def problems(schema: Schema, content: Any) -> tuple[list[str], list[str]]:
    """The problems of *content*, one text per member, and the members that are not in *schema*."""
    found: dict[str, list[str]] = {}
    for member, text in _sentences(schema.validate(content)):
        found.setdefault(member, []).append(text)
    wrong = [
        f"{member}: {' '.join(dict.fromkeys(texts))}"
        for member, texts in found.items()
        if _UNKNOWN not in texts
    ]
    return wrong, sorted(member for member, texts in found.items() if _UNKNOWN in texts)


def _sentences(messages: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Each message of marshmallow with the path of its member, without list indexes."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            place = "[]" if isinstance(key, int) else f".{key}"
            yield from _sentences(inner, f"{name}{place}".removeprefix("."))
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield name, str(message)


def repeated(value: Any, name: str = "") -> Iterator[str]:
    """The ids that several items of one array have, such as ``items[].id = 1``."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from repeated(inner, f"{name}.{key}".removeprefix("."))
    elif isinstance(value, list):
        objects = [one for one in value if isinstance(one, dict)]
        identity = next((one for one in _IDENTITIES if objects and all(one in item for item in objects)), "")
        seen = Counter(item[identity] for item in objects if isinstance(item.get(identity), str | int))
        yield from (f"{name}[].{identity} = {one}" for one, times in seen.items() if times > 1)
        for inner in value:
            yield from repeated(inner, f"{name}[]")


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every value other than objects and arrays, with its path, such as ``intervals[].start``."""
    found: list[tuple[str, Any]] = []
    _add_leaves(value, name, found)
    return iter(found)


def _add_leaves(value: Any, name: str, found: list[tuple[str, Any]]) -> None:
    if isinstance(value, dict):
        prefix = f"{name}." if name else ""
        for key, inner in value.items():
            _add_leaves(inner, f"{prefix}{key}", found)
    elif isinstance(value, list):
        for inner in value:
            _add_leaves(inner, f"{name}[]", found)
    elif not isinstance(value, Lacking):
        found.append((name, value))


def escapes(text: str) -> list[str]:
    """The non-ASCII characters that JSON *text* escapes without need."""
    found = (match[1] for match in _ESCAPE.finditer(text) if match[1])
    return [f"\\u{digits}" for digits in found if int(digits, 16) > 0x7F]
