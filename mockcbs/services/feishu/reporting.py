"""Rows and messages that mockcbs sends to Feishu (contract 4.2, 4.3.2, 4.4, 4.5)."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from mockcbs.services.feishu.hooks import sign
from mockcbs.services.reporting import (
    Messenger,
    OutgoingMessage,
    Row,
    RowWriter,
    Session,
    bearer,
    check_code,
    id_in,
)
from mockcbs.settings import Settings

_CREDENTIALS = ("app_id", "app_secret")


def _own(settings: Settings) -> Mapping[str, str]:
    return {"app_id": settings.feishu_app_id, "app_secret": settings.feishu_app_secret}


def _authorization(session: Session, credentials: Mapping[str, str]) -> dict[str, str]:
    """The header with a tenant access token; raises `ReportError` if the app is refused."""
    app = {name: credentials[name] for name in _CREDENTIALS}

    def token() -> str:
        response = session.client.post("/open-apis/auth/v3/tenant_access_token/internal", json=app)
        issued: str = check_code(response)["tenant_access_token"]
        return issued

    return bearer(session.once(("feishu", *app.values()), token))


def _write(session: Session, row: Row) -> str:
    response = session.client.post(
        f"/open-apis/bitable/v1/apps/{row.base}/tables/{row.table}/records",
        params={"client_token": str(uuid.uuid5(uuid.NAMESPACE_OID, row.once))},
        json={"fields": row.values},
        headers=_authorization(session, row.credentials),
    )
    return id_in(check_code(response), "data", "record", "record_id")


def _to_hook(session: Session, message: OutgoingMessage) -> None:
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": message.text}}
    if message.as_card:
        body = {"msg_type": "interactive", "card": _card(message)}
    if message.secret:
        timestamp = str(message.at // 1000)
        body |= {"timestamp": timestamp, "sign": sign(timestamp, message.secret)}
    check_code(session.client.post(f"/open-apis/bot/v2/hook/{message.to}", json=body))


def _to_chat(session: Session, message: OutgoingMessage) -> None:
    content = _card(message) if message.as_card else {"text": message.text}
    body = {
        "receive_id": message.to,
        "msg_type": "interactive" if message.as_card else "text",
        "content": json.dumps(content, ensure_ascii=False),
        "uuid": message.once[:50],
    }
    headers = _authorization(session, message.credentials)
    path, params = "/open-apis/im/v1/messages", {"receive_id_type": "chat_id"}
    check_code(session.client.post(path, params=params, json=body, headers=headers))


def _card(message: OutgoingMessage) -> dict[str, Any]:
    return {
        "header": {"title": {"tag": "plain_text", "content": message.title}},
        "elements": [{"tag": "div", "text": {"tag": "lark_md", "content": message.text}}],
    }


ROWS = RowWriter(("app_token", "table_id"), _CREDENTIALS, _own, _write, exec_time="ms")
"""Date columns of Feishu need ms UTC."""
MESSENGER = Messenger(_CREDENTIALS, _own, _to_hook, _to_chat)
