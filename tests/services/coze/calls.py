"""Calls of Coze that several tests make, and how they read what comes back."""

import base64
import json
import re
import time

from mockcbs.services.coze import errors
from tests.services.coze.conftest import BOT, FLOW

QUESTION = {"role": "user", "content": "桌面云打不开", "content_type": "text"}
REASON = "X-Mockcbs-Reason"
LOGID = re.compile(r"[0-9]{14}[0-9A-F]{20}")


def code(answer) -> int:
    return answer.json["code"]


def data(answer):
    assert code(answer) == 0, answer.json
    return answer.json["data"]


def ask(coze, text, **members):
    """The response to a chat that says *text*."""
    message = {"role": "user", "content": text, "content_type": "text"}
    body = {"bot_id": BOT, "user_id": "u", "additional_messages": [message], **members}
    return coze.post("/v3/chat", json=body)


def where(chat):
    return {"conversation_id": chat["conversation_id"], "chat_id": chat["id"]}


def look(coze, chat):
    """The chat as it is now; looking moves it on."""
    return data(coze.get("/v3/chat/retrieve", query_string=where(chat)))


def lines(answer):
    """The events of a stream, cut by a naive reader of lines."""
    blocks = answer.text.split("\n\n")[:-1]
    return [dict(line.split(":", 1) for line in block.splitlines()) for block in blocks]


def events(answer):
    """The events of a stream: their names and their data."""
    return [(event["event"], json.loads(event["data"])) for event in lines(answer)]


CODES = {(row.status, int(row.code)) for row in errors.CATALOGUE} | {(200, 0)}
OAUTH = {(row.status, row.code) for row in errors.OAUTH}
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_URL = "/api/permission/oauth2/token"


def encoded(content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def grant_jwt(coze, claims, **body):
    now = int(time.time())
    good = {"iss": "c", "aud": "api.coze.com", "iat": now, "exp": now + 3600, "jti": str(claims) + str(body)}
    jwt = f"{encoded({'alg': 'RS256', 'kid': 'k'})}.{encoded({**good, **claims})}.{encoded('signature')}"
    answer = coze.post(
        TOKEN_URL, json={"grant_type": JWT_GRANT, **body}, headers={"Authorization": f"Bearer {jwt}"}
    )
    return answer.json.get("error_code") or answer.json


FAILING = ["4028", "4011", "4014", "4019", "5000"]


def say_parts(coze, *parts):
    content = {"role": "user", "content": json.dumps(parts), "content_type": "object_string"}
    return coze.post("/v3/chat", json={"bot_id": BOT, "user_id": "u", "additional_messages": [content]})


def flow(flows, text, **members):
    message = {"role": "user", "content": text, "content_type": "text"}
    body = {"workflow_id": FLOW, "additional_messages": [message], **members}
    return events(flows.post("/v1/workflows/chat", json=body))
