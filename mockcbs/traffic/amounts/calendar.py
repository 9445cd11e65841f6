"""The Chinese calendar of holidays and of the weekend days that are worked in exchange.

The table holds the yearly notices of the State Council (国务院办公厅关于部分节假日安排的通知) until 2026.
Later years have the days that the law fixes (全国年节及纪念日放假办法), without exchanged days. A
library would not do: its newer releases contain more notices, and traffic must not depend on installed
packages. A test compares the table with the library `holidays`.
"""

from enum import IntEnum
from functools import cache

import numpy as np
import numpy.typing as npt

from mockcbs.traffic.turns import Ints


class Kind(IntEnum):
    """The kind of a day in the calendar."""

    ORDINARY = 0
    HOLIDAY = 1
    SPRING_FESTIVAL = 2
    WORKED = 3
    """A weekend day that is worked in exchange for a holiday."""


_FIRST_YEAR = 2021

_NOTICES = {
    2021: (
        "0101-0103 0211-0217* 0403-0405 0501-0505 0612-0614 0919-0921 1001-1007",
        "0207 0220 0425 0508 0918 0926 1009",
    ),
    2022: (
        "0101-0103 0131-0206* 0403-0405 0430-0504 0603-0605 0910-0912 1001-1007 1231",
        "0129 0130 0402 0424 0507 1008 1009",
    ),
    2023: (
        "0101-0102 0121-0127* 0405 0429-0503 0622-0624 0929-1006 1230-1231",
        "0128 0129 0423 0506 0625 1007 1008",
    ),
    2024: (
        "0101 0210-0217* 0404-0406 0501-0505 0610 0915-0917 1001-1007",
        "0204 0218 0407 0428 0511 0914 0929 1012",
    ),
    2025: (
        "0101 0128-0204* 0404-0406 0501-0505 0531-0602 1001-1008",
        "0126 0208 0427 0928 1011",
    ),
    2026: (
        "0101-0103 0215-0223* 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007",
        "0104 0214 0228 0509 0920 1010",
    ),
    2027: (
        "0101 0205-0210* 0405 0501-0503 0609 0915 1001-1004",
        "",
    ),
    2028: (
        "0101 0125-0130* 0404 0501-0503 0528 1001-1004",
        "",
    ),
    2029: (
        "0101 0212-0217* 0404 0501-0503 0616 0922 1001-1004",
        "",
    ),
    2030: (
        "0101 0202-0207* 0405 0501-0503 0605 0912 1001-1004",
        "",
    ),
    2031: (
        "0101 0122-0127* 0405 0501-0503 0624 1001-1004",
        "",
    ),
    2032: (
        "0101 0210-0215* 0404 0501-0503 0612 0919 1001-1004",
        "",
    ),
    2033: (
        "0101 0130-0204* 0404 0501-0503 0601 0908 1001-1004",
        "",
    ),
    2034: (
        "0101 0218-0223* 0405 0501-0503 0620 0927 1001-1004",
        "",
    ),
    2035: (
        "0101 0207-0212* 0405 0501-0503 0610 0916 1001-1004",
        "",
    ),
}
"""By year: the days off, with a star for Spring Festival, and the weekend days that are worked."""


def kinds(days: Ints) -> npt.NDArray[np.int8]:
    """The `Kind` of each of *days* (days since 1970); days outside the table are ordinary."""
    first, table = _table()
    place = days - first
    known = (place >= 0) & (place < len(table))
    return np.where(known, table[np.clip(place, 0, len(table) - 1)], np.int8(Kind.ORDINARY))


def are_worked(days: Ints, *, has_holidays: bool) -> npt.NDArray[np.bool_]:
    """Whether each of *days* is a working day, in China if it *has_holidays*."""
    kind = kinds(days) if has_holidays else np.zeros(len(days), np.int8)
    found: npt.NDArray[np.bool_] = np.where((days + 3) % 7 > 4, kind == Kind.WORKED, kind == Kind.ORDINARY)
    return found


@cache
def spans_off() -> tuple[tuple[int, int, bool], ...]:
    """The spans of days off: the first and the last day of each, and whether it is Spring Festival."""
    return tuple(
        (_day(year, begin), _day(year, end or begin), span.endswith("*"))
        for year, (off, _) in _NOTICES.items()
        for span in off.split()
        for begin, _, end in [span.rstrip("*").partition("-")]
    )


@cache
def _table() -> tuple[int, npt.NDArray[np.int8]]:
    """The first day of the table, and the kind of every day from it on."""
    first = _day(_FIRST_YEAR, "0101")
    table = np.zeros(_day(max(_NOTICES) + 1, "0101") - first, np.int8)
    for begin, end, is_spring in spans_off():
        table[begin - first : end - first + 1] = Kind.SPRING_FESTIVAL if is_spring else Kind.HOLIDAY
    for year, (_, worked) in _NOTICES.items():
        for day in worked.split():
            table[_day(year, day) - first] = Kind.WORKED
    return first, table


def _day(year: int, month_and_day: str) -> int:
    """A date as a number of days since 1970."""
    return int(np.datetime64(f"{year}-{month_and_day[:2]}-{month_and_day[2:]}", "D").astype(np.int64))
