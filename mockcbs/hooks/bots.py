"""The bot that a request names, for scenarios and the journal."""

import re
from functools import cache
from typing import Any

from mockcbs.services import registry
from mockcbs.web.context import Context

_BEGINNING = 4096
"""Only so many bytes of a body are searched."""


def note(this: Context, path: dict[str, Any] | None, body: bytes) -> None:
    """Store the bot that a request names in the values of its *path* or in the beginning of its JSON *body*.

    `Bots.members` of the service has the names under which they contain it. A view may have stored it before.
    """
    service = registry.service()
    if this.bot_id or service is None or service.bots is None:
        return
    names = (_named(member, path or {}, body[:_BEGINNING]) for member in service.bots.members)
    this.bot_id = next(filter(None, names), None)


def _named(member: str, path: dict[str, Any], body: bytes) -> str | None:
    found = path.get(member) or _member(member).search(body)
    return found[1].decode("utf-8", "replace") if isinstance(found, re.Match) else found


@cache
def _member(name: str) -> re.Pattern[bytes]:
    """Finds the member of that name with a short text as its value."""
    return re.compile(rf'"{re.escape(name)}"\s*:\s*"([^"\\]{{1,64}})"'.encode())
