"""Secrets and ids of recorded exchanges, replaced by the same stand-ins throughout."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

import simplejson

_ID_MEMBER = re.compile(r"(^|_)(id|ids|token|access_token|refresh_token|password|secret|ak|sk)$")
_NAMED = {"user", "domain"}
"""Objects whose ``name`` tells who somebody is."""
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX = re.compile(r"[0-9a-f]{32}")
_PATH_IDS = re.compile(r"/v1/([^/?]+)/qabots/([^/?]+)")
_ACCESS_KEY = re.compile(r"Access=([^,]+)")
_LEAST = 6
"""Shorter texts are replaced only where a whole value is the same."""


class Masker:
    """Gives every secret and id a stand-in of the same form, always the same one."""

    def __init__(self) -> None:
        self._stand_ins: dict[str, str] = {}
        self._everywhere: set[str] = set()

    def learn_request(self, path: str, headers: dict[str, str], body: str) -> None:
        """Note what a request gives away."""
        for name in ("X-Auth-Token", "X-Subject-Token", "X-Security-Token", "Authorization", "Cookie"):
            if value := headers.get(name):
                self._learn(value.removeprefix("Bearer "), everywhere=True)
        if key := _ACCESS_KEY.search(headers.get("Authorization", "")):
            self._learn(key[1], everywhere=True)
        if found := _PATH_IDS.search(path):
            for text in found.groups():
                self._learn(unquote(text), everywhere=True)
        self.learn_body(body)

    def learn_body(self, body: str) -> None:
        """Note the secrets and ids of a body."""
        try:
            content = simplejson.loads(body)
        except (ValueError, RecursionError):
            return
        for name, value in _secrets(content, ""):
            self._learn(value, everywhere=name in {"password", "secret", "token", "project"})

    def learn(self, secret: str) -> None:
        """Note a secret or an id that an answer hands out."""
        self._learn(secret, everywhere=True)

    def text(self, text: str) -> str:
        """*text*, be it JSON or not, with stand-ins for all that is known."""
        for real, stand_in in self._known():
            if real in self._everywhere and len(real) >= _LEAST:
                text = text.replace(real, stand_in)
            else:
                text = text.replace(simplejson.dumps(real, ensure_ascii=False), simplejson.dumps(stand_in))
        return text

    def path(self, path: str) -> str:
        """A path and query with stand-ins for all that is known."""
        for real, stand_in in self._known():
            pattern = rf"(?<=[/=,;])({re.escape(real)}|{re.escape(quote(real, safe=''))})(?=[/?&,;]|$)"
            path = re.sub(pattern, stand_in, path)
        return path

    def stand_ins_in(self, text: str) -> list[str]:
        """The stand-ins that occur in *text*."""
        return sorted(stand_in for stand_in in self._stand_ins.values() if stand_in in text)

    def _known(self) -> list[tuple[str, str]]:
        return sorted(self._stand_ins.items(), key=lambda pair: -len(pair[0]))

    def _learn(self, text: str, *, everywhere: bool) -> None:
        if (len(text) < _LEAST and text.isdigit()) or not text or text in self._stand_ins.values():
            return  # a 0 is nobody's
        if everywhere:
            self._everywhere.add(text)
        self._stand_ins.setdefault(text, _stand_in(text, len(self._stand_ins) + 1))


def _stand_in(text: str, number: int) -> str:
    """Something of the form of *text* that tells nothing."""
    if _UUID.fullmatch(text):
        return f"ffffffff-0000-4000-8000-{number:012d}"
    if _HEX.fullmatch(text):
        return f"ffffffff{number:024d}"
    if text.isascii() and text.isdigit() and len(text) >= _LEAST:
        return f"9{number:0{len(text) - 1}d}"
    return f"masked-{number}"


def _secrets(value: Any, inside: str) -> Iterator[tuple[str, str]]:
    """Members whose values are secrets or ids."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str) and (_ID_MEMBER.search(name) or (name == "name" and inside in _NAMED)):
                yield ("project" if inside == "project" else name), inner
            elif isinstance(inner, list) and _ID_MEMBER.search(name):
                yield from ((name, text) for text in inner if isinstance(text, str))
            yield from _secrets(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _secrets(inner, inside)
