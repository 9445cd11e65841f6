"""Webhooks as a receiver sees them."""

from collections import defaultdict

from mockcbs.contract.kit import Kit, checks, not_reached
from mockcbs.contract.webhooks import Delivery, inbox_of, of_chat
from mockcbs.webhooks.signatures import coze_signature

_STATUS = {
    "session.started": "started",
    "message.sent": "sent",
    "execution.completed": "success",
    "execution.failed": "failed",
}
_MEMBERS = (
    "event_type",
    "event_id",
    "session_id",
    "user_id",
    "trigger_time",
    "timestamp",
    "status",
)
_TOLERANCE = 5 * 60_000
"""The accepted difference between the two clocks, in ms."""


@checks("webhooks.challenge")
def test_challenge(kit: Kit) -> None:
    """A challenge is sent to the URL before the first event."""
    found = [one for one in inbox_of(kit).deliveries if one.is_challenge]
    if not found and "webhooks user" not in kit.memory:
        not_reached("the URL was saved before the kit listened")
    answer = (found or inbox_of(kit).deliveries)[0].answer()
    held = bool(found) and "X-Coze-Signature" in found[0].headers
    kit.judge("webhooks.challenge", answer, "a signed challenge", f"{len(found)} challenges", held=held)


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


@checks("webhooks.members", "webhooks.kinds", "webhooks.status", "webhooks.duration", "webhooks.times")
def test_every_event(kit: Kit) -> None:
    """Every event has the documented members."""
    for one in inbox_of(kit).events:
        event, answer = one.event, one.answer()
        missing = [name for name in _MEMBERS if name not in event]
        kit.expect("webhooks.members", answer, missing, [], "missing members")
        kind = str(event.get("event_type"))
        kit.judge("webhooks.kinds", answer, ", ".join(_STATUS), kind, held=kind in _STATUS)
        kit.expect("webhooks.status", answer, event.get("status"), _STATUS.get(kind), f"status of {kind}")
        has = "duration_ms" in event
        kit.expect("webhooks.duration", answer, has, kind.startswith("execution."), "has duration_ms")
        times = [event.get(name) for name in ("trigger_time", "timestamp")]
        held = all(type(at) is int and 10**12 <= at < 10**13 for at in times)
        kit.judge("webhooks.times", answer, "integers of 13 digits", str(times), held=held)


@checks("webhooks.ids", "webhooks.again", "webhooks.once")
def test_attempts(kit: Kit) -> None:
    """An event that was rejected is sent again with the same bytes, until it is accepted."""
    attempts: dict[str, list[Delivery]] = defaultdict(list)
    for one in inbox_of(kit).events:
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


@checks("webhooks.chat")
def test_chat(kit: Kit) -> None:
    """A chat sends the documented events."""
    events = of_chat(kit)
    if not events:
        answer = inbox_of(kit).deliveries[-1].answer()
        kit.judge("webhooks.chat", answer, "the events of a chat", "none", held=False)
        return
    kinds = sorted(str(one.event.get("role") or one.event.get("event_type")) for one in events)
    expected = ["assistant", "execution.completed", "session.started", "user"]
    answer = events[-1].answer()
    kit.expect("webhooks.chat", answer, kinds, expected, "events")
    sessions = {one.event.get("session_id") for one in events}
    kit.expect("webhooks.chat", answer, len(sessions), 1, "sessions")
