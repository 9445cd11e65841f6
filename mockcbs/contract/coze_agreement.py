"""Checks that the members of a Coze response agree with each other, with the request and with the time."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs

from mockcbs.contract.shapes import leaves
from mockcbs.contract.targets import Answer

Content = dict[str, Any]

_LISTS = ("items", "workspaces", "space_bots", "conversations", "task_infos")
_PAGES = ("page_num", "page_index", "page_no", "page_token", "last_id")
_SIZES = ("page_size", "limit")
_DEFAULT_SIZE = 20
_TIMES = (
    "created_at",
    "updated_at",
    "create_time",
    "update_time",
    "completed_at",
    "failed_at",
    "published_at",
)
_TOLERANCE = 900
"""The accepted difference between the server's clock and ours, in seconds."""
_IDS = ("bot_id", "conversation_id", "chat_id", "workflow_id", "execute_id")
_OF_PATH = {"bots": "bot_id", "workflows": "workflow_id", "conversations": "conversation_id"}
_OWN_IDS = {"conversation": "conversation_id", "chat": "chat_id", "message": "message_id"}
"""By shape: the parameter that contains the ``id`` of the object in the response."""
_COUNTS = ("total_messages", "total_calls")
_DISTINCT = ("unique_users", "total_sessions")
_MEASURES = ("success_rate", "error_rate", "avg_response_time_ms")


def counted(answer: Answer, found: Any) -> list[str]:
    """The problems with ``total`` and ``has_more`` of a list."""
    if not isinstance(found, dict):
        return []
    items = next((found[name] for name in _LISTS if isinstance(found.get(name), list)), None)
    total = found.get("total", found.get("total_count"))
    if items is None or type(total) is not int:
        return []
    given = _parameters(answer)
    is_first = all(given.get(name, "1") in {"1", ""} for name in _PAGES)
    size = next((int(given[name]) for name in _SIZES if given.get(name, "").isdecimal()), _DEFAULT_SIZE)
    more = found.get("has_more", len(items) >= size)
    if total < len(items) or (is_first and not more and total != len(items)):
        return [f"total is {total}, with {len(items)} items"]
    if is_first and more is True and "has_more" in found and total <= len(items):
        return [f"has_more is true, with all {total} items"]
    return []


def later(found: Any, now: int) -> list[str]:
    """The times in *found* that are after *now* (ms UTC)."""
    limit = now // 1000 + _TOLERANCE
    return [
        f"{name} = {value}"
        for name, value in leaves(found)
        if name.rpartition(".")[2] in _TIMES and (at := _seconds(value)) is not None and at > limit
    ]


def _seconds(value: Any) -> int | None:
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    return value if type(value) is int and value > 0 else None


def misnamed(answer: Answer, shape: str, found: Any) -> list[str]:
    """The ids in *found* that differ from the ids of the same objects in the request."""
    asked = _named(answer)
    wrong = [
        f"{name} = {value}"
        for name, value in leaves(found)
        if "[]" not in name and value and value != asked.get(name.rpartition(".")[2], value)
    ]
    own = asked.get(_OWN_IDS.get(shape, ""))
    if own and isinstance(found, dict) and isinstance(found.get("id"), str) and found["id"] != own:
        wrong.append(f"id = {found['id']}")
    return wrong


def _named(answer: Answer) -> dict[str, str]:
    given = _parameters(answer)
    with suppress(ValueError):
        body = json.loads(answer.call.body or b"{}")
        given |= {name: str(value) for name, value in body.items() if value} if isinstance(body, dict) else {}
    parts = answer.call.path.strip("/").split("/")
    for noun, value in pairwise(parts):
        if noun in _OF_PATH and value.isdecimal():
            given[_OF_PATH[noun]] = value
    return {name: given[name] for name in (*_IDS, "message_id") if given.get(name, "0") != "0"}


def _parameters(answer: Answer) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(answer.call.query).items()}


def disagreeing(answer: Answer, data: Content) -> Iterator[str]:
    """The contradictions within a statistics response, or between it and its request."""
    given = _parameters(answer)
    for name in ("start_date", "end_date", "granularity"):
        if given.get(name) and data.get(name) != given[name]:
            yield f"{name} = {data.get(name)}, asked for {given[name]}"
    if data.get("timezone") != "Asia/Shanghai":
        yield f"timezone = {data.get('timezone')}"
    rows, summary = data["metrics"], data["summary"]
    for row in rows:
        at = date.fromisoformat(row["date"])
        expected = ((at - date(1970, 1, 1)).days * 24 + row.get("hour", 0) - 8) * 3600
        if row["timestamp"] != expected:
            yield f"timestamp of {row['date']} = {row['timestamp']}"
    yield from _sums(rows, summary)
    for row in (*rows, summary):
        if row["success_rate"] + row["error_rate"] != 1:
            yield f"success_rate {row['success_rate']}, error_rate {row['error_rate']}"


def _sums(rows: list[Content], summary: Content) -> Iterator[str]:
    """The figures of the summary that are impossible for its rows."""
    if not rows:
        return
    for name in (*_COUNTS, *_DISTINCT):
        figures = [row[name] for row in rows]
        least = sum(figures) if name in _COUNTS else max(figures)
        if not least <= summary[name] <= sum(figures):
            yield f"summary.{name} = {summary[name]}, of rows {figures[:5]}"
    busy = [row for row in rows if row["total_calls"]]
    for name in _MEASURES if busy else ():
        figures = [row[name] for row in busy]
        if not min(figures) <= summary[name] <= max(figures):
            yield f"summary.{name} = {summary[name]}, of rows {figures[:5]}"
