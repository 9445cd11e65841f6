"""Servers of tables and of OSS that are right but for one small thing."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.contract.coze_deviations import answers, drop, inside, put, sent, when
from tests.contract.mutants import After, Before, Environ, Mutant, Response, dumps, loads

Content = dict[str, Any]
ROOMS = Path(__file__).with_name("rooms.yaml")
STRICT = {"strict": True}
"""Of servers that know who they issued tokens to."""

TOKEN = "/tenant_access_token/internal"
TABLES = r"/bitable/v1/apps/\w+/tables$"
FIELDS, VIEWS, VIEW = r"/tables/\w+/fields", r"/tables/\w+/views$", r"/tables/\w+/views/\w+$"
RECORDS, RECORD = r"/tables/\w+/records$", r"/tables/\w+/records/rec\w+$"
BATCH, SEARCH = "/records/batch_create$", "/records/search$"
MESSAGES, HOOK = "/im/v1/messages$", "/bot/v2/hook/"
LIST, ONE = r"^/v0/app\w{14}/[^/]+$", r"^/v0/app\w{14}/[^/]+/rec\w+$"
SHEETS, SHEET = "/files/[^/]+/sheets$", "/files/[^/]+/sheets/[^/]+$"


def each(pattern: str, change: Callable[[Content], Any], method: str = "", status: int = 200) -> After:
    """A deviation of the JSON of some responses."""

    def after(response: Response) -> None:
        asked = not method or response.environ["REQUEST_METHOD"] == method
        kind = response.headers.get("Content-Type", "")
        if asked and response.status == status and re.search(pattern, response.path) and "json" in kind:
            content = loads(response.body)
            change(content)
            response.body = dumps(content)

    return after


def data(pattern: str, change: Callable[[Any], Any], method: str = "") -> After:
    """A deviation of ``data`` of Feishu's and Tencent's successes."""
    return each(pattern, lambda c: change(c["data"]) if c.get("data") else None, method)


def code(wrong: int, becomes: int, *, status: int | None = None) -> After:
    """Another code of a refusal of Feishu."""

    def after(response: Response) -> None:
        if f'"code":{wrong},'.encode() in response.body:
            response.body = response.body.replace(f'"code":{wrong},'.encode(), f'"code":{becomes},'.encode())
            response.status = status or response.status

    return after


def error(kind: str, becomes: str = "OTHER", status: int | None = None) -> After:
    """Another error of Airtable or OSS."""

    def after(response: Response) -> None:
        if kind.encode() in response.body:
            response.body = response.body.replace(kind.encode(), becomes.encode())
            response.status = status or response.status

    return after


def text(pattern: str, old: str, new: str, method: str = "") -> After:
    """Other bytes in some responses."""

    def after(response: Response) -> None:
        if re.search(pattern, response.path) and method in {"", response.environ["REQUEST_METHOD"]}:
            response.body = re.sub(old.encode(), new.encode(), response.body)

    return after


def headers(name: str, value: str | None, pattern: str = "", method: str = "") -> After:
    """Another header of some responses."""

    def after(response: Response) -> None:
        if re.search(pattern, response.path) and method in {"", response.environ["REQUEST_METHOD"]}:
            if value is None:
                response.headers.pop(name, None)
            elif name in response.headers:
                response.headers[name] = value

    return after


def query(old: str, new: str, pattern: str = "") -> Before:
    """A misread query."""

    def before(environ: Environ) -> None:
        if re.search(pattern, environ["PATH_INFO"]):
            environ["QUERY_STRING"] = re.sub(old, new, environ["QUERY_STRING"])
            environ["REQUEST_URI"] = re.sub(old, new, environ.get("REQUEST_URI", ""))

    return before


def becomes(status: int, body: str = "{}", kind: str = "") -> Callable[[Response], None]:
    """Another response altogether."""
    return answers(status, body.encode(), kind)


def _items(change: Callable[[list[Any]], Any]) -> Callable[[Content], Any]:
    return lambda d: d.update(items=change(d["items"])) if "items" in d else None


def _conditions(change: Callable[[Content], Any]) -> Before:
    def read(body: Content) -> None:
        for condition in body["filter"]["conditions"]:
            change(condition)

    return sent(read, SEARCH)


def _operator(old: str, new: str) -> Before:
    return _conditions(lambda c: c.update(operator=new) if c["operator"] == old else None)


def _plain(record: Content) -> None:
    for name, cell in record["fields"].items():
        if isinstance(cell, list) and cell and isinstance(cell[0], dict):
            record["fields"][name] = cell[0].get("text")


FEISHU = [
    Mutant("feishu: a page is text", "feishu.http.json", after=when(lambda r: r.status == 404, becomes(404, "404 page not found", "text/plain"))),
    Mutant("feishu: no log id", "feishu.http.logid", after=headers("X-Tt-Logid", None)),
    Mutant("feishu: code is a text", "feishu.http.code", after=each(TABLES, lambda c: c.update(code=str(c["code"])))),
    Mutant("feishu: success says done", "feishu.http.success", after=each(TABLES, put(msg="done"))),
    Mutant("feishu: another log id in errors", "feishu.http.failure", after=text("", r'"log_id":"\w+"', '"log_id":"x"')),
    Mutant("feishu: creating is 201", "feishu.shape.success", after=when(lambda r: re.search(BATCH, r.path), answers(201))),
    Mutant("feishu: expire is a time", "feishu.shape.token", after=each(TOKEN, lambda c: c.update(expire=1_795_305_600) if "expire" in c else None)),
    Mutant("feishu: a Base has no name", "feishu.shape.base", after=data(r"/apps/\w+$", inside("app", change=drop("name")))),
    Mutant("feishu: tables have no revision", "feishu.shape.tables", after=data(TABLES, inside("items", change=drop("revision")), "GET")),
    Mutant("feishu: a new table has no view", "feishu.shape.table", after=data(TABLES, drop("default_view_id"), "POST")),
    Mutant("feishu: types of fields are texts", "feishu.shape.fields", after=data(FIELDS, inside("items", change=lambda f: f.update(type=str(f["type"]))), "GET")),
    Mutant("feishu: a field is not under field", "feishu.shape.field", after=data(FIELDS, lambda d: d.update(d.pop("field")), "POST")),
    Mutant("feishu: views have no type", "feishu.shape.views", after=data(VIEWS, inside("items", change=drop("view_type")), "GET")),
    Mutant("feishu: a view is under app.table.view", "feishu.shape.view", after=data("/views", lambda d: d.update({"app.table.view": d.pop("view")}) if "view" in d else None)),
    Mutant("feishu: the last record is listed twice", "feishu.shape.once", after=data(RECORDS, lambda d: d["items"].extend(d["items"][-1:]), "GET")),
    Mutant("feishu: a batch shows its records from the last to the first", "feishu.shape.written", after=data(BATCH, lambda d: d["records"].reverse())),
    Mutant("feishu: a record has no id", "feishu.shape.record", after=data(RECORD, inside("record", change=drop("record_id")), "GET")),
    Mutant("feishu: records are items", "feishu.shape.records", after=data(BATCH, lambda d: d.update(items=d.pop("records")))),
    Mutant("feishu: total is a text", "feishu.shape.record-page", after=data(RECORDS, lambda d: d.update(total=str(d["total"])), "GET")),
    Mutant("feishu: a deletion answers nothing", "feishu.shape.deleted", after=data(RECORD, drop("deleted"), "DELETE")),
    Mutant("feishu: messages have numbers for times", "feishu.shape.message", after=data(MESSAGES, lambda d: d.update(create_time=int(d["create_time"]))), world={"dataset": str(ROOMS)}),
    Mutant("feishu: chats are bare", "feishu.shape.chats", after=data("/im/v1/chats$", drop("has_more"))),
    Mutant("feishu: every token is new", "feishu.token.same", after=each(TOKEN, lambda c: c.update(tenant_access_token=f"t-{id(c)}") if "expire" in c else None)),
    Mutant("feishu: tokens want a Content-Type", "feishu.token.bare", after=when(lambda r: TOKEN in r.path and not r.environ.get("CONTENT_TYPE"), becomes(400, '{"code":9499,"msg":"x"}'))),
    Mutant("feishu: a missing secret is a wrong one", "feishu.token.secret", after=code(10003, 10014)),
    Mutant("feishu: a missing token is 401", "feishu.auth.missing", after=code(99991661, 99991661, status=401)),
    Mutant("feishu: parameters come first", "feishu.auth.first", after=when(lambda r: "never" in r.environ["QUERY_STRING"], becomes(200, '{"code":1254001,"msg":"x"}'))),
    Mutant("feishu: an unknown path is 200", "feishu.auth.unknown-path", after=when(lambda r: r.status == 404, answers(200))),
    Mutant("feishu: a bad token is a missing one", "feishu.auth.bad-token", after=code(99991663, 99991661), world=STRICT),
    Mutant("feishu: a bad user token is another", "feishu.auth.user-token", after=code(99991668, 99991663), world=STRICT),
    Mutant("feishu: an unknown Base is malformed", "feishu.bases.unknown", after=code(1254040, 1254003), world=STRICT),
    Mutant("feishu: new tables are not listed", "feishu.tables.listed", after=data(TABLES, _items(lambda found: found[:1]), "GET")),
    Mutant("feishu: no field is primary", "feishu.fields.made", after=data(FIELDS, inside("items", change=put(is_primary=False)), "GET")),
    Mutant("feishu: names of fields may come twice", "feishu.fields.duplicate", after=code(1254014, 0)),
    Mutant("feishu: views keep their names", "feishu.views.answer", after=data(VIEW, inside("view", change=put(view_name="big")), "PATCH")),
    Mutant("feishu: views do not filter", "feishu.views.filter", before=query("view_id=[^&]*", "", RECORDS)),
    Mutant("feishu: numbers come back as texts", "feishu.records.created", after=data(RECORD, inside("record", "fields", change=lambda f: f.update(size=str(f["size"])) if "size" in f else None), "GET")),
    Mutant("feishu: client_token is ignored", "feishu.records.client-token", before=query("client_token=[^&]*", "", RECORDS)),
    Mutant("feishu: a batch is half written", "feishu.records.batch", before=sent(lambda b: b.update(records=b["records"][:1]) if len(b["records"]) == 2 else None, BATCH)),
    Mutant("feishu: batches have no limit", "feishu.records.batch-limit", after=code(1254104, 0)),
    Mutant("feishu: null changes nothing", "feishu.records.updated", before=sent(lambda b: b.update(fields={n: v for n, v in b["fields"].items() if v is not None}), RECORD)),
    Mutant("feishu: deleted records are found as 1254045", "feishu.records.deleted", after=code(1254043, 1254045)),
    Mutant("feishu: absent records are left out", "feishu.records.batch-get", after=data("/batch_get$", put(absent_record_ids=[]))),
    Mutant("feishu: the second page is the first", "feishu.records.pages", before=query("page_token=[^&]*", "", RECORDS)),
    Mutant("feishu: pages hold as many as you like", "feishu.records.page-size", before=query("page_size=501", "page_size=500", RECORDS)),
    Mutant("feishu: what is no JSON lacks fields", "feishu.records.no-json", after=code(1254000, 1254001)),
    Mutant("feishu: unknown columns are unknown fields", "feishu.records.field-names", after=code(1254045, 1254044)),
    Mutant("feishu: dates are seconds", "feishu.cells.read", after=data(RECORDS, inside("items", "fields", change=lambda f: f.update(date=f["date"] // 1000) if "date" in f else None), "GET")),
    Mutant("feishu: search answers plain text", "feishu.cells.segments", after=data(SEARCH, inside("items", change=_plain))),
    Mutant("feishu: text_field_as_array is ignored", "feishu.cells.text-as-array", before=query("text_field_as_array=true", "", RECORDS)),
    Mutant("feishu: empty cells are null", "feishu.cells.empty", after=data(RECORDS, inside("items", "fields", change=lambda f: f.setdefault("text", None)), "GET")),
    Mutant("feishu: a new option is lost", "feishu.cells.option", after=data(RECORDS, inside("items", "fields", change=lambda f: f.update(multi=["甲"]) if "multi" in f else None), "GET")),
    *(
        Mutant(f"feishu: {wrong} is 1254015", f"feishu.cells.{clause}", after=code(wrong, 1254015))
        for wrong, clause in ((1254060, "text"), (1254061, "number"), (1254062, "selects"), (1254063, "selects"), (1254064, "date"), (1254065, "checkbox"))
    ),
    Mutant("feishu: greater is greater or equal", "feishu.search.number", before=_operator("isGreater", "isGreaterEqual")),
    Mutant("feishu: containing is being", "feishu.search.text", before=_operator("contains", "is")),
    Mutant("feishu: empty is not empty", "feishu.search.empty", before=_operator("isEmpty", "isNotEmpty")),
    Mutant("feishu: dates are days before", "feishu.search.date", before=_conditions(lambda c: c.update(value=["ExactDate", str(int(c["value"][1]) - 86_400_000)]) if c["value"][:1] == ["ExactDate"] else None)),
    Mutant("feishu: or is and", "feishu.search.conjunction", before=sent(lambda b: b["filter"].update(conjunction="and"), SEARCH)),
    Mutant("feishu: children are ignored", "feishu.search.conjunction", before=sent(lambda b: b["filter"].pop("children", 0), SEARCH)),
    Mutant("feishu: a wrong operator finds nothing", "feishu.search.operator", after=code(1254018, 0)),
    Mutant("feishu: sort is ascending", "feishu.search.sort", before=sent(lambda b: [s.update(desc=False) for s in b["sort"]], SEARCH)),
    Mutant("feishu: field_names is ignored", "feishu.search.fields", before=sent(lambda b: b.pop("field_names"), SEARCH)),
    Mutant("feishu: formulas exclude the bound", "feishu.list.formula", before=query("%3E%3D", "%3E", RECORDS)),
    Mutant("feishu: list does not sort", "feishu.list.sort", before=query("DESC", "ASC", RECORDS)),
    Mutant("feishu: content is an object", "feishu.messages.sent", after=data(MESSAGES, inside("body", change=put(content='{"text":"other"}'))), world={"dataset": str(ROOMS)}),
    Mutant("feishu: uuid is ignored", "feishu.messages.uuid", before=sent(lambda b: b.pop("uuid", 0), MESSAGES), world={"dataset": str(ROOMS)}),
    Mutant("feishu: a wrong message is 200", "feishu.messages.wrong", after=code(230001, 230001, status=200), world={"dataset": str(ROOMS)}),
    Mutant("feishu: hooks answer code alone", "feishu.hooks.sent", after=each(HOOK, drop("StatusCode"))),
    Mutant("feishu: hooks take anything", "feishu.hooks.wrong", after=code(9499, 0)),
]  # fmt: skip


def _records(change: Callable[[Content], Any]) -> Callable[[Content], Any]:
    return lambda c: [change(record) for record in c.get("records", [])]


def _integers(record: Content) -> None:
    for name, cell in record.get("fields", {}).items():
        if isinstance(cell, int):
            record["fields"][name] = str(cell)


AIRTABLE = [
    Mutant("airtable: errors are text", "airtable.http.json", after=when(lambda r: r.status == 401, answers(401, b"no", "text/plain"))),
    Mutant("airtable: successes have an error", "airtable.http.success", after=each(LIST, put(error=None), "GET")),
    Mutant("airtable: errors have no message", "airtable.http.failure", after=text("", r',"message":"[^"]*"', "")),
    Mutant("airtable: creating is 201", "airtable.shape.success", after=when(lambda r: r.environ["REQUEST_METHOD"] == "POST" and r.status == 200, answers(201))),
    Mutant("airtable: a record has created_time", "airtable.shape.record", after=each(ONE, lambda c: c.update(created_time=c.pop("createdTime")), "GET")),
    Mutant("airtable: the last record is listed twice", "airtable.shape.once", after=each(LIST, lambda c: c["records"].extend(c["records"][-1:]), "GET")),
    Mutant("airtable: a batch shows its records from the last to the first", "airtable.shape.written", after=each(LIST, lambda c: c.get("records", []).reverse(), "POST")),
    Mutant("airtable: bases are not listed", "airtable.bases.listed", after=each("/meta/bases$", put(bases=[]))),
    Mutant("airtable: a list has items", "airtable.shape.records", after=each(LIST, lambda c: c.update(items=c.pop("records")), "GET")),
    Mutant("airtable: a deletion answers an id", "airtable.shape.deleted", after=each(ONE, drop("deleted"), "DELETE")),
    Mutant("airtable: a merge answers records only", "airtable.shape.upserted", after=each(LIST, drop("createdRecords"), "PATCH")),
    Mutant("airtable: bases have no level", "airtable.shape.bases", after=each("/meta/bases$", inside("bases", change=drop("permissionLevel")), "GET")),
    Mutant("airtable: tables have no views", "airtable.shape.tables", after=each("/tables$", inside("tables", change=drop("views")), "GET")),
    Mutant("airtable: nobody", "airtable.shape.user", after=each("/whoami$", drop("id"))),
    Mutant("airtable: a missing token is 403", "airtable.auth.missing", after=when(lambda r: r.status == 401, answers(403))),
    Mutant("airtable: a bad token is forbidden", "airtable.auth.bad-token", after=error("AUTHENTICATION_REQUIRED", "INVALID_PERMISSIONS"), world=STRICT),
    Mutant("airtable: an unknown base is 400", "airtable.auth.unknown", after=when(lambda r: r.status in {403, 404}, answers(400)), world=STRICT),
    Mutant("airtable: NOT_FOUND is an object", "airtable.auth.unknown-path", after=when(lambda r: r.status == 404, becomes(404, '{"error":{"type":"NONE","message":"no"}}'))),
    Mutant("airtable: numbers come back as texts", "airtable.records.created", after=each(ONE, _integers, "GET")),
    Mutant("airtable: times have no milliseconds", "airtable.records.time", after=text("", r"\.\d{3}Z", "Z")),
    Mutant("airtable: ids are row", "airtable.records.ids", after=text(LIST, '"id":"rec', '"id":"row', "POST")),
    Mutant("airtable: eleven are welcome", "airtable.records.many", before=sent(lambda b: b.update(records=b["records"][:10]), LIST)),
    Mutant("airtable: PUT is PATCH", "airtable.records.patch", before=lambda e: e.update(REQUEST_METHOD="PATCH") if e["REQUEST_METHOD"] == "PUT" else None),
    Mutant("airtable: merges create", "airtable.records.upsert", after=each(LIST, lambda c: c.update(createdRecords=c["createdRecords"] + c["updatedRecords"], updatedRecords=[]) if "createdRecords" in c else None, "PATCH")),
    Mutant("airtable: a deleted record is 200", "airtable.records.deleted", after=when(lambda r: r.status == 404 and r.environ["REQUEST_METHOD"] == "GET", answers(200))),
    Mutant("airtable: an unknown record of several is 404", "airtable.records.unknown", after=when(lambda r: b"ROW_DOES_NOT_EXIST" in r.body, answers(404))),
    Mutant("airtable: the last page has an offset", "airtable.list.pages", after=each(LIST, lambda c: c.setdefault("offset", ""), "GET")),
    Mutant("airtable: pages are cut", "airtable.list.page-size", before=query("pageSize=101", "pageSize=100", LIST)),
    Mutant("airtable: maxRecords is that of a page", "airtable.list.max", before=query("maxRecords=2", "pageSize=2", LIST)),
    Mutant("airtable: sort is ascending", "airtable.list.sort", before=query("=desc", "=asc", LIST)),
    Mutant("airtable: fields[] is ignored", "airtable.list.fields", before=query("fields%5B%5D=[^&]*", "", LIST)),
    Mutant("airtable: greater is greater or equal", "airtable.list.formula", before=query("%3E10000", "%3E%3D10000", LIST)),
    Mutant("airtable: a bad formula is 400", "airtable.list.bad-formula", after=when(lambda r: b"INVALID_FILTER" in r.body, answers(400))),
    Mutant("airtable: listRecords lists all", "airtable.list.post", before=sent(lambda b: b.pop("filterByFormula", 0), "/listRecords$")),
    Mutant("airtable: empty cells are null", "airtable.cells.empty", after=each(ONE, lambda c: c.get("fields", {}).setdefault("input_len", None), "GET")),
    Mutant("airtable: a wrong type is another error", "airtable.cells.type", after=error("INVALID_VALUE_FOR_COLUMN")),
    Mutant("airtable: typecast leaves texts", "airtable.cells.typecast", after=each(LIST, lambda c: _integers(c) if "fields" in c and "duration_ms" in c["fields"] else None, "POST")),
    Mutant("airtable: an unknown column is another error", "airtable.cells.unknown", after=error("UNKNOWN_FIELD_NAME")),
    Mutant("airtable: what is no JSON is 422", "airtable.body.no-json", after=when(lambda r: r.status == 400, answers(422))),
]  # fmt: skip


def _values(change: Callable[[Content], Any], operation: str) -> After:
    return data(SHEET, lambda d: [change(one["values"]) for one in d.get(operation, {}).get("records", [])])


TENCENT_DOCS = [
    Mutant("docs: errors are text", "tencent_docs.http.json", after=when(lambda r: b'"ret":0' not in r.body and "/openapi/" in r.path, answers(200, b"no", "text/plain"))),
    Mutant("docs: ret is a text", "tencent_docs.http.ret", after=text("/openapi/", '"ret":0', '"ret":"0"')),
    Mutant("docs: adding is 201", "tencent_docs.shape.success", after=when(lambda r: b"addRecords" in r.body, answers(201))),
    Mutant("docs: records have an id", "tencent_docs.shape.records", after=text(SHEET, "recordID", "id")),
    Mutant("docs: the last sheet is listed twice", "tencent_docs.shape.once", after=data(SHEETS, lambda d: d["sheets"].extend(d["sheets"][-1:]))),
    Mutant("docs: added records lose their numbers", "tencent_docs.shape.written", after=_values(drop("duration_ms"), "addRecords")),
    Mutant("docs: deleted records have ids", "tencent_docs.shape.deleted", after=text(SHEET, "recordIDs", "ids")),
    Mutant("docs: users have no name", "tencent_docs.shape.user", after=text("/userinfo$", '"nick"', '"name"')),
    Mutant("docs: sheets have no title", "tencent_docs.shape.sheets", after=data(SHEETS, inside("sheets", change=drop("title")))),
    Mutant("docs: no token is needed", "tencent_docs.auth.missing", after=when(lambda r: "HTTP_ACCESS_TOKEN" not in r.environ and "/openapi/" in r.path, becomes(200, '{"ret":0,"msg":"Succeed","data":{}}'))),
    Mutant("docs: sheets are not listed", "tencent_docs.sheets.listed", after=data(SHEETS, put(sheets=[]))),
    Mutant("docs: any operation will do", "tencent_docs.sheets.unknown", after=when(lambda r: b"burnRecords" in r.body or (r.status != 200 or b"400001" in r.body), becomes(200, '{"ret":0,"msg":"Succeed","data":{}}'))),
    Mutant("docs: numbers are lost", "tencent_docs.records.added", after=_values(drop("duration_ms"), "getRecords")),
    Mutant("docs: the last record is first", "tencent_docs.records.order", after=data(SHEET, lambda d: d.get("getRecords", {}).get("records", []).reverse())),
    Mutant("docs: updates are lost", "tencent_docs.records.updated", before=sent(lambda b: [one.update(values={}) for one in b["updateRecords"]["records"]], SHEET)),
    Mutant("docs: nothing is deleted", "tencent_docs.records.deleted", before=sent(lambda b: b["deleteRecords"].update(recordIDs=b["deleteRecords"]["recordIDs"][:1]), SHEET)),
    Mutant("docs: texts are strings", "tencent_docs.cells.text", after=_values(lambda v: v.update(workflow_id="x"), "getRecords")),
    Mutant("docs: any cell will do", "tencent_docs.cells.wrong", after=text(SHEET, r'\{"ret":400001.*', '{"ret":0,"msg":"Succeed","data":{}}')),
    Mutant("docs: consent loses the state", "tencent_docs.oauth.consent", before=query("&state=[^&]*", "", "/authorize$")),
    Mutant("docs: tokens last a day", "tencent_docs.shape.token", after=text("/app-account-token$", "2592000", "86400")),
    Mutant("docs: a code is good twice", "tencent_docs.oauth.code", after=when(lambda r: r.path.endswith("/token") and r.status == 401, answers(200))),
    Mutant("docs: refresh tokens are of nobody", "tencent_docs.oauth.refresh", after=text("/oauth/v2/token$", '"user_id":"', '"user_id":"x')),
    Mutant("docs: users have another id", "tencent_docs.oauth.user", after=text("/userinfo$", '"openID":"', '"openID":"x')),
    Mutant("docs: any secret will do", "tencent_docs.oauth.client", before=query("client_secret=mockcbs-[0-9a-f]{12}(&|$)", r"client_secret=mockcbs-docs-secret\1", "/app-account-token$")),
    Mutant("docs: a made-up code is 404", "tencent_docs.oauth.grant", after=when(lambda r: b"invalid_grant" in r.body, answers(404))),
]  # fmt: skip


_ADD = "/add_records$"


def _errcode(wrong: int, becomes: int) -> After:
    return text("/cgi-bin/", f'"errcode":{wrong},', f'"errcode":{becomes},')


WECOM = [
    Mutant("wecom: errors are text", "wecom.http.json", after=when(lambda r: b'"errcode":0' not in r.body, answers(200, b"no", "text/plain"))),
    Mutant("wecom: errors are ok", "wecom.http.errcode", after=when(lambda r: b'"errcode":41001' in r.body, becomes(200, '{"errcode":41001,"errmsg":"ok"}'))),
    Mutant("wecom: a token is 201", "wecom.shape.success", after=when(lambda r: r.path.endswith("/gettoken"), answers(201))),
    Mutant("wecom: tokens last a day", "wecom.shape.token", after=text("/gettoken$", '"expires_in":[0-9]+', '"expires_in":86400')),
    Mutant("wecom: the last record is listed twice", "wecom.shape.once", after=each(_ADD, lambda c: c["records"].extend(c["records"][-1:]) if "records" in c else None)),
    Mutant("wecom: records have an id", "wecom.shape.records", after=text(_ADD, "record_id", "id")),
    Mutant("wecom: each token is new", "wecom.token.same", after=lambda r: each("/gettoken$", lambda c: c.update(access_token=f"{c['access_token']}{id(r)}") if "access_token" in c else None)(r)),
    Mutant("wecom: a wrong secret is a wrong corp", "wecom.token.secret", after=_errcode(40001, 40013)),
    Mutant("wecom: a missing token is a wrong one", "wecom.auth.missing", after=_errcode(41001, 40014)),
    Mutant("wecom: a wrong token is an old one", "wecom.auth.bad-token", after=_errcode(40014, 42001), world=STRICT),
    Mutant("wecom: numbers are lost", "wecom.records.added", after=each(_ADD, lambda c: [one["values"].pop("duration_ms", 0) for one in c.get("records", [])])),
    Mutant("wecom: records share an id", "wecom.records.ids", after=text(_ADD, '"record_id":"[^"]*"', '"record_id":"r1"')),
    Mutant("wecom: any document will do", "wecom.records.unknown", after=when(lambda r: b"301085" in r.body, becomes(200, '{"errcode":0,"errmsg":"ok","records":[]}')), world=STRICT),
    Mutant("wecom: nothing to add is welcome", "wecom.records.parameters", after=when(lambda r: b"40058" in r.body, becomes(200, '{"errcode":0,"errmsg":"ok","records":[]}'))),
    Mutant("wecom: any cell will do", "wecom.cells.wrong", after=when(lambda r: b"40058" in r.body, becomes(200, '{"errcode":0,"errmsg":"ok","records":[]}'))),
]  # fmt: skip
