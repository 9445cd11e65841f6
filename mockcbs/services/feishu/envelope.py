"""What every response is wrapped in, and the log id in its header."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from mockcbs.web import context

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The zone of every Base: days in filters and formulas are its days."""


def logid(request_id: str | None = None) -> str:
    """The log id of the current request: its local second, then 20 hexadecimal digits."""
    at = datetime.fromtimestamp(context.now() // 1000, UTC).astimezone(SHANGHAI)
    return f"{at:%Y%m%d%H%M%S}{(request_id or context.request_id())[:20].upper()}"


def ok(**data: Any) -> dict[str, Any]:
    """A success (contract 4.1.1)."""
    return {"code": 0, "msg": "success", "data": data}
