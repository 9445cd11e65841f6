"""The figures of Coze's analytics: read from rows, and computed from raw events."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from mockcbs.contract.lacking import Lacking, known
from mockcbs.contract.targets import Answer, Number
from mockcbs.services.coze.envelope import SHANGHAI

Row = dict[str, Any]

COUNTS = ("total_messages", "total_calls", "unique_users", "total_sessions")
FIGURES = (*COUNTS, "success_rate", "error_rate", "avg_response_time_ms")


def day_of(row: Row) -> str:
    """The date of a row; from its timestamp if the date is missing."""
    if isinstance(row["date"], Lacking):
        return local(row["timestamp"] * 1000).date().isoformat()
    return str(row["date"])


def is_busy(row: Row) -> bool:
    """Whether a row has traffic, according to its readable counts."""
    counts = [row.get(name) for name in ("total_calls", "total_messages", "total_sessions")]
    return any(type(count) is int and count > 0 for count in counts)


def data_of(answer: Answer) -> tuple[list[Row], Row]:
    """The rows and the summary of the analytics."""
    data = answer.json["data"]
    return data["metrics"], data["summary"]


def rows_of(answer: Answer) -> list[Row]:
    """The rows of the analytics; an empty list if the target sent none."""
    rows: list[Row] = known(data_of(answer)[0], [])
    return rows


def figures(row: Row) -> dict[str, Any]:
    """The figures of a row or a summary, without its labels."""
    return {name: row[name] for name in FIGURES}


def local(at: int) -> datetime:
    """Convert a time in ms UTC to the time zone of Coze's days."""
    return datetime.fromtimestamp(at // 1000, UTC).astimezone(SHANGHAI)


def figures_of(events: Sequence[Row]) -> dict[str, Any]:
    """The analytics figures that follow from the raw events of some executions (contract 1.5.4)."""
    spent = [event["duration_ms"] for event in events if event["event_type"].startswith("execution.")]
    good = sum(event["event_type"] == "execution.completed" for event in events)
    success = _quotient(good, len(spent), 4) if spent else Number("1.0")
    return {
        "total_messages": sum(event["event_type"] == "message.sent" for event in events),
        "total_calls": distinct(event.get("chat_id", event.get("execute_id")) for event in events),
        "unique_users": distinct(event["user_id"] for event in events),
        "total_sessions": distinct(event["session_id"] for event in events),
        "success_rate": success,
        "error_rate": 1 - success,
        "avg_response_time_ms": _quotient(sum(spent), len(spent), 2) if spent else 0,
    }


def distinct(texts: Iterable[Any]) -> Any:
    """The number of different non-empty texts; marked as missing if one of them is missing."""
    given = list(texts)
    lacks = [text for text in given if isinstance(text, Lacking)]
    return lacks[0] if lacks else len({text for text in given if text})


def _quotient(numerator: int, denominator: int, places: int) -> Number:
    """The quotient with *places* decimals, rounded half up in integer arithmetic."""
    scaled = (2 * numerator * 10**places + denominator) // (2 * denominator)
    return Number(f"{scaled // 10**places}.{scaled % 10**places:0{places}d}")
