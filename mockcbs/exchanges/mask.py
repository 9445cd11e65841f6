"""Masks secrets and ids of recorded exchanges: each gets the same stand-in everywhere."""

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import simplejson

from mockcbs.core import masking

_ID_MEMBER = re.compile(r"(^|_)(ids?|uid|openid|logid|user_?name|nick_?name|email|phone|mobile)$")
_NAMED = {"user", "domain"}
"""Objects whose ``name`` identifies a person."""
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX = re.compile(r"[0-9a-f]{32}")
_FORM_OF_ID = re.compile(
    rf"(?<![0-9A-Za-z-])(?:{_UUID.pattern}|{_HEX.pattern})(?![0-9A-Za-z-])|(?<=[\"/=])[0-9]{{15,20}}(?=[\"/?&]|$)"
)
"""Matches ids by their form, wherever they occur."""
_PATH_IDS = re.compile(r"/v1/([^/?]+)/qabots/([^/?]+)")
_SIGNED = re.compile(r"(?:Access|Credential|Signature)=([^,\s]+)")
_ID_HEADERS = ("X-Request-Id", "X-Tt-Logid", "X-Project-Id", "X-Domain-Id")
_ENDING = masking.MIN_LENGTH
_DELIMITERS = re.compile(r'["\\=/,;&?]')
"""Matches what stands before and after a short value."""
_WINDOW = 2**16
"""The number of characters per step in searches for known texts."""


class Masker:
    """Gives every secret and id a stand-in of the same form, always the same one."""

    def __init__(self) -> None:
        self._stand_ins: dict[str, str] = {}
        self._forms: dict[str, set[str]] = {}
        self._used: set[str] = set()
        """All stand-ins."""
        self._secrets: set[str] = set()
        self._new: set[str] = set()
        self._lengths: dict[str, set[int]] = {}
        """The lengths of the forms with the same last characters.

        The first characters are often equal, so they would distinguish less.
        """
        self._by_form: dict[str, list[str]] = {}
        """Known texts by their forms."""
        self._odd: list[str] = []
        """Known texts with a short form that contains a delimiter; the other short ones stand between two."""

    def new_secrets(self) -> set[str]:
        """The secrets that were learned since this was last called."""
        new, self._new = self._new, set()
        return new

    def learn_request(self, path: str, headers: Mapping[str, str], body: str) -> None:
        """Learn the secrets and ids of a request."""
        self._learn_headers(headers)
        if found := _PATH_IDS.search(path):
            for text in found.groups():
                self._learn(unquote(text), secret=True)
        self._learn_looks(unquote(path))
        self._learn_form(urlsplit(path).query)
        self.learn_body(body)
        if "json" not in headers.get("Content-Type", "") and "=" in body:
            self._learn_form(body)

    def learn_answer(self, headers: Mapping[str, str], cookies: Mapping[str, str], body: str) -> None:
        """Learn the secrets and ids of a response."""
        self._learn_headers(headers)
        for name, value in cookies.items():
            self._learn(value or name, secret=True)  # without "=", browsers take the name for the value
        self._learn_form(urlsplit(headers.get("Location", "")).query)
        self.learn_body(body)

    def learn_body(self, body: str) -> None:
        """Learn the secrets and ids of a body: JSON, a stream of events with JSON, or text."""
        for secret in masking.values(body):
            self._learn(secret, secret=True)
        for text in (body, *re.findall(r"^data:(.*)$", body, re.MULTILINE)):
            self._learn_json(text)
        self._learn_looks(body)

    def text(self, text: str) -> str:
        """*text*, which may be JSON, with stand-ins for all known secrets and ids."""
        for real, stand_in in self._known_in(text):
            for form in self._forms[real]:
                if form in text:
                    text = re.sub(self._pattern(real, form), stand_in, text)
        return text

    def _pattern(self, real: str, form: str) -> str:
        """A pattern for *form* of the text *real*: a whole word, or a whole value if short; never a name."""
        whole = re.escape(form)
        if len(real) < masking.MIN_LENGTH:
            return rf'(?<![^"=/,;&?]){whole}(?![^"\\=/,;&?])(?!"\s*:)'
        if real in self._secrets:
            return whole
        return rf'(?<![0-9A-Za-z])(?<![0-9]\.){whole}(?![0-9A-Za-z]|\.[0-9]|"\s*:)'

    def path(self, path: str) -> str:
        """A path and query with stand-ins for all known secrets and ids."""
        for real, stand_in in self._known_in(path):
            for form in (real, quote(real, safe="")):
                if form not in path:
                    continue
                whole = re.escape(form)
                if real not in self._secrets or len(real) < masking.MIN_LENGTH:
                    whole = rf"(?<=[/=,;]){whole}(?=[/?&,;]|$)"
                path = re.sub(whole, stand_in, path)
        return path

    def learn(self, secret: str) -> None:
        """Learn a secret in a response."""
        self._learn(secret, secret=True)

    def stand_ins_in(self, text: str) -> list[str]:
        """The stand-ins in *text*. The cost does not depend on the number of stand-ins."""
        return sorted({*_STAND_IN.findall(text)} & self._used)

    def _known_in(self, text: str) -> list[tuple[str, str]]:
        """The known texts that may occur in *text*, longest first.

        The cost does not depend on the number of known texts.
        """
        found = set(self._odd)
        for value in {*_DELIMITERS.split(text)} & self._by_form.keys():
            found.update(self._by_form[value])
        for start in range(0, len(text), _WINDOW):
            end = min(start + _WINDOW, len(text))
            endings = {text[place : place + _ENDING] for place in range(start, end)}
            for ending in endings & self._lengths.keys():
                for form in self._forms_before(text, ending, start, end + _ENDING):
                    found.update(self._by_form.get(form, ()))
        return sorted(((real, self._stand_ins[real]) for real in found), key=lambda pair: -len(pair[0]))

    def _forms_before(self, text: str, ending: str, start: int, end: int) -> Iterator[str]:
        """The parts of *text* that end with *ending* and are as long as a known form with that ending."""
        place = text.find(ending, start, end)
        while place >= 0:
            after = place + _ENDING
            for length in self._lengths[ending]:
                yield text[max(after - length, 0) : after]
            place = text.find(ending, place + 1, end)

    def _learn_headers(self, headers: Mapping[str, str]) -> None:
        for name, value in headers.items():
            if masking.is_secret(name) and name.lower() not in {"cookie", "set-cookie"}:
                for text in (value, *_SIGNED.findall(value), *_basic(value)):
                    self._learn(text.removeprefix("Bearer ").removeprefix("Basic "), secret=True)
        for pair in headers.get("Cookie", "").split(";"):
            self._learn(pair.partition("=")[2].strip(), secret=True)
        for name in _ID_HEADERS:
            self._learn(headers.get(name, ""), secret=False)

    def _learn_form(self, form: str) -> None:
        """Learn the secrets and ids of a query, or of a body in that form."""
        for name, value in parse_qsl(form):
            if kind := "secret" if name == "code" else _kind(name):
                self._learn(value, secret=kind == "secret")

    def _learn_json(self, text: str) -> None:
        try:
            self._learn_content(simplejson.loads(text))
        except (ValueError, RecursionError):
            return

    def _learn_content(self, value: Any, inside: str = "") -> None:
        if isinstance(value, list):
            for inner in value:
                self._learn_content(inner, inside)
        elif isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
            self._learn_json(value)
        elif isinstance(value, dict):
            for name, inner in value.items():
                kind = "id" if name == "name" and inside in _NAMED else _kind(name)
                for text in inner if isinstance(inner, list) else [inner]:
                    if kind and isinstance(text, str | int) and not isinstance(text, bool):
                        self._learn(str(text), secret=kind == "secret" or inside == "project")
                self._learn_content(inner, name)

    def _learn_looks(self, text: str) -> None:
        for found in _FORM_OF_ID.finditer(text):
            self._learn(found[0], secret=False)

    def _learn(self, text: str, *, secret: bool) -> None:
        if (len(text) < masking.MIN_LENGTH and text.isdigit()) or not text or text in self._used:
            return  # 0 means that there is no id
        if secret and text not in self._secrets:
            self._secrets.add(text)
            self._new.add(text)
        if text not in self._stand_ins:
            self._stand_ins[text] = _stand_in(text, len(self._stand_ins) + 1)
            self._used.add(self._stand_ins[text])
            self._forms[text] = _forms(text)
            for form in self._forms[text]:
                if len(form) < _ENDING and _DELIMITERS.search(form):
                    self._odd.append(text)
                else:
                    self._by_form.setdefault(form, []).append(text)
                    self._lengths.setdefault(form[-_ENDING:], set()).add(len(form))


def _kind(name: str) -> str:
    """``secret`` or ``id`` for the name of a secret or an id; empty for other names."""
    if masking.is_secret(name):
        return "secret"
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|-", "_", name).lower()
    return "id" if _ID_MEMBER.search(words) else ""


def _basic(header: str) -> Iterator[str]:
    """The user and the password of a basic authorization."""
    if header.startswith("Basic "):
        try:
            yield from base64.b64decode(header.removeprefix("Basic "), validate=True).decode().split(":", 1)
        except ValueError:
            return


def _forms(text: str) -> set[str]:
    """The forms of *text*: plain, in a URL, in JSON, and in JSON inside a JSON text."""
    escaped = {inner for ascii_only in (True, False) for inner in _escaped(text, ascii_only)}
    return {text, quote(text, safe=""), text.replace("/", "\\/"), *escaped}


def _escaped(text: str, ascii_only: bool) -> Iterator[str]:
    for _ in range(2):
        text = simplejson.dumps(text, ensure_ascii=ascii_only)[1:-1]
        yield text


_STAND_IN = re.compile(r"ffffffff-0000-4000-8000-\d{12}|f{8}\d{24}|9\d{5,}|masked-\d+")
"""Matches the results of `_stand_in`."""


def _stand_in(text: str, number: int) -> str:
    """A meaningless text in the form of *text*."""
    if _UUID.fullmatch(text):
        return f"ffffffff-0000-4000-8000-{number:012d}"
    if _HEX.fullmatch(text):
        return f"ffffffff{number:024d}"
    if text.isascii() and text.isdigit() and len(text) >= masking.MIN_LENGTH:
        return f"9{number:0{len(text) - 1}d}"
    return f"masked-{number}"
