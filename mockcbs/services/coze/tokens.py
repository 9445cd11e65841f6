"""OAuth tokens. They are signed, so every process with the same secret knows them, and they expire."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mockcbs.core.errors import UserError
from mockcbs.core.signed_texts import SignedTexts

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

EXPIRED_TOKEN = "expired-token"
"""A token that is always expired."""

USER_LIFETIME = 15 * 60
"""Lifetimes in seconds (contract 2.2.1)."""
REFRESH_LIFETIME = 30 * 86_400
LONGEST_JWT_LIFETIME = 86_399


class Token(NamedTuple):
    """The content of a token."""

    purpose: str
    """``access``, ``refresh`` or ``code``."""
    client_id: str
    expires_at: int
    """The end of its validity, Unix seconds."""
    number: str
    """Makes tokens with otherwise equal content different."""
    grant: str = ""
    """Its origin: a consent, or an app and its session. Refreshed tokens keep it."""
    redirect_uri: str = ""
    challenge: str = ""
    """The code challenge of PKCE, or empty."""
    challenge_method: str = "plain"
    bots: tuple[str, ...] = ()
    """The bots that the token is restricted to; empty without a restriction."""


class TokenMint:
    """Issues and reads tokens."""

    def __init__(self, secret: str) -> None:
        self._texts = SignedTexts(Token, secret, "mockcbs.services.coze.token", version=1)

    def issue(self, token: Token, prefix: str) -> str:
        """Sign *token*.

        The text begins with ``czu_`` for a user's token, ``czs_`` for that of a JWT, and ``code_`` for a
        code.
        """
        return prefix + self._texts.write(token)

    def read(self, text: str) -> Token | None:
        """The token in *text*, even if expired; `None` if another secret or version signed it."""
        return self._texts.read(text.partition("_")[2])


@cache
def public_key(file: str) -> "RSAPublicKey":
    """The key that signs JWTs; raises `UserError` if the file has no key."""
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - only JWTs need it
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415

    try:
        key = load_pem_public_key(Path(file).read_bytes())
    except OSError as error:
        raise UserError(f"{file}: {error.strerror}") from error
    except ValueError as error:
        raise UserError(f"{file}: no public key in PEM: {error}") from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise UserError(f"{file}: not an RSA key")
    return key
