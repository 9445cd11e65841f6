"""Masking: removes secrets from everything that is stored or shown.

A name marks a secret: the name of a header, a JSON member, a parameter or a part of a form. The table below
has names that mark secrets of every vendor; services add their own (`Service.secrets`).
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote_plus

HIDDEN = "***"
MIN_LENGTH = 6
"""Shorter secrets also occur in harmless words. They are masked only where they are sent as a credential."""


@dataclass(frozen=True)
class Secrets:
    """Names that mark secrets."""

    headers: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    """Names in JSON bodies, forms and queries."""


_ENDINGS = (
    "access.?key api.?key app.?key assertion authorization code.?verifier cookie credentials? device.?code "
    "passw(?:or)?d passphrase private.?key secret secret.?key session.?key signature ticket token user.?code "
    "webhook.?key"
).split()
"""Names with these endings mark secrets: ``client_secret``, ``X-Api-Key``, ``apiKey``."""
_WORDS = ("ak", "pwd", "sk", "sign")
"""Short names that mark secrets alone, or after ``_`` or ``-``."""
_BEFORE = r"(?!(?:next_)?page_token)(?:[\w.\-%\[\]]*?)"
_PART = r"[\w.\-%\[\]]*[_\-.\[]"
_STRING = r'(?:[^"\\]|\\.)*'
_AFTER_SCHEME = re.compile(
    r"((?:Signature|Credential)=|Bearer |Basic |OSS )[^\s,]+|^(?!SDK-|AWS4-|OSS4?[- ]|Bearer |Basic )\S.*",
    re.DOTALL,
)
_AUTH_CODE = re.compile(r"""((?:^|[?&\s])code=)(?P<value>[^&\s"'<>]+)""")
_AUTH_CODE_MEMBER = re.compile(r'("code"\s*:\s*)(?!"[A-Z][A-Za-z]{1,15}[._]?\d*")(?P<value>"[^"\\]{6,}"?)')
_AUTH_CODE_PART = re.compile(
    r'(name="?code"?(?:;[^\r\n]*)?(?:\r?\n[^\r\n]+)*\r?\n\r?\n)(?P<value>.*?)(?=\r?\n--|\Z)',
    re.IGNORECASE | re.DOTALL,
)
"""The code of an OAuth grant is secret; the code of an error (``CBS.0021``) and a number are not."""
_STRINGS = re.compile(rf'"{_STRING}(?:"(\s*:)?|\Z)')
_INSERTED = re.compile('[*"]+')
_FOLDED = str.maketrans("ſı", "si", "\u0307")
"""Letters that regular expressions find for s and i in either case, beside those that `str.lower` changes."""
_FLAGS = re.IGNORECASE | re.DOTALL


class _Patterns:
    """Regular expressions for secrets under certain names. Each is compiled when it is first used, as
    that takes some milliseconds and few runs use all of them.
    """

    def __init__(self, names: set[str]) -> None:
        self._names = names
        exact = "|".join(map(re.escape, sorted(names)))
        ending = "|".join(one.replace(".?", "[_.-]?") for one in _ENDINGS)
        words = "|".join(_WORDS)
        self._of_name = rf"(?:{_BEFORE}(?:{ending})|(?:{_PART})?(?:{words}){f'|{exact}' if exact else ''})"

    @cached_property
    def _hints(self) -> tuple[str, ...]:
        hints = {re.split(r"\(|s\?", one.rpartition(".?")[2])[0] for one in _ENDINGS}
        hints |= {*_WORDS, "code", *self._names}
        return tuple(one for one in hints if not any(other != one and other in one for other in hints))

    def may_occur(self, content: str) -> bool:
        """Whether *content* may contain a secret. This is a fast check: false is certain, true is not."""
        folded = content.lower().translate(_FOLDED)
        return any(hint in folded for hint in self._hints)

    @cached_property
    def name(self) -> re.Pattern[str]:
        """A secret name."""
        return re.compile(self._of_name, _FLAGS)

    @cached_property
    def member(self) -> re.Pattern[str]:
        """A member of a JSON object."""
        return re.compile(
            rf'("{self._of_name}"\s*:\s*)(?:(?P<value>"{_STRING}"?|-?\d[\d.eE+-]*)'
            rf'|(?P<inside>[{{\[][^{{}}\[\]"]*(?:"{_STRING}"[^{{}}\[\]"]*)*(?:[}}\]]|"{_STRING}\Z|\Z)))',
            _FLAGS,
        )

    @cached_property
    def escaped(self) -> re.Pattern[str]:
        """A member of JSON inside of JSON."""
        return re.compile(
            rf'((?P<q>\\+"){self._of_name}(?P=q)\s*:\s*(?P=q))(?P<value>.*?)((?P=q)|\Z)', _FLAGS
        )

    @cached_property
    def form(self) -> re.Pattern[str]:
        """A parameter of a form or a query."""
        return re.compile(rf"((?:^|[?&|\s]){self._of_name}=)(?P<value>[^&|\s]*)", _FLAGS)

    @cached_property
    def line(self) -> re.Pattern[str]:
        """A header line of a canonical request."""
        return re.compile(rf"(\|{self._of_name}:)(?P<value>[^|]*)", _FLAGS)

    @cached_property
    def part(self) -> re.Pattern[str]:
        """A part of a multipart form."""
        return re.compile(
            rf'(name="?{self._of_name}"?(?:;[^\r\n]*)?(?:\r?\n[^\r\n]+)*\r?\n\r?\n)(?P<value>.*?)'
            rf"(?=\r?\n--|\Z)",
            _FLAGS,
        )


class Masker:
    """Masks the values of secret names."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self.add(Secrets())

    def add(self, secrets: Secrets) -> None:
        """Also mask these names from now on."""
        self._names |= {name.lower() for name in (*secrets.headers, *secrets.members)}
        self._patterns = _Patterns(self._names)

    def is_secret(self, name: str) -> bool:
        """Whether *name* marks a secret."""
        return self._patterns.name.fullmatch(name) is not None

    def text(self, content: str) -> str:
        """A body or a query with masked secrets: JSON, nested JSON, a form, multipart, or a cut-off text."""
        if not self._patterns.may_occur(content):
            return content
        if '"' in content:
            content = self._patterns.member.sub(_without_value, content)
            content = _AUTH_CODE_MEMBER.sub(rf'\1"{HIDDEN}"', content)
            if '\\"' in content:
                content = self._patterns.escaped.sub(rf"\1{HIDDEN}\4", content)
        if "name=" in content.lower():
            content = self._patterns.part.sub(rf"\1{HIDDEN}", content)
            content = _AUTH_CODE_PART.sub(rf"\1{HIDDEN}", content)
        if "|" in content:  # the header lines of a canonical request, as the gateway quotes it
            content = self._patterns.line.sub(rf"\1{HIDDEN}", content)
        if "=" in content:
            content = self._patterns.form.sub(rf"\1{HIDDEN}", content)
            content = _AUTH_CODE.sub(rf"\1{HIDDEN}", content)
        return content

    def values(self, content: str) -> Iterator[str]:
        """The secrets in a body or a query, as written there."""
        for found in self._patterns.member.finditer(content):
            if found["inside"] is None:
                yield _unquoted(found["value"])
            else:
                yield from (one[0].strip('"') for one in _STRINGS.finditer(found["inside"]) if not one[1])
        for pattern in (self._patterns.escaped, self._patterns.part, _AUTH_CODE_MEMBER, _AUTH_CODE_PART):
            yield from (_unquoted(found["value"]) for found in pattern.finditer(content))
        for pattern in (self._patterns.form, self._patterns.line, _AUTH_CODE):
            yield from (unquote_plus(found["value"]) for found in pattern.finditer(content))

    def header(self, name: str, value: str) -> str:
        """The masked value of a header; its scheme stays."""
        if self.is_secret(name):
            return _AFTER_SCHEME.sub(lambda found: f"{found[1] or ''}{HIDDEN}", value)
        return self.text(value) if "=" in value else value


_MASKER = Masker()
add, is_secret, text, values = _MASKER.add, _MASKER.is_secret, _MASKER.text, _MASKER.values


def headers(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Masked headers; a repeated header keeps all values."""
    found: dict[str, str] = {}
    for name, value in pairs:
        shown = _MASKER.header(name, value)
        found[name] = f"{found[name]}, {shown}" if name in found else shown
    return found


def may_show(content: str, wanted: str) -> bool:
    """Whether `text` of *content* may contain *wanted*.

    This is a fast check: false is certain, true is not. Masking inserts only stars and quotation marks.
    """
    return all(piece in content for piece in _INSERTED.split(wanted))


def digest(secret: str) -> str:
    """A digest that identifies *secret* without revealing it."""
    return f"token:{hashlib.sha256(secret.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"


def _without_value(member: re.Match[str]) -> str:
    if member["inside"] is None:
        return f'{member[1]}"{HIDDEN}"'
    return member[1] + _STRINGS.sub(lambda one: one[0] if one[1] else f'"{HIDDEN}"', member["inside"])


def _unquoted(written: str) -> str:
    """The value of a JSON string or number; of a cut-off string, its beginning."""
    try:
        return str(json.loads(written))
    except ValueError:
        return written.strip('"')
