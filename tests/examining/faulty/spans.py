"""Faults that only long ranges show."""

from collections import Counter
from datetime import date, timedelta
from types import SimpleNamespace

from tests.examining.clients import Rows, Words, coze_days

_MONTH = timedelta(days=30)


def _between(words: Words, start: date, end: date) -> Rows:
    return coze_days(SimpleNamespace(**{**vars(words), "start": str(start), "end": str(end)}))


def at_most_a_month(words: Words) -> Rows:
    """Reads the first days of a longer range only."""
    start, end = date.fromisoformat(words.start), date.fromisoformat(words.end)
    return _between(words, start, min(end, start + _MONTH))


def months_overlap(words: Words) -> Rows:
    """Reads a long range in pieces, and the day between two pieces twice."""
    start, end = date.fromisoformat(words.start), date.fromisoformat(words.end)
    calls: Counter[str] = Counter()
    while True:
        until = min(start + _MONTH, end)
        for row in _between(words, start, until):
            calls[row["date"]] += row["total_calls"]
        if until == end:
            return [{"date": day, "total_calls": count} for day, count in sorted(calls.items())]
        start = until


def days_of_any_month(words: Words) -> Rows:
    """Remembers rows by the day of the month."""
    return sorted({row["date"][-2:]: row for row in coze_days(words)}.values(), key=lambda row: row["date"])
