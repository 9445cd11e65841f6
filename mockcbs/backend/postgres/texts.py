"""Texts and JSON in the form that PostgreSQL can store: without NUL and half surrogate pairs."""

import json
import math
import re
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from mockcbs.backend.documents import Document

_ODD = re.compile("[\\\\\0\ud800-\udfff]")


def plain(text: str) -> str:
    """*text* without what PostgreSQL refuses; different texts stay different."""
    return _ODD.sub(lambda odd: f"\\{odd[0] if odd[0] == chr(92) else format(ord(odd[0]), 'x')}", text)


def original(text: str) -> str:
    r"""The text that `plain` was given."""
    if "\\" not in text:
        return text
    return re.sub(
        r"\\(\\|0|d[89a-f][0-9a-f]{2})",
        lambda found: "\\" if found[1] == "\\" else chr(int(found[1], 16)),
        text,
    )


def digest(*texts: str) -> bytes:
    """16 bytes for an index: texts may be longer than what one holds."""
    joined = "\0".join([f"{len(text)}:{text}" for text in texts])
    return blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=16).digest()


@lru_cache(1024)
def lock_number(*texts: str) -> int:
    """The number of an advisory lock."""
    return int.from_bytes(digest("lock", *texts)[:8], signed=True)


def members(document: Document) -> str:
    """The members that documents can be chosen or sorted by, as JSON that PostgreSQL understands."""
    return json.dumps(
        {plain(name): value for name, each in document.items() if (value := _scalar(each)) is not None}
    )


def _scalar(value: Any) -> str | int | float | None:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        return plain(value)
    return value if isinstance(value, int | float) and math.isfinite(value) else None
