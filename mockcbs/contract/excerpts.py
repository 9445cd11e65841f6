"""Shortens exchanges for a report: keeps the relevant part, and hides people and signatures."""

import re
from collections.abc import Iterable
from functools import lru_cache

import simplejson

MAX_REQUEST = 2000
"""The maximum number of characters of a request to show."""
MAX_SECRET = 2**15
"""How many characters are searched for secrets before a text is cut; half a secret is not found."""
ACCOUNTS = ("/v3/", "/v1/users/", "/v1/workspaces")
"""Prefixes of paths whose responses contain data about people and accounts."""
_MAX = 500
"""The maximum number of characters of a response, expected value or found value to show."""
_FIRST = 120
"""The number of characters that show what a response is."""
_BEFORE = 150
"""How many characters to show before the relevant part."""
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
"""Members of Coze's responses that identify people; in bills (CSV), the column ``connector_uid``."""
_SIGNATURE = re.compile(r"(Access=)[^,]*(,.*Signature=)[0-9a-f]{64}")
_WORD = re.compile(r"[A-Za-z_][\w-]{2,}|\d{4}-\d\d-\d\d|\d{5,}|[\u3400-\u9fff]{2,}")
"""Matches what may be a member's name or label in a found value."""


@lru_cache(maxsize=64)
def without_people(text: str) -> str:
    """*text* without members that identify people."""
    return _PEOPLE.sub(lambda match: f"{match[match.lastindex or 0]}****", text)


def without_names(text: str) -> str:
    """*text* without names, passwords and long ids of accounts."""
    return _PERSONAL.sub(lambda match: f"{match[1] or ''}****", text)


def without_signature(header: str) -> str:
    """The value of a header without the access key and the signature."""
    return _SIGNATURE.sub(r"\1****\2****", header)


def part(text: str, *about: str) -> str:
    """Shorten a long *text* to its beginning and the part that *about* names."""
    if len(text) <= _MAX:
        return text
    # Of a label that occurs twice, the second is the one that should not be there.
    places = [text.rfind(word) if _is_label(word) else text.find(word) for word in _words(about)]
    place = max((place for place in places if place >= 0), default=0)
    if place < _MAX - _BEFORE:
        return text[:_MAX]
    start = place - _BEFORE
    return f"{text[:_HEAD]}{_GAP}{text[start : start + _MAX - _HEAD - len(_GAP)]}"


def _is_label(word: str) -> bool:
    """Whether a word is a value, such as a date or a keyword, and not the name of a member."""
    return not word.isascii() or word[0].isdigit()


def _words(about: Iterable[str]) -> list[str]:
    """The names in *about*: members, in quotes as in JSON, and labels."""
    found = dict.fromkeys(word for text in about for word in _WORD.findall(text[:_MAX]))
    return [word if word[0].isdigit() else f'"{word}"' for word in found]


def beginning(text: str) -> str:
    """The first characters of *text* in one line."""
    return " ".join(text[:_FIRST].split())


def pair(one: str, other: str) -> tuple[str, str]:
    """Two values as text; long ones start shortly before the first difference."""
    if max(len(one), len(other)) <= _MAX:
        return one, other
    differs = (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    start = max(0, next(differs, min(len(one), len(other))) - _BEFORE)
    head = _GAP.lstrip() if start else ""
    return f"{head}{one[start : start + _MAX]}", f"{head}{other[start : start + _MAX]}"


def shown(value: object) -> str:
    """A value as text: strings unchanged, other values as JSON."""
    if isinstance(value, str):
        return value
    return simplejson.dumps(value, ensure_ascii=False, default=repr)
