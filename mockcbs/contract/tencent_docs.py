"""A client of Tencent Docs' smart sheets; the vendor does not document them, so all clauses are assumed."""

from dataclasses import replace
from typing import Any

from marshmallow import fields, validate

from mockcbs.contract import table_http
from mockcbs.contract.kit import Kit
from mockcbs.contract.lacking import Lacking, known
from mockcbs.contract.services import KitService
from mockcbs.contract.table_http import TableService
from mockcbs.contract.targets import Answer, Call, query
from mockcbs.contract.written import body_of
from mockcbs.services.coze.responses.fields import Part, identifier, text


class _Record(Part):
    recordID = identifier()  # noqa: N815 - the vendor's own name
    values = fields.Dict(keys=fields.String(), required=True)


class _Records(Part):
    records = fields.List(fields.Nested(_Record), required=True)


class _Sheet(Part):
    sheetID = identifier()  # noqa: N815
    title = text()


class _Sheets(Part):
    sheets = fields.List(fields.Nested(_Sheet), required=True)


class _Deleted(Part):
    recordIDs = fields.List(fields.String(), required=True)  # noqa: N815


class _User(Part):
    openID = identifier()  # noqa: N815
    nick = text()
    avatar = text()
    source = text()
    unionID = identifier()  # noqa: N815


class _Token(Part):
    access_token = identifier()
    token_type = fields.String(required=True, validate=validate.Equal("Bearer"))
    expires_in = fields.Integer(required=True, strict=True, validate=validate.Equal(2_592_000))
    refresh_token = identifier()
    scope = text()
    user_id = identifier()


SCHEMAS = {
    "records": _Records(),
    "deleted": _Deleted(),
    "sheets": _Sheets(),
    "token": _Token(),
    "user": _User(),
}
"""The schemas by the last part of their clauses, ``tencent_docs.shape.NAME``."""


class TencentDocs(TableService):
    """The operations on one sheet, which has the columns of the report table."""

    name = "tencent_docs"
    schemas = SCHEMAS

    @property
    def file(self) -> str:
        """The path of the list of sheets of the file."""
        return f"/openapi/smartbook/v2/files/{self.kit.accounts['tencent_docs_file']}/sheets"

    @property
    def sheet(self) -> str:
        """The path of the sheet."""
        return f"{self.file}/{self.kit.accounts['tencent_docs_sheet']}"

    def use(self, operation: str, given: dict[str, Any]) -> Answer:
        """Call *operation* on the sheet: get, add, update or delete records."""
        return self.call("POST", self.sheet, {operation: given})

    def good(self, shape: str, answer: Answer, member: str = "") -> Any:
        """The data of a response that should be a success; *member* names the part that has it."""
        content = self.succeeded(answer, lambda found: found["ret"] == 0)
        if isinstance(content, Lacking):
            return content
        data = content.get("data")
        found = data.get(member) if member and isinstance(data, dict) else data
        found = self.fits(shape, answer, found)
        if shape == "records" and isinstance(found, dict):
            self._check_cells(answer, found, member)
        return found

    def _check_cells(self, answer: Answer, data: dict[str, Any], operation: str) -> None:
        """Check that records have the cells that were written."""
        listed = [one if isinstance(one, dict) else {} for one in known(data["records"], [])]
        records = [(one.get("recordID"), one.get("values")) for one in listed]
        given = body_of(answer)[operation].get("records")
        if given is None:
            self.written.read(answer, records, is_whole=True)
        else:
            self.written.wrote(answer, records, [row["values"] for row in given])

    def refused(self, clause: str, answer: Answer) -> None:
        """Check that a call was refused."""
        ret = answer.json.get("ret")
        held = type(ret) is int and ret != 0
        self.kit.judge(clause, answer, "a ret other than 0", f"ret = {ret!r}", held=held)

    def consent(self, redirect_uri: str, state: str) -> Answer:
        """Request the page that asks a user for consent."""
        given = {"client_id": self.kit.accounts["tencent_docs_client_id"], "redirect_uri": redirect_uri}
        asked = query(**given, response_type="code", scope="all", state=state)
        return self.call("GET", "/oauth/v2/authorize", query=asked, auth=False)

    def token(self, call: str, **given: str) -> Answer:
        """Request a token for the client, with added or changed parameters."""
        ours = self.kit.accounts
        client = {
            "client_id": ours["tencent_docs_client_id"],
            "client_secret": ours["tencent_docs_secret"],
        }
        return self.call("GET", f"/oauth/v2/{call}", query=query(**{**client, **given}), auth=False)

    def issued(self, answer: Answer) -> Any:
        """The members of the issued token."""
        content = self.succeeded(answer, lambda found: answer.status == 200 and "access_token" in found)
        return content if isinstance(content, Lacking) else self.fits("token", answer, content)

    def denied(self, clause: str, answer: Answer) -> None:
        """Check that no token was issued: a status of 400 or 401."""
        found = [answer.status, "access_token" in answer.json]
        self.kit.judge(clause, answer, "400 or 401", str(found), held=found in ([400, False], [401, False]))


def every_answer(kit: Kit, answer: Answer) -> None:
    """Check the envelope (contract 4.7), except on pages for browsers."""
    if answer.call.path == "/oauth/v2/authorize" and answer.status < 400:
        return
    content = table_http.is_json_object(kit, "tencent_docs", answer)
    if content is None or not answer.call.path.startswith("/openapi/"):
        return
    ret, message = content.get("ret"), content.get("msg")
    held = (
        type(ret) is int and isinstance(message, str) and bool(message) and ("data" in content) == (ret == 0)
    )
    kit.judge("tencent_docs.http.ret", answer, "ret, msg, and data with ret 0", answer.text[:100], held=held)


def authenticate(kit: Kit, call: Call) -> Call:
    """Add the headers for token, client and user to *call*."""
    ours = kit.accounts
    headers = {
        "Access-Token": kit.memory["tencent_docs token"],
        "Client-Id": ours["tencent_docs_client_id"],
        "Open-Id": kit.memory["tencent_docs user"],
    }
    return replace(call, headers={**call.headers, **headers})


def look(kit: Kit) -> None:
    """Get a token of the application unless one is given, and check that the file exists."""
    ours = kit.accounts
    token, user = ours["tencent_docs_token"], ours["tencent_docs_open_id"]
    if not token:
        who = query(client_id=ours["tencent_docs_client_id"], client_secret=ours["tencent_docs_secret"])
        answer = table_http.first(kit, "tencent_docs", Call("GET", "/oauth/v2/app-account-token", who))
        try:
            token, user = answer.json["access_token"], answer.json.get("user_id", "")
        except (ValueError, LookupError, TypeError, AttributeError):
            raise table_http.bad_credentials(kit, "tencent_docs", answer) from None
    kit.memory |= {"tencent_docs token": token, "tencent_docs user": user}
    kit.mask.add(token, "****")
    place = {"base": ours["tencent_docs_file"], "table": ours["tencent_docs_sheet"], "name": "Contract kit"}
    columns = [{"name": column, "type": kind} for column, kind in table_http.COLUMNS]
    table_http.set_up(kit, "tencent_docs", {**place, "fields": columns})
    call = authenticate(kit, Call("GET", TencentDocs.of(kit).file, "", {}))
    answer = table_http.first(kit, "tencent_docs", call)
    if '"ret":0' not in answer.text.replace(" ", ""):
        raise table_http.nothing_there(kit, "tencent_docs", "file", answer)


SERVICE = KitService("tencent_docs", every_answer, authenticate, look)
