"""Reads deliveries: flat bodies and the vendor's envelopes, in all documented spellings.

Contract coze 1.5.3: times are seconds, milliseconds or ISO 8601, also with a fraction; event types may be
the Chinese labels or older aliases.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from mockcbs.core.clock import instant

CHALLENGE = "url_verification"
"""The event type of the request that checks a receiver's URL (contract coze 3.13.3)."""

_ALIASES = {
    "session_start": "session.started",
    "message_send": "message.sent",
    "execution_complete": "execution.completed",
    "execution_fail": "execution.failed",
    "会话开始": "session.started",
    "消息发送": "message.sent",
    "执行完成": "execution.completed",
    "执行失败": "execution.failed",
}

MAX_LENGTHS = {
    "event_id": 255,
    "event_type": 64,
    "bot_id": 64,
    "workflow_id": 64,
    "session_id": 255,
    "execution": 255,
    "message_id": 255,
    "role": 32,
    "user_id": 512,
    "connector_id": 64,
    "status": 32,
}
"""The maximum lengths of the texts of an event, in characters. Other texts have no limit."""

_FIRST_MILLISECONDS = 10**10
"""Smaller numbers are seconds: those have 10 digits, milliseconds have 13."""
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,18})?", re.ASCII)
_HALF = re.compile("[\ud800-\udfff]")
_MAX_DIGITS = 18
_MAX_WHOLE = 2**63


class BodyError(Exception):
    """The body is not an event; the message describes the problem."""


@dataclass(frozen=True)
class Event:
    """An event as a receiver stores it. Missing members are empty or `None`; times are ms UTC."""

    event_id: str
    """The id in the body. Without one, the SHA-256 of the body, so that a redelivery has the same id."""
    event_type: str
    """In the canonical spelling, such as ``message.sent``."""
    bot_id: str = ""
    workflow_id: str = ""
    session_id: str = ""
    execution: str = ""
    """``chat_id`` or ``execute_id``, which the events of one execution share."""
    message_id: str = ""
    role: str = ""
    user_id: str = ""
    connector_id: str = ""
    status: str = ""
    duration_ms: int | None = None
    trigger_time: int | None = None
    timestamp: int | None = None
    error_code: int | None = None
    error_message: str = ""
    body: str = ""
    """The received body."""


@dataclass(frozen=True)
class Challenge:
    """A check of the URL; the response must be ``{"challenge": value}``."""

    value: str


def read(body: bytes) -> Event | Challenge:
    """The event in *body*. Raises `BodyError` unless it is a JSON object with an event type."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BodyError("the body is not JSON in UTF-8") from error
    if not isinstance(content, dict):
        raise BodyError(f"the body is a JSON {type(content).__name__}, not an object")
    facts = _flattened(content)
    kind = facts.get("event_type")
    if not isinstance(kind, str) or not kind:
        raise BodyError("event_type is missing")
    if kind == CHALLENGE:
        return Challenge(_text(facts, "challenge"))
    return _storable(_event(facts, kind, body))


def _event(facts: Mapping[str, Any], kind: str, body: bytes) -> Event:
    return Event(
        event_id=_text(facts, "event_id") or hashlib.sha256(body).hexdigest(),
        event_type=_ALIASES.get(kind, kind),
        bot_id=_text(facts, "bot_id"),
        workflow_id=_text(facts, "workflow_id"),
        session_id=_text(facts, "session_id") or _text(facts, "conversation_id"),
        execution=_text(facts, "chat_id") or _text(facts, "execute_id"),
        message_id=_text(facts, "message_id"),
        role=_text(facts, "role"),
        user_id=_text(facts, "user_id"),
        connector_id=_text(facts, "connector_id"),
        status=_text(facts, "status"),
        duration_ms=_whole(facts.get("duration_ms")),
        trigger_time=_time(facts.get("trigger_time")),
        timestamp=_time(facts.get("timestamp")),
        error_code=_whole(facts.get("error_code")),
        error_message=_text(facts, "error_message"),
        body=body.decode("utf-8", "replace"),
    )


def _storable(event: Event) -> Event:
    """*event*. Raises `BodyError` if it has a text that some databases do not store unchanged."""
    for name, text in asdict(event).items():
        if not isinstance(text, str):
            continue
        limit = MAX_LENGTHS.get(name)
        if limit is not None and len(text) > limit:
            raise BodyError(f"{name} has {len(text)} characters; at most {limit} are accepted")
        if "\0" in text or _HALF.search(text):
            raise BodyError(f"{name} contains U+0000 or half of a surrogate pair")
    return event


def _flattened(content: dict[str, Any]) -> Mapping[str, Any]:
    """The members of a flat body, or the members of an envelope's header and event together."""
    header, event = content.get("header"), content.get("event")
    if isinstance(header, dict) and isinstance(event, dict):
        return {"timestamp": header.get("created_at"), **event, **header}
    return content


def _text(facts: Mapping[str, Any], name: str) -> str:
    """A member as text; the vendor sends some ids as numbers."""
    value = facts.get(name)
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _whole(value: Any) -> int | None:
    """A number that fits a 64-bit column; `None` for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MAX_WHOLE
    return value if fits else None


def _time(value: Any) -> int | None:
    """A time as ms UTC, from seconds or milliseconds, also with a fraction, or from ISO 8601; `None` for
    anything else.
    """
    number = _number(value)
    if number is None:
        return _instant(value) if isinstance(value, str) else None
    is_seconds = abs(number) < _FIRST_MILLISECONDS
    ms = int(number.scaleb(3) if is_seconds else number)
    return ms if abs(ms) < _MAX_WHOLE else None


def _number(value: Any) -> Decimal | None:
    """A finite number, also one in a text, or `None`. `Decimal`, as floats do not hold every millisecond."""
    is_text = isinstance(value, str) and bool(_NUMBER.fullmatch(value))
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (is_text or is_number):
        return None
    number = Decimal(str(value))
    return number if number.is_finite() else None


def _instant(text: str) -> int | None:
    try:
        return instant(text.strip())
    except ValueError:
        return None
