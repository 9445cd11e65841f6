"""Faulty clients for exams: each has one fault that real scripts have."""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from types import SimpleNamespace
from typing import Any

import requests

from tests.examining.clients import (
    CBS,
    COZE,
    Rows,
    Words,
    analytics,
    bearer,
    by_day,
    cbs,
    cbs_days,
    cbs_keywords,
    coze_days,
    coze_total,
    events,
    get,
    midnight,
    own_token,
    sessions,
    shanghai,
)


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


def five_pages(words: Words) -> Rows:
    """Never reads more."""
    return [{"event_id": event["event_id"]} for event in islice(events(words), 100)]


def page_forgotten_on_retry(words: Words) -> Rows:
    """Tries again without the number of the page."""
    found: list[dict[str, Any]] = []
    url = f"{words.base_url}/v1/bots/{words.bot_id}/analytics/logs"
    plain = {"start_date": words.start, "end_date": words.end}
    for number in range(1, 1000):
        try:
            page = get(url, {**plain, "page_num": number}, bearer(words))["data"]
        except requests.RequestException:
            page = get(url, plain, bearer(words))["data"]
        found += page["items"]
        if not page["has_more"]:
            break
    return [{"event_id": event["event_id"]} for event in found]


def day_by_day(words: Words, days: Iterable[date]) -> Rows:
    for day in map(str, days):
        yield from coze_days(SimpleNamespace(**{**vars(words), "start": day, "end": day}))


def days_of(words: Words) -> list[date]:
    first, last = date.fromisoformat(words.start), date.fromisoformat(words.end)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def read_until_throttled(words: Words) -> Rows:
    """Is content with the days that it got before it was throttled."""
    found: list[Any] = []
    try:
        found.extend(day_by_day(words, days_of(words)))
    except requests.HTTPError as error:
        if error.response.status_code != 429:
            raise
    return found


def days_of_24_hours(words: Words) -> Rows:
    """Adds 24 hours to midnight of the machine."""
    days = days_of(words)
    begin = time.mktime(days[0].timetuple())
    later = (datetime.fromtimestamp(begin + 86_400 * n, UTC).astimezone() for n in range(len(days)))
    return list(day_by_day(words, (day.date() for day in later)))


def days_of_the_end(words: Words) -> Rows:
    """Counts a call on the day on which it ended."""
    ended = [event for event in events(words, 100) if event["event_type"].startswith("execution.")]
    days = Counter(shanghai(event["timestamp"]) for event in ended)
    return [{"date": str(day), "total_calls": count} for day, count in sorted(days.items())]


def rounded_rates(words: Words) -> Rows:
    """Rounds the rate of each day before it computes that of the range."""
    rows = coze_days(words)
    calls = sum(row["total_calls"] for row in rows)
    weighed = sum(round(row["success_rate"], 1) * row["total_calls"] for row in rows)
    return {"total_calls": calls, "success_rate": round(weighed / max(calls, 1), 4)}


def one_event_a_minute(words: Words) -> Rows:
    """Takes equal events of one minute for one that was sent twice."""
    found = {
        (event.get("user_id"), event["event_type"], event["trigger_time"] // 60_000): event
        for event in events(words, 100)
    }
    return by_day(found.values())


_BY_PATH: dict[tuple[str, str], Rows] = {}


def cached_by_path(words: Words) -> Rows:
    """Takes two ranges for one, as its cache does not look at the query."""
    return _BY_PATH.setdefault((words.base_url, words.bot_id), coze_days(words))


def hours_of_one_day(words: Words) -> Rows:
    """Keys its rows by the hour alone."""
    rows = analytics(words, words.granularity)["metrics"]
    return list({row.get("hour", row["date"]): row for row in rows}.values())


def frequencies_as_text(words: Words) -> Rows:
    """Sorts 9 before 10."""
    return sorted(cbs_keywords(words), key=lambda row: str(row["freq"]), reverse=True)


@dataclass(frozen=True)
class Faulty:
    """A client with one fault, and the relation that shows it."""

    relation: str
    read: Callable[[Words], Rows]
    words: tuple[str, ...] = COZE
    is_slow: bool = False
    """Whether it takes seconds to find the smallest case."""


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
    "five pages": Faulty("pages", five_pages),
    "the page is forgotten on retry": Faulty("server-error", page_forgotten_on_retry),
    "read until throttled": Faulty("throttled", read_until_throttled),
    "days of 24 hours": Faulty("machine-zone", days_of_24_hours),
    "days of the end": Faulty("zones", days_of_the_end, is_slow=True),
    "rounded rates": Faulty("service-figures", rounded_rates, is_slow=True),
    "one event a minute": Faulty("service-figures", one_event_a_minute),
    "cached by path": Faulty("cuts", cached_by_path),
    "hours of one day": Faulty("days-week", hours_of_one_day, (*COZE, "granularity")),
    "frequencies as text": Faulty("top", frequencies_as_text, (*CBS, "top"), is_slow=True),
    "filter is dropped": Faulty("filters", filter_is_dropped, (*COZE, "user_id")),
}
