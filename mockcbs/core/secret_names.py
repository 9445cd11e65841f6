"""Names that mark secrets: names of headers, JSON members, parameters and parts of forms."""

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple
from urllib.parse import unquote_plus

Kind = Literal["secret", "code", ""]
"""A secret; a code, which is the secret code of an OAuth grant or a harmless error code; neither."""


class Secrets(NamedTuple):
    """Names that mark secrets."""

    headers: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    """Names in JSON bodies, forms and queries."""


_ENDINGS = (
    "access.?key access.?key.?id aes.?key api.?keys? app.?key assertion auth.?code authorization "
    "authorization.?code bearer captcha code.?verifier cookies? credentials? device.?code encrypt.?key jwt "
    "passcode passw(?:or)?ds? passphrase private.?keys? secrets? secret.?key session.?key signature "
    "signing.?key ticket token (?:access|api|auth|id|refresh).?tokens user.?code verif(?:y|ication).?code "
    "webhook.?key"
).split()
"""Names with these endings mark secrets: ``client_secret``, ``X-Api-Key``, ``apiKey``."""
_WORDS = ("ak", "hmac", "otp", "pat", "pwd", "sk", "sign")
"""Short names that mark secrets alone, or after ``_``, ``-`` or a dot."""
_ALONE = ("token[0-9]", "tokens")
_FORMS = ("code", "eyj", "basic", "://", "hook", "sat_", "czu_", "czs_", "t-", "u-")
"""What occurs in secrets that are found without a name."""
_PAGES = re.compile(r"(?:next_?)?page_?token", re.IGNORECASE)
_INDEX = re.compile(r"[\[\]]+")

DESCRIBING = frozenset(
    "assumed_by catalog domain expires_at issued_at methods project roles scope user".split()
)
"""Members that describe an object with a secret name, as those of IAM's ``token`` and ``password``."""


class Names:
    """A table of names that mark secrets."""

    def __init__(self, own: Iterable[str]) -> None:
        """*own* names are added to those of all vendors."""
        self._own = sorted({name.lower() for name in own})
        hints = {_hint(one) for one in _ENDINGS} | {*_WORDS, *self._own, *_FORMS}
        self._hints = tuple(one for one in hints if not any(other != one and other in one for other in hints))
        self.kind = lru_cache(maxsize=10_000)(self._kind)
        """What *name* marks; the name may be percent-encoded or have an index (``token[0]``)."""

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """A pattern of all names; compiled only when all services have added theirs."""
        endings = "|".join(one.replace(".?", "[ _.-]?") for one in _ENDINGS)
        exact = "|".join([*_ALONE, *map(re.escape, self._own)])
        return re.compile(
            rf".*(?:{endings})|(?:.*[_.\-])?(?:{'|'.join(_WORDS)})|{exact}", re.IGNORECASE | re.DOTALL
        )

    def may_occur(self, folded: str) -> bool:
        """Whether one of the names may occur in *folded*, a text in lower case.

        This is a fast check: false is certain, true is not.
        """
        return any(map(folded.__contains__, self._hints))  # a third of the time of a generator

    def _kind(self, name: str) -> Kind:
        if len(name) > MAX_NAME:
            return ""
        for part in _INDEX.split(unquote_plus(name)):
            plain = part.strip()
            if plain.lower() == "code":
                return "code"
            if self._pattern.fullmatch(plain) and not _PAGES.match(plain):
                return "secret"
        return ""


MAX_NAME = 200
"""Longer names mark nothing."""


def _hint(ending: str) -> str:
    """A text that occurs in all names with *ending*."""
    pieces = [re.split(r"\(|s\?|s$", piece)[0] for piece in re.sub(r"^\(.*?\)", "", ending).split(".?")]
    return max(pieces, key=len)
