"""OAuth tokens: signed, so that every process with the same secret knows them, and expiring."""

import hashlib
from dataclasses import asdict, dataclass

from itsdangerous import BadData, URLSafeSerializer

EXPIRED_TOKEN = "expired-token"
"""A token that always answers as an expired one."""

USER_LIFETIME = 15 * 60
"""Seconds (contract 2.2.1)."""
REFRESH_LIFETIME = 30 * 86_400
LONGEST_JWT_LIFETIME = 86_399


@dataclass(frozen=True)
class Token:
    """What a token says."""

    purpose: str
    """``access``, ``refresh`` or ``code``."""
    client_id: str
    expires_at: int
    """Unix seconds."""
    number: str
    """Tells tokens apart that are otherwise alike."""
    redirect_uri: str = ""
    challenge: str = ""
    """PKCE's code challenge; empty if there is none."""
    challenge_method: str = "plain"
    bots: tuple[str, ...] = ()
    """The only bots the token is good for; empty for all of the account's."""


class TokenMint:
    """Issues and reads tokens."""

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeSerializer(
            secret, salt="mockcbs.coze.token", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def issue(self, token: Token, prefix: str) -> str:
        """The text of *token*: ``czu_…`` for a user's, ``czs_…`` for a JWT's, ``code_…`` for a code."""
        return prefix + str(self._serializer.dumps(asdict(token)))

    def read(self, text: str) -> Token | None:
        """The token issued as *text* by a mint with this secret, expired or not."""
        try:
            content = self._serializer.loads(text.partition("_")[2])
            return Token(**{**content, "bots": tuple(content["bots"])})
        except BadData:
            return None
