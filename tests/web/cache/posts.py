"""Posts to a mock through the response cache."""

import json

from mockcbs.core.clock import iso
from mockcbs.testing.controls import Controls
from mockcbs.testing.exchange import exchange
from tests.conftest import BOT, PROJECT
from tests.web.cache.reads import CBS, COZE_BOT

_BASE = "https://open.feishu.cn/open-apis/bitable/v1/apps/bascnPosts/tables/tblPosts/records"
_TOKEN = {"X-Auth-Token": "any"}
_COZE = {"Authorization": "Bearer any"}
_FEISHU = {"Authorization": "Bearer t-any"}


def _said(**members):
    said = [{"role": "user", "content": "桌面云打不开", "content_type": "text"}]
    chat = {"bot_id": COZE_BOT, "user_id": "u", "additional_messages": said, "auto_save_history": True}
    return {**chat, **members}


_ROW = {"workflow_id": "w1", "input_len": 1}
POSTS = {
    f"{CBS}/{PROJECT}/qabots/{BOT}/chat": (
        _TOKEN,
        [
            {"session_id": "", "question": "桌面云打不开"},
            {"session_id": "", "question": "?"},
            {"session_id": "", "question": "你好", "chat_enable": True, "user_id": "anna"},
            {"session_id": "", "question": "桌面云打不开", "sesion": 1},
            {"session_id": 3, "question": "桌面云打不开"},
            {"session_id": "", "question": "桌面云" + "很" * 9_000},
            {},
            "no JSON",
            "",
        ],
    ),
    f"{CBS}/{PROJECT}/qabots/{BOT}/requests": (
        _TOKEN,
        [{"session_id": "s", "question": "桌面云打不开"}, {"session_id": "s", "question": "忘记密码"}],
    ),
    f"{CBS}/{PROJECT}/qabots/{BOT}/sessions/unknown": (_TOKEN, [{"question": "桌面云打不开"}] * 3),
    "https://api.coze.cn/v3/chat": (
        _COZE,
        [
            _said(),
            _said(stream=True),
            _said(bot_id="7300000000000000002"),
            _said(auto_save_history=False),
            _said(user="u"),
            _said(additional_messages=[]),
            _said(additional_messages=[{"role": "user", "content": "[]", "content_type": "object_string"}]),
            _said(bot_id="unknown"),
        ],
    ),
    "https://api.coze.cn/v3/chat?conversation_id=": (
        _COZE,
        [
            _said(stream=True),
            _said(),
            _said(stream=True, auto_save_history=False),
            _said(stream=True, bot_id="7300000000000000002"),
            _said(stream=True, additional_messages=[]),
            _said(stream=True, bot_id="unknown"),
        ],
    ),
    _BASE: (
        _FEISHU,
        [
            {"fields": _ROW},
            {"fields": {**_ROW, "input_len": "no number"}},
            {"fields": {"unknown": 1}},
            {"fields": {}},
            {"field": {}},
        ],
    ),
    f"{_BASE}?client_token=fe599b60-450f-46ff-b2ef-9f6675625b97": (_FEISHU, [{"fields": _ROW}] * 2),
    f"{_BASE}/batch_create": (_FEISHU, [{"records": [{"fields": _ROW}] * 3}, {"records": []}]),
    f"{_BASE}/search?page_size=3": (
        _FEISHU,
        [
            {},
            {"sort": [{"field_name": "input_len"}]},
            {
                "filter": {
                    "conjunction": "and",
                    "conditions": [{"field_name": "input_len", "operator": "is", "value": ["1"]}],
                }
            },
            {"filter": {"conditions": [{"field_name": "unknown", "operator": "is", "value": ["1"]}]}},
        ],
    ),
}
"""Requests by URL: the credentials, and bodies that succeed, surprise or fail."""


def post(controls: Controls, url: str, body, **headers: str):
    """A post: its status, headers, body and delivery."""
    sent = {**POSTS[url][0], "Content-Type": "application/json", **headers}
    content = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    answer = exchange(controls.cache, "POST", url, [*sent.items()], content.encode())
    return answer.status, answer.headers, answer.body, answer.delivery


def journal(controls: Controls):
    """All that the journal knows of the calls, but how long they took."""
    differing = {"id": 0, "real_at": iso(0), "duration_ms": 0.0}
    return [entry.as_dict() | differing for entry in controls.journal]
