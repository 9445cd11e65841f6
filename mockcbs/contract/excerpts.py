"""What a report shows of an exchange: without people and signatures, and with the part that matters."""

import re
from collections.abc import Iterable
from functools import lru_cache

import simplejson

MAX_REQUEST = 2000
"""Characters of a request that are shown."""
MAX_SECRET = 2**15
"""Characters that are searched for secrets before a text is cut, as half a secret would not be found."""
ACCOUNTS = ("/v3/", "/v1/users/", "/v1/workspaces")
"""The beginnings of paths whose responses contain people and accounts."""
_MAX = 500
"""Characters of a response, an expectation or a finding that are shown."""
_BEFORE = 150
"""Characters that are shown before the part that matters."""
_HEAD = 60
_GAP = " … "
_TEXT = r'(?:[^"\\]|\\.)*'
_PERSONAL = re.compile(rf'("(?:name|password)"\s*:\s*"){_TEXT}|[0-9a-f]{{32}}')
_PEOPLE = re.compile(
    rf'((?:user_name|nick_name|avatar_url|user_id|_uid)"?\s*[:=]\s*"){_TEXT}'
    r'|((?:user_id|_uid)"?\s*[:=]\s*)\d+'
    r'|("creator"\s*:\s*)\{[^}]*\}?'
    r"|(\b\d{16,20},\d{9,11},\d{16,20},\d*,)[^,\n]+"
)
"""Members of Coze's responses that identify people; in a bill, which is CSV, the column ``connector_uid``."""
_SIGNATURE = re.compile(r"(Access=)[^,]*(,.*Signature=)[0-9a-f]{64}")
_WORD = re.compile(r"[A-Za-z_][\w-]{2,}|\d{4}-\d\d-\d\d|\d{5,}")
"""What may be the name or the label of a member in a finding."""


@lru_cache(maxsize=64)
def without_people(text: str) -> str:
    """*text* without members that identify people."""
    return _PEOPLE.sub(lambda match: f"{match[match.lastindex or 0]}****", text)


def without_names(text: str) -> str:
    """*text* without names, passwords and long ids of accounts."""
    return _PERSONAL.sub(lambda match: f"{match[1] or ''}****", text)


def without_signature(header: str) -> str:
    """The value of a header without key and signature."""
    return _SIGNATURE.sub(r"\1****\2****", header)


def part(text: str, *about: str) -> str:
    """The beginning of a long *text* and the part of it that *about* names, so that it is never cut off."""
    if len(text) <= _MAX:
        return text
    places = [text.find(word) for word in _words(about)]
    place = max((place for place in places if place >= 0), default=0)
    if place < _MAX - _BEFORE:
        return text[:_MAX]
    start = place - _BEFORE
    return f"{text[:_HEAD]}{_GAP}{text[start : start + _MAX - _HEAD - len(_GAP)]}"


def _words(about: Iterable[str]) -> list[str]:
    """The names in *about*: members in quotes as they are in JSON, and labels."""
    found = dict.fromkeys(word for text in about for word in _WORD.findall(text[:_MAX]))
    return [word if word[0].isdigit() else f'"{word}"' for word in found]


def pair(found: object, expected: object) -> tuple[str, str]:
    """Two values as text; if they are long, from a little before the place where they differ."""
    one, other = shown(found), shown(expected)
    if max(len(one), len(other)) <= _MAX:
        return one, other
    differs = (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    start = max(0, next(differs, min(len(one), len(other))) - _BEFORE)
    head = _GAP.lstrip() if start else ""
    return f"{head}{one[start : start + _MAX]}", f"{head}{other[start : start + _MAX]}"


def shown(value: object) -> str:
    """A value as text."""
    if isinstance(value, str):
        return value
    return simplejson.dumps(value, ensure_ascii=False, default=repr)
