"""Log lines for calls: errors and remarks, and with ``--access-log`` every call."""

import logging
from collections import OrderedDict
from dataclasses import replace

from mockcbs.journal.entry import Entry

log = logging.getLogger("mockcbs")

access = logging.getLogger("mockcbs.access")
"""The logger with a line for every call at level INFO; ``--access-log`` sets it to that level."""

access.setLevel(logging.WARNING)

_MAX_REMARKS = 1000
"""The number of remarks that are remembered as logged; the oldest are forgotten first."""


class CallLog:
    """Logs calls. A remark on a success is logged once for each client, not for each call."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[str, str | None, str], bool] = OrderedDict()

    def note(self, entry: Entry) -> None:
        """Log a call. The line of the access log contains the errors and remarks, so they have no others."""
        if access.isEnabledFor(logging.INFO):
            access.info("%s", entry.line, extra={"call": _fields(entry)})
        else:
            self._complain(entry)

    def note_repeat(self, entry: Entry, query: str, duration_ms: float) -> None:
        """Log a call that differs from *entry* only in its query."""
        if access.isEnabledFor(logging.INFO):
            self.note(replace(entry, raw_query=query, duration_ms=duration_ms))
        else:
            self._complain(entry)

    def forget(self) -> None:
        """Forget which remarks were logged."""
        self._made.clear()

    def _complain(self, entry: Entry) -> None:
        is_remark = entry.operation is not None and not entry.code
        for complaint in entry.complaints:
            if not (is_remark and self._is_made(entry, complaint)):
                log.info(complaint)

    def _is_made(self, entry: Entry, complaint: str) -> bool:
        """Whether the remark was logged for this client before; marks it as logged."""
        key = entry.raw_token, entry.operation, complaint.partition(": ")[2]
        made = self._made.pop(key, False)
        self._made[key] = True
        if len(self._made) > _MAX_REMARKS:
            self._made.popitem(last=False)
        return made


def _fields(entry: Entry) -> dict[str, object]:
    """A call as fields for a structured log, without secrets."""
    return {
        "method": entry.method,
        "path": entry.shown_path,
        "query": entry.query_used(entry.shown_query),
        "status": entry.status,
        "duration_ms": round(entry.duration_ms, 1),
        "service": entry.service,
        "operation": entry.operation,
        "code": entry.code,
        "reason": entry.shown_reason,
        "fault": entry.fault,
    }
