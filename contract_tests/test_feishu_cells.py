"""Feishu: cells of each type, and the filters that select records by them."""

import json
from collections.abc import Callable
from typing import Any

from mockcbs.contract.feishu import Feishu, Table
from mockcbs.contract.kit import Kit, checks
from mockcbs.contract.targets import Answer, query

_DAY = 86_400_000
_NOON = 1_766_376_000_000
"""The cell for 2025-12-22T12:00:00+08:00, in ms."""
_ROWS: list[dict[str, Any]] = [
    {"name": "早上", "size": 5, "at": _NOON - _DAY},
    {"name": "早安", "size": 10, "at": _NOON},
    {"name": "晚上", "size": 15, "at": _NOON + _DAY},
    {"name": "空"},
]
_CELLS: dict[str, tuple[int, Any]] = {
    "text": (1, "早上好"),
    "number": (2, 12.5),
    "single": (3, "甲"),
    "multi": (4, ["甲", "乙"]),
    "date": (5, _NOON),
    "checkbox": (7, True),
    "phone": (13, "13800000000"),
    "link": (15, {"text": "page", "link": "https://example.com"}),
}


@checks(
    "feishu.cells.read",
    "feishu.cells.segments",
    "feishu.cells.text-as-array",
    "feishu.cells.empty",
    "feishu.cells.option",
)
def test_cells(kit: Kit) -> None:
    """Cells are returned as they were written; text has two forms."""
    feishu = Feishu.of(kit)
    with feishu.table(**{name: kind for name, (kind, _) in _CELLS.items()}) as table:
        cells = {name: value for name, (_, value) in _CELLS.items()}
        feishu.add(table, [cells, {"number": 1}])
        answer = feishu.call("GET", table.records)
        full, sparse, *_ = (one["fields"] for one in feishu.good("record-page", answer)["items"])
        kit.expect("feishu.cells.read", answer, full, cells, "fields")
        kit.expect("feishu.cells.option", answer, full.get("multi"), ["甲", "乙"], "multi")
        kit.expect("feishu.cells.segments", answer, full.get("text"), "早上好", "text of list")
        kit.expect("feishu.cells.empty", answer, sorted(sparse), ["number"], "members of fields")
        segments = [{"text": "早上好", "type": "text"}]
        found = _search(feishu, table, {})
        texts = [one["fields"].get("text") for one in found[1]]
        kit.expect("feishu.cells.segments", found[0], texts, [segments, None], "text of search")
        answer = feishu.call("GET", table.records, query=query(text_field_as_array="true"))
        items = feishu.good("record-page", answer)["items"]
        kit.expect("feishu.cells.text-as-array", answer, items[0]["fields"].get("text"), segments, "text")


@checks(
    "feishu.cells.text",
    "feishu.cells.number",
    "feishu.cells.selects",
    "feishu.cells.date",
    "feishu.cells.checkbox",
)
def test_wrong_cells(kit: Kit) -> None:
    """A value of a wrong type returns the error code of its column type."""
    feishu = Feishu.of(kit)
    with feishu.table(**{name: kind for name, (kind, _) in _CELLS.items()}) as table:
        for clause, name, value, code in (
            ("text", "text", 5, 1254060),
            ("number", "number", "x", 1254061),
            ("selects", "single", 5, 1254062),
            ("selects", "multi", "x", 1254063),
            ("date", "date", "2025-12-22", 1254064),
            ("checkbox", "checkbox", "yes", 1254065),
        ):
            answer = feishu.call("POST", table.records, {"fields": {name: value}})
            feishu.refused(f"feishu.cells.{clause}", answer, code)


@checks(
    "feishu.search.number",
    "feishu.search.text",
    "feishu.search.empty",
    "feishu.search.date",
    "feishu.search.conjunction",
    "feishu.search.operator",
    "feishu.search.sort",
    "feishu.search.fields",
    "feishu.list.formula",
    "feishu.list.sort",
)
def test_filters(kit: Kit) -> None:
    """A filter of search and a formula of list select the same records."""
    feishu = Feishu.of(kit)
    with feishu.table(name=1, size=2, at=5) as table:
        feishu.add(table, _ROWS)
        for clause, condition, rows, formula in _choices():
            with kit.part():
                expected = sorted(_ROWS[row]["name"] for row in rows)
                answer, found = _search(feishu, table, {"filter": condition})
                kit.expect(f"feishu.search.{clause}", answer, _names(found), expected, "rows")
                if formula:
                    answer = feishu.call("GET", table.records, query=query(filter=formula))
                    found = feishu.good("record-page", answer)["items"]
                    kit.expect("feishu.list.formula", answer, _names(found), expected, f"rows of {formula}")
        _check_order(feishu, table)


def _one(name: str, operator: str, *values: str) -> dict[str, Any]:
    return {"conjunction": "and", "conditions": [_condition(name, operator, *values)]}


def _condition(name: str, operator: str, *values: str) -> dict[str, Any]:
    return {"field_name": name, "operator": operator, "value": list(values)}


def _choices() -> list[tuple[str, dict[str, Any], list[int], str]]:
    """Tuples: clause, filter, positions of the matching rows, and the formula that selects the same rows."""
    day = ("ExactDate", str(_NOON))
    several = [_condition("size", "isGreater", "12"), _condition("name", "is", "早上")]
    nested = {
        "conjunction": "and",
        "conditions": [],
        "children": [{"conjunction": "or", "conditions": several}],
    }
    size = "CurrentValue.[size]"
    return [
        ("number", _one("size", "is", "10"), [1], f"{size}=10"),
        ("number", _one("size", "isGreater", "10"), [2], f"{size}>10"),
        ("number", _one("size", "isGreaterEqual", "10"), [1, 2], f"{size}>=10"),
        ("number", _one("size", "isLess", "10"), [0], f"AND({size}<10,{size}>0)"),
        ("number", _one("size", "isLessEqual", "10"), [0, 1], f"AND({size}<=10,{size}>0)"),
        ("text", _one("name", "is", "早上"), [0], 'CurrentValue.[name]="早上"'),
        ("text", _one("name", "isNot", "早上"), [1, 2, 3], 'NOT(CurrentValue.[name]="早上")'),
        ("text", _one("name", "contains", "早"), [0, 1], 'CurrentValue.[name].contains("早")'),
        ("text", _one("name", "doesNotContain", "早"), [2, 3], 'NOT(CurrentValue.[name].contains("早"))'),
        ("empty", _one("size", "isEmpty"), [3], ""),
        ("empty", _one("size", "isNotEmpty"), [0, 1, 2], ""),
        ("date", _one("at", "is", *day), [1], ""),
        ("date", _one("at", "isGreater", *day), [2], ""),
        ("date", _one("at", "isLess", *day), [0], ""),
        ("conjunction", {"conjunction": "or", "conditions": several}, [0, 2], ""),
        ("conjunction", {"conjunction": "and", "conditions": several}, [], ""),
        ("conjunction", nested, [0, 2], f'OR({size}>12,CurrentValue.[name]="早上")'),
    ]


def _check_order(feishu: Feishu, table: Table) -> None:
    kit = feishu.kit
    for is_down in (False, True):
        sort = [{"field_name": "size", "desc": is_down}]
        answer, found = _search(feishu, table, {"filter": _one("size", "isNotEmpty"), "sort": sort})
        expected = [15, 10, 5] if is_down else [5, 10, 15]
        kit.expect("feishu.search.sort", answer, _of("size", found), expected, "sizes")
        text = query(sort=json.dumps([f"size {'DESC' if is_down else 'ASC'}"]), field_names='["size"]')
        answer = feishu.call("GET", table.records, query=f"{text}&filter=CurrentValue.%5Bsize%5D%3E0")
        items = feishu.good("record-page", answer)["items"]
        kit.expect("feishu.list.sort", answer, [one["fields"] for one in items], _sizes(expected), "fields")
    answer, found = _search(feishu, table, {"field_names": ["size"], "filter": _one("size", "is", "5")})
    kit.expect("feishu.search.fields", answer, [one["fields"] for one in found], _sizes([5]), "fields")
    body = {"filter": _one("at", "contains", "2025")}
    answer = feishu.call("POST", f"{table.records}/search", body)
    held = answer.json.get("code") in {1254018, 1254000}
    kit.judge("feishu.search.operator", answer, "1254018 or 1254000", answer.text[:80], held=held)


def _sizes(sizes: list[int]) -> list[dict[str, int]]:
    return [{"size": size} for size in sizes]


def _search(feishu: Feishu, table: Table, body: dict[str, Any]) -> tuple[Answer, Any]:
    answer = feishu.call("POST", f"{table.records}/search", body)
    return answer, feishu.good("record-page", answer)["items"]


def _of(name: str, found: Any) -> list[Any]:
    return [one["fields"].get(name) for one in found]


def _names(found: Any) -> list[str]:
    """The names of records, in either form of text."""
    read: Callable[[Any], str] = lambda cell: cell if isinstance(cell, str) else cell[0]["text"]  # noqa: E731
    return sorted(read(cell) for cell in _of("name", found))
