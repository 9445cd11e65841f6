"""Forms of ids: which ids bots can have, and the ids of their generated sessions."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass

_MAX_DECIMAL = 20
"""The number of digits of the longest decimal session id."""


def uuid7(start: int, ordinal: int, tail: bytes) -> str:
    """A time-ordered UUID (version 7) for a session that begins at *start* (ms UTC).

    *ordinal* is the session's number on that day, *tail* consists of six bytes that identify the day.
    """
    high, low = 0x7000 | ordinal >> 14, 0x8000 | ordinal & 0x3FFF
    return str(
        uuid.UUID(bytes=start.to_bytes(6, "big") + high.to_bytes(2, "big") + low.to_bytes(2, "big") + tail)
    )


def decimal(start: int, ordinal: int, tail: bytes) -> str:
    """A decimal number whose upper half is the second of *start*; for the arguments see `uuid7`."""
    return str(start // 1000 << 32 | ordinal << 8 | tail[0])


@dataclass(frozen=True)
class IdForm:
    """One form of bot ids, and the form of the session ids that goes with it."""

    name: str
    """The name of the form in messages, such as ``a UUID``."""
    pattern: re.Pattern[str]
    """The pattern of bot ids in lower case."""
    session_id: Callable[[int, int, bytes], str] = uuid7
    """Returns ids that ascend with the begin of sessions; for the arguments see `uuid7`."""


UUIDS = IdForm("a UUID", re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"))
DECIMALS = IdForm("16 to 20 digits", re.compile("[0-9]{16,20}"), decimal)

_forms = {UUIDS.name: UUIDS, DECIMALS.name: DECIMALS}


def add(form: IdForm) -> None:
    """Accept bot ids of that form as well."""
    _forms[form.name] = form


def remove(form: IdForm) -> None:
    """Stop accepting bot ids of that form."""
    del _forms[form.name]


def form_of(bot_id: str) -> IdForm | None:
    """The form of *bot_id*; `None` if no form accepts it."""
    return next((form for form in _forms.values() if form.pattern.fullmatch(bot_id)), None)


def accepted() -> str:
    """The accepted forms, in words."""
    return " or ".join(_forms)


def bot_id(text: str) -> str:
    """*text* as a bot id in lower case; raises `ValueError` if no form accepts it."""
    if form_of(text.lower()) is None:
        raise ValueError(f"bot id {text!r} is not {accepted()}")
    return text.lower()


def begun(session_id: str) -> int | None:
    """The begin of a generated session (ms UTC), read from its id; `None` if it cannot be a generated id."""
    if session_id.isascii() and session_id.isdecimal() and len(session_id) <= _MAX_DECIMAL:
        return (int(session_id) >> 32) * 1000
    try:
        return uuid.UUID(session_id).int >> 80
    except ValueError:
        return None
