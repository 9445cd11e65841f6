"""Fills in missing values of Coze's raw events from the other values of the same execution."""

from typing import Any

from mockcbs.contract.lacking import Lacking, derived, known

Row = dict[str, Any]

_STATUS = {
    "session.started": "started",
    "message.sent": "sent",
    "execution.completed": "success",
    "execution.failed": "failed",
}
_KINDS = {status: kind for kind, status in _STATUS.items()}


def fill(events: Any) -> None:
    """Derive missing members of each event from its other members; mark the rest as missing."""
    for event in known(events, []):
        if isinstance(event, dict):
            _fill(event)


def _fill(event: Row) -> None:
    kind, status = event["event_type"], event["status"]
    if isinstance(kind, Lacking) and status in _KINDS:
        kind = event["event_type"] = derived(_KINDS[status], kind)
    elif isinstance(status, Lacking) and kind in _STATUS:
        event["status"] = derived(_STATUS[kind], status)
    if not isinstance(kind, Lacking) and kind.startswith("execution."):
        _fill_times(event)
    elif kind == "message.sent" and "role" not in event:
        event["role"] = _missing("role", "coze.logs.role")
    if not event.keys() & {"chat_id", "execute_id"}:
        event["chat_id"] = _missing("chat_id", "coze.logs.owner")


def _fill_times(event: Row) -> None:
    """Derive start, end or duration of an execution from the other two."""
    start, end = event["trigger_time"], event["timestamp"]
    if "duration_ms" not in event:
        lack = _missing("duration_ms", "coze.logs.duration")
        event["duration_ms"] = derived(end - start, lack)
    elif isinstance(start, Lacking):
        event["trigger_time"] = derived(end - event["duration_ms"], start)
    elif isinstance(end, Lacking):
        event["timestamp"] = derived(start + event["duration_ms"], end)


def with_starts(events: list[Row]) -> list[Row]:
    """*events*, with missing start times taken from the event that ended the execution."""
    if not any(isinstance(event["trigger_time"], Lacking) for event in events):
        return events
    starts = {event["chat_id"]: event["trigger_time"] for event in events if "duration_ms" in event}
    for event in events:
        start = event["trigger_time"]
        if isinstance(start, Lacking):
            event["trigger_time"] = derived(starts.get(event["chat_id"], event["timestamp"]), start)
    return events


def _missing(name: str, clause: str) -> Lacking:
    return Lacking(f"analytics/logs: items[].{name} is missing ({clause})", clause)
