"""The words that a client's command may contain, which are also variables of its environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from mockcbs.core.errors import UserError
from mockcbs.core.spelling import not_one_of
from mockcbs.traffic import periods

WORDS = {
    "base_url": "base URL of the mock, such as http://127.0.0.1:40123",
    "token": "the credential: Coze's token, or X-Auth-Token",
    "bot_id": "the bot",
    "project_id": "the project (CBS)",
    "start": "first day of the range, YYYY-MM-DD",
    "end": "last day of the range, inclusive",
    "start_ms": "start of the first day, epoch ms",
    "end_ms": "last millisecond of the last day, epoch ms",
    "granularity": "hour, day, week or month, if the client accepts it",
    "zone": "the offset of the days from UTC, such as +08:00",
    "top": "number of rows of a ranking",
    "page_size": "rows of a page",
    "user_id": "only this user; empty for all",
    "session_id": "only this session; empty for all",
    "connector_id": "only this channel; empty for all",
    "domain": "only this category; empty for all",
}
"""The words and their meanings. The exam never varies a word that a command does not contain."""

FILTERS = ("user_id", "session_id", "connector_id", "domain")
PREFIX = "MOCKCBS_"

_WORD = re.compile(r"(?<![%$])\{([a-z_]+)\}")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Target:
    """The base URL and the credentials for a client."""

    base_url: str
    token: str
    bot_id: str
    project_id: str


@dataclass(frozen=True)
class Asked:
    """The range and filters that one run of a client must read."""

    start: date
    end: date
    """The last day, inclusive."""
    granularity: str = "day"
    zone: str = "+08:00"
    top: int = 10
    page_size: int = 20
    user_id: str = ""
    session_id: str = ""
    connector_id: str = ""
    domain: str = ""

    @property
    def start_ms(self) -> int:
        """The start of the first day in its zone, ms UTC."""
        return midnight(self.start, self.zone)

    @property
    def end_ms(self) -> int:
        """The last millisecond of the last day in its zone, ms UTC."""
        return midnight(self.end + _ONE_DAY, self.zone) - 1

    @property
    def days(self) -> list[date]:
        """The days of the range."""
        return [self.start + _ONE_DAY * number for number in range((self.end - self.start).days + 1)]

    def but(self, **other: Any) -> "Asked":
        """The same request with some words replaced."""
        return replace(self, **other)

    def words(self, target: Target) -> dict[str, str]:
        """The words and their values."""
        texts = {name: getattr(target, name, None) or getattr(self, name, "") for name in WORDS}
        return {name: str(text) for name, text in texts.items()}


def midnight(day: date, zone: str) -> int:
    """The start of a day in *zone*, ms UTC."""
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return int(begin.timestamp()) * 1000 - periods.offset(zone)


def named_in(text: str) -> frozenset[str]:
    """The words that a command contains. Raises `UserError` for an unknown word."""
    found = frozenset(_WORD.findall(text))
    if strange := sorted(found - WORDS.keys()):
        raise UserError(f"{{{strange[0]}}} in the command: {not_one_of(strange[0], WORDS)}")
    return found


def filled(text: str, words: Mapping[str, str]) -> str:
    """*text* with each word replaced by its value."""
    return _WORD.sub(lambda match: words.get(match[1], match[0]), text)


def variables(words: Mapping[str, str]) -> dict[str, str]:
    """The words as environment variables."""
    return {f"{PREFIX}{name.upper()}": text for name, text in words.items()}
