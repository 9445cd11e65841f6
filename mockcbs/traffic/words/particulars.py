"""Dates, hours and errors that users state in their questions."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from mockcbs.traffic import bits
from mockcbs.traffic.words.greetings import good_day, greeting

_DAYS = 8
"""Users name dates up to this many days before yesterday."""
_ERRORS = (
    "0x8{a:07x}", "http {b}", "status={b}", "errno {c}", "code={d}", "econnrefused",
    "{b} bad gateway", "err_code: -{d}", "timed out after {c}000ms", "0xc00000{c:02x}", "{d}", "{b}",
)  # fmt: skip
"""Parts of errors that users paste, in lower case, so that none of them is a keyword."""


_ERRORS_SEEN = 14
"""The number of different errors that the users of a bot paste."""


class Moment(NamedTuple):
    """When a question is asked, and of which bot."""

    local: int
    """The local time, ms since 1970."""
    key: int


def stated(text: str, number: int, moment: Moment) -> str:
    """*text* with the names in braces replaced by numbers, dates and greetings."""
    if "{" not in text:
        return text
    now = datetime.fromtimestamp(moment.local // 1000, UTC)
    ago = 1 + number % _DAYS
    return text.format(
        n=2 + number % 8,
        ago=max(2, ago),
        day=(now - timedelta(days=max(2, ago) if "{ago}" in text else ago)).day,
        due=(now + timedelta(days=1 + number % 5)).day,
        hour=min(23, now.hour + 1 + number % 4),
        greeting=greeting(now.hour, number),
        good_day=good_day(now.hour, number),
        error=_error(moment.key, number),
    )


def _error(key: int, number: int) -> str:
    """One of the few errors that the users of a bot see; the first of them are the most frequent ones."""
    rank = (number & 1023) * (number >> 10 & 1023) * _ERRORS_SEEN >> 20
    own = bits.key(key, "error", rank)
    return _ERRORS[own % len(_ERRORS)].format(
        a=own >> 8 & 0xFFFFFFF,
        b=500 + (own >> 8) % 5,
        c=1 + (own >> 8) % 120,
        d=1_000 + (own >> 8) % 9_000,
    )
