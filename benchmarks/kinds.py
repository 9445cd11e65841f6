"""The kinds of requests whose speed is compared with S, a statistics query that no request sent before."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from signed import signed
from stall_cases import COZE, JSON, LARGE, PROJECT, TOKEN, Client, statistics
from work import BOT, DAY, NUMBER, Ask, Work, last_week, works

COLUMNS = "bascnBenchmark", "tblBenchmark"
RECORDS = "/open-apis/bitable/v1/apps/{}/tables/{}/records".format(*COLUMNS)
SEARCHED = RECORDS.replace("Benchmark", "Searched")
FEISHU = {"Authorization": "Bearer t-mockcbs"}
COZE_BOT = "7300000000000000002"
SEARCHED_ROWS = 10_000
DATASET = f"""
bots:
  - id: {LARGE}
    traffic: {{sessions_per_day: 11500, retention_days: 90}}
  - id: "*"
    traffic: {{}}
"""
"""A bot with a million sessions; all other bots are ordinary."""
_BATCH = 500


def _post(path: str, body: Any, headers: dict[str, str]) -> Ask:
    return Ask(path, 200, tuple(headers.items()), body=json.dumps(body, ensure_ascii=False))


def _analytics() -> tuple[Ask, ...]:
    """Analytics of more different ranges of days than the response cache keeps."""
    _, end = last_week()

    def date(days: int) -> str:
        return time.strftime("%Y-%m-%d", time.gmtime((end - days * DAY) / 1000))

    return tuple(
        Ask(
            f"/v1/bots/{COZE_BOT}/analytics?start_date={date(first)}&end_date={date(last)}",
            headers=tuple(COZE.items()),
        )
        for first in range(40, 90)
        for last in range(1, first - 20)
    )


def coze_chat(*, stream: bool = False) -> Ask:
    """A chat with a bot of Coze."""
    said = {"role": "user", "content": f"桌面云打不开 {NUMBER}", "content_type": "text"}
    body = {"bot_id": COZE_BOT, "user_id": "u1", "stream": stream, "additional_messages": [said]}
    return _post("/v3/chat", {**body, "auto_save_history": True}, COZE)


def questions(*projects: str) -> Work:
    """Questions to the CBS bots of these projects."""
    body = {"session_id": "", "question": f"桌面云打不开 {NUMBER}"}
    asks = (_post(f"/v1/{project}/qabots/{BOT}/chat", body, TOKEN) for project in projects)
    return Work("chat", "`POST /chat`", tuple(asks))


def _search() -> Ask:
    condition = {"field_name": "input_len", "operator": "is", "value": [NUMBER]}
    wanted = {"filter": {"conjunction": "and", "conditions": [condition]}}
    return _post(f"{SEARCHED}/search?page_size=20", wanted, FEISHU)


def fill(client: Client) -> None:
    """Fill the table that is searched."""
    for first in range(0, SEARCHED_ROWS, _BATCH):
        rows = [
            {"fields": {"workflow_id": f"w{number}", "input_len": number}}
            for number in range(first, first + _BATCH)
        ]
        status, body = client("POST", f"{SEARCHED}/batch_create", {"records": rows}, FEISHU)
        if status != 200:
            raise RuntimeError(f"batch_create: {status} {body[:200]!r}")


def _large() -> Work:
    _, end = last_week()
    query = Ask(statistics(LARGE), span=(end - 89 * DAY, end))
    return Work("large", "new query over 89 days of a million-session bot", (query,))


def _records() -> Work:
    fields = {"workflow_id": f"w{NUMBER}", "input_len": 1}
    return Work("create", "Bitable create", (_post(RECORDS, {"fields": fields}, FEISHU),))


@dataclass(frozen=True)
class Kind:
    """A kind of request."""

    work: Callable[[int], Work]
    """Makes the work for so many requests."""
    count: int = 200
    """The number of requests that one client sends in one round."""
    prepare: Callable[[Client], object] | None = None


def _fixed(work: Work, count: int = 200, prepare: Callable[[Client], object] | None = None) -> Kind:
    return Kind(lambda _: work, count, prepare)


def kinds() -> dict[str, Kind]:
    """All kinds by name. S comes first, as the others are compared with it."""
    repeated, new = works()["repeated"], works()["new"]
    return {
        "S": _fixed(Work("S", "ever-new session-stats (S)", new.asks)),
        "repeated": _fixed(repeated),
        "signed": Kind(signed),
        "analytics": _fixed(Work("analytics", "Coze analytics, ever-new", _analytics())),
        "chat": _fixed(questions(PROJECT)),
        "coze-chat": _fixed(Work("coze-chat", "Coze chat without stream", (coze_chat(),))),
        "large": _fixed(_large(), 100),
        "create": _fixed(_records()),
        "search": _fixed(
            Work("search", f"Bitable search with filter over {SEARCHED_ROWS:,} rows", (_search(),)), 20, fill
        ),
    }


def call(ask: Ask, number: int) -> tuple[str, str, bytes | None, dict[str, str]]:
    """The arguments of `Client` for the request with this *number*."""
    body = ask.content(number).encode() if ask.body else None
    return ask.method, ask.at(number), body, dict(ask.headers) | (JSON if ask.body else {})
