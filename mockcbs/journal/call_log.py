"""What the log has of each call: what is wrong with it, and the call itself where that is wanted."""

import logging
from collections import OrderedDict
from dataclasses import replace

from mockcbs.journal.entry import Entry

log = logging.getLogger("mockcbs")

access = logging.getLogger("mockcbs.access")
"""Has a line for every call at level INFO; ``--access-log`` lowers it to that level."""

access.setLevel(logging.WARNING)

_MAX_REMARKS = 1000
"""Remarks that are remembered as made; those made longest ago are forgotten first."""


class CallLog:
    """Logs calls. A remark on a success is made once for each client, not for each call."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[str, str | None, str], bool] = OrderedDict()

    def note(self, entry: Entry) -> None:
        """Log a call."""
        self._complain(entry)
        if access.isEnabledFor(logging.INFO):
            access.info("%s", entry.line, extra={"call": _fields(entry)})

    def note_repeat(self, entry: Entry, query: str, duration_ms: float) -> None:
        """Log a call like *entry*, but for its query."""
        self._complain(entry)
        if access.isEnabledFor(logging.INFO):
            call = replace(entry, raw_query=query, duration_ms=duration_ms)
            access.info("%s", call.line, extra={"call": _fields(call)})

    def forget(self) -> None:
        """Make every remark again."""
        self._made.clear()

    def _complain(self, entry: Entry) -> None:
        is_remark = entry.operation is not None and not entry.code
        for complaint in entry.complaints:
            if not (is_remark and self._is_made(entry, complaint)):
                log.info(complaint)

    def _is_made(self, entry: Entry, complaint: str) -> bool:
        """Whether the client has been told before; it has now."""
        key = entry.raw_token, entry.operation, complaint.partition(": ")[2]
        made = self._made.pop(key, False)
        self._made[key] = True
        if len(self._made) > _MAX_REMARKS:
            self._made.popitem(last=False)
        return made


def _fields(entry: Entry) -> dict[str, object]:
    """A call for a log that programs read; no secret is in it."""
    return {
        "method": entry.method,
        "path": entry.path,
        "query": entry.query_used(entry.raw_query),
        "status": entry.status,
        "duration_ms": round(entry.duration_ms, 1),
        "service": entry.service,
        "operation": entry.operation,
        "code": entry.code,
        "reason": entry.reason,
        "fault": entry.fault,
    }
