"""A client of Airtable that checks the shape of every response."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from marshmallow import ValidationError, fields, validate, validates_schema

from mockcbs.contract import diagnosis, table_http
from mockcbs.contract.kit import Kit, NotApplicableError
from mockcbs.contract.lacking import Lacking, known, need
from mockcbs.contract.services import KitService
from mockcbs.contract.table_http import TableService
from mockcbs.contract.targets import Answer, Call, query
from mockcbs.contract.written import body_of
from mockcbs.services.coze.responses.fields import Flag, Part, identifier, text


class _Record(Part):
    id = identifier()
    createdTime = identifier()  # noqa: N815 - Airtable's own name
    fields = fields.Dict(keys=fields.String(), required=True)  # type: ignore[assignment]


class _Records(Part):
    records = fields.List(fields.Nested(_Record), required=True)
    offset = fields.String()


class _Upserted(_Records):
    createdRecords = fields.List(fields.String(), required=True)  # noqa: N815
    updatedRecords = fields.List(fields.String(), required=True)  # noqa: N815


class _Deleted(Part):
    id = identifier()
    deleted = Flag(required=True)


_LEVELS = ("none", "read", "comment", "edit", "create")


class _Base(Part):
    id = identifier()
    name = text()
    permissionLevel = fields.String(required=True, validate=validate.OneOf(_LEVELS))  # noqa: N815


class _Bases(Part):
    bases = fields.List(fields.Nested(_Base), required=True)


_TYPES_WITH_OPTIONS = {"number", "currency", "percent", "singleSelect", "multipleSelects", "date", "dateTime"}


class _Column(Part):
    id = identifier()
    name = text()
    type = identifier()
    options = fields.Dict(keys=fields.String())
    description = fields.String()

    @validates_schema(skip_on_field_errors=True)
    def _options(self, data: dict[str, Any], **_: Any) -> None:
        if data["type"] in _TYPES_WITH_OPTIONS and not data.get("options"):
            raise ValidationError("is missing", "options")
        if data["type"] == "number" and type(data["options"].get("precision")) is not int:
            raise ValidationError("has no precision", "options")


_VIEW_TYPES = ("grid", "form", "calendar", "gallery", "kanban", "timeline", "list", "gantt", "block")


class _View(Part):
    id = identifier()
    name = text()
    type = fields.String(required=True, validate=validate.OneOf(_VIEW_TYPES))


class _Table(Part):
    id = identifier()
    name = text()
    primaryFieldId = identifier()  # noqa: N815
    views = fields.List(fields.Nested(_View), required=True)
    fields = fields.List(fields.Nested(_Column), required=True)  # type: ignore[assignment]

    @validates_schema(skip_on_field_errors=True)
    def _primary(self, data: dict[str, Any], **_: Any) -> None:
        if data["fields"] and data["primaryFieldId"] != data["fields"][0]["id"]:
            raise ValidationError("is not the first field", "primaryFieldId")


class _Tables(Part):
    tables = fields.List(fields.Nested(_Table), required=True)


class _User(Part):
    id = identifier()
    scopes = fields.List(fields.String(), required=True)


SCHEMAS = {
    "record": _Record(),
    "records": _Records(),
    "upserted": _Upserted(),
    "deleted": _Deleted(),
    "bases": _Bases(),
    "tables": _Tables(),
    "user": _User(),
}
"""The schemas by the last part of their clauses, ``airtable.shape.NAME``."""


_WITH_RECORDS = {"record", "records", "upserted"}
_CREATED = "createdTime"
_RECORD_ID = re.compile(r"rec\w{14}")


def _cells_of(record: dict[str, Any]) -> Any:
    """The cells of a record; the time of creation is added as another cell."""
    cells = record.get("fields")
    created = {_CREATED: record[_CREATED]} if isinstance(record.get(_CREATED), str) else {}
    return {**cells, **created} if isinstance(cells, dict) else cells


class Airtable(TableService):
    """The operations on one table, which has the columns of the report table."""

    name = "airtable"
    schemas = SCHEMAS
    fixed_cells = (_CREATED,)

    @property
    def base(self) -> str:
        """The id of the base."""
        base = self.kit.accounts["airtable_base"]
        if not base:
            raise NotApplicableError("no base is given (MOCKCBS_CONTRACT_AIRTABLE_BASE)")
        return base

    @property
    def path(self) -> str:
        """The path of the table."""
        return f"/v0/{self.base}/{quote(self.kit.accounts['airtable_table'], safe='')}"

    def good(self, shape: str, answer: Answer) -> Any:
        """The content of a response that should be a success."""
        content = self.succeeded(answer, lambda found: "error" not in found)
        if isinstance(content, Lacking):
            return content
        answer.mend(self.fits(shape, answer, content))
        if shape in _WITH_RECORDS:
            self._check_cells(answer, answer.json)
        return answer.json

    def _check_cells(self, answer: Answer, content: Any) -> None:
        """Check that records have the cells that were written and keep their time of creation."""
        listed = known(content.get("records", [content]), [])
        found = [one if isinstance(one, dict) else {} for one in listed]
        place = answer.call.path.rpartition("/")[2]
        if _RECORD_ID.fullmatch(place):
            self.kit.expect("airtable.shape.written", answer, [one.get("id") for one in found], [place], "id")
        records = [(one.get("id"), _cells_of(one)) for one in found]
        body = body_of(answer)
        if not body or answer.call.path.endswith("/listRecords"):
            is_whole = "fields" not in body and "fields%5B%5D" not in answer.call.query
            self.written.read(answer, records, is_whole=is_whole)
        elif not body.get("typecast"):
            given = [row["fields"] for row in body.get("records", [body])]
            if answer.call.method == "POST":
                made = [{_CREATED: one.get(_CREATED)} for one in found]
                given = [{**cells, **more} for cells, more in zip(given, made, strict=False)]
            self.written.wrote(answer, records, given, is_whole=answer.call.method == "PUT")

    def refused(self, clause: str, answer: Answer, status: int, kind: str) -> None:
        """Check that a call failed with *status* and *kind*, as *clause* says."""
        error = answer.json.get("error")
        found = error.get("type") if isinstance(error, dict) else error
        self.kit.expect(clause, answer, [answer.status, found], [status, kind], "status and type")

    @contextmanager
    def rows(self, *rows: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
        """Create at most ten records with these cells, and delete them afterwards."""
        self.kit.must_write()
        body = {"records": [{"fields": row} for row in rows]}
        made = need(self.good("records", self.call("POST", self.path, body))["records"])
        if any(isinstance(one["id"], Lacking) for one in made):
            made = [
                {**one, "id": self.id_of(one, row["workflow_id"])}
                for one, row in zip(made, rows, strict=True)
            ]
        try:
            yield made
        finally:
            self.remove(str(one["id"]) for one in made)

    def id_of(self, record: Any, workflow_id: str) -> Any:
        """The id of a record; read from the list of records if the response had none."""
        if not isinstance(record["id"], Lacking):
            return record["id"]
        formula = query(filterByFormula=f"{{workflow_id}}='{workflow_id}'")
        found = known(self.good("records", self.call("GET", self.path, query=formula))["records"], [])
        return found[0]["id"] if found else record["id"]

    def remove(self, ids: Iterator[str]) -> Answer:
        """Delete records."""
        names = query(**{"records[]": list(ids)})
        return self.call("DELETE", self.path, query=names)

    @property
    def trusting(self) -> bool:
        """Whether the target accepts an invented token."""
        headers = {"Authorization": "Bearer patNobodyHasThis0.0123456789abcdef"}
        return self.call("GET", self.path, headers=headers, auth=False).status == 200


def every_answer(kit: Kit, answer: Answer) -> None:
    """Check the envelope (contract 4.6)."""
    content = table_http.is_json_object(kit, "airtable", answer)
    if content is None:
        return
    error, errors = content.get("error"), content.get("errors")
    if answer.status == 200:
        found = sorted(content.keys() & {"error", "errors"})
        kit.expect("airtable.http.success", answer, found, [], "members of an error")
        return
    kit.judge(
        "airtable.http.success",
        answer,
        "HTTP 200, 4xx or 5xx",
        f"HTTP {answer.status}",
        held=answer.status >= 400,
    )
    is_object = isinstance(error, dict) and all(isinstance(error.get(n), str) for n in ("type", "message"))
    held = is_object or isinstance(error, str) or isinstance(errors, list)
    kit.judge(
        "airtable.http.failure", answer, "error, an object or a string", kit.beginning(answer), held=held
    )


def authenticate(kit: Kit, call: Call) -> Call:
    """Add the token to *call*."""
    token = kit.accounts["airtable_token"]
    return replace(call, headers={**call.headers, "Authorization": f"Bearer {token}"})


def look(kit: Kit) -> None:
    """Check that the token is valid and the table exists."""
    ours = kit.accounts
    columns = [{"name": column, "type": _TYPES[kind]} for column, kind in table_http.COLUMNS]
    table = {"base": ours["airtable_base"], "table": "tblMockcbsKit0000", "name": ours["airtable_table"]}
    table_http.set_up(kit, "airtable", {**table, "fields": columns})
    answer = table_http.first(kit, "airtable", authenticate(kit, Call("GET", "/v0/meta/whoami", "", {})))
    if answer.status in {401, 403}:
        raise table_http.bad_credentials(kit, "airtable", answer)
    path = Airtable.of(kit).path
    answer = table_http.first(kit, "airtable", authenticate(kit, Call("GET", path, "pageSize=1", {})))
    if answer.status in {403, 404}:
        raise table_http.nothing_there(kit, "airtable", "table", answer)
    diagnosis.check_vendor(kit, "airtable", answer)
    # A server that checks tokens also counts calls: after too many it refuses all for 30 s.
    if not Airtable.of(kit).trusting:
        kit.targets["airtable"].limit(_RATE)


_RATE = 4.0
"""Calls per second; Airtable allows five per base."""
_TYPES = {"text": "singleLineText", "number": "number"}
SERVICE = KitService("airtable", every_answer, authenticate, look)
