"""The routes of Airtable's Web API (contract 4.6)."""

import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, NoReturn, cast

from marshmallow import Schema
from werkzeug import Request
from werkzeug.datastructures import MultiDict

from mockcbs.core.errors import ApiError
from mockcbs.core.made_ids import made_id
from mockcbs.services.airtable import errors, records, requests, responses, schema, tables
from mockcbs.web import context
from mockcbs.web.arguments import Parser
from mockcbs.web.atomic import AtomicBlueprint, reads

_SORT = re.compile(r"sort\[([0-9]{1,3})\]\[(field|direction)\]")
_LIST = re.compile(r"(fields|records|recordMetadata)(\[[0-9]*\])?")
_SCOPES = ["data.records:read", "data.records:write", "schema.bases:read", "schema.bases:write"]


class _AirtableParser(Parser):
    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """Query parameters; ``sort[0][field]`` becomes a list, ``fields[0]`` counts as ``fields[]``."""
        plain: MultiDict[str, str] = MultiDict()
        sort: dict[int, dict[str, str]] = {}
        for name, value in req.args.items(multi=True):
            if found := _SORT.fullmatch(name):
                sort.setdefault(int(found[1]), {})[found[2]] = value
            else:
                listed = _LIST.fullmatch(name)
                plain.add(f"{listed[1]}[]" if listed else name, value)
        given = super().load_querystring(cast("Request", SimpleNamespace(args=plain)), schema)
        return {**given, "sort": [sort[place] for place in sorted(sort)]} if sort else given

    def refuse(self, schema: Schema, problems: dict[str, str]) -> NoReturn:
        if problems.keys() == {"body"}:
            raise ApiError(errors.INVALID_BODY, problems["body"])
        del schema
        raise errors.wrong("; ".join(f"{member}: {sentence}" for member, sentence in problems.items()))


class _AirtableBlueprint(AtomicBlueprint):
    ARGUMENTS_PARSER = _AirtableParser()


blp = _AirtableBlueprint("airtable", __name__)


# Records


@blp.get("/v0/<base_id>/<table_name>")
@blp.arguments(requests.AirtableListingQuery, location="query")
@blp.alt_response(200, schema=responses.AirtableRecords)
def list_records(query: dict[str, Any], base_id: str, table_name: str) -> dict[str, Any]:
    """List records: one page of the records in a view that match a formula."""
    return records.list_page(tables.find(base_id, table_name), query)


@blp.post("/v0/<base_id>/<table_name>/listRecords")
@blp.arguments(requests.AirtableLongListingQuery, location="query")
@blp.arguments(requests.AirtableListing, location="json")
@blp.alt_response(200, schema=responses.AirtableRecords)
@reads
def list_records_long(
    query: dict[str, Any], body: dict[str, Any], base_id: str, table_name: str
) -> dict[str, Any]:
    """List records with parameters that are too long for a URL."""
    return records.list_page(tables.find(base_id, table_name), {**query, **body})


@blp.get("/v0/<base_id>/<table_name>/<record_id>")
@blp.arguments(requests.AirtableRecordQuery, location="query")
@blp.alt_response(200, schema=responses.AirtableRecord)
def get_record(query: dict[str, Any], base_id: str, table_name: str, record_id: str) -> dict[str, Any]:
    """Get one record."""
    table = tables.find(base_id, table_name)
    return records.answer(table, records.find(table, record_id), query)


@blp.post("/v0/<base_id>/<table_name>")
@blp.arguments(requests.AirtableCreateRecords, location="json")
@blp.alt_response(200, schema=responses.AirtableWrittenRecords)
def create_records(body: dict[str, Any], base_id: str, table_name: str) -> dict[str, Any]:
    """Create one record, or up to ten."""
    table = tables.find(base_id, table_name)
    if "records" in body:
        given = [record["fields_"] for record in body["records"]]
        return {"records": records.create(table, given, _form(body))}
    return records.create(table, [_values(body)], _form(body))[0]


@blp.patch("/v0/<base_id>/<table_name>/<record_id>")
@blp.arguments(requests.AirtableUpdateRecord, location="json")
@blp.alt_response(200, schema=responses.AirtableRecord)
def update_record(body: dict[str, Any], base_id: str, table_name: str, record_id: str) -> dict[str, Any]:
    """Change the given cells of a record."""
    return _update(body, base_id, table_name, record_id, clear=False)


@blp.put("/v0/<base_id>/<table_name>/<record_id>")
@blp.arguments(requests.AirtableUpdateRecord, location="json")
@blp.alt_response(200, schema=responses.AirtableRecord)
def replace_record(body: dict[str, Any], base_id: str, table_name: str, record_id: str) -> dict[str, Any]:
    """Change the given cells of a record, and empty the others."""
    return _update(body, base_id, table_name, record_id, clear=True)


@blp.patch("/v0/<base_id>/<table_name>")
@blp.arguments(requests.AirtableUpdateRecords, location="json")
@blp.alt_response(200, schema=responses.AirtableWrittenRecords)
def update_records(body: dict[str, Any], base_id: str, table_name: str) -> dict[str, Any]:
    """Change up to ten records, or upsert them (``performUpsert``)."""
    return _update_several(body, base_id, table_name, clear=False)


@blp.put("/v0/<base_id>/<table_name>")
@blp.arguments(requests.AirtableUpdateRecords, location="json")
@blp.alt_response(200, schema=responses.AirtableWrittenRecords)
def replace_records(body: dict[str, Any], base_id: str, table_name: str) -> dict[str, Any]:
    """Change up to ten records, and empty the cells that are not given."""
    return _update_several(body, base_id, table_name, clear=True)


@blp.delete("/v0/<base_id>/<table_name>/<record_id>")
@blp.alt_response(200, schema=responses.AirtableDeleted)
def delete_record(base_id: str, table_name: str, record_id: str) -> dict[str, Any]:
    """Delete one record."""
    table = tables.find(base_id, table_name)
    return records.delete(table, [records.find(table, record_id)])[0]


@blp.delete("/v0/<base_id>/<table_name>")
@blp.arguments(requests.AirtableDeleteQuery, location="query")
@blp.alt_response(200, schema=responses.AirtableDeletedRecords)
def delete_records(query: dict[str, Any], base_id: str, table_name: str) -> dict[str, Any]:
    """Delete up to ten records."""
    table = tables.find(base_id, table_name)
    rows = [records.find_in_batch(table, record_id) for record_id in dict.fromkeys(query["records"])]
    return {"records": records.delete(table, rows)}


def _values(body: Mapping[str, Any]) -> dict[str, Any]:
    if "fields_" not in body:
        raise ApiError(errors.MISSING_FIELDS, "give fields, or records with fields")
    found: dict[str, Any] = body["fields_"]
    return found


def _form(body: Mapping[str, Any]) -> dict[str, Any]:
    """The format of written records: all cells."""
    return {name: value for name, value in body.items() if name != "fields_"}


def _update(
    body: dict[str, Any], base_id: str, table_name: str, record_id: str, *, clear: bool
) -> dict[str, Any]:
    table = tables.find(base_id, table_name)
    row = records.find(table, record_id)
    return records.change(table, [(row, _values(body))], _form(body), clear=clear)[0]


def _update_several(body: dict[str, Any], base_id: str, table_name: str, *, clear: bool) -> dict[str, Any]:
    table = tables.find(base_id, table_name)
    if "perform_upsert" in body:
        return records.upsert(table, body, clear=clear)
    if any("id" not in record for record in body["records"]):
        raise errors.wrong("each record needs an id, unless performUpsert is given")
    rows = [(records.find_in_batch(table, record["id"]), record["fields_"]) for record in body["records"]]
    return {"records": records.change(table, rows, body, clear=clear)}


# Schema


@blp.get("/v0/meta/whoami")
@blp.alt_response(200, schema=responses.AirtableWhoAmI)
def who_am_i() -> dict[str, Any]:
    """Get the user of the token, and the token's scopes."""
    return {"id": made_id("usr", 14, context.scope()), "scopes": _SCOPES}


@blp.get("/v0/meta/bases")
@blp.arguments(requests.AirtableBasesQuery, location="query")
@blp.alt_response(200, schema=responses.AirtableBases)
def list_bases(query: dict[str, Any]) -> dict[str, Any]:
    """List the bases that were used, or that the dataset describes."""
    del query
    shown = [{"id": base, "name": f"Base {base}", "permissionLevel": "create"} for base in tables.bases()]
    return {"bases": shown}


@blp.post("/v0/meta/bases")
@blp.arguments(requests.AirtableNewBase, location="json")
@blp.alt_response(200, schema=responses.AirtableMadeBase)
def create_base(body: dict[str, Any]) -> dict[str, Any]:
    """Create a base with tables."""
    base_id, made = schema.new_base(body)
    return {"id": base_id, "tables": [schema.table_shape(table) for table in made]}


@blp.get("/v0/meta/bases/<base_id>/tables")
@blp.arguments(requests.AirtableTablesQuery, location="query")
@blp.alt_response(200, schema=responses.AirtableTables)
def list_tables(query: dict[str, Any], base_id: str) -> dict[str, Any]:
    """Get the schema of a base."""
    visible = "visibleFieldIds" in query["include"]
    return {"tables": [schema.table_shape(table, visible=visible) for table in schema.of_base(base_id)]}


@blp.post("/v0/meta/bases/<base_id>/tables")
@blp.arguments(requests.AirtableNewTable, location="json")
@blp.alt_response(200, schema=responses.AirtableTableShape)
def create_table(body: dict[str, Any], base_id: str) -> dict[str, Any]:
    """Create a table."""
    tables.check_base(base_id)
    return schema.table_shape(schema.new_table(base_id, body))


@blp.patch("/v0/meta/bases/<base_id>/tables/<table_name>")
@blp.arguments(requests.AirtableChangedName, location="json")
@blp.alt_response(200, schema=responses.AirtableTableShape)
def update_table(body: dict[str, Any], base_id: str, table_name: str) -> dict[str, Any]:
    """Rename a table."""
    return schema.table_shape(schema.renamed_table(tables.find(base_id, table_name), body.get("name")))


@blp.post("/v0/meta/bases/<base_id>/tables/<table_name>/fields")
@blp.arguments(requests.AirtableNewField, location="json")
@blp.alt_response(200, schema=responses.AirtableFieldShape)
def create_field(body: dict[str, Any], base_id: str, table_name: str) -> dict[str, Any]:
    """Create a field."""
    return schema.field_shape(schema.new_field(tables.find(base_id, table_name), body))


@blp.patch("/v0/meta/bases/<base_id>/tables/<table_name>/fields/<field_id>")
@blp.arguments(requests.AirtableChangedName, location="json")
@blp.alt_response(200, schema=responses.AirtableFieldShape)
def update_field(body: dict[str, Any], base_id: str, table_name: str, field_id: str) -> dict[str, Any]:
    """Rename a field, or change its description."""
    return schema.field_shape(schema.changed_field(tables.find(base_id, table_name), field_id, body))
