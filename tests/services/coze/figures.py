"""The figures of a bot, as the usage statistics give them."""

from tests.services.coze.conftest import BOT

SAMPLE = f"/v1/bots/{BOT}/analytics?"
WEEK = "start_date=2025-12-15&end_date=2025-12-17"
FIGURES = (
    "total_messages",
    "total_calls",
    "unique_users",
    "total_sessions",
    "success_rate",
    "error_rate",
    "avg_response_time_ms",
)


def figures(element):
    return tuple(element[name] for name in FIGURES)


def usage(client, target):
    answer = client.get(target)
    assert (answer.status_code, answer.json["code"]) == (200, 0), answer.text
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["X-Tt-Logid"] == answer.json["detail"]["logid"]
    return answer.json["data"]


def refusal(client, target, **members):
    answer = client.get(target, **members)
    assert set(answer.json) == {"code", "msg", "detail"}
    assert answer.headers["X-Tt-Logid"] == answer.json["detail"]["logid"]
    return answer.status_code, answer.json["code"]


def raw_events(client, bot, query):
    found, page = [], 1
    while True:
        data = usage(client, f"/v1/bots/{bot}/analytics/logs?{query}&page_num={page}&page_size=7")
        found += data["items"]
        if not data["has_more"]:
            assert data["total"] == len(found)
            return found
        page += 1


def usage_today(client, agent=BOT, kind="bots"):
    return usage(client, f"/v1/{kind}/{agent}/analytics?start_date=2025-12-22&end_date=2025-12-22")["summary"]
