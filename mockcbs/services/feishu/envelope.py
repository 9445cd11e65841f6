"""The envelope of responses, and the log id in their header."""

from datetime import timedelta, timezone
from typing import Any

from mockcbs.web import context
from mockcbs.web.request_ids import log_id

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The time zone of every Base, for days in filters and formulas."""


def logid(request_id: str | None = None) -> str:
    """The log id of the current request."""
    return log_id(context.now(), request_id or context.request_id())


def ok(**data: Any) -> dict[str, Any]:
    """A successful response (contract 4.1.1)."""
    return {"code": 0, "msg": "success", "data": data}
