"""Webhooks as a receiver sees them."""

from collections import defaultdict
from typing import Any

from mockcbs.contract.kit import Kit, checks, not_reached
from mockcbs.contract.webhooks import Delivery, inbox_of, of_chat
from mockcbs.webhooks.signatures import coze_signature

_STATUS = {
    "session.started": "started",
    "message.sent": "sent",
    "execution.completed": "success",
    "execution.failed": "failed",
}
_TEXTS = ("event_type", "event_id", "session_id", "user_id", "status")
_TOLERANCE = 5 * 60_000
"""The accepted difference between two clocks, and between the events of a chat, in ms."""
_SECOND = 1000
_YEAR_2001, _YEAR_2286 = 10**12, 10**13
"""The times that 13 digits can express, ms UTC."""


@checks("webhooks.challenge")
def test_challenge(kit: Kit) -> None:
    """A challenge is sent to the URL before the first event."""
    found = [one for one in inbox_of(kit).deliveries if one.is_challenge]
    if not found and "webhooks user" not in kit.memory:
        not_reached("the URL was saved before the kit listened")
    first = (found or inbox_of(kit).deliveries)[0]
    wrong = _wrong_challenge(first) if found else ["no challenge"]
    kit.expect("webhooks.challenge", first.answer(), wrong, [], "problems")


def _wrong_challenge(one: Delivery) -> list[str]:
    content = one.content if isinstance(one.content, dict) else {}
    header, event = (content.get(name) for name in ("header", "event"))
    header, event = (part if isinstance(part, dict) else {} for part in (header, event))
    right = {
        "X-Coze-Signature": "X-Coze-Signature" in one.headers,
        "header.event_type": header.get("event_type") == "url_verification",
        "header.event_id": _is_text(header.get("event_id")),
        "header.created_at": _is_time(header.get("created_at")),
        "event.challenge": _is_text(event.get("challenge")),
    }
    return [name for name, held in right.items() if not held]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_time(value: object) -> bool:
    """Whether a value is a time in ms."""
    return type(value) is int and _YEAR_2001 <= value < _YEAR_2286


@checks("webhooks.post", "webhooks.signature", "webhooks.timestamp", "webhooks.nonce")
def test_every_attempt(kit: Kit) -> None:
    """Every attempt, including challenges, is a signed POST."""
    secret, seen = kit.accounts["webhooks_secret"], set()
    for one in inbox_of(kit).deliveries:
        answer, headers = one.answer(), one.headers
        kind = headers.get("Content-Type", "(none)").lower().replace(" ", "")
        held = isinstance(one.content, dict) and kind == "application/json;charset=utf-8"
        kit.judge("webhooks.post", answer, "a JSON object, application/json; charset=utf-8", kind, held=held)
        stamp, nonce = headers.get("X-Coze-Timestamp", ""), headers.get("X-Coze-Nonce", "")
        if secret:
            given, expected = headers.get("X-Coze-Signature"), coze_signature(stamp, nonce, secret, one.body)
            kit.expect("webhooks.signature", answer, given, expected, "X-Coze-Signature")
        held = stamp.isdecimal() and abs(int(stamp) - one.at) <= _TOLERANCE
        kit.judge("webhooks.timestamp", answer, "the current time in ms", stamp or "(none)", held=held)
        kit.judge("webhooks.nonce", answer, "a new nonce", nonce, held=bool(nonce) and nonce not in seen)
        seen.add(nonce)


@checks(
    "webhooks.members",
    "webhooks.joins",
    "webhooks.message",
    "webhooks.kinds",
    "webhooks.status",
    "webhooks.duration",
    "webhooks.took",
    "webhooks.times",
)
def test_every_event(kit: Kit) -> None:
    """Every event has the documented members."""
    for one in inbox_of(kit).events:
        event, answer = one.event, one.answer()
        wrong = [name for name in _TEXTS if not _is_text(event.get(name))]
        wrong += [name for name in ("trigger_time", "timestamp") if name not in event]
        wrong += [] if _has_text(event, "bot_id", "workflow_id") else ["bot_id"]
        kit.expect("webhooks.members", answer, wrong, [], "missing or wrong members")
        wrong = [] if _has_text(event, "connector_id") else ["connector_id"]
        wrong += [] if _has_text(event, "chat_id", "execute_id") else ["chat_id"]
        kit.expect("webhooks.joins", answer, wrong, [], "missing or wrong members")
        if _is_text(kind := event.get("event_type")):
            kit.judge("webhooks.kinds", answer, ", ".join(_STATUS), kind, held=kind in _STATUS)
            if kind in _STATUS:
                _check_kind(kit, one, kind)
        _check_times(kit, one)


def _has_text(event: dict[str, Any], *names: str) -> bool:
    """Whether an event has one of these members, and each of them is a text."""
    given = [event[name] for name in names if name in event]
    return bool(given) and all(map(_is_text, given))


def _check_kind(kit: Kit, one: Delivery, kind: str) -> None:
    """Check what depends on the type of an event."""
    event, answer = one.event, one.answer()
    if _is_text(event.get("status")):
        kit.expect("webhooks.status", answer, event["status"], _STATUS[kind], f"status of {kind}")
    if kind == "message.sent":
        found = [_is_text(event.get("message_id")), event.get("role") in {"user", "assistant"}]
        kit.expect("webhooks.message", answer, found, [True, True], "has message_id, has role")
    duration = event.get("duration_ms")
    if kind.startswith("execution."):
        held = type(duration) is int and duration >= 0
        kit.judge("webhooks.duration", answer, "a whole number", f"duration_ms = {duration!r}", held=held)
    else:
        kit.expect("webhooks.duration", answer, "duration_ms" in event, False, "has duration_ms")


def _check_times(kit: Kit, one: Delivery) -> None:
    event, answer = one.event, one.answer()
    times = [event[name] for name in ("trigger_time", "timestamp") if name in event]
    held = all(map(_is_time, times)) and times == sorted(times)
    kit.judge("webhooks.times", answer, "integers of 13 digits in order", str(times), held=held)
    duration = event.get("duration_ms")
    if held and len(times) == 2 and type(duration) is int:
        took = times[1] - times[0]
        expected = f"duration_ms = {took}"
        held = abs(took - duration) <= _SECOND
        kit.judge("webhooks.took", answer, expected, f"duration_ms = {duration}", held=held)


@checks("webhooks.ids", "webhooks.again", "webhooks.once")
def test_attempts(kit: Kit) -> None:
    """An event that was rejected is sent again with the same bytes, until it is accepted."""
    attempts: dict[str, list[Delivery]] = defaultdict(list)
    for one in inbox_of(kit).events:
        if one.event_id:
            attempts[one.event_id].append(one)
    for several in attempts.values():
        last = several[-1].answer()
        bodies = {one.body for one in several}
        found = sorted({(str(one.event.get("event_type")), one.event.get("trigger_time")) for one in several})
        kit.expect("webhooks.ids", last, len(found), 1, "events with one event_id")
        accepted = [one.status for one in several].count(200)
        held = accepted > 0 and len(bodies) == 1
        found_words = f"{len(several)} attempts, {accepted} accepted, {len(bodies)} bodies"
        if "webhooks user" in kit.memory or held:
            kit.judge("webhooks.again", last, "another attempt with the same bytes", found_words, held=held)
        kit.judge("webhooks.once", last, "one accepted attempt", found_words, held=accepted <= 1)


@checks("webhooks.chat", "webhooks.moments")
def test_chat(kit: Kit) -> None:
    """A chat sends the documented events."""
    events = of_chat(kit)
    if not events:
        answer = inbox_of(kit).deliveries[-1].answer()
        kit.judge("webhooks.chat", answer, "the events of a chat", "none", held=False)
        return
    answer = events[-1].answer()
    _check_moments(kit, events)
    kinds = [one.event.get("event_type") for one in events]
    if any(not isinstance(kind, str) or kind not in _STATUS for kind in kinds):
        not_reached("an event has another event_type (webhooks.members, webhooks.kinds)")
    named = sorted(str(one.event.get("role") or one.event.get("event_type")) for one in events)
    expected = ["assistant", "execution.completed", "session.started", "user"]
    kit.expect("webhooks.chat", answer, named, expected, "events")
    for member in ("session_id", "chat_id", "user_id", "connector_id"):
        found = {str(one.event[member]) for one in events if member in one.event}
        kit.expect("webhooks.chat", answer, len(found), 1, f"values of {member}")
    bots = sorted({str(one.event["bot_id"]) for one in events if _is_text(one.event.get("bot_id"))})
    kit.expect("webhooks.chat", answer, bots, [kit.coze_bot_id], "bot_id")
    ids = {one.event_id for one in events if one.event_id}
    kit.expect("webhooks.chat", answer, len(ids), len([one for one in events if one.event_id]), "event ids")


def _check_moments(kit: Kit, events: list[Delivery]) -> None:
    names = ("trigger_time", "timestamp")
    times = sorted(one.event[name] for one in events for name in names if _is_time(one.event.get(name)))
    if times:
        middle = times[len(times) // 2]
        late = [at for at in times if abs(at - middle) > _TOLERANCE]
        kit.expect("webhooks.moments", events[-1].answer(), late, [], f"times far from {middle}")
