"""Clients for exams, right and faulty: each reads figures as a user's script would.

A client is a function of the words of its command. The faults are those of real scripts.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import requests

Words = SimpleNamespace
Rows = Any

COZE = ("base_url", "token", "bot_id", "start", "end")
CBS = (*COZE, "project_id", "zone")

FIGURES = ("total_messages", "total_calls", "unique_users", "success_rate", "avg_response_time_ms")


def bearer(words: Words) -> dict[str, str]:
    return {"Authorization": f"Bearer {words.token}"}


def get(url: str, parameters: dict[str, Any], headers: dict[str, str]) -> Any:
    """The JSON of a successful response; raises for any other."""
    response = requests.get(url, params=parameters, headers=headers, timeout=10)
    response.raise_for_status()
    body = response.json()
    if body.get("code"):
        raise RuntimeError(body["msg"])
    return body


# ---- Coze ----


def analytics(words: Words, granularity: str = "day", **more: str) -> Any:
    parameters = {"start_date": words.start, "end_date": words.end, "granularity": granularity, **more}
    url = f"{words.base_url}/v1/bots/{words.bot_id}/analytics"
    return get(url, parameters, bearer(words))["data"]


def events(words: Words, size: int = 20, first: int = 1) -> Iterator[dict[str, Any]]:
    """All raw events, page by page."""
    for number in range(first, 1000):
        parameters = {"start_date": words.start, "end_date": words.end, "page_num": number, "page_size": size}
        page = get(f"{words.base_url}/v1/bots/{words.bot_id}/analytics/logs", parameters, bearer(words))[
            "data"
        ]
        yield from page["items"]
        if not page["has_more"]:
            return


def shanghai(ms: int) -> date:
    return (datetime.fromtimestamp(ms / 1000, UTC) + timedelta(hours=8)).date()


def by_day(found: Any, day_of: Callable[[int], date] = shanghai) -> Rows:
    """Daily rows from raw events."""
    days: dict[date, list[dict[str, Any]]] = defaultdict(list)
    for event in found:
        days[day_of(event["trigger_time"])].append(event)
    return [
        {
            "date": day.isoformat(),
            "total_messages": sum(event["event_type"] == "message.sent" for event in some),
            "total_calls": sum(event["event_type"].startswith("execution.") for event in some),
            "unique_users": len({event["user_id"] for event in some if event.get("user_id")}),
        }
        for day, some in sorted(days.items())
    ]


def coze_days(words: Words) -> Rows:
    return analytics(words)["metrics"]


def coze_total(words: Words) -> Rows:
    return {name: analytics(words)["summary"][name] for name in FIGURES}


def days_of(words: Words) -> list[date]:
    first, last = date.fromisoformat(words.start), date.fromisoformat(words.end)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def day_by_day(words: Words, days: Iterable[date]) -> Rows:
    for day in map(str, days):
        yield from coze_days(SimpleNamespace(**{**vars(words), "start": day, "end": day}))


def coze_events(words: Words) -> Rows:
    return [{"event_id": event["event_id"], "status": event["status"]} for event in events(words)]


def coze_events_by_day(words: Words) -> Rows:
    return by_day(events(words, 100))


# ---- CBS ----


def midnight(day: str, zone: str) -> int:
    return int(datetime.fromisoformat(f"{day}T00:00:00{zone}").timestamp() * 1000)


def cbs(words: Words, path: str, **parameters: Any) -> Any:
    span = {
        "start_time": midnight(words.start, words.zone),
        "end_time": midnight(words.end, words.zone) + 86_400_000 - 1,
    }
    url = f"{words.base_url}/v1/{words.project_id}/qabots/{words.bot_id}/{path}"
    return get(url, {**span, **parameters}, {"X-Auth-Token": words.token})


def sessions(words: Words, interval: str = "day") -> Any:
    return cbs(words, "requests/session-stats", interval=interval, time_zone=words.zone)


def cbs_days(words: Words) -> Rows:
    return sessions(words, getattr(words, "granularity", "day"))["intervals"]


def cbs_total(words: Words) -> Rows:
    return sessions(words)["total"]


def cbs_replies(words: Words) -> Rows:
    return cbs(words, "requests/reply-rates", interval="day", time_zone=words.zone)


def cbs_keywords(words: Words) -> Rows:
    return cbs(words, "requests/keywords", top=words.top)["keywords"]


def cbs_hots(words: Words) -> Rows:
    return cbs(words, "qa-pairs/hots", top=words.top)["questions"]


def weighed_total(rows: Rows) -> Rows:
    """The rows of days, and a row about all of them with weighed means."""
    count = sum(row["session_count"] for row in rows)
    return [
        *rows,
        {
            "start": "total",
            "session_count": count,
            "avg_request_count": round(
                sum(row["session_count"] * row["avg_request_count"] for row in rows) / max(count, 1), 3
            ),
        },
    ]


def cbs_weighed(words: Words) -> Rows:
    return weighed_total(cbs_days(words))


def own_token(words: Words) -> str:
    """A token of IAM, as a client gets it that is given a password."""
    user = {"name": "mockcbs", "password": "mockcbs", "domain": {"name": "mockcbs"}}
    identity = {"methods": ["password"], "password": {"user": user}}
    body = {"auth": {"identity": identity, "scope": {"project": {"id": words.project_id}}}}
    response = requests.post(f"{words.base_url}/v3/auth/tokens", json=body, timeout=10)
    response.raise_for_status()
    return response.headers["X-Subject-Token"]


def cbs_with_own_token(words: Words) -> Rows:
    return sessions(SimpleNamespace(**{**vars(words), "token": own_token(words)}))["intervals"]


def retrying(words: Words) -> Rows:
    """Tries again after a failure, without waiting."""
    for attempt in range(3):
        try:
            return coze_days(words)
        except (requests.RequestException, ValueError):
            if attempt == 2:
                raise
    raise AssertionError


async def _gathered(words: Words) -> list[Any]:
    first, last = date.fromisoformat(words.start), date.fromisoformat(words.end)
    days = [str(first + timedelta(days=number)) for number in range((last - first).days + 1)]
    async with httpx.AsyncClient(base_url=words.base_url, headers=bearer(words), timeout=10) as http:

        async def one(day: str) -> Any:
            response = await http.get(
                f"/v1/bots/{words.bot_id}/analytics", params={"start_date": day, "end_date": day}
            )
            response.raise_for_status()
            return response.json()["data"]["metrics"]

        return [row for rows in await asyncio.gather(*map(one, days)) for row in rows]


def asynchronous(words: Words) -> Rows:
    return asyncio.run(_gathered(words))


RIGHT: dict[str, tuple[Callable[[Words], Rows], tuple[str, ...]]] = {
    "days of Coze": (coze_days, COZE),
    "summary of Coze": (coze_total, COZE),
    "events": (coze_events, COZE),
    "days from events": (coze_events_by_day, COZE),
    "hours and days": (lambda words: analytics(words, words.granularity)["metrics"], (*COZE, "granularity")),
    "filtered": (
        lambda words: analytics(words, user_id=words.user_id, connector_id=words.connector_id)["metrics"],
        (*COZE, "user_id", "connector_id"),
    ),
    "pages of any size": (
        lambda words: [{"event_id": event["event_id"]} for event in events(words, int(words.page_size))],
        (*COZE, "page_size"),
    ),
    "retrying": (retrying, COZE),
    "asynchronous": (asynchronous, COZE),
    "days of CBS": (cbs_days, (*CBS, "granularity")),
    "total of CBS": (cbs_total, CBS),
    "replies, as they came": (cbs_replies, CBS),
    "one category": (
        lambda words: cbs(
            words, "requests/reply-rates", interval="day", time_zone=words.zone, domain=words.domain
        )["total"],
        (*CBS, "domain"),
    ),
    "keywords": (cbs_keywords, (*CBS, "top")),
    "hot questions": (cbs_hots, (*CBS, "top")),
    "days and a weighed total": (cbs_weighed, CBS),
    "a token of its own": (cbs_with_own_token, (*CBS[:1], *CBS[2:])),
}
"""Clients that keep every relation, each with the words that its command line has."""
