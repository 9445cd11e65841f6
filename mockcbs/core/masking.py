"""The one place where secrets are taken out of what is kept or shown."""

import hashlib
import re
from collections.abc import Iterable, Mapping

HIDDEN = "***"

_HEADERS = {
    "authorization",
    "cookie",
    "proxy-authorization",
    "set-cookie",
    "x-auth-token",
    "x-security-token",
    "x-subject-token",
}
_NAMES = (
    "access_token|app_secret|app_ticket|assertion|client_assertion|client_secret|code_verifier|device_code"
    "|password|refresh_token|secret|secret_key|securitytoken|tenant_access_token|app_access_token|token"
)
_JSON_MEMBER = re.compile(rf'("(?:{_NAMES})"\s*:\s*)"(?:[^"\\]|\\.)*"?', re.IGNORECASE)
_FORM_MEMBER = re.compile(rf"((?:^|[?&\s])(?:{_NAMES})=)[^&\s]*", re.IGNORECASE)
_AFTER_SCHEME = re.compile(r"(Signature=|Bearer |Basic )\S+|^(?!SDK-|Bearer |Basic )\S.*", re.DOTALL)


def headers(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers fit to be shown."""
    return {name: _header(name, value) for name, value in pairs}


def text(content: str) -> str:
    """A body or a query fit to be shown, JSON, form or broken."""
    return _FORM_MEMBER.sub(rf"\1{HIDDEN}", _JSON_MEMBER.sub(rf'\1"{HIDDEN}"', content))


def credential(environ: Mapping[str, str]) -> str | None:
    """A digest that tells the caller's token or access key from another's; `None` if none was sent."""
    sent = token(environ)
    return digest(sent) if sent else None


def token(environ: Mapping[str, str], *, only_bearer: bool = False) -> str:
    """The caller's token or access key; a secret, unlike its `credential`. Empty if none was sent."""
    sent = environ.get("HTTP_X_AUTH_TOKEN", "").strip()
    if sent and not only_bearer:
        return sent
    authorization = environ.get("HTTP_AUTHORIZATION", "").strip()
    access_key = re.search(r"Access=([^,\s]+)", authorization)
    return access_key[1] if access_key else authorization.removeprefix("Bearer ").strip()


def digest(secret: str) -> str:
    """What stands for *secret* wherever it must be told from another but not shown."""
    return f"token:{hashlib.sha256(secret.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"


def _header(name: str, value: str) -> str:
    if name.lower() not in _HEADERS:
        return value
    return _AFTER_SCHEME.sub(lambda found: f"{found[1] or ''}{HIDDEN}", value, count=1)
