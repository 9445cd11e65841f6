"""Date patterns in the tokens of moment.js, which Airtable's documentation uses."""

import re
from collections.abc import Callable

import arrow
from arrow.locales import get_locale

from mockcbs.services.airtable.formulas.values import CellError, Moment

_MAX_PATTERN = 200
_MAX_DATE_TEXT = 1_000
_LOCALIZED = {
    "LT": "h:mm A",
    "LTS": "h:mm:ss A",
    "L": "MM/DD/YYYY",
    "LL": "MMMM D, YYYY",
    "LLL": "MMMM D, YYYY h:mm A",
    "LLLL": "dddd, MMMM D, YYYY h:mm A",
    "l": "M/D/YYYY",
    "ll": "MMM D, YYYY",
    "lll": "MMM D, YYYY h:mm A",
    "llll": "ddd, MMM D, YYYY h:mm A",
}
_TOKEN = re.compile(
    r"\[[^\]]*\]|LTS|LT|L{1,4}|l{1,4}|YYYY|YY|Qo|Q|MMMM|MMM|Mo|MM|M|DDDD|DDDo|DDD|Do|DD|D|dddd|ddd|dd|do|d|E|e"
    r"|Wo|WW|W|wo|ww|w|HH|H|hh|h|kk|k|mm|m|ss|s|S{1,6}|A|a|ZZ|Z|zz|z|X|x|.",
    re.DOTALL,
)
_PARSE_TOKEN = re.compile(
    r"\[[^\]]*\]|YYYY|YY|MMMM|MMM|MM|M|DDDD|DDD|Do|DD|D|dddd|ddd|HH|H|hh|h|mm|m|ss|s|S{1,6}|A|a|ZZ|Z|X|x"
)
_SWAPPED = {"Z": "ZZ", "ZZ": "Z"}
"""The tokens of moment.js that arrow spells differently."""

_AS_IN_ARROW = frozenset("YYYY YY MMMM MMM MM M DDDD DDD DD D Do dddd ddd HH H hh h mm m ss s A a".split())


def known_locale(name: str) -> str:
    """*name* if it is a known locale; raises `CellError`."""
    try:
        get_locale(name)
    except ValueError:
        raise CellError(f"{name!r} is not a known locale") from None
    return name


def shown(held: Moment, pattern: str) -> str:
    """The text of a date by a pattern; without a pattern, ISO 8601 with the offset of the zone."""
    return _TOKEN.sub(lambda token: _part(held, token[0]), _expanded(pattern or "YYYY-MM-DDTHH:mm:ssZ"))


def _expanded(pattern: str) -> str:
    """*pattern* with the tokens that stand for patterns written out.

    Raises `CellError` if it is too long.
    """
    if len(pattern) > _MAX_PATTERN:
        raise CellError(f"a date pattern of {len(pattern)} characters")
    return _TOKEN.sub(lambda token: _LOCALIZED.get(token[0], token[0]), pattern)


def _part(held: Moment, token: str) -> str:
    if token in _AS_IN_ARROW:
        return held.at.format(token, locale=held.locale)
    if token in _SWAPPED:
        return held.at.format(_SWAPPED[token])
    if token in _OWN:
        return str(_OWN[token](held))
    if token[0] == "[":
        return token[1:-1]
    if token[0] == "S":
        return f"{held.at.microsecond:06}"[: len(token)]
    return token


def _week(at: arrow.Arrow) -> int:
    """The number of the week in its year. Weeks begin on Sunday, and week 1 contains 1 January."""
    first = at.floor("year").isoweekday() % 7
    return (at.timetuple().tm_yday - 1 + first) // 7 + 1


def _ordinal(held: Moment, value: int) -> str:
    return get_locale(held.locale).ordinal_number(value)


_OWN: dict[str, Callable[[Moment], object]] = {
    "Q": lambda held: held.at.quarter,
    "Qo": lambda held: _ordinal(held, held.at.quarter),
    "Mo": lambda held: _ordinal(held, held.at.month),
    "DDDo": lambda held: _ordinal(held, held.at.timetuple().tm_yday),
    "d": lambda held: held.at.isoweekday() % 7,
    "do": lambda held: _ordinal(held, held.at.isoweekday() % 7),
    "dd": lambda held: held.at.format("ddd", locale=held.locale)[:2],
    "E": lambda held: held.at.isoweekday(),
    "e": lambda held: held.at.isoweekday() % 7,
    "W": lambda held: held.at.isocalendar()[1],
    "WW": lambda held: f"{held.at.isocalendar()[1]:02}",
    "Wo": lambda held: _ordinal(held, held.at.isocalendar()[1]),
    "w": lambda held: _week(held.at),
    "ww": lambda held: f"{_week(held.at):02}",
    "wo": lambda held: _ordinal(held, _week(held.at)),
    "k": lambda held: held.at.hour or 24,
    "kk": lambda held: f"{held.at.hour or 24:02}",
    "X": lambda held: held.at.int_timestamp,
    "x": lambda held: int(held.at.float_timestamp * 1000),
    "z": lambda held: held.at.tzname() or "",
    "zz": lambda held: held.at.tzname() or "",
}


def parsed(value: str, pattern: str, locale: str) -> Moment:
    """Parse *value* by a date pattern; raises `CellError`."""
    if len(value) > _MAX_DATE_TEXT:
        raise CellError("a text that is too long for a date")
    tokens = _PARSE_TOKEN.sub(lambda token: _SWAPPED.get(token[0], token[0]), _expanded(pattern))
    try:
        return Moment(arrow.get(value, tokens, locale=locale), locale)
    except (ValueError, OverflowError, TypeError, re.error):
        raise CellError(f"{value[:40]!r} is not a date of the form {pattern[:40]!r}") from None
