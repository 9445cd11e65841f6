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

_CHINESE = {
    "list_records": "列出记录",
    "create_records": "新建记录",
    "update_records": "批量修改或合并记录",
    "replace_records": "批量替换记录",
    "delete_records": "批量删除记录",
    "list_records_long": "列出记录（长参数）",
    "get_record": "读取一条记录",
    "update_record": "修改一条记录",
    "replace_record": "替换一条记录",
    "delete_record": "删除一条记录",
    "who_am_i": "令牌的身份与权限",
    "list_bases": "列出 Base",
    "create_base": "新建 Base",
    "list_tables": "Base 的结构",
    "create_table": "新建数据表",
    "update_table": "重命名数据表",
    "create_field": "新建字段",
    "update_field": "修改字段",
}

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
    chinese=_CHINESE,
)
