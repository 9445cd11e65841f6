"""Signed tokens: every process with the same secret can check them."""

from typing import NamedTuple

from mockcbs.core.signed_texts import SignedTexts
from mockcbs.services.gateway.projects import DEFAULT_PROJECT, DEFAULT_REGION
from mockcbs.settings import Settings

LIFETIME = 24 * 3_600_000
"""The lifetime of a token, ms (IAM reference: 24 hours)."""

EXPIRED_TOKEN = "expired-token"
"""A token that is always expired."""

_PREFIX = "MII"


class Token(NamedTuple):
    """The content of a token."""

    domain: str
    user: str
    issued_at: int
    """ms UTC."""
    project_id: str | None = None
    """The project of its scope; `None` for the whole account."""
    project_name: str | None = None
    region: str | None = None
    """The only region that it is valid for; `None` for all."""

    @property
    def expires_at(self) -> int:
        """The end of its validity, ms UTC."""
        return self.issued_at + LIFETIME


class TokenMint:
    """Issues and reads tokens."""

    def __init__(self, secret: str) -> None:
        self._texts = SignedTexts(Token, secret, "mockcbs.services.iam.token", version=2)

    def issue(self, token: Token) -> str:
        """Sign *token*; the text begins with ``MII``, like a real token."""
        return _PREFIX + self._texts.write(token)

    def read(self, text: str) -> Token | None:
        """The token in *text*, even if expired; `None` if another secret or version signed it."""
        return self._texts.read(text.removeprefix(_PREFIX)) if text.startswith(_PREFIX) else None


def usable(settings: Settings, now: int) -> str:
    """The token if it is accepted at *now* (ms UTC); without ``--strict`` any text is."""
    if not settings.strict:
        return "any-token"
    token = Token(
        settings.iam_domain, settings.iam_user, now, DEFAULT_PROJECT, DEFAULT_REGION, DEFAULT_REGION
    )
    return TokenMint(settings.secret).issue(token)
