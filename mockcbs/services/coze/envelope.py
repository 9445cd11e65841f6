"""The envelope of responses of the OpenAPI, and ids."""

import hashlib
from datetime import timedelta, timezone
from typing import Any, ParamSpec, TypeVar

from mockcbs.services.coze import accounts
from mockcbs.web import context
from mockcbs.web.request_ids import log_id

P = ParamSpec("P")
R = TypeVar("R")

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The time zone of Coze's calendar days (contract 1.4.2)."""

WORKSPACE = "7361424235321600001"
"""The id of the personal workspace; it is the same in every account, so that one configuration fits all."""
API_CHANNEL = "1024"

BILL_FILES_PATH = "/v1/commerce/benefit/bill_files/"
"""The path of bill files; a link is signed and needs no token."""
OAUTH_PATHS = "/api/permission/oauth2"
"""The paths of the token endpoints; they need no token and have no envelope."""
CREATE_CHAT = "coze.create_chat"
"""The only operation that answers a bad token with 200 and 4101 (contract 2.2.3)."""
MAX_FILE = 512 * 2**20
"""The maximum size of an uploaded file in bytes (contract 2.1)."""


def logid(request_id: str | None = None) -> str:
    """The log id of the current request (contract 2.3.5)."""
    return log_id(context.now(), request_id or context.request_id())


def ok(**members: Any) -> dict[str, Any]:
    """A successful response (contract 2.3.1)."""
    return {"code": 0, "msg": "", **members, "detail": {"logid": logid()}}


def seconds() -> int:
    """The current time in Unix seconds, the unit of Coze's times."""
    return context.now() // 1000


def derived_id(*names: object, at: int = 0) -> str:
    """The decimal id for these *names*; *at* (ms UTC) makes ids ascend with time."""
    digest = hashlib.sha256("/".join(map(str, names)).encode()).digest()
    return str((at or context.now()) // 1000 << 32 | int.from_bytes(digest[:4], "big"))


def execution_id(session_id: str, at: int, earlier: int) -> str:
    """The id of an execution of that session, which began *at* (ms UTC).

    *earlier* is the number of executions that began before it at the same instant.
    """
    return derived_id(f"execution/{session_id}/{at}/{earlier}", at=at)


def debug_url(execute_id: str, workflow_id: str) -> str:
    """The address of an execution of a workflow in Coze's console."""
    return (
        f"https://www.coze.cn/work_flow?execute_id={execute_id}"
        f"&space_id={WORKSPACE}&workflow_id={workflow_id}"
    )


def new_id() -> str:
    """A new decimal id. Ids ascend, also with a frozen clock."""
    (made,) = new_ids(1)
    return made


def new_ids(count: int) -> list[str]:
    """That many new ids, for which the store is written once."""
    store, owner = context.mock().documents, accounts.scope()
    issued: int = (store.get("coze.ids", owner, "issued") or {"count": 0})["count"]
    store.put("coze.ids", owner, "issued", {"count": issued + count})
    first, upper = accounts.first_id() + issued + 1, seconds() << 32
    return [str(upper | number) for number in range(first, first + count)]
