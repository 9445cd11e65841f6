"""Masking: removes secrets from everything that is stored or shown.

A name marks a secret (`mockcbs.core.secret_names`); services add their own names (`Service.secrets`).
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from mockcbs.core.secret_names import Names, Secrets
from mockcbs.core.secret_values import HIDDEN, Found, find

MIN_LENGTH = 6
"""Shorter secrets also occur in harmless words. They are masked only where they are sent as a credential."""
_MIN_KNOWN = 8
"""Shorter secrets are not searched for under other names."""

_SIGNED = re.compile(r"(?:SDK|AWS4|OSS4)-[A-Z0-9-]+(?=\s|$)")
_SIGNED_SHOWN = re.compile(r"(?:Access|SignedHeaders|AdditionalHeaders)=")
_WORD = re.compile(r"[^\s,]+")
_SCHEME = re.compile(r"(?:Bearer|Basic|OSS)\s+(?=\S)", re.IGNORECASE)
_INSERTED = re.compile('[*"]+')
_FOLDED = {"ſ": "s", "ı": "i", "\u0307": ""}
"""Letters that regular expressions find for s and i in either case, beside those that `str.lower` changes."""


class Masker:
    """Masks the values of secret names."""

    def __init__(self) -> None:
        self._own: set[str] = set()
        self.add(Secrets())

    def add(self, secrets: Secrets) -> None:
        """Also mask these names from now on."""
        self._own |= {*secrets.headers, *secrets.members}
        self._names = Names(self._own)

    def is_secret(self, name: str) -> bool:
        """Whether *name* marks a secret."""
        return self._names.kind(name) == "secret"

    def text(self, content: str) -> str:
        """A body or a query with masked secrets: JSON, nested JSON, a form, multipart, or a cut-off text."""
        shown, done = "", 0
        for one in self._find(content):
            shown += content[done : one.start] + one.shown
            done = one.end
        return shown + content[done:]

    def values(self, content: str) -> Iterator[str]:
        """The secrets in a body or a query."""
        return (one.value for one in self._find(content))

    def header(self, name: str, value: str) -> str:
        """The masked value of a header; its scheme stays."""
        if not self.is_secret(name):
            return self.text(value)
        if signed := _SIGNED.match(value):
            return signed[0] + _WORD.sub(_signed_word, value[signed.end() :])
        scheme = _SCHEME.match(value)
        return f"{scheme[0]}{HIDDEN}" if scheme else HIDDEN if value else ""

    def _find(self, content: str) -> list[Found]:
        return find(content, self._names.kind) if self._may_occur(content) else []

    def _may_occur(self, content: str) -> bool:
        """Whether *content* may contain a secret. This is a fast check: false is certain, true is not."""
        if "\\u00" in content:
            return True
        plain = unquote(content) if "%" in content else content
        folded = plain.lower()
        for letter, usual in _FOLDED.items():
            folded = folded.replace(letter, usual)  # `str.translate` takes 50 times as long
        return self._names.may_occur(folded)


def _signed_word(word: re.Match[str]) -> str:
    if _SIGNED_SHOWN.match(word[0]):
        return word[0]
    name, equals, _ = word[0].partition("=")
    return f"{name}={HIDDEN}" if equals and name.isalpha() else HIDDEN


_MASKER = Masker()
add, is_secret, text, values, header = (
    _MASKER.add,
    _MASKER.is_secret,
    _MASKER.text,
    _MASKER.values,
    _MASKER.header,
)


def headers(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Masked headers; a repeated header keeps all values."""
    found: dict[str, str] = {}
    for name, value in pairs:
        shown = header(name, value)
        found[name] = f"{found[name]}, {shown}" if name in found else shown
    return found


def credentials(pairs: Iterable[tuple[str, str]]) -> set[str]:
    """The secrets in headers, without their scheme."""
    found = set()
    for name, value in pairs:
        if is_secret(name) and not _SIGNED.match(value):
            found |= {value, _SCHEME.sub("", value, count=1), *(one.strip() for one in value.split(","))}
    return found


def without(content: str, secrets: Iterable[str]) -> str:
    """*content* without the given secrets, wherever they stand."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _MIN_KNOWN:
            content = content.replace(secret, HIDDEN)
    return content


def may_show(content: str, wanted: str) -> bool:
    """Whether `text` of *content* may contain *wanted*.

    This is a fast check: false is certain, true is not. Masking inserts only stars and quotation marks.
    """
    return all(piece in content for piece in _INSERTED.split(wanted))


def digest(secret: str) -> str:
    """A digest that identifies *secret* without revealing it."""
    return f"token:{hashlib.sha256(secret.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"
