"""Clients for exams, right and faulty: each reads figures as a user's script would.

A client is a function of the words of its command. The faults are those of real scripts.
"""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
"""Clients that keep every relation, and the words they are told."""


# ---- faulty clients ----


def first_page_only(words: Words) -> Rows:
    page = get(
        f"{words.base_url}/v1/bots/{words.bot_id}/analytics/logs",
        {"start_date": words.start, "end_date": words.end, "page_size": 20, "page_num": 1},
        bearer(words),
    )
    return [{"event_id": event["event_id"]} for event in page["data"]["items"]]


def pages_from_zero(words: Words) -> Rows:
    """Skips page 1, as if pages were counted from 0 and the first had been read."""
    first = list(events(words, 20))[:20]
    return by_day(first + list(events(words, 20, first=3))) if len(first) == 20 else by_day(first)


def stops_before_the_last_page(words: Words) -> Rows:
    found, number = [], 1
    while True:
        page = get(
            f"{words.base_url}/v1/bots/{words.bot_id}/analytics/logs",
            {"start_date": words.start, "end_date": words.end, "page_size": 20, "page_num": number},
            bearer(words),
        )["data"]
        if not page["has_more"] and number > 1:
            return by_day(found)
        found += page["items"]
        if not page["has_more"]:
            return by_day(found)
        number += 1


def days_of_utc(words: Words) -> Rows:
    return by_day(events(words, 100), lambda ms: datetime.fromtimestamp(ms / 1000, UTC).date())


def days_of_the_machine(words: Words) -> Rows:
    return by_day(events(words, 100), lambda ms: datetime.fromtimestamp(ms / 1000).date())  # noqa: DTZ006


def range_in_local_time(words: Words) -> Rows:
    """Forgets the zone when it computes the range."""
    start, end = (int(time.mktime(time.strptime(day, "%Y-%m-%d")) * 1000) for day in (words.start, words.end))
    url = f"{words.base_url}/v1/{words.project_id}/qabots/{words.bot_id}/requests/session-stats"
    parameters = {
        "interval": "day",
        "time_zone": words.zone,
        "start_time": start,
        "end_time": end + 86_400_000 - 1,
    }
    return get(url, parameters, {"X-Auth-Token": words.token})["intervals"]


def range_in_utc(words: Words) -> Rows:
    return cbs_days(SimpleNamespace(**{**vars(words), "zone": "+00:00"}))


def buckets_in_utc(words: Words) -> Rows:
    """Cuts the range right, but has no time_zone in its call."""
    return cbs(words, "requests/session-stats", interval="day")["intervals"]


def end_is_not_included(words: Words) -> Rows:
    span = {"start_time": midnight(words.start, words.zone), "end_time": midnight(words.end, words.zone)}
    url = f"{words.base_url}/v1/{words.project_id}/qabots/{words.bot_id}/requests/session-stats"
    parameters = {"interval": "day", "time_zone": words.zone, **span}
    return get(url, parameters, {"X-Auth-Token": words.token})["total"]


def mean_of_means(words: Words) -> Rows:
    rows = cbs_days(words)
    means = [row["avg_request_count"] for row in rows]
    return {
        "session_count": sum(row["session_count"] for row in rows),
        "avg_request_count": round(sum(means) / max(len(means), 1), 3),
    }


def sum_of_users(words: Words) -> Rows:
    rows = coze_days(words)
    return {name: sum(row[name] for row in rows) for name in ("total_calls", "unique_users")}


def mean_of_rates(words: Words) -> Rows:
    rows = coze_days(words)
    return {
        "total_calls": sum(row["total_calls"] for row in rows),
        "success_rate": sum(row["success_rate"] for row in rows) / len(rows),
    }


def last_bucket_lost(words: Words) -> Rows:
    return coze_days(words)[:-1]


def doubled_on_retry(words: Words) -> Rows:
    """Adds the rows of a day again when the next day had to be tried again."""
    first, last = date.fromisoformat(words.start), date.fromisoformat(words.end)
    rows, day, attempts = [], first, 0
    while day <= last:
        attempts += 1
        try:
            one = SimpleNamespace(**{**vars(words), "start": str(day), "end": str(day)})
            rows += coze_days(one)
            day += timedelta(days=1)
        except requests.RequestException:
            if attempts > 20:
                raise
            day = max(first, day - timedelta(days=1))
    return rows


def _or_zero(read: Callable[[Words], Rows], *errors: type[Exception]) -> Callable[[Words], Rows]:
    def read_or_zero(words: Words) -> Rows:
        try:
            return read(words)
        except errors:
            return {"total_calls": 0}

    return read_or_zero


def zero_on_status(*statuses: int) -> Callable[[Words], Rows]:
    def read(words: Words) -> Rows:
        try:
            return coze_days(words)
        except requests.HTTPError as error:
            if error.response.status_code in statuses:
                return []
            raise

    return read


def half_a_body(words: Words) -> Rows:
    """Takes what came of a body that was cut off."""
    url = f"{words.base_url}/v1/bots/{words.bot_id}/analytics"
    parameters = {"start_date": words.start, "end_date": words.end}
    with requests.get(url, params=parameters, headers=bearer(words), stream=True, timeout=10) as response:
        response.raise_for_status()
        body = b""
        try:
            for piece in response.iter_content(1):
                body += piece
        except requests.RequestException:
            pass
    try:
        return json.loads(body)["data"]["metrics"]
    except ValueError:
        return {"total_calls": body.count(b'"date"')}


def floats(words: Words) -> Rows:
    return [{**row, "total_calls": float(row["total_calls"])} for row in coze_days(words)]


def weeks_from_sunday(words: Words) -> Rows:
    rows = cbs_days(SimpleNamespace(**{**vars(words), "granularity": "day"}))
    if words.granularity == "day":
        return rows
    weeks: dict[str, int] = defaultdict(int)
    for row in rows:
        day = date.fromisoformat(row["start"])
        weeks[str(day - timedelta(days=day.isoweekday() % 7))] += row["session_count"]
    return [{"start": start, "session_count": count} for start, count in weeks.items()]


_CACHE: dict[tuple[str, ...], Any] = {}


def cached_for_ever(words: Words) -> Rows:
    key = (words.base_url, words.start, words.end)
    if key not in _CACHE:
        _CACHE[key] = coze_days(words)
    return _CACHE[key]


def cached_token(words: Words) -> Rows:
    """Gets a token once, and never looks at its end."""
    key = ("token", words.base_url)
    if key not in _CACHE:
        _CACHE[key] = own_token(words)
    return sessions(SimpleNamespace(**{**vars(words), "token": _CACHE[key]}))["intervals"]


_RUNS = defaultdict(int)


def adds_to_a_file(words: Words) -> Rows:
    """Keeps its sums between runs."""
    _RUNS[words.base_url] += coze_total(words)["total_calls"]
    return {"total_calls": _RUNS[words.base_url]}


def sorted_by_name(words: Words) -> Rows:
    return sorted(cbs_keywords(words), key=lambda row: row["keyword"])


def top_off_by_one(words: Words) -> Rows:
    return cbs(words, "requests/keywords", top=int(words.top) + 1)["keywords"]


def filter_is_dropped(words: Words) -> Rows:
    return coze_total(words)


def nobody_is_a_user(words: Words) -> Rows:
    """Counts sessions without a user as one more user."""
    rows = by_day(events(words, 100))
    return [{**row, "unique_users": row["unique_users"] + 1} for row in rows]


def skips_failed_days(words: Words) -> Rows:
    """Goes on with the next day when one cannot be read."""
    first, last = date.fromisoformat(words.start), date.fromisoformat(words.end)
    rows = []
    for number in range((last - first).days + 1):
        day = str(first + timedelta(days=number))
        try:
            rows += coze_days(SimpleNamespace(**{**vars(words), "start": day, "end": day}))
        except (requests.RequestException, ValueError):
            continue
    return rows


@dataclass(frozen=True)
class Faulty:
    """A client with one fault, and the relation that shows it."""

    relation: str
    read: Callable[[Words], Rows]
    words: tuple[str, ...] = COZE


FAULTY = {
    "first page only": Faulty("pages", first_page_only),
    "a page is skipped": Faulty("pages", pages_from_zero),
    "stops before the last page": Faulty("pages", stops_before_the_last_page),
    "days of UTC": Faulty("zones", days_of_utc),
    "days of the machine": Faulty("machine-zone", days_of_the_machine),
    "range in local time": Faulty("machine-zone", range_in_local_time, CBS),
    "range in UTC": Faulty("zones", range_in_utc, CBS),
    "buckets in UTC": Faulty("zones", buckets_in_utc, CBS),
    "end is not included": Faulty("cuts", end_is_not_included, CBS),
    "mean of means": Faulty("days-week", mean_of_means, CBS),
    "mean of rates": Faulty("cuts", mean_of_rates),
    "sum of users": Faulty("service-figures", sum_of_users),
    "nobody is a user": Faulty("service-figures", nobody_is_a_user),
    "last bucket lost": Faulty("cuts", last_bucket_lost),
    "doubled on retry": Faulty("server-error", doubled_on_retry),
    "zero on 500": Faulty("server-error", zero_on_status(500)),
    "zero on 429": Faulty("throttled", zero_on_status(429)),
    "zero on 401": Faulty("expired-token", zero_on_status(401)),
    "zero on a reset": Faulty("reset", _or_zero(coze_total, requests.ConnectionError)),
    "half a body": Faulty("truncated", half_a_body),
    "failed days are skipped": Faulty("server-error", skips_failed_days),
    "floats for counts": Faulty("whole-numbers", floats),
    "weeks from Sunday": Faulty("days-week", weeks_from_sunday, (*CBS, "granularity")),
    "cached for ever": Faulty("later-now", cached_for_ever),
    "cached token": Faulty("expired-token", cached_token, (*CBS[:1], *CBS[2:])),
    "sums kept between runs": Faulty("repeat", adds_to_a_file),
    "sorted by name": Faulty("top", sorted_by_name, (*CBS, "top")),
    "top off by one": Faulty("top", top_off_by_one, (*CBS, "top")),
    "filter is dropped": Faulty("filters", filter_is_dropped, (*COZE, "user_id")),
}
