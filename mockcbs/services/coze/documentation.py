"""Additions to the OpenAPI document of Coze."""

from datetime import UTC, datetime, time, timedelta

from mockcbs.services.coze.envelope import SHANGHAI, WORKSPACE
from mockcbs.services.coze.responses import answers, tokens  # noqa: F401 - the views name them
from mockcbs.services.coze.responses.envelope import Failure, OAuthFailure
from mockcbs.services.documentation import ControlExamples, Documentation, Examples, bearer

_BOT = "7342866812345678901"
_WORKFLOW = "7389589103588700001"
_ID = "7439828073344200001"
_IDS = (
    "user_id super_admin_user_id conversation_id chat_id message_id file_id app_id template_id "
    "enterprise_id organization_id execute_id event_id task_id api_app_id"
).split()
_TEXT = {"role": "user", "content": "桌面云打不开", "content_type": "text"}


def _examples(now: int) -> Examples:
    today = datetime.fromtimestamp(now // 1000, UTC).astimezone(SHANGHAI).date()
    midnight = int(datetime.combine(today, time(), SHANGHAI).timestamp())
    return {
        "bot_id": _BOT,
        "workflow_id": _WORKFLOW,
        "space_id": WORKSPACE,
        "workspace_id": WORKSPACE,
        "connector_uid": "user_001",
        "folder_id": "7439828073344100001",
        "start_date": str(today - timedelta(days=7)),
        "end_date": str(today),
        "granularity": "day",
        "started_at": midnight - 7 * 86_400,
        "ended_at": midnight,
        "client_id": "mockcbs",
        "redirect_uri": "https://example.com/back",
        "name": "办公小助手",
    }


DOCUMENTATION = Documentation(
    {"coze": Failure, "coze oauth": OAuthFailure},
    ({"CozeToken": bearer("A personal access token, or one of the OAuth endpoints.")},),
    _examples,
    ids={
        **dict.fromkeys(_IDS, _ID),
        "receiver_user_id": _ID[::-1],
        "connector_id": "1024",
        "connector_ids": ["1024"],
        "user_ids": [_ID],
        "event_types": ["bot.published"],
        "content": "桌面云打不开",
    },
    outcomes={"code": 0, "msg": "", "success_rate": 0.97, "error_rate": 0.03, "timezone": "Asia/Shanghai"},
    control=ControlExamples(
        examples={"bot": _BOT, "bot_id": _BOT},
        ids={
            "url": "http://127.0.0.1:8021/v1/users/me",
            "request": f"/v1/bots/{_BOT}/analytics?start_date=2026-03-02&end_date=2026-03-08",
        },
        bodies={"send_past": {"bot_id": _BOT, "from": "2026-03-02T08:00:00Z", "to": "2026-03-02T09:00:00Z"}},
    ),
    bodies={
        "modify_message": {"content": "桌面云打不开", "content_type": "text"},
        "create_chat": {
            "bot_id": _BOT,
            "user_id": "user_001",
            "stream": False,
            "additional_messages": [_TEXT],
        },
        "chat_of_version_2": {
            "bot_id": _BOT,
            "user": "user_001",
            "query": "桌面云打不开",
            "stream": False,
        },
        "create_conversation": {"bot_id": _BOT, "messages": [_TEXT]},
        "run_workflow": {"workflow_id": _WORKFLOW, "parameters": {"input": "桌面云打不开"}},
        "stream_workflow": {"workflow_id": _WORKFLOW, "parameters": {"input": "桌面云打不开"}},
        "run_chatflow": {
            "workflow_id": "7389589103588700009",
            "additional_messages": [_TEXT],
            "parameters": {},
        },
        "update_variables": {
            "bot_id": _BOT,
            "connector_uid": "user_001",
            "data": [{"keyword": "city", "value": "北京"}],
        },
    },
    open_endpoints=frozenset(
        f"coze.{name}"
        for name in (
            "authorize",
            "authorize_workspace",
            "consent",
            "create_account_token",
            "create_device_code",
            "create_enterprise_token",
            "create_token",
            "create_workspace_device_code",
            "create_workspace_token",
            "download_bill",
        )
    ),
)
