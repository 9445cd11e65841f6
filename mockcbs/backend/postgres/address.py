"""The address of a database: the URL of `--state`, whose password is never shown."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from mockcbs.core.errors import UserError

DEFAULT_SCHEMA = "mockcbs"
_SCHEMA = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_SECRETS = {"password", "sslpassword", "passfile", "sslkey"}
ACCEPTED = "postgresql://USER:PASSWORD@HOST[:PORT]/DATABASE[?schema=NAME]"


@dataclass(frozen=True)
class Address:
    """A schema of a database."""

    url: str = field(repr=False)
    """The URL for libpq; it may contain a password."""
    schema: str
    shown: str
    """The URL without secrets."""

    def __str__(self) -> str:
        return self.shown


def parse(state: str) -> Address:
    """The database that ``--state`` names. Raises `UserError`, whose message shows no password."""
    try:
        parts = urlsplit(state)
        port = parts.port
    except ValueError as error:
        raise UserError(f"--state: this is not a URL of PostgreSQL; accepted is {ACCEPTED}") from error
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    schema = next((value for name, value in pairs if name == "schema"), DEFAULT_SCHEMA)
    rest = [(name, value) for name, value in pairs if name != "schema"]
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    user = f"{quote(unquote(parts.username))}@" if parts.username else ""
    place = f"{user}{host}{f':{port}' if port else ''}"
    shown = urlencode([*((n, v) for n, v in rest if n.lower() not in _SECRETS), ("schema", schema)])
    address = Address(
        f"postgresql://{parts.netloc}{parts.path}{'?' * bool(rest)}{urlencode(rest, quote_via=quote)}",
        schema,
        f"postgresql://{place}{parts.path}?{shown}",
    )
    if not _SCHEMA.fullmatch(schema):
        raise UserError(
            f"--state {address.shown!r}: schema {schema!r} is not a name of at most 63 letters, digits and _"
        )
    if len(parts.path) < 2 and "dbname" not in dict(rest):
        raise UserError(f"--state {address.shown!r} names no database; accepted is {ACCEPTED}")
    return address
