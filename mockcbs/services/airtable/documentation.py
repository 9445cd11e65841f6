"""Additions to the OpenAPI document of Airtable."""

from marshmallow import Schema, fields

from mockcbs.services.airtable.service import DEFAULT_BASE
from mockcbs.services.documentation import Documentation, Examples, bearer


class AirtableErrorItem(Schema):
    """One error of a list."""

    error = fields.String(required=True)
    message = fields.String(required=True)


class AirtableFailure(Schema):
    """The body of an error: a text or an object in `error`, or a list in `errors`."""

    error = fields.Raw(
        metadata={
            "oneOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"type": {"type": "string"}, "message": {"type": "string"}},
                    "required": ["type"],
                },
            ]
        }
    )
    errors = fields.List(fields.Nested(AirtableErrorItem))


def _examples(now: int) -> Examples:
    del now
    return {
        "base_id": DEFAULT_BASE,
        "table_name": "Reports",
        "pageSize": 100,
        "record_id": "recMockcbs0000001",
        "records[]": ["recMockcbs0000001"],
        "field_id": "fldMockcbs0000001",
    }


_RECORD = {"fields": {"workflow_id": "w1", "duration_ms": 812}}

DOCUMENTATION = Documentation(
    {"airtable": AirtableFailure},
    ({"AirtableToken": bearer("A personal access token.")},),
    _examples,
    bodies={
        "create_records": {"records": [_RECORD]},
        "update_record": _RECORD,
        "replace_record": _RECORD,
        "list_records_long": {"pageSize": 100},
        "update_records": {
            "records": [_RECORD],
            "performUpsert": {"fieldsToMergeOn": ["workflow_id"]},
        },
        "replace_records": {
            "records": [_RECORD],
            "performUpsert": {"fieldsToMergeOn": ["workflow_id"]},
        },
        "create_base": {
            "name": "Reports",
            "workspaceId": "wspMockcbs0000001",
            "tables": [{"name": "Runs", "fields": [{"name": "Name", "type": "singleLineText"}]}],
        },
        "create_table": {"name": "Runs", "fields": [{"name": "Name", "type": "singleLineText"}]},
        "create_field": {"name": "Note", "type": "singleLineText"},
    },
)
