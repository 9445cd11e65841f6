"""Tokens: signed, so that every process with the same secret knows them, and expiring."""

import hashlib
from dataclasses import asdict, dataclass

from itsdangerous import BadData, URLSafeSerializer

from mockcbs.services.gateway.projects import DEFAULT_PROJECT, DEFAULT_REGION
from mockcbs.settings import Settings

LIFETIME = 24 * 3_600_000
"""How long a token lasts, ms (IAM reference: 24 hours)."""

EXPIRED_TOKEN = "expired-token"
"""A token that always answers as an expired one."""

_PREFIX = "MII"


@dataclass(frozen=True)
class Token:
    """What a token says of its holder."""

    domain: str
    user: str
    issued_at: int
    """ms UTC."""
    project_id: str | None = None
    """The project it is scoped to; `None` for the whole account."""
    project_name: str | None = None

    @property
    def expires_at(self) -> int:
        """Ms UTC."""
        return self.issued_at + LIFETIME


class TokenMint:
    """Issues and reads tokens."""

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeSerializer(
            secret, salt="mockcbs.services.iam.token", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def issue(self, token: Token) -> str:
        """The text of *token*, beginning with ``MII`` as real ones do."""
        return _PREFIX + str(self._serializer.dumps(asdict(token)))

    def read(self, text: str) -> Token | None:
        """The token issued as *text* by a mint with this secret, expired or not."""
        if not text.startswith(_PREFIX):
            return None
        try:
            return Token(**self._serializer.loads(text.removeprefix(_PREFIX)))
        except BadData:
            return None


def usable(settings: Settings, now: int) -> str:
    """A token that is accepted at *now* (ms UTC): any is, unless mockcbs is strict."""
    if not settings.strict:
        return "any-token"
    token = Token(settings.iam_domain, settings.iam_user, now, DEFAULT_PROJECT, DEFAULT_REGION)
    return TokenMint(settings.secret).issue(token)
