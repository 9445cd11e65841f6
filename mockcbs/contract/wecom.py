"""A client of WeCom: gets a token, and adds records to a smart sheet."""

from dataclasses import replace
from typing import Any

from marshmallow import fields, validate

from mockcbs.contract import table_http
from mockcbs.contract.kit import Kit
from mockcbs.contract.services import KitService
from mockcbs.contract.table_http import TableService
from mockcbs.contract.targets import Answer, Call, query
from mockcbs.services.coze.responses.fields import Part, identifier

TOKEN_PATH = "/cgi-bin/gettoken"
ADD_PATH = "/cgi-bin/wedoc/smartsheet/add_records"


class _Token(Part):
    access_token = identifier()
    expires_in = fields.Integer(required=True, strict=True, validate=validate.Range(1, 7200))


class _Record(Part):
    record_id = identifier()
    values = fields.Dict(keys=fields.String(), required=True)


class _Records(Part):
    records = fields.List(fields.Nested(_Record), required=True)


class WeCom(TableService):
    """The operations on one smart sheet, which has the columns of the report table."""

    name = "wecom"
    schemas = {"token": _Token(), "records": _Records()}  # noqa: RUF012 - never changed

    def token(self, **changes: str) -> Answer:
        """Request a token for the account, with changed parameters if given."""
        who = query(**{**_account(self.kit), **changes})
        return self.call("GET", TOKEN_PATH, query=who, auth=False)

    def add(self, *rows: Any, **changes: Any) -> Answer:
        """Add records with cells by field title; *changes* replace parameters of the request."""
        ours = self.kit.accounts
        body = {
            "docid": ours["wecom_docid"],
            "sheet_id": ours["wecom_sheet"],
            "key_type": "CELL_VALUE_KEY_TYPE_FIELD_TITLE",
            "records": [{"values": row} for row in rows],
        }
        return self.call("POST", ADD_PATH, {**body, **changes})

    def good(self, shape: str, answer: Answer) -> Any:
        """The content of a response that should be a success."""
        content = self.succeeded(answer, lambda found: found["errcode"] == 0)
        return self.fits(shape, answer, content)

    def refused(self, clause: str, answer: Answer, *codes: int) -> bool:
        """Check that a call was refused with one of *codes*, or with any code if none is given."""
        code = answer.json.get("errcode")
        held = type(code) is int and (code in codes if codes else code != 0)
        wanted = f"errcode {' or '.join(map(str, codes))}" if codes else "an errcode other than 0"
        return self.kit.judge(clause, answer, wanted, f"errcode = {code!r}", held=held)


def every_answer(kit: Kit, answer: Answer) -> None:
    """Check the envelope (contract 4.7)."""
    content = table_http.is_json_object(kit, "wecom", answer)
    if content is None:
        return
    code, message = content.get("errcode"), content.get("errmsg")
    held = type(code) is int and isinstance(message, str) and (message == "ok") == (code == 0)
    kit.judge("wecom.http.errcode", answer, "errcode, and errmsg ok with 0", answer.text[:100], held=held)


def authenticate(kit: Kit, call: Call) -> Call:
    """Add the token to the query of *call*."""
    ours = query(access_token=kit.memory["wecom token"])
    return replace(call, query=f"{ours}&{call.query}" if call.query else ours)


def look(kit: Kit) -> None:
    """Get a token, and create the sheet on a mock on this machine."""
    answer = table_http.first(kit, "wecom", Call("GET", TOKEN_PATH, query(**_account(kit))))
    try:
        token = answer.json["access_token"]
    except (ValueError, LookupError, TypeError):
        raise table_http.bad_credentials(kit, "wecom", answer) from None
    kit.memory["wecom token"] = token
    kit.mask.add(token, "****")
    # The mock stores WeCom sheets together with those of Tencent Docs.
    place = {"base": kit.accounts["wecom_docid"], "table": kit.accounts["wecom_sheet"]}
    columns = [{"name": column, "type": kind} for column, kind in table_http.COLUMNS]
    sheet = {"service": "tencent_docs", **place, "name": "Contract kit", "fields": columns}
    table_http.set_up(kit, "wecom", sheet)


def _account(kit: Kit) -> dict[str, str]:
    return {"corpid": kit.accounts["wecom_corpid"], "corpsecret": kit.accounts["wecom_secret"]}


SERVICE = KitService("wecom", every_answer, authenticate, look)
