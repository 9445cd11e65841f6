"""The routes of Tencent Docs and WeCom (contract 4.7)."""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn
from urllib.parse import urlencode

from flask import Response, redirect
from marshmallow import Schema

from mockcbs.core.errors import ApiError
from mockcbs.services.tencent_docs import errors, oauth, schemas, sheets
from mockcbs.tables.model import Row, Table
from mockcbs.web import context
from mockcbs.web.arguments import Parser
from mockcbs.web.atomic import AtomicBlueprint

_OAUTH = (schemas.AuthorizeQuery, schemas.DocsTokenQuery, schemas.AppTokenQuery)
_WECOM = (schemas.WeComTokenQuery, schemas.WeComAddRecords)


class _DocsParser(Parser):
    def refuse(self, schema: Schema, problems: dict[str, str]) -> NoReturn:
        reason = "; ".join(f"{member}: {sentence}" for member, sentence in problems.items())
        if isinstance(schema, _OAUTH):
            raise ApiError(errors.INVALID_REQUEST, reason, message=reason)
        if isinstance(schema, _WECOM):
            raise _wecom_refusal(reason)
        raise errors.wrong(reason)


class _DocsBlueprint(AtomicBlueprint):
    ARGUMENTS_PARSER = _DocsParser()
    GET_CHANGES_STATE = True


blp = _DocsBlueprint("tencent_docs", __name__)


# OAuth


@blp.get("/oauth/v2/authorize")
@blp.arguments(schemas.AuthorizeQuery, location="query")
@blp.alt_response(
    302, schema={"type": "string"}, content_type="text/html", description="To redirect_uri, with a code."
)
def authorize(query: dict[str, Any]) -> Response:
    """获取授权码: consent without a page, and redirect the browser with a code."""
    code = oauth.issue("code", query["client_id"], query["redirect_uri"])
    given = {"code": code} | ({"state": query["state"]} if query["state"] else {})
    target = query["redirect_uri"]
    response: Response = redirect(f"{target}{'&' if '?' in target else '?'}{urlencode(given)}")  # type: ignore[assignment]
    return response


@blp.get("/oauth/v2/token")
@blp.arguments(schemas.DocsTokenQuery, location="query")
@blp.alt_response(200, schema=schemas.DocsTokenAnswer)
def get_token(query: dict[str, Any]) -> dict[str, Any]:
    """获取 Token: a token for a code or for a refresh token."""
    oauth.check_client(query["client_id"], query["client_secret"])
    if query["grant_type"] == "refresh_token":
        return oauth.for_refresh_token(query)
    return oauth.for_code(query)


@blp.get("/oauth/v2/app-account-token")
@blp.arguments(schemas.AppTokenQuery, location="query")
@blp.alt_response(200, schema=schemas.DocsTokenAnswer)
def get_app_token(query: dict[str, Any]) -> dict[str, Any]:
    """获取应用账号 Token: a token of the account of the application."""
    oauth.check_client(query["client_id"], query["client_secret"])
    return oauth.tokens(query["client_id"])


@blp.get("/oauth/v2/userinfo")
@blp.arguments(schemas.UserInfoQuery, location="query")
@blp.alt_response(200, schema=schemas.DocsAnswer)
def get_user(query: dict[str, Any]) -> dict[str, Any]:
    """获取用户信息: the user of a token."""
    return _succeed(oauth.user(query["access_token"]))


# Smart sheets


@blp.get("/openapi/smartbook/v2/files/<file_id>/sheets")
@blp.alt_response(200, schema=schemas.DocsAnswer)
def list_sheets(file_id: str) -> dict[str, Any]:
    """查询子表: the sheets of a file."""
    errors.check_failing(file_id, errors.CATALOGUE)
    shown = [{"sheetID": table.id, "title": table.name} for table in sheets.of_file(file_id)]
    return _succeed({"sheets": shown})


@blp.post("/openapi/smartbook/v2/files/<file_id>/sheets/<sheet_id>")
@blp.arguments(schemas.SheetRequest, location="json")
@blp.alt_response(200, schema=schemas.DocsAnswer)
def use_sheet(body: dict[str, Any], file_id: str, sheet_id: str) -> dict[str, Any]:
    """查询、添加、更新、删除记录: get, add, change or delete records."""
    errors.check_failing(file_id, errors.CATALOGUE)
    table = sheets.find(file_id, sheet_id)
    if table is None:
        raise ApiError(errors.NOT_FOUND, f"file {file_id!r} has no sheet {sheet_id!r}")
    ((operation, given),) = body.items()
    name, run = _OPERATIONS[operation]
    return _succeed({name: run(table, given)})


def _get(table: Table, given: Mapping[str, Any]) -> dict[str, Any]:
    held = sheets.store()
    if "record_ids" in given:
        rows = [_row(table, record_id) for record_id in given["record_ids"]]
        return {"records": [_shown(table, row) for row in rows], "hasMore": False}
    rows = [*held.rows(table, offset=given["offset"], limit=given["limit"] + 1)]
    shown = [_shown(table, row) for row in rows[: given["limit"]]]
    return {"records": shown, "hasMore": len(rows) > len(shown)}


def _add(table: Table, given: Mapping[str, Any]) -> dict[str, Any]:
    cells = [sheets.written(table, record["values"]) for record in given["records"]]
    rows = [sheets.store().add(table, one, at=context.now()) for one in cells]
    return {"records": [_shown(table, row) for row in rows]}


def _update(table: Table, given: Mapping[str, Any]) -> dict[str, Any]:
    changes = [
        (_row(table, record["record_id"]), sheets.written(table, record["values"]))
        for record in given["records"]
    ]
    rows = [sheets.store().change(table, row, cells, at=context.now()) for row, cells in changes]
    return {"records": [_shown(table, row) for row in rows]}


def _delete(table: Table, given: Mapping[str, Any]) -> dict[str, Any]:
    rows = [_row(table, record_id) for record_id in dict.fromkeys(given["record_ids"])]
    for row in rows:
        sheets.store().remove(table, row.id)
    return {"recordIDs": [row.id for row in rows]}


_OPERATIONS: Mapping[str, tuple[str, Callable[[Table, Mapping[str, Any]], dict[str, Any]]]] = {
    "get_records": ("getRecords", _get),
    "add_records": ("addRecords", _add),
    "update_records": ("updateRecords", _update),
    "delete_records": ("deleteRecords", _delete),
}


def _row(table: Table, record_id: str) -> Row:
    row = sheets.store().row(table, record_id)
    if row is None:
        raise ApiError(errors.NOT_FOUND, f"sheet {table.id!r} has no record {record_id!r}")
    return row


def _shown(table: Table, row: Row) -> dict[str, Any]:
    return {"recordID": row.id, "values": sheets.shown(table, row)}


def _succeed(data: dict[str, Any]) -> dict[str, Any]:
    return {"ret": 0, "msg": "Succeed", "data": data}


# WeCom


@blp.get("/cgi-bin/gettoken")
@blp.arguments(schemas.WeComTokenQuery, location="query")
@blp.alt_response(200, schema=schemas.WeComToken)
def get_wecom_token(query: dict[str, Any]) -> dict[str, Any]:
    """获取 access_token: a token of WeCom."""
    oauth.check_client(query["corpid"], query["corpsecret"], errors.WECOM_CORP, errors.WECOM_SECRET)
    return {"errcode": 0, "errmsg": "ok", **oauth.wecom_token(query["corpid"])}


@blp.post("/cgi-bin/wedoc/smartsheet/add_records")
@blp.arguments(schemas.WeComAddRecords, location="json")
@blp.alt_response(200, schema=schemas.WeComRecords)
def add_wecom_records(body: dict[str, Any]) -> dict[str, Any]:
    """添加记录: add records to a smart sheet of WeCom."""
    errors.check_failing(body["docid"], errors.WECOM)
    table = sheets.find(body["docid"], body["sheet_id"])
    if table is None:
        raise ApiError(errors.WECOM_NO_DOC, f"document {body['docid']!r} has no sheet {body['sheet_id']!r}")
    by_id = body["key_type"].endswith("ID")
    try:
        cells = [sheets.written(table, record["values"], by_id=by_id) for record in body["records"]]
    except ApiError as error:
        raise _wecom_refusal(error.reason) from error
    rows = [sheets.store().add(table, one, at=context.now()) for one in cells]
    shown = [{"record_id": row.id, "values": sheets.shown(table, row, by_id=by_id)} for row in rows]
    return {"errcode": 0, "errmsg": "ok", "records": shown}


def _wecom_refusal(reason: str) -> ApiError:
    message = f"{errors.WECOM_PARAMETER.message}: {reason}"
    return ApiError(errors.WECOM_PARAMETER, reason, message=message)
