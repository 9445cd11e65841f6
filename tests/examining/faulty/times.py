"""Faulty clients that cut time in the wrong places."""

import time
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from tests.examining.clients import (
    Rows,
    Words,
    analytics,
    by_day,
    cbs,
    cbs_days,
    coze_days,
    day_by_day,
    days_of,
    events,
    get,
    midnight,
    shanghai,
)


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


def last_bucket_lost(words: Words) -> Rows:
    return coze_days(words)[:-1]


def weeks_from_sunday(words: Words) -> Rows:
    rows = cbs_days(SimpleNamespace(**{**vars(words), "granularity": "day"}))
    if words.granularity == "day":
        return rows
    weeks: dict[str, int] = defaultdict(int)
    for row in rows:
        day = date.fromisoformat(row["start"])
        weeks[str(day - timedelta(days=day.isoweekday() % 7))] += row["session_count"]
    return [{"start": start, "session_count": count} for start, count in weeks.items()]


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


def one_event_a_minute(words: Words) -> Rows:
    """Takes equal events of one minute for one that was sent twice."""
    found = {
        (event.get("user_id"), event["event_type"], event["trigger_time"] // 60_000): event
        for event in events(words, 100)
    }
    return by_day(found.values())


def hours_of_one_day(words: Words) -> Rows:
    """Keys its rows by the hour alone."""
    rows = analytics(words, words.granularity)["metrics"]
    return list({row.get("hour", row["date"]): row for row in rows}.values())


def days_of_one_year(words: Words) -> Rows:
    """Leaves out the days after the end of the first day's year."""
    return [row for row in coze_days(words) if row["date"][:4] == words.start[:4]]


def days_by_prefix(words: Words) -> Rows:
    """Takes the events of the 10th for those of the 1st, as its labels have no leading zeros."""
    found = [event for event in events(words, 100) if event["event_type"].startswith("execution.")]
    moments = [shanghai(event["trigger_time"]) for event in found]
    labels = [f"{at.year}-{at.month}-{at.day}" for at in moments]
    return [
        {
            "date": str(day),
            "total_calls": sum(label.startswith(f"{day.year}-{day.month}-{day.day}") for label in labels),
        }
        for day in days_of(words)
    ]


def sign_lost(words: Words) -> Rows:
    """Reads the days of the zone as far from UTC on the other side."""
    return cbs_days(SimpleNamespace(**{**vars(words), "zone": words.zone.replace("-", "+")}))


def fraction_as_seconds(words: Words) -> Rows:
    """Takes the milliseconds of a time for seconds."""
    return by_day(events(words, 100), lambda ms: shanghai(ms - ms % 1000 * 1000))
