"""HTTPS with the services' own names: certificates from a CA of mockcbs, or the user's own."""

import ssl
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockcbs.core.errors import UserError
from mockcbs.services import registry
from mockcbs.settings import ServerSettings

if TYPE_CHECKING:
    import trustme

CA_FILE, KEY_FILE = "ca.pem", "ca-key.pem"

_VALID = timedelta(days=397)
"""The validity of a certificate. Apple's systems reject longer ones."""
_CLOCK_SKEW = timedelta(days=1)
_MAX_NAMES = 256
"""The maximum number of certificates for names that clients request."""


def make_context(how: ServerSettings, folder: Path) -> tuple[ssl.SSLContext, Path | None]:
    """The TLS context of a server, and the file of the CA that its clients must trust.

    With ``--tls-cert`` there is no such file. The CA is in ``--tls-ca``, or a new one is created in *folder*.
    Raises `UserError` for invalid files and names.
    """
    if how.tls_cert:
        return _users_own(how.tls_cert, how.tls_key), None
    home = Path(how.tls_ca) if how.tls_ca else folder
    authority = _authority(home)
    named = [host for service in registry.services() for host in service.hosts if "*" not in host]
    try:
        context = _issued(authority, how.host, "localhost", "127.0.0.1", "::1", *how.tls_name, *named)
    except ValueError as error:
        raise UserError(f"--tls-name {', '.join(how.tls_name)}: {error}") from error
    context.sni_callback = _by_name(authority)
    return context, home / CA_FILE


def _users_own(certificate: str, key: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        files = f"--tls-cert {certificate}" + (f" with --tls-key {key}" if key else "")
        wanted = "a PEM certificate and its key" if key else "a PEM certificate, and its key in the same file"
        raise UserError(f"{files} cannot be used: {error.strerror or error}; wanted is {wanted}") from error
    return context


def _authority(home: Path) -> "trustme.CA":
    """The CA in the folder *home*, or a new one that is written there."""
    import trustme  # noqa: PLC0415 - brings cryptography, which plain HTTP does not need

    certificate, key = home / CA_FILE, home / KEY_FILE
    try:
        if certificate.exists() and key.exists():
            return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
        home.mkdir(parents=True, exist_ok=True)
        made = trustme.CA(organization_name="mockcbs", organization_unit_name="mockcbs test CA")
        key.touch(0o600)
        key.write_bytes(made.private_key_pem.bytes())
        certificate.write_bytes(made.cert_pem.bytes())
    except OSError as error:
        raise UserError(f"--tls-ca {str(home)!r} cannot be used: {error.strerror}") from error
    except ValueError as error:
        raise UserError(
            f"--tls-ca {str(home)!r}: {CA_FILE} and {KEY_FILE} are not a certificate and its key; "
            "remove both to have new ones made"
        ) from error
    return made


def _issued(authority: "trustme.CA", *names: str) -> ssl.SSLContext:
    """A server's context with a certificate for *names*, issued by *authority*."""
    now = datetime.now(UTC)
    certificate = authority.issue_cert(
        *dict.fromkeys(names), not_before=now - _CLOCK_SKEW, not_after=now + _VALID
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    return context


def _by_name(authority: "trustme.CA") -> Any:
    """A TLS callback that presents a certificate for any host of a service that a client names (SNI)."""
    issued = lru_cache(maxsize=_MAX_NAMES)(lambda name: _issued(authority, name))

    def choose(connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        host = (name or "").lower()
        if any(service.host_pattern.fullmatch(host) for service in registry.services() if service.hosts):
            connection.context = issued(host)

    return choose
