"""Time zones, and the calendar periods of statistics."""

import re
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

Interval = Literal["year", "month", "week", "day"]
INTERVALS: tuple[Interval, ...] = get_args(Interval)

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
"""Milliseconds."""

_OFFSET = re.compile(r"([+-])([0-9]{2}):([0-5][0-9])")
_UNITS = {"month": "M", "year": "Y"}


def offset(zone: str) -> int:
    """The offset of local time in *zone* from UTC, in ms; positive if it is ahead.

    *zone* is ``UTC`` in any letter case, or ``+08:00`` up to 18:00 either way (contract 5.1).
    Raises `ValueError` for anything else.
    """
    if zone.upper() == "UTC":
        return 0
    match = _OFFSET.fullmatch(zone)
    if match is None:
        raise ValueError(f"{zone!r} is neither UTC nor an offset such as +08:00")
    minutes = int(match[2]) * 60 + int(match[3])
    if minutes > 18 * 60:
        raise ValueError(f"{zone!r} is more than 18:00 from UTC")
    return minutes * MINUTE if match[1] == "+" else -minutes * MINUTE


def local_midnight(at: int, zone_offset: int, days_before: int = 0) -> int:
    """The begin (ms UTC) of the local day of *at*, or of the day *days_before* earlier."""
    return ((at + zone_offset) // DAY - days_before) * DAY - zone_offset


def buckets(interval: Interval, zone_offset: int, first: int, last: int) -> npt.NDArray[np.int64]:
    """The first days of the periods, from the period that contains *first* to that of *last* (ms UTC).

    Days are numbers since 1970-01-01, local to the zone. The last number is the end (exclusive) of the last
    period. Weeks begin on Monday (contract S-12).
    """
    start, stop = (first + zone_offset) // DAY, (last + zone_offset) // DAY
    if interval == "day":
        return np.arange(start, stop + 2, dtype=np.int64)
    if interval == "week":
        return np.arange(start - (start + 3) % 7, stop + 8, 7, dtype=np.int64)
    unit = np.dtype(f"datetime64[{_UNITS[interval]}]")
    low, high = (np.datetime64(day, "D").astype(unit) for day in (start, stop))
    return np.arange(low, high + 2).astype("datetime64[D]").astype(np.int64)


def labels(days: npt.NDArray[np.int64]) -> list[str]:
    """Day numbers as texts ``yyyy-MM-dd``."""
    return [str(day) for day in days.astype("datetime64[D]")]
