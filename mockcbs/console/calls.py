"""Calls of the journal: a short list, one call with all details, and sending a call again."""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from werkzeug.test import EnvironBuilder, run_wsgi_app

from mockcbs.core.clock import iso
from mockcbs.core.patterns import Pattern
from mockcbs.journal.entry import MAX_BODY, Entry
from mockcbs.journal.selection import Selection
from mockcbs.state import State
from mockcbs.web.context import KEY, Context
from mockcbs.web.problems import Problem
from mockcbs.webhooks import service

_MAX_SHOWN = 200
_MAX_SEARCHED = 5_000
"""The number of newest calls that a text search covers."""


def listed(mock: State, filters: Mapping[str, str]) -> dict[str, Any]:
    """The newest calls that pass *filters*: ``service``, ``scenario``, ``text``, ``only``, ``bot``.

    ``after`` and ``before`` are ids of calls; only calls between them are listed.
    """
    pattern = Pattern(service=filters.get("service") or None, bot=filters.get("bot") or None)
    selection = Selection(pattern, after=_number(filters, "after"), scenario=filters.get("scenario") or None)
    text, only = filters.get("text", "").lower(), filters.get("only", "")
    before = _number(filters, "before")
    narrow = bool(text or only)
    page = mock.journal.page(selection, _MAX_SEARCHED if narrow else _MAX_SHOWN, before)
    found = [entry for entry in page.entries if _passes(entry, text, only)] if narrow else page.entries
    return {
        "calls": [_short(entry) for entry in found[:_MAX_SHOWN]],
        "more": len(found) > _MAX_SHOWN or page.more,
        "newest": mock.journal.newest(),
        "missing_workers": list(page.missing),
    }


def shown(mock: State, number: int) -> dict[str, Any]:
    """One call with all details; raises `Problem` if the journal no longer has it."""
    entry = _find(mock, number)
    older = mock.journal.page(Selection(), 1, number).entries
    return {
        **entry.as_dict(),
        "deliveries": service.of(current_app).caused_by(entry),
        "query": entry.shown_query,
        "cut": [name for name, body in _bodies(entry).items() if len(body) >= MAX_BODY],
        "older": older[0].id if older else None,
        "newer": mock.journal.next_after(number),
    }


def again(mock: State, number: int) -> dict[str, Any]:
    """Send a call again with the same bytes; returns the id of the new call in the journal."""
    entry = _find(mock, number)
    if len(entry.raw_body) >= MAX_BODY:
        raise Problem(409, "Conflict", f"the journal keeps only the first {MAX_BODY // 1024} KB of a body")
    builder = EnvironBuilder(path="/", method=entry.method, input_stream=None, data=entry.raw_body)
    environ = {**builder.get_environ(), **entry.raw_headers}
    environ |= {"PATH_INFO": entry.path, "QUERY_STRING": entry.raw_query}
    environ["REQUEST_URI"] = environ["RAW_URI"] = f"{entry.path}?{entry.raw_query}".rstrip("?")
    environ[KEY] = this = Context()
    with current_app.app_context():  # in a context of its own, beside that of the current request
        run_wsgi_app(current_app.wsgi_app, environ, buffered=True)
    return {"id": this.entry.id if this.entry else None}


def _find(mock: State, number: int) -> Entry:
    found = mock.journal.page(Selection(after=number - 1), 1, number + 1).entries
    if not found:
        kept = f"it keeps the last {mock.settings.journal_size}"
        raise Problem(404, "Not Found", f"the journal has no call {number}; {kept}, and a reset empties it")
    return found[0]


def _short(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": iso(entry.at),
        "service": entry.service,
        "operation": entry.operation,
        "method": entry.method,
        "path": entry.shown_path,
        "query": entry.shown_query,
        "status": entry.status,
        "duration_ms": round(entry.duration_ms, 3),
        "code": entry.code,
        "reason": entry.shown_reason or next(iter(entry.shown_misses), None),
        "fault": entry.fault,
        "deliveries": len(entry.deliveries),
        "records": len(entry.records),
        "rows": len(entry.rows),
    }


def _passes(entry: Entry, text: str, only: str) -> bool:
    if only == "failed" and entry.status < 400 and entry.code is None:
        return False
    if only == "faults" and not entry.fault:
        return False
    if only == "near" and not entry.near_misses:
        return False
    return text in f"{entry.summary} {entry.operation or ''} {entry.bot or ''}".lower()


def _bodies(entry: Entry) -> dict[str, bytes]:
    return {"request": entry.raw_body, "response": entry.raw_response}


def _number(filters: Mapping[str, str], name: str) -> int | None:
    value = filters.get(name)
    if not value:
        return None
    if not (value.isascii() and value.isdecimal()):
        raise Problem(400, "Bad Request", f"{name}: {value!r} is not the id of a call")
    return int(value)
