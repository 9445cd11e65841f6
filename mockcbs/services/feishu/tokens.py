"""Tenant access tokens. They are signed, so every process with the same secret knows them."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from mockcbs.core.signed_texts import SignedTexts

LIFETIME = 7200
"""The lifetime of a token in seconds (contract 4.2)."""
RENEWED_BELOW = 1800
"""With fewer seconds left, a new token is issued; the old one stays valid until it expires."""
_HOOK = re.compile(r"/open-apis/bot/v2/hook/([^/]+)/?")


class Token(NamedTuple):
    """The content of a token."""

    app_id: str
    expires_at: int
    """The end of its validity, Unix seconds."""


class TokenMint:
    """Issues and reads tokens."""

    def __init__(self, secret: str) -> None:
        self._texts = SignedTexts(Token, secret, "mockcbs.services.feishu.token", version=1)

    def issue(self, token: Token) -> str:
        """Sign *token*."""
        return f"t-{self._texts.write(token)}"

    def read(self, text: str) -> Token | None:
        """The token in *text*, even if expired; `None` if another secret or version signed it."""
        return self._texts.read(text.removeprefix("t-"))


def grant_of(text: str, secret: str) -> str | None:
    """The grant of a token; `None` if the token was not issued here."""
    token = TokenMint(secret).read(text) if text.startswith("t-") else None
    return app_grant(token.app_id) if token else None


def app_grant(app_id: str) -> str:
    """The grant that all tokens of an app share, and so their scope."""
    return f"feishu/{app_id}"


def token_in(environ: Mapping[str, str]) -> str:
    """The access token of a request; for a custom bot, the token in its path."""
    if found := _HOOK.fullmatch(environ.get("PATH_INFO", "")):
        return found[1]
    header = environ.get("HTTP_AUTHORIZATION", "").strip()
    return header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else ""
