"""The clock, in milliseconds UTC: real, shifted or frozen."""

import re
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Self

FOREVER = 2**63
"""An instant after all others, ms UTC."""

LATEST = 4_102_444_799_999
"""The latest time of a clock, ms UTC: the end of 2099; the earliest is 0."""

_LAST_YEAR = 2099

_EPOCH_NS = time.time_ns() - time.monotonic_ns()
"""The time at which the monotonic clock of this machine was 0, ns UTC."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_DAY = re.compile(r"\d{4}-\d\d-\d\d(?=[T ]|\Z)", re.ASCII)


class Clock:
    """The clock of mockcbs: real without a *start*; with one it is frozen there, or with *tick* runs on."""

    def __init__(self, start: int | None = None, *, tick: bool = False) -> None:
        """*start* is in ms UTC."""
        self._skipped = 0
        self._set(start, frozen=start is not None and not tick)

    def now(self) -> int:
        """The current time in ms UTC."""
        return self._start if self.frozen else self._start + real_now() - self._origin

    def stopwatch(self) -> int:
        """Milliseconds that pass even while the clock is frozen, plus those that `advance` skipped.

        Throttles and lifetimes use them, so that a frozen clock does not block them. On machines with equal
        clocks the values are equal, so that replicas can compare them.
        """
        return (_EPOCH_NS + time.monotonic_ns()) // 1_000_000 + self._skipped

    def freeze(self, at: int | None = None) -> None:
        """Freeze the clock at *at* (ms UTC), or at the current time."""
        self._set(self.now() if at is None else at, frozen=True)

    def tick(self, start: int | None = None) -> None:
        """Run on from *start* (ms UTC), or from the current time."""
        self._set(self.now() if start is None else start, frozen=False)

    def advance(self, ms: int) -> None:
        """Skip *ms* milliseconds; a negative number goes back.

        Raises `ValueError` with a message for the user.
        """
        if not 0 <= self.now() + ms <= LATEST:
            raise ValueError(f"{ms} ms from {iso(self.now())} is not between 1970 and 2099")
        self._start += ms
        self._skipped += max(ms, 0)

    def real(self) -> None:
        """Show the machine's time."""
        self._set(None, frozen=False)

    @property
    def mode(self) -> str:
        """``real``, ``frozen`` or ``shifted``."""
        if self.frozen:
            return "frozen"
        return "real" if self._start == self._origin else "shifted"

    def snapshot(self) -> dict[str, int]:
        """The state of the clock as plain JSON."""
        return dict(vars(self))

    @classmethod
    def restored(cls, snapshot: Mapping[str, int]) -> Self:
        """A clock with the state of another one."""
        clock = cls()
        for name, value in snapshot.items():  # vars() would slow down every later use
            setattr(clock, name, value)
        return clock

    def _set(self, start: int | None, *, frozen: bool) -> None:
        self.frozen = frozen
        self._origin = real_now()
        self._start = self._origin if start is None else start


def real_now() -> int:
    """The machine's time in ms UTC."""
    return time.time_ns() // 1_000_000


def instant(text: str | int) -> int:
    """Parse epoch milliseconds or ISO 8601 as ms UTC; ISO 8601 without an offset is UTC.

    Raises `ValueError` with a message for the user.
    """
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    words = text.strip() if isinstance(text, str) else ""
    try:
        if words.isascii() and words.removeprefix("-").isdigit():
            return int(words)
        moment = datetime.fromisoformat(words)
    except ValueError:
        if day := _missing_day(words):
            raise ValueError(f"{text!r}: there is no day {day}") from None
        raise ValueError(
            f"{text!r} is neither epoch milliseconds (1613720965417) nor ISO 8601 (2021-02-19T15:49:25+08:00)"
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


def settable(text: str | int) -> int:
    """Parse a time that a clock may be set to, as ms UTC; raises `ValueError` like `instant`."""
    at = instant(text)
    if not 0 <= at <= LATEST:
        raise ValueError(f"{text!r} is not between 1970 and 2099")
    return at


def utc_day(text: str) -> int:
    """A date as a number of days since 1970; raises `ValueError` with a message for the user."""
    try:
        day_of_text = date.fromisoformat(text)
    except ValueError:
        if day := _missing_day(text):
            raise ValueError(f"there is no day {day}") from None
        raise ValueError(f"{text!r} is not a date such as 2026-02-28") from None
    if not EPOCH.year <= day_of_text.year <= _LAST_YEAR:
        raise ValueError(f"{text!r} is not between {EPOCH.year} and {_LAST_YEAR}")
    return day_of_text.toordinal() - EPOCH.toordinal()


def _missing_day(text: str) -> str | None:
    """The day at the beginning of *text*, if no calendar has it."""
    if day := _DAY.match(text):
        try:
            date.fromisoformat(day[0])
        except ValueError:
            return day[0]
    return None


def iso(at: int, *, timespec: str = "milliseconds") -> str:
    """*at* (ms UTC) in ISO 8601, with Z at the end."""
    moment = datetime.fromtimestamp(at // 1000, UTC).replace(microsecond=at % 1000 * 1000)
    return moment.isoformat(timespec=timespec).replace("+00:00", "Z")


def shown(at: int) -> str:
    """*at* (ms UTC) in ISO 8601; after the year 9999 as a plain number."""
    try:
        return iso(at)
    except (ValueError, OverflowError, OSError):
        return f"{at} ms"
