"""Additions to the OpenAPI document of Feishu."""

from mockcbs.services.documentation import ControlExamples, Documentation, Examples, bearer
from mockcbs.services.feishu.answers import FeishuFailure


def _examples(now: int) -> Examples:
    del now
    return {
        "app_token": "bascnRuns",
        "table_id": "tblRuns",
        "app_id": "cli_mockcbs",
        "app_secret": "mockcbs-app-secret",
        "chat_id": "oc_reports",
        "hook_token": "any-bot",
        "receive_id_type": "chat_id",
        "page_size": 20,
        "text_field_as_array": False,
    }


_RECORD = {"fields": {"workflow_id": "w1", "duration_ms": 812}}
_TABLE = {"service": "feishu", "base": "bascnRuns", "table": "tblRuns"}

DOCUMENTATION = Documentation(
    {"feishu": FeishuFailure},
    ({"FeishuToken": bearer("A token of /open-apis/auth/v3/tenant_access_token/internal.")},),
    _examples,
    ids={
        "record_id": "recMockcbs1",
        "record_ids": ["recMockcbs1"],
        "records": ["recMockcbs1"],
        "field_id": "fldMockcbs1",
        "view_id": "vewMockcbs1",
    },
    outcomes={"code": 0, "msg": "success"},
    control=ControlExamples(
        bodies={"set_table": {"service": "feishu", "base": "bascnRuns", "table": "tblRuns"}}
    ),
    bodies={
        "create_record": _RECORD,
        "update_record": _RECORD,
        "create_records": {"records": [_RECORD]},
        "update_records": {"records": [{"record_id": "recMockcbs1", **_RECORD}]},
        "search_records": {},
        "create_app": {"name": "Reports"},
        "create_table": {"table": {"name": "Reports"}},
        "create_tables": {"tables": [{"name": "Reports"}]},
        "create_field": {"field_name": "note", "type": 1},
        "create_view": {"view_name": "Slow", "view_type": "grid"},
        "send_message": {
            "receive_id": "oc_reports",
            "msg_type": "text",
            "content": '{"text":"日报"}',
        },
        "call_hook": {"msg_type": "text", "content": {"text": "日报"}},
    },
)
