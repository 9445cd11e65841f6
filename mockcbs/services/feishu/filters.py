"""Filters and sort orders of searches, views and formulas (contract 4.3.5)."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from mockcbs.core.errors import ApiError
from mockcbs.core.spelling import not_one_of
from mockcbs.services.feishu import errors, formulas
from mockcbs.services.feishu.cells import LINK, PLAIN, plain, value_of
from mockcbs.services.feishu.formula_functions import truth
from mockcbs.services.feishu.kinds import KINDS, Family
from mockcbs.services.feishu.values import (
    Comparison,
    Day,
    FormulaError,
    Moment,
    UnknownFieldError,
    compare,
    comparing,
    contains,
    field_value,
    is_empty,
    today,
)
from mockcbs.tables.model import Column, Row, Table
from mockcbs.tables.order import SortKey
from mockcbs.tables.store import CellTest

Predicate = Callable[[Row], bool]


@dataclass(frozen=True)
class OnCells:
    """A predicate that tests stored cells first, before rows are made of them."""

    cells: tuple[CellTest, ...]
    rest: Predicate | None = None
    """What a row whose cells pass their tests must pass, too."""
    is_quick: bool = False
    """Whether there is no `rest`, and a test takes less than a microsecond, whatever the cell."""

    def __call__(self, row: Row) -> bool:
        """Whether the row passes all tests."""
        passes = all(test(row.cells.get(column)) for column, test in self.cells)
        return passes and (self.rest is None or self.rest(row))


_EMPTINESS = ("isEmpty", "isNotEmpty")
_SEARCHING = ("contains", "doesNotContain")
"""The operators whose time grows with the length of cell and condition."""
_SINGLE = ("text", "select", "number")
"""The families of fields whose cells hold one value."""
_TEXTS = ("is", "isNot", *_SEARCHING, *_EMPTINESS)
_ORDER: dict[str, Comparison] = {
    "is": "=",
    "isNot": "!=",
    "isGreater": ">",
    "isGreaterEqual": ">=",
    "isLess": "<",
    "isLessEqual": "<=",
}
OPERATORS: Mapping[Family, tuple[str, ...]] = {
    "text": _TEXTS,
    "select": _TEXTS,
    "list": _TEXTS,
    "number": (*_ORDER, *_EMPTINESS),
    "date": ("is", *_EMPTINESS, "isGreater", "isLess"),
    "checkbox": ("is",),
    "attachment": _EMPTINESS,
    "computed": (*_ORDER, "contains", "doesNotContain", *_EMPTINESS),
}
"""The accepted operators, by the family of the field's type."""

_NUMBER = re.compile(r"[+-]?(\d{1,310}(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_MAX_CONDITIONS = 50
_DAYS = {"Today": 0, "Tomorrow": 1, "Yesterday": -1}
_SPANS = (
    "CurrentWeek LastWeek CurrentMonth LastMonth TheLastWeek TheNextWeek TheLastMonth TheNextMonth".split()
)


def search(table: Table, content: Any, now: int) -> Predicate:
    """The filter of a search; raises 1254018 and 1254045."""
    return _group(table, content, now, may_nest=True)


def view(table: Table, content: Any, now: int) -> Predicate:
    """The filter of a view; its conditions have the ids of fields, and values as JSON in a string."""
    if not isinstance(content, dict):
        raise _invalid(f"filter_info {content!r} is not an object")
    conditions = []
    for one in _objects(content, "conditions"):
        column = table.column_with_id(str(one.get("field_id")))
        if column is None:
            raise errors.refused(1254044, f"filter: the table has no field with id {one.get('field_id')!r}")
        conditions.append({**one, "field_name": column.name, "value": _view_value(one.get("value"))})
    return search(table, {"conjunction": content.get("conjunction"), "conditions": conditions}, now)


def _view_value(text: Any) -> Any:
    """The list in the JSON string of a view's condition."""
    if text is None or text == "":
        return []
    try:
        return json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError) as error:
        raise _invalid(f'value {text!r} is not JSON such as "[\\"10000\\"]"') from error


def formula(table: Table, text: str, now: int) -> Predicate:
    """The filter of the list call; raises 1254018 and 1254045."""
    try:
        chosen = formulas.compiled(table, text, now, value_of)
    except UnknownFieldError as error:
        raise errors.refused(1254045, f"filter: {error}") from error
    except FormulaError as error:
        raise errors.refused(1254018, f"filter: {error}") from error
    return lambda row: truth(chosen(row))


def _group(table: Table, content: Any, now: int, *, may_nest: bool) -> Predicate:
    if not isinstance(content, dict):
        raise _invalid(f"{content!r} is not an object")
    conjunction = content.get("conjunction") or "and"
    if conjunction not in ("and", "or"):
        raise _invalid(f"conjunction {not_one_of(conjunction, ('and', 'or'))}")
    parts = [_condition(table, one, now) for one in _objects(content, "conditions")]
    children = _objects(content, "children")
    if children and not may_nest:
        raise _invalid("children may be nested one level deep only")
    parts += [_group(table, child, now, may_nest=False) for child in children]
    if len(parts) > _MAX_CONDITIONS:
        raise _invalid(f"{len(parts)} conditions; at most {_MAX_CONDITIONS} are accepted")
    if len(parts) == 1:
        return parts[0]
    if conjunction == "and":
        tested = [part for part in parts if isinstance(part, OnCells)]
        others = [part for part in parts if not isinstance(part, OnCells)]
        cells = tuple(test for part in tested for test in part.cells)
        rests = [*(part.rest for part in tested if part.rest), *others]
        rest = (lambda row: all(part(row) for part in rests)) if rests else None
        return OnCells(cells, rest, is_quick=not rest and all(part.is_quick for part in tested))
    return lambda row: not parts or any(part(row) for part in parts)


def _objects(content: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = content.get(name)
    found = [] if found is None else found
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise _invalid(f"{name} is not a list of objects")
    return found


def _condition(table: Table, content: Mapping[str, Any], now: int) -> Predicate:
    name = content.get("field_name")
    column = table.column(name) if isinstance(name, str) else None
    if column is None:
        raise errors.refused(1254045, f"filter: the table has no field {name!r}")
    return condition(table, column, content.get("operator"), content.get("value"), now)


def condition(table: Table, column: Column, operator: Any, values: Any, now: int) -> Predicate:
    """One condition on a field; raises 1254018."""
    test = _test(column, operator, _strings(column, values), now)
    if column.type in PLAIN:  # faster, as a search tests thousands of rows
        of_cell = test if column.type != LINK else lambda held: test(plain(held))
        is_quick = KINDS[column.type].family in _SINGLE and operator not in _SEARCHING
        return OnCells(((column.id, of_cell),), is_quick=is_quick)
    return lambda row: test(field_value(table, row, column, value_of))


def _strings(column: Column, values: Any) -> list[str]:
    found = [] if values is None else values
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise _invalid(f"{column.name}: value {values!r} is not a list of strings")
    return found


def _test(column: Column, operator: Any, values: list[str], now: int) -> Callable[[Any], bool]:
    family = KINDS[column.type].family
    if operator not in OPERATORS[family]:
        problem = f"operator {not_one_of(operator, OPERATORS[family])}"
        raise _invalid(f"{column.name} ({KINDS[column.type].word}): {problem}")
    if operator in _EMPTINESS:
        if values:
            raise _invalid(f"{column.name}: {operator} takes an empty list as value")
        return lambda value: is_empty(value) is (operator == "isEmpty")
    if not values:
        raise _invalid(f"{column.name}: {operator} needs a value")
    if operator in _SEARCHING:
        return lambda value: any(contains(value, one) for one in values) is (operator == "contains")
    if family == "date":
        return _date_test(column, operator, values, now)
    if family == "list":
        return lambda value: (set(value or ()) == set(values)) is (operator == "is")
    if len(values) != 1:
        raise _invalid(f"{column.name}: {operator} takes one value, not {len(values)}")
    comparison = _ORDER[operator]
    if family == "computed":
        return lambda value: compare(value, comparison, _like(value, values[0]))
    wanted = _wanted(column, family, values[0])
    return comparing(comparison, wanted)


def _wanted(column: Column, family: Family, text: str) -> Any:
    if family == "checkbox":
        if text.lower() not in {"true", "false"}:
            raise _invalid(f"{column.name}: {not_one_of(text, ('true', 'false'))}")
        return text.lower() == "true"
    if family == "number":
        return _number(column, text)
    return text


def _number(column: Column, text: str) -> int | float:
    if _NUMBER.fullmatch(text) and abs(number := float(text)) < float("inf"):
        return int(text) if text.lstrip("+-").isdecimal() else number
    raise _invalid(f"{column.name}: {text!r} is not a number")


def _like(value: Any, text: str) -> Any:
    """*text* as a number if the other value is a number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return float(text)
        except ValueError:
            return text
    return text


def _date_test(column: Column, operator: str, values: list[str], now: int) -> Callable[[Any], bool]:
    first, last = _span(column, operator, values, now)

    def test(value: Moment | None) -> bool:
        if value is None:
            return False
        day = value.day.number
        if operator == "is":
            return first.number <= day <= last.number
        return day > last.number if operator == "isGreater" else day < first.number

    return test


def _span(column: Column, operator: str, values: list[str], now: int) -> tuple[Day, Day]:
    """The first and the last day of a date condition."""
    word, rest = values[0], values[1:]
    if word == "ExactDate":
        if len(rest) != 1 or not rest[0].lstrip("-").isdecimal() or len(rest[0]) > 16:
            raise _invalid(f'{column.name}: ExactDate takes one time in ms: ["ExactDate","1766332800000"]')
        day = Moment(int(rest[0])).day
        return day, day
    if rest or word not in {*_DAYS, *_SPANS}:
        raise _invalid(f"{column.name}: {not_one_of(values, ['ExactDate', *_DAYS, *_SPANS])}")
    here = today(now)
    if word in _DAYS:
        day = Day(here.number + _DAYS[word])
        return day, day
    if operator != "is":
        raise _invalid(f"{column.name}: {word} is accepted only with the operator is")
    return _relative(word, here)


def _relative(word: str, here: Day) -> tuple[Day, Day]:
    monday = here.number - here.date.weekday()
    first_of_month = here.date.replace(day=1)
    before = (first_of_month - timedelta(1)).replace(day=1)
    after = (first_of_month + timedelta(31)).replace(day=1)
    start = here.number - (here.date - first_of_month).days
    spans = {
        "CurrentWeek": (monday, monday + 6),
        "LastWeek": (monday - 7, monday - 1),
        "CurrentMonth": (start, start + (after - first_of_month).days - 1),
        "LastMonth": (start - (first_of_month - before).days, start - 1),
        "TheLastWeek": (here.number - 7, here.number - 1),
        "TheNextWeek": (here.number + 1, here.number + 7),
        "TheLastMonth": (here.number - 30, here.number - 1),
        "TheNextMonth": (here.number + 1, here.number + 30),
    }
    first, last = spans[word]
    return Day(first), Day(last)


def sort_keys(table: Table, content: Any) -> list[SortKey]:
    """The sort of a search: ``[{field_name, desc}]``; raises 1254016 and 1254045."""
    found = [] if content is None else content
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise errors.refused(1254016, "sort is not a list of objects with field_name and desc")
    keys = []
    for one in found:
        if not isinstance(one.get("desc", False), bool):
            raise errors.refused(1254016, f"sort: desc {one['desc']!r} is not true or false")
        keys.append(_key(table, one.get("field_name"), descending=one.get("desc", False)))
    return keys


def view_sort(table: Table, content: Any) -> list[dict[str, Any]]:
    """The stored sort of a view, with the ids of fields; raises 1254016 and 1254045."""
    found = [] if content is None else content
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise errors.refused(1254016, "sort is not a list of objects with field_name and desc")
    kept = []
    for one in found:
        known = table.column_with_id(one["field_id"]) if "field_id" in one else None
        name = known.name if known else one.get("field_name")
        descending = one.get("desc", False)
        sort_keys(table, [{"field_name": name, "desc": descending}])
        if column := table.column(name):
            kept.append({"field_id": column.id, "desc": descending})
    return kept


def view_sort_keys(table: Table, kept: Iterable[Mapping[str, Any]]) -> list[SortKey]:
    """The sort of a view; deleted fields are left out."""
    columns = [(table.column_with_id(one["field_id"]), one["desc"]) for one in kept]
    return [_key(table, column.name, descending=desc) for column, desc in columns if column]


def list_sort_keys(table: Table, text: str) -> list[SortKey]:
    """The sort of the list call: ``["duration_ms DESC"]``; raises 1254016 and 1254045."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise errors.refused(1254016, f'sort {text!r} is not a JSON list such as ["duration_ms DESC"]')
    keys = []
    for one in found:
        name, _, direction = one.rpartition(" ")
        if not name or direction.upper() not in {"ASC", "DESC"}:
            name, direction = one, "ASC"
        keys.append(_key(table, name, descending=direction.upper() == "DESC"))
    return keys


def _key(table: Table, name: Any, *, descending: bool) -> SortKey:
    column = table.column(name) if isinstance(name, str) else None
    if column is None:
        raise errors.refused(1254045, f"sort: the table has no field {name!r}")

    def value(row: Row) -> Any:
        held = value_of(table, row, column)
        return ",".join(map(str, held)) if isinstance(held, list) else held

    return value, descending


def _invalid(reason: str) -> ApiError:
    return errors.refused(1254018, f"filter: {reason}")
