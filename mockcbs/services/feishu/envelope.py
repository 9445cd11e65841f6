"""The envelope of responses, and the log id in their header."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from mockcbs.web import context

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The time zone of every Base, for days in filters and formulas."""


def logid(request_id: str | None = None) -> str:
    """The log id of the current request: the local time in seconds, then 20 hexadecimal digits."""
    at = datetime.fromtimestamp(context.now() // 1000, UTC).astimezone(SHANGHAI)
    return f"{at:%Y%m%d%H%M%S}{(request_id or context.request_id())[:20].upper()}"


def ok(**data: Any) -> dict[str, Any]:
    """A successful response (contract 4.1.1)."""
    return {"code": 0, "msg": "success", "data": data}
