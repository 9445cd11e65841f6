"""Where the secrets stand in a text: JSON, JSON inside of JSON, forms, queries, multipart, XML, URLs."""

import json
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import unquote_plus

from mockcbs.core.secret_names import DESCRIBING, MAX_NAME, Kind

HIDDEN = "***"

KindOf = Callable[[str], Kind]


class Found(NamedTuple):
    """A secret in a text, with everything that is replaced."""

    start: int
    end: int
    value: str
    shown: str = HIDDEN


_ERROR_CODE = re.compile(r"[A-Z][A-Za-z]{1,15}(?:[._]?\d{1,6})?|.{,5}", re.DOTALL)
"""Matches values of ``code`` that are no secrets: codes of errors (``CBS.0021``) and short words."""
_MEMBER = re.compile(
    rf'(?<!\\)(?P<q>\\*")(?P<name>(?:[^"\\]|\\+u[0-9a-fA-F]{{4}}){{1,{MAX_NAME}}})(?P=q)\s*:'
)
_QUOTE = re.compile(r'(?<!\\)\\*"')
_TOKEN = re.compile(r'(?<!\\)\\*"|[{}\[\],]')
_SPACE = re.compile(r"(?:\s|\\+[nrt])*")
_COLON = re.compile(r"\s*:")
_NUMBER = re.compile(r"-?\d[\d.eE+-]*")

_PARAMETER = re.compile(rf"""(?:^|(?<=[?&|;#\s"',(]))(?P<name>[^\s=&?|;#"'<>,(]{{1,{MAX_NAME}}})=""")
_FORM_VALUE, _QUOTED_VALUE = re.compile(r"[^&|\s]*"), re.compile(r"""[^&|\s"'<>\\]*""")
_PERCENT = "%(?:25)*"
_ENCODED = re.compile(
    rf"{_PERCENT}(?:3f|26|23|22)(?P<name>[\w.+-]{{1,100}})(?:{_PERCENT}22)?{_PERCENT}3[ad]", re.IGNORECASE
)
_ENCODED_VALUE = re.compile(rf"""(?:(?!{_PERCENT}26)[^&\s"'<>])*""")
_PART = re.compile(
    r"""\bname\*?\s*=\s*(?:"(?P<a>[^"\r\n]*)"|'(?P<b>[^'\r\n]*)'|(?P<c>[^;\s]+))[^\r\n]*+"""
    r"(?:\r?\n[^\r\n]++){,10}+\r?\n\r?\n(?P<value>.*?)(?=\r?\n--|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_NAMED = (
    re.compile(rf"\|(?P<name>[\w.-]{{1,{MAX_NAME}}}):(?P<value>[^|]*)"),  # headers as the gateway quotes them
    re.compile(rf"<(?:\w+:)?(?P<name>[\w.-]{{1,{MAX_NAME}}})(?:\s[^<>]{{,500}})?>(?P<value>[^<]+)"),
    re.compile(rf"'(?P<name>[^'\s]{{1,{MAX_NAME}}})'\s*:\s*b?'(?P<value>[^']*)"),
)
_UNNAMED = (
    re.compile(r"(?i:\b(?:bearer|basic)\s+)(?P<value>(?=[\w.~+/=-]*[\d_])[\w.~+/=-]{6,})"),
    re.compile(
        r"\b(?=[cepstu])(?P<value>eyJ[\w-]{4,}\.[\w-]+\.[\w-]*|(?:[ps]at|cz[us])_(?=\w*\d)\w{16,}"
        r"|pat[0-9A-Za-z]{14}\.[0-9a-f]{32,}|(?<!-)[tu]-(?=\w*\d)\w{22,})"
    ),
    re.compile(r"""://[^/\s:@"'<>]{,200}:(?P<value>[^/\s@"'<>]{1,500})@"""),
    re.compile(r"(?:/webhook/send\?key=|hooks\.slack\.com/services/)(?P<value>[\w/-]+)"),
    re.compile(r"bot(?:/|%2[fF])v2(?:/|%2[fF])hook(?:/|%2[fF])(?P<value>[\w-]+)"),
)
"""A token after its scheme; JWTs; tokens of Coze, Airtable, Feishu and chat robots; a password in a URL."""


def find(text: str, kind_of: KindOf) -> list[Found]:
    """All secrets in *text*, in their order; those inside of others are left out."""
    found: list[Found] = []
    if '"' in text:
        found += _in_json(text, kind_of)
    found += _in_parameters(text, kind_of)
    if "\n\n" in text or "\r\n\r\n" in text:
        found += _in_parts(text, kind_of)
    for pattern in _NAMED:
        found += [_of(one) for one in pattern.finditer(text) if kind_of(one["name"]) == "secret"]
    for pattern in _UNNAMED:
        found += map(_of, pattern.finditer(text))
    return _merged(found)


def _of(match: re.Match[str]) -> Found:
    return Found(*match.span("value"), match["value"])


def _merged(found: list[Found]) -> list[Found]:
    merged: list[Found] = []
    for one in sorted(found, key=lambda each: (each.start, -each.end)):
        if not merged or one.start >= merged[-1].end:
            merged.append(one)
        elif one.end > merged[-1].end:
            merged[-1] = merged[-1]._replace(end=one.end, shown=HIDDEN)
    return merged


def _in_json(text: str, kind_of: KindOf) -> Iterator[Found]:
    """The secrets in JSON, also if it is cut off, or inside of another text or of a JSON string."""
    done = 0
    while member := _MEMBER.search(text, done):
        done = member.end()
        if kind := kind_of(_decoded(member["name"], len(member["q"]))):
            value = _Value(text, len(member["q"]), kind_of)
            yield from value.read(done, kind)
            done = max(done, value.end)


class _Value:
    """The value of a member, whose strings are in quotes with as many backslashes as the name's."""

    def __init__(self, text: str, unit: int, kind_of: KindOf) -> None:
        """*unit* is 1 in JSON, 2 in JSON inside of a JSON string, 4 in one inside of that."""
        self._text, self._unit, self._kind_of = text, unit, kind_of
        self.end = 0

    def read(self, start: int, kind: Kind) -> Iterator[Found]:
        """The secrets in the value at *start*."""
        text, start = self._text, self._after_space(start)
        self.end = start
        if text[start : start + 1] in {"{", "["} and text[start:]:
            yield from self._inside(start, kind)
        elif quote := _QUOTE.match(text, start):
            yield from self._string(start, quote.end(), kind)
        elif kind == "secret" and (number := _NUMBER.match(text, start)):
            self.end = number.end()
            yield Found(start, self.end, number[0], f'"{HIDDEN}"')

    def _inside(self, start: int, kind: Kind) -> Iterator[Found]:
        """The secrets in an object or a list, which may be cut off."""
        stack: list[Kind] = []
        current, position = kind, start
        while token := _TOKEN.search(self._text, position):
            position = self.end = token.end()
            if token[0] in {"{", "["}:
                stack.append(current)
            elif token[0] == ",":
                current = stack[-1]
            elif token[0] in {"}", "]"}:
                current = stack.pop()
                if not stack:
                    return
            elif len(token[0]) < self._unit:
                self.end = token.start()  # the JSON string around this object ends
                return
            else:
                found = [*self._string(token.start(), token.end(), "secret")]
                position = self.end
                if _COLON.match(self._text, position):
                    current = self._member(found[0].value, stack[-1])
                elif current == "secret" or (current and not _ERROR_CODE.fullmatch(found[0].value)):
                    yield from found
        self.end = len(self._text)

    def _member(self, name: str, outer: Kind) -> Kind:
        """What the member *name* of an object marks; the object itself marks *outer*."""
        return self._kind_of(name) or ("" if name in DESCRIBING else outer)

    def _string(self, start: int, inside: int, kind: Kind) -> Iterator[Found]:
        """The string that begins at *start* with its quote; sets the end."""
        text, unit = self._text, self._unit
        end = self.end = len(text)
        closing = '"' if unit == 1 else ""
        for quote in _QUOTE.finditer(text, inside):
            backslashes = len(quote[0]) - 1
            if backslashes % (2 * unit) < unit:
                own = min(backslashes, unit - 1)
                end, self.end, closing = (
                    quote.end() - 1 - own,
                    quote.end(),
                    text[quote.end() - 1 - own : quote.end()],
                )
                break
        value = _decoded(text[inside:end], unit)
        if kind == "secret" or not _ERROR_CODE.fullmatch(value):
            yield Found(start, self.end, value, f"{text[start:inside]}{HIDDEN}{closing}")

    def _after_space(self, start: int) -> int:
        space = _SPACE.match(self._text, start)
        return space.end() if space else start


def _decoded(written: str, unit: int) -> str:
    """The text that a JSON string represents; of a cut-off string, as far as it goes."""
    while unit and "\\" in written:
        try:
            written, unit = json.loads(f'"{written}"', strict=False), unit // 2
        except ValueError:
            break
    return written


def _in_parameters(text: str, kind_of: KindOf) -> Iterator[Found]:
    """The secrets in queries and forms, plain or percent-encoded inside of another text."""
    is_quoted = text.lstrip()[:1] in {"{", "[", "<", '"'} or '":' in text
    values = _QUOTED_VALUE if is_quoted else _FORM_VALUE
    for pattern, value_of in ((_PARAMETER, values), (_ENCODED, _ENCODED_VALUE)):
        for name in pattern.finditer(text):
            if kind_of(name["name"]) and (value := value_of.match(text, name.end())) and value[0]:
                yield Found(*value.span(), unquote_plus(value[0]))


def _in_parts(text: str, kind_of: KindOf) -> Iterator[Found]:
    """The secrets in the parts of a multipart form."""
    for part in _PART.finditer(text):
        name = part["a"] or part["b"] or part["c"] or ""
        if kind_of(name.rpartition("'")[2]):
            yield _of(part)
