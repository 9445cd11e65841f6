"""What every answer of the OpenAPI is wrapped in, and the ids in answers."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, ParamSpec, TypeVar

from mockcbs.services.coze import accounts
from mockcbs.web import context

P = ParamSpec("P")
R = TypeVar("R")

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The zone of Coze's calendar days (contract 1.4.2)."""

WORKSPACE = "7361424235321600001"
"""The personal workspace; it has this id in every account, so that one configuration does for all."""
API_CHANNEL = "1024"

BILL_FILES_PATH = "/v1/commerce/benefit/bill_files/"
"""Where the files of bills are: the link is signed, and no token is needed."""
OAUTH_PATHS = "/api/permission/oauth2"
"""Where tokens come from: no token is asked for, and no envelope is put around."""


def logid(request_id: str | None = None) -> str:
    """The log id of the request at hand (contract 2.3.5)."""
    return logid_at(context.now(), request_id or context.request_id())


def logid_at(now: int, request_id: str) -> str:
    """The log id of a request *now* (ms UTC): local time, then 20 hexadecimal digits."""
    at = datetime.fromtimestamp(now // 1000, UTC).astimezone(SHANGHAI)
    return f"{at:%Y%m%d%H%M%S}{request_id[:20].upper()}"


def ok(**members: Any) -> dict[str, Any]:
    """A success (contract 2.3.1)."""
    return {"code": 0, "msg": "", **members, "detail": {"logid": logid()}}


def seconds() -> int:
    """Now, in the unit of Coze's times."""
    return context.now() // 1000


def derived_id(*names: object, at: int = 0) -> str:
    """The decimal id of the thing that has these *names*; *at* (ms UTC) makes ids ascend with time."""
    digest = hashlib.sha256("/".join(map(str, names)).encode()).digest()
    return str((at or context.now()) // 1000 << 32 | int.from_bytes(digest[:4], "big"))


def execution_id(session_id: str, at: int, earlier: int) -> str:
    """The id of an execution of that session, begun *at* (ms UTC) after *earlier* ones of that instant."""
    return derived_id("execution", session_id, at, earlier, at=at)


def debug_url(execute_id: str, workflow_id: str) -> str:
    """Where the console would show an execution of a workflow."""
    return (
        f"https://www.coze.cn/work_flow?execute_id={execute_id}"
        f"&space_id={WORKSPACE}&workflow_id={workflow_id}"
    )


def new_id() -> str:
    """A decimal id that was never given before; ids ascend, also while the clock stands still."""
    store, owner = context.mock().documents, accounts.scope()
    issued: int = (store.get("coze.ids", owner, "issued") or {"count": 0})["count"] + 1
    store.put("coze.ids", owner, "issued", {"count": issued})
    return str(seconds() << 32 | accounts.first_id() + issued)
