"""Functions of dates. Weeks begin on Sunday unless an argument says Monday; the default zone is UTC."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import arrow
import numpy as np
from dateutil.relativedelta import relativedelta

from mockcbs.services.airtable.formulas import patterns
from mockcbs.services.airtable.formulas.declare import Table
from mockcbs.services.airtable.formulas.values import (
    CellError,
    Moment,
    Row,
    Value,
    finite,
    integer,
    moment,
    number,
    text,
)

DATES = Table(steps=20)

_UNITS = {
    "millisecond": "milliseconds", "milliseconds": "milliseconds", "ms": "milliseconds",
    "second": "seconds", "seconds": "seconds", "s": "seconds",
    "minute": "minutes", "minutes": "minutes", "m": "minutes",
    "hour": "hours", "hours": "hours", "h": "hours",
    "day": "days", "days": "days", "d": "days",
    "week": "weeks", "weeks": "weeks", "w": "weeks",
    "month": "months", "months": "months", "M": "months",
    "quarter": "quarters", "quarters": "quarters", "Q": "quarters",
    "year": "years", "years": "years", "y": "years",
}  # fmt: skip
_SECONDS = {"milliseconds": 0.001, "seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}
_MONTHS = {"months": 1, "quarters": 3, "years": 12}
_MAX_WORKDAYS = 100_000
_MAX_HOLIDAYS = 1_000


def _unit(value: Value) -> str:
    """The full name of a unit. Case matters only for ``M`` (months) and ``m`` (minutes)."""
    given = text(value)
    found = _UNITS.get(given) or _UNITS.get(given.lower())
    if found is None:
        raise CellError(f"{given!r} is not a unit of time")
    return found


def _at(value: Value) -> arrow.Arrow:
    return moment(value).at


def _guarded(make: Callable[[], arrow.Arrow]) -> arrow.Arrow:
    """*at*, checked against the range of the calendar; raises `CellError`."""
    try:
        return make()
    except (ValueError, OverflowError):
        raise CellError("a date out of range") from None


@DATES.of_row("NOW")
def _now(row: Row) -> Value:
    return Moment(_instant(row.now))


@DATES.of_row("TODAY")
def _today(row: Row) -> Value:
    return Moment(_instant(row.now).floor("day"))


@DATES.of_row("CREATED_TIME")
def _created_time(row: Row) -> Value:
    return Moment(_instant(row.created))


@DATES.of_row("LAST_MODIFIED_TIME")
def _last_modified_time(row: Row, *fields: Value) -> Value:
    """The time of the last change of the record; *fields* do not matter."""
    del fields
    return Moment(_instant(row.modified))


def _instant(ms: int) -> arrow.Arrow:
    return arrow.get(ms / 1000)


@DATES.plain("YEAR")
def _year(value: Value) -> Value:
    return _at(value).year


@DATES.plain("MONTH")
def _month(value: Value) -> Value:
    return _at(value).month


@DATES.plain("DAY")
def _day(value: Value) -> Value:
    return _at(value).day


@DATES.plain("HOUR")
def _hour(value: Value) -> Value:
    return _at(value).hour


@DATES.plain("MINUTE")
def _minute(value: Value) -> Value:
    return _at(value).minute


@DATES.plain("SECOND")
def _second(value: Value) -> Value:
    return _at(value).second


@DATES.plain("WEEKDAY")
def _weekday(value: Value, start: Value = "Sunday") -> Value:
    """The day of the week; 0 is its first day."""
    return (_at(value).isoweekday() - _first_day(start)) % 7


@DATES.plain("WEEKNUM")
def _weeknum(value: Value, start: Value = "Sunday") -> Value:
    """The number of the week in its year; week 1 contains 1 January."""
    at = _at(value)
    first = (date(at.year, 1, 1).isoweekday() - _first_day(start)) % 7
    return (at.timetuple().tm_yday - 1 + first) // 7 + 1


def _first_day(start: Value) -> int:
    """The ISO number of the first day of the week; 0 is Sunday."""
    days = {"sunday": 0, "monday": 1}
    if (found := days.get(text(start).lower())) is None:
        raise CellError(f"a week begins on Sunday or Monday, not on {text(start)!r}")
    return found


@DATES.plain("DATESTR")
def _datestr(value: Value) -> Value:
    return _at(value).format("YYYY-MM-DD")


@DATES.plain("TIMESTR")
def _timestr(value: Value) -> Value:
    return _at(value).format("HH:mm:ss")


@DATES.plain("DATEADD")
def _dateadd(value: Value, count: Value, unit: Value) -> Value:
    held, name, amount = moment(value), _unit(unit), number(count)
    if name in _MONTHS:
        months = int(amount) * _MONTHS[name]
        return replace(held, at=_guarded(lambda: held.at.shift(months=months)))
    seconds = amount * _SECONDS[name]
    return replace(held, at=_guarded(lambda: arrow.get(held.at.datetime + timedelta(seconds=seconds))))


@DATES.plain("DATETIME_DIFF")
def _datetime_diff(later: Value, earlier: Value, unit: Value = "seconds") -> Value:
    """Whole units from *earlier* to *later*; negative if *later* comes first."""
    end, start, name = _at(later), _at(earlier), _unit(unit)
    if name in _MONTHS:
        between = relativedelta(end.datetime, start.datetime)
        return int((between.years * 12 + between.months) / _MONTHS[name])
    ms = (end.datetime - start.datetime) // timedelta(milliseconds=1)
    return int(ms / round(_SECONDS[name] * 1000))


@DATES.plain("IS_BEFORE")
def _is_before(one: Value, other: Value) -> Value:
    return _are_dates(one, other) and _at(one) < _at(other)


@DATES.plain("IS_AFTER")
def _is_after(one: Value, other: Value) -> Value:
    return _are_dates(one, other) and _at(one) > _at(other)


@DATES.plain("IS_SAME")
def _is_same(one: Value, other: Value, unit: Value = "milliseconds") -> Value:
    """Whether both lie in the same calendar unit, such as the same day."""
    name = _unit(unit)
    if not _are_dates(one, other):
        return False
    if name == "milliseconds":
        return _at(one) == _at(other)
    first, second = (_begin(_at(value), name) for value in (one, other))
    return first == second


def _are_dates(*values: Value) -> bool:
    """Whether all *values* are dates. A blank is neither before, after nor the same as a date."""
    return all(value is not None and value != "" for value in values)


def _begin(at: arrow.Arrow, unit: Any) -> arrow.Arrow:
    """The start of the calendar unit that contains *at*; weeks begin on Sunday."""
    return at.span(unit, week_start=7)[0]


@DATES.plain("SET_TIMEZONE")
def _set_timezone(value: Value, name: Value) -> Value:
    try:
        zone = ZoneInfo(text(name))
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise CellError(f"{text(name)!r} is not a time zone") from None
    held = moment(value)
    return replace(held, at=_guarded(lambda: held.at.to(zone)))


@DATES.plain("SET_LOCALE")
def _set_locale(value: Value, locale: Value) -> Value:
    return replace(moment(value), locale=patterns.known_locale(text(locale)))


@DATES.plain("DATETIME_FORMAT")
def _datetime_format(value: Value, pattern: Value = None) -> Value:
    return patterns.shown(moment(value), text(pattern))


@DATES.plain("DATETIME_PARSE")
def _datetime_parse(value: Value, pattern: Value = None, locale: Value = None) -> Value:
    if isinstance(value, Moment) or not text(pattern):
        return moment(value)
    return patterns.parsed(text(value), text(pattern), patterns.known_locale(text(locale) or "en-us"))


@DATES.of_row("FROMNOW")
def _fromnow(row: Row, value: Value) -> Value:
    """The distance from now, such as "3 days"; past and future read alike."""
    held = moment(value)
    return held.at.humanize(_instant(row.now), locale=held.locale, only_distance=True)


@DATES.of_row("TONOW")
def _tonow(row: Row, value: Value) -> Value:
    return _fromnow(row, value)


@DATES.plain("WORKDAY")
def _workday(start: Value, count: Value, holidays: Value = None) -> Value:
    """The date *days* workdays after *start*; *holidays* are dates separated by commas."""
    held, days, calendar = moment(start), integer(count), _calendar(text(holidays))
    if abs(days) > _MAX_WORKDAYS:
        raise CellError(f"{days} workdays")
    if not days:
        return held
    first = np.datetime64(held.at.date(), "D")
    last = np.busday_offset(first, days, "backward" if days > 0 else "forward", busdaycal=calendar)
    return replace(held, at=_guarded(lambda: held.at.shift(days=int((last - first).astype(int)))))


@DATES.plain("WORKDAY_DIFF")
def _workday_diff(start: Value, end: Value, holidays: Value = None) -> Value:
    """The workdays between two dates, both included; negative if the second is earlier."""
    first, last = (np.datetime64(_at(value).date(), "D") for value in (start, end))
    if first > last:
        found = _workday_diff(end, start, holidays)
        return -number(found)
    return finite(int(np.busday_count(first, last + 1, busdaycal=_calendar(text(holidays)))))


@lru_cache(maxsize=16)
def _calendar(holidays: str) -> np.busdaycalendar:
    """The workdays without the *holidays*, which are dates separated by commas."""
    days = [day.strip() for day in holidays.split(",", _MAX_HOLIDAYS) if day.strip()]
    if len(days) > _MAX_HOLIDAYS:
        raise CellError(f"more than {_MAX_HOLIDAYS} holidays")
    return np.busdaycalendar(holidays=[_at(day).date() for day in days])
