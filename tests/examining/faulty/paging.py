"""Faulty clients that lose pages of the logs."""

from itertools import islice
from typing import Any

import requests

from tests.examining.clients import (
    Rows,
    Words,
    bearer,
    by_day,
    events,
    get,
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
