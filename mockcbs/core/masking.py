"""The one place where secrets are taken out of what is kept or shown."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

HIDDEN = "***"


@dataclass(frozen=True)
class Secrets:
    """Names of what must never be shown."""

    headers: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    """Of JSON bodies, forms and queries."""


class _Known:
    """All that is known to be secret, as patterns."""

    def __init__(self) -> None:
        self._headers: set[str] = set()
        self._members: set[str] = set()

    def add(self, secrets: Secrets) -> None:
        """Mask these as well from now on."""
        self._headers |= {name.lower() for name in secrets.headers}
        self._members |= {name.lower() for name in secrets.members}
        names = "|".join(map(re.escape, sorted(self._members)))
        self.json_member = re.compile(rf'("(?:{names})"\s*:\s*)"(?:[^"\\]|\\.)*"?', re.IGNORECASE)
        self.form_member = re.compile(rf"((?:^|[?&\s])(?:{names})=)[^&\s]*", re.IGNORECASE)

    def header(self, name: str) -> bool:
        """Whether a header of that name holds a secret."""
        return name.lower() in self._headers


_KNOWN = _Known()
add = _KNOWN.add
add(
    Secrets(
        headers=("Authorization", "Cookie", "Proxy-Authorization", "Set-Cookie"),
        members=(
            "access_token",
            "app_access_token",
            "app_secret",
            "app_ticket",
            "client_secret",
            "password",
            "refresh_token",
            "secret",
            "secret_key",
            "tenant_access_token",
            "token",
        ),
    )
)

_AFTER_SCHEME = re.compile(r"(Signature=|Bearer |Basic )\S+|^(?!SDK-|Bearer |Basic )\S.*", re.DOTALL)


def headers(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers fit to be shown."""
    return {name: _header(name, value) for name, value in pairs}


def text(content: str) -> str:
    """A body or a query fit to be shown, JSON, form or broken."""
    return _KNOWN.form_member.sub(rf"\1{HIDDEN}", _KNOWN.json_member.sub(rf'\1"{HIDDEN}"', content))


def digest(secret: str) -> str:
    """What stands for *secret* wherever it must be told from another but not shown."""
    return f"token:{hashlib.sha256(secret.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"


def _header(name: str, value: str) -> str:
    if not _KNOWN.header(name):
        return value
    return _AFTER_SCHEME.sub(lambda found: f"{found[1] or ''}{HIDDEN}", value, count=1)
