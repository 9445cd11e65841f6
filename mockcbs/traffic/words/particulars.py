"""Dates and hours that users state in their questions."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from mockcbs.traffic.gaps import with_gaps_filled
from mockcbs.traffic.words.greetings import good_day, greeting

_DAYS = 8
"""Users name dates up to this many days before yesterday."""


class Moment(NamedTuple):
    """When a question is asked, and of which bot."""

    local: int
    """The local time, ms since 1970."""
    key: int


def stated(text: str, number: int, moment: Moment) -> str:
    """*text* with the names in braces replaced by numbers, dates and greetings; other braces stay."""
    if "{" not in text:
        return text
    now = datetime.fromtimestamp(moment.local // 1000, UTC)
    ago = 1 + number % _DAYS
    values = {
        "n": 2 + number % 8,
        "ago": max(2, ago),
        "day": (now - timedelta(days=max(2, ago) if "{ago}" in text else ago)).day,
        "due": (now + timedelta(days=1 + number % 5)).day,
        "hour": min(23, now.hour + 1 + number % 4),
        "greeting": greeting(now.hour, number),
        "good_day": good_day(now.hour, number),
    }
    return with_gaps_filled(text, lambda kind, _: str(values.get(kind, f"{{{kind}}}")))
