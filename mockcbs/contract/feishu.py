"""A client of Feishu (tables, messages, custom bots) that checks the shape of every response."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from mockcbs.contract import table_http
from mockcbs.contract.feishu_schemas import SCHEMAS
from mockcbs.contract.kit import Kit, NotApplicableError, made_up
from mockcbs.contract.lacking import Lacking, known, need
from mockcbs.contract.services import KitService
from mockcbs.contract.table_http import TableService
from mockcbs.contract.targets import Answer, Call
from mockcbs.contract.written import body_of

TOKEN_PATH = "/open-apis/auth/v3/tenant_access_token/internal"
_HOOKS = "/open-apis/bot/v2/hook/"
_TOKENS = "/open-apis/auth/"

_IDS = {
    **dict.fromkeys(("record", "records", "record-page"), ("record", "record_id")),
    **dict.fromkeys(("field", "fields"), ("field", "field_id")),
    **dict.fromkeys(("view", "views"), ("view", "view_id")),
    "base": ("app", "app_token"),
    "tables": ("table", "table_id"),
}
"""By shape: the member that contains a single object, and the member with the id of an object."""


@dataclass(frozen=True)
class Table:
    """A table that a check creates and deletes."""

    path: str
    """The path of the table."""
    view_id: str
    field_ids: Any
    """The ids of the fields, in order; marked as missing if the target did not send them."""

    @property
    def records(self) -> str:
        """The path of the table's records."""
        return f"{self.path}/records"


class Feishu(TableService):
    """The operations that one app calls on one Base."""

    name = "feishu"
    schemas = SCHEMAS

    @cached_property
    def base(self) -> str:
        """The path of the Base."""
        base = self.kit.accounts["feishu_base"]
        if not base:
            raise NotApplicableError("no Base is given (MOCKCBS_CONTRACT_FEISHU_BASE)")
        return f"/open-apis/bitable/v1/apps/{base}"

    def good(self, shape: str, answer: Answer) -> Any:
        """The data of a response that should be a success."""
        content = self.succeeded(answer, lambda found: found["code"] == 0)
        if isinstance(content, Lacking):
            return content
        if shape == "token":
            return self.fits(shape, answer, content)
        content["data"] = self.fits(shape, answer, content.get("data"))
        if isinstance(content["data"], dict):
            self._check_written(shape, answer, content["data"])
        return content["data"]

    def _check_written(self, shape: str, answer: Answer, data: dict[str, Any]) -> None:
        """Check that the objects match the path and what was written, and that total is their number."""
        if shape not in _IDS:
            return
        single, name = _IDS[shape]
        listed = [data[single]] if single in data else data.get("items", data.get("records"))
        objects = [one for one in known(listed, []) if isinstance(one, dict)]
        method, place = answer.call.method, answer.call.path.rpartition("/")[2]
        if single in data and method != "POST":
            self.kit.expect("feishu.shape.written", answer, [one.get(name) for one in objects], [place], name)
        if "total" in data and not known(data["has_more"], True) and "page_token" not in answer.call.query:
            self.kit.expect(f"feishu.shape.{shape}", answer, data["total"], len(objects), "total")
        records = [(one.get(name), one.get("fields") if name == "record_id" else one) for one in objects]
        body = body_of(answer)
        if method == "GET" or place in {"search", "batch_get"}:
            is_whole = "field_names" not in body and "field_names" not in answer.call.query
            self.written.read(answer, records, is_whole=is_whole)
        else:
            rows = body.get("records", [body])
            self.written.wrote(answer, records, [row.get("fields", row) for row in rows])

    def done(self, answer: Answer) -> Any:
        """The data of a response that should be a success and has no schema."""
        content = self.succeeded(answer, lambda found: found["code"] == 0)
        return content if isinstance(content, Lacking) else content.get("data", {})

    def refused(self, clause: str, answer: Answer, code: int, status: int = 200) -> None:
        """Check that a call failed with *status* and *code*, as *clause* says."""
        found = [answer.status, answer.json.get("code")]
        self.kit.expect(clause, answer, found, [status, code], "status and code")

    @contextmanager
    def table(self, **columns: int) -> Iterator[Table]:
        """Create a table with *columns* (names and type numbers), and delete it afterwards."""
        self.kit.must_write()
        given = [{"field_name": name, "type": kind} for name, kind in columns.items()]
        body = {"table": {"name": made_up(), "default_view_name": "Grid", "fields": given}}
        made = self.good("table", self.call("POST", f"{self.base}/tables", body))
        table_id = need(self._id_of(made, body["table"]["name"]))
        self.written.note(table_id, {"name": body["table"]["name"]})
        path = f"{self.base}/tables/{table_id}"
        try:
            ids = made if isinstance(made, Lacking) else made["field_id_list"]
            yield Table(path, str(self._view_of(made, path)), ids)
        finally:
            self.call("DELETE", path)

    def _id_of(self, made: Any, name: Any) -> Any:
        """The id of a new table; read from the list of tables if the response had none."""
        if not isinstance(made, Lacking) and not isinstance(made["table_id"], Lacking):
            return made["table_id"]
        listed = known(
            self.good("tables", self.call("GET", f"{self.base}/tables", query="page_size=100"))["items"], []
        )
        return next((one["table_id"] for one in listed if one["name"] == name), made["table_id"])

    def _view_of(self, made: Any, path: str) -> Any:
        """The id of a new table's first view; read from the list of views if the response had none."""
        if not isinstance(made, Lacking) and not isinstance(made["default_view_id"], Lacking):
            return made["default_view_id"]
        listed = known(self.good("views", self.call("GET", f"{path}/views"))["items"], [])
        return listed[0]["view_id"] if listed else made["default_view_id"]

    def add(self, table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Add records, and return them."""
        body = {"records": [{"fields": row} for row in rows]}
        answer = self.call("POST", f"{table.records}/batch_create", body)
        records: list[dict[str, Any]] = need(self.good("records", answer)["records"])
        return records

    @property
    def trusting(self) -> bool:
        """Whether the target accepts an invented token."""
        headers = {"Authorization": "Bearer t-g1044ghJRUIJJ5ZPPZMOHKWZISL33E4QSS3abcef"}
        answer = self.call("GET", f"{self.base}/tables", headers=headers, auth=False)
        return bool(answer.json.get("code") == 0)


def every_answer(kit: Kit, answer: Answer) -> None:
    """Check envelope and log id (contract 4.1.1)."""
    content = table_http.is_json_object(kit, "feishu", answer)
    found = answer.headers.get("X-Tt-Logid", "")
    named = any(name == "X-Tt-Logid" for name, _ in answer.headers)
    if not answer.call.path.startswith(_HOOKS):
        expected = "X-Tt-Logid, with this capitalization"
        kit.judge("feishu.http.logid", answer, expected, found or "(none)", held=bool(found) and named)
    if content is None:
        return
    code, message = content.get("code"), content.get("msg")
    kit.judge("feishu.http.code", answer, "an integer", f"code = {code!r}", held=type(code) is int)
    if code == 0:
        held = answer.status == 200 and message in {"success", "ok"}
        found = f"HTTP {answer.status}, msg = {message!r}"
        kit.judge("feishu.http.success", answer, "HTTP 200, msg success or ok", found, held=held)
        return
    held = isinstance(message, str) and bool(message)
    kit.judge("feishu.http.failure", answer, "msg: a text", f"msg = {message!r}", held=held)
    if isinstance(content.get("error"), dict):
        log_id = content["error"].get("log_id")
        kit.expect("feishu.http.failure", answer, log_id, found, "error.log_id")


def authenticate(kit: Kit, call: Call) -> Call:
    """Add the tenant's token to *call*."""
    if call.path.startswith((_TOKENS, _HOOKS)):
        return call
    return replace(call, headers={**call.headers, "Authorization": f"Bearer {kit.memory['feishu token']}"})


def look(kit: Kit) -> None:
    """Get a token, and check that the Base exists."""
    ours = kit.accounts
    body = b'{"app_id":"%b","app_secret":"%b"}' % (
        ours["feishu_app_id"].encode(),
        ours["feishu_app_secret"].encode(),
    )
    answer = table_http.first(kit, "feishu", Call("POST", TOKEN_PATH, "", {}, body))
    try:
        token = answer.json["tenant_access_token"]
    except (ValueError, LookupError, TypeError):
        raise table_http.bad_credentials(kit, "feishu", answer) from None
    kit.memory["feishu token"] = token
    kit.mask.add(token, "****")
    base = ours["feishu_base"]
    columns = [{"name": name, "type": kind} for name, kind in table_http.COLUMNS]
    table_http.set_up(kit, "feishu", {"base": base, "table": "tblMockcbsKit000", "fields": columns})
    call = authenticate(kit, Call("GET", f"/open-apis/bitable/v1/apps/{base}/tables", "", {}))
    answer = table_http.first(kit, "feishu", call)
    if base and '"code":0' not in answer.text.replace(" ", ""):
        raise table_http.nothing_there(kit, "feishu", "Base", answer)
    if base and not Feishu.of(kit).trusting:  # a server that checks tokens also counts calls
        kit.targets["feishu"].limit(_RATE)


_RATE = 15.0
"""Calls per second; Feishu allows 20 per operation."""
SERVICE = KitService("feishu", every_answer, authenticate, look)
