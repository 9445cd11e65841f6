"""Faulty clients that handle errors of the server wrongly."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import requests

from tests.examining.clients import (
    Rows,
    Words,
    bearer,
    coze_days,
    day_by_day,
    days_of,
)


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


def zero_on_error(read: Callable[[Words], Rows], *errors: type[Exception]) -> Callable[[Words], Rows]:
    def readzero_on_error(words: Words) -> Rows:
        try:
            return read(words)
        except errors:
            return {"total_calls": 0}

    return readzero_on_error


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


def read_until_throttled(words: Words) -> Rows:
    """Is content with the days that it got before it was throttled."""
    found: list[Any] = []
    try:
        found.extend(day_by_day(words, days_of(words)))
    except requests.HTTPError as error:
        if error.response.status_code != 429:
            raise
    return found


def code_is_not_read(words: Words) -> Rows:
    """Reads a response with status 200 and an error code as one without rows."""
    parameters = {"start_date": words.start, "end_date": words.end}
    url = f"{words.base_url}/v1/bots/{words.bot_id}/analytics"
    response = requests.get(url, params=parameters, headers=bearer(words), timeout=10)
    response.raise_for_status()
    return response.json().get("data", {}).get("metrics", [])
