"""Signed tokens: every process with the same secret can check them."""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from marshmallow import Schema, ValidationError, fields, post_load, validate

from mockcbs.services.gateway.projects import DEFAULT_PROJECT, DEFAULT_REGION
from mockcbs.settings import Settings

LIFETIME = 24 * 3_600_000
"""The lifetime of a token, ms (IAM reference: 24 hours)."""

EXPIRED_TOKEN = "expired-token"
"""A token that is always expired."""

_PREFIX = "MII"
_VERSION = 2
"""The version of a token's members; tokens of other versions are refused."""


@dataclass(frozen=True)
class Token:
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


def _whole(text: str) -> None:
    """Refuse a lone surrogate (``\ud800``): UTF-8 cannot encode it in a response."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValidationError("half a character (a lone surrogate)") from error


class _TokenSchema(Schema):
    """The members of a `Token`, and their version."""

    version = fields.Integer(required=True, strict=True, validate=validate.Equal(_VERSION))
    domain = fields.String(required=True, validate=_whole)
    user = fields.String(required=True, validate=_whole)
    issued_at = fields.Integer(required=True, strict=True, validate=validate.Range(0, 2**53))
    project_id = fields.String(required=True, allow_none=True, validate=_whole)
    project_name = fields.String(required=True, allow_none=True, validate=_whole)
    region = fields.String(required=True, allow_none=True, validate=_whole)

    @post_load
    def _make(self, content: dict[str, Any], **_: Any) -> Token:
        content.pop("version")
        return Token(**content)


_SCHEMA = _TokenSchema()


class TokenMint:
    """Issues and reads tokens."""

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeSerializer(
            secret, salt="mockcbs.services.iam.token", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def issue(self, token: Token) -> str:
        """Sign *token*; the text begins with ``MII``, like a real token."""
        return _PREFIX + str(self._serializer.dumps({"version": _VERSION, **asdict(token)}))

    def read(self, text: str) -> Token | None:
        """The token in *text*, even if expired; `None` if another secret signed it."""
        if not text.startswith(_PREFIX):
            return None
        try:
            token: Token = _SCHEMA.load(self._serializer.loads(text.removeprefix(_PREFIX)))
        except (BadData, ValidationError):
            return None
        return token


def usable(settings: Settings, now: int) -> str:
    """The token if it is accepted at *now* (ms UTC); without ``--strict`` any text is."""
    if not settings.strict:
        return "any-token"
    token = Token(
        settings.iam_domain, settings.iam_user, now, DEFAULT_PROJECT, DEFAULT_REGION, DEFAULT_REGION
    )
    return TokenMint(settings.secret).issue(token)
