"""Compares outputs; each function returns the first difference as a sentence, or an empty text."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from mockcbs.examining import columns
from mockcbs.examining.output import Key, Output, Row, Value, number

_TOLERANCE = {"success_rate": Decimal("0.0002"), "error_rate": Decimal("0.0002")}
_USUAL_TOLERANCE = Decimal("0.002")
"""The tolerance for means of whole ranges, which are computed from rounded means with three digits."""

_MEAN_TOLERANCE = Decimal("0.02")
"""The tolerance for means with two digits (ms)."""


def differs(first: Output, second: Output, *, labels: bool = True, order: bool = False) -> str:
    """The difference between two outputs that should be equal. Rows with only zero counts are ignored.

    *order* says whether the order of rows matters. Without *labels* only figures and the keys of rows are
    compared, not ids and times.
    """
    if order and (where := _first_difference(first.rows, second.rows)) is not None:
        place, one, other = where
        return f"row {place}: {shown(one)}, then {shown(other)}"
    if (first.item or second.item) and _bag(first, labels=labels) != _bag(second, labels=labels):
        return _set_difference(first, second, labels=labels)
    if first.item == "event_id" or second.item == "event_id":
        return ""
    for key in sorted(first.keyed.keys() | second.keyed.keys()):
        if text := _row_differs(key, first.keyed.get(key, []), second.keyed.get(key, [])):
            return text
    return _total_differs(first, second)


def adds_up(whole: Output, parts: Sequence[Output]) -> str:
    """The difference between the output of a range and the sum of the outputs of its parts."""
    if whole.item == "event_id" or any(part.item == "event_id" for part in parts):
        return differs(whole, Output(tuple(row for part in parts for row in part.rows)))
    keys = whole.keyed.keys() | {key for part in parts for key in part.keyed}
    for key in sorted(keys):
        rows = whole.keyed.get(key, [])
        pieces = [row for part in parts for row in part.keyed.get(key, [])]
        if len(rows) > 1:
            return f"{named(key)} occurs {len(rows)} times"
        if text := row_adds_up(named(key), rows[0] if rows else {}, pieces):
            return text
    totals = [part.total for part in parts if part.total is not None]
    if whole.total is not None and totals:
        return row_adds_up("the whole", whole.total, totals)
    return ""


def holds(later: Output, earlier: Output) -> str:
    """The first count or row of *earlier* that is missing or smaller in *later*."""
    for key, rows in sorted(earlier.keyed.items()):
        now = later.keyed.get(key, [])
        if earlier.item == "event_id" and len(now) < len(rows):
            return f"{named(key)} is missing"
        for name in earlier.counts():
            before, after = (sum(number(row.get(name)) for row in some) for some in (rows, now))
            if after < before:
                return f"{named(key)}: {name} was {before}, then {after}"
    return ""


def named(key: Key) -> str:
    """The key of a row as text."""
    return ", ".join(f"{name} {value}" for name, value in key) or "the whole"


def shown(row: Row | None) -> str:
    """A row as one line of text."""
    return "no row" if not row else ", ".join(f"{name}={value}" for name, value in row.items())


def close(name: str, one: Value, other: Value) -> bool:
    """Whether two means are equal except for rounding."""
    slack = _tolerance(name) + _rounding(name, one) + _rounding(name, other)
    return abs(number(one) - number(other)) <= slack


def is_empty(row: Row) -> bool:
    """Whether all counts of a row are zero, so that the row may be omitted."""
    sizes = [number(row[name]) for name in columns.SIZES if name in row]
    return not any(sizes) if sizes else not any(number(row.get(name)) for name in columns.FIGURES)


def _row_differs(key: Key, first: list[Row], second: list[Row]) -> str:
    filled = [
        [row for row in rows if not is_empty(row)] if _is_figured(rows) else rows for rows in (first, second)
    ]
    one, other = filled
    if len(one) != len(other):
        if len(one) > 1 or len(other) > 1:
            return f"{named(key)} occurs {len(one)} times, then {len(other)} times"
        return f"{named(key)}: {shown(one[0] if one else None)}; then {shown(other[0] if other else None)}"
    return next(
        (text for pair in zip(one, other, strict=True) if (text := _figures_differ(named(key), *pair))), ""
    )


def _is_figured(rows: list[Row]) -> bool:
    return any(row.keys() & columns.FIGURES for row in rows)


def _figures_differ(where: str, one: Row, other: Row) -> str:
    for name in sorted((one.keys() | other.keys()) & columns.FIGURES):
        a, b = one.get(name), other.get(name)
        equal = close(name, a, b) if name in columns.WEIGHTS else number(a) == number(b)
        if not equal and not (name in columns.WEIGHTS and is_empty(one) and is_empty(other)):
            return f"{where}: {name} is {a}, then {b}"
    return ""


def _total_differs(first: Output, second: Output) -> str:
    if first.total is None and second.total is None:
        return ""
    return _figures_differ("the whole", first.total or {}, second.total or {})


def row_adds_up(where: str, whole: Row, pieces: Sequence[Row]) -> str:
    """The difference between a row and the sum of the rows of its parts."""
    filled = [row for row in pieces if not is_empty(row)]
    for name in sorted(
        columns.FIGURES.intersection(whole, *[row.keys() for row in filled]) if filled else ()
    ):
        values = [number(row[name]) for row in filled]
        if text := _figure_differs(name, number(whole[name]), values, filled):
            return f"{where}: {text}"
    if not filled and not is_empty(whole):
        return f"{where}: {shown(whole)}; its parts: nothing"
    if filled and not whole:
        return f"{where}: no row; its parts: {shown(filled[0])}"
    return ""


def _figure_differs(name: str, whole: Decimal, values: list[Decimal], rows: list[Row]) -> str:
    parts = " and ".join(str(value) for value in values)
    if name in columns.COUNTS:
        return f"{name} is {whole}, its parts are {parts}" if whole != sum(values) else ""
    if name in columns.DISTINCT:
        right = max(values) <= whole <= sum(values)
        return "" if right else f"{name} is {whole}, its parts are {parts}"
    weights = [number(row.get(columns.WEIGHTS[name])) for row in rows]
    slack = _tolerance(name) + _rounding(name, whole) + max(_rounding(name, value) for value in values)
    if sum(weights):
        weighted = sum((one * other for one, other in zip(weights, values, strict=True)), Decimal(0))
        mean = weighted / sum(weights)
        if abs(mean - whole) > slack:
            weighed = f"weighted by {columns.WEIGHTS[name]} they give {mean:.4f}"
            return f"{name} is {whole}, its parts are {parts}; {weighed}"
        return ""
    inside = min(values) - slack <= whole <= max(values) + slack
    return "" if inside else f"{name} is {whole}, its parts are {parts}"


def _tolerance(name: str) -> Decimal:
    return _MEAN_TOLERANCE if name.endswith("_ms") else _TOLERANCE.get(name, _USUAL_TOLERANCE)


def _rounding(name: str, value: Value) -> Decimal:
    """By how much a mean can differ from *value* if it was rounded to the digits of *value*.

    Zeros at the end may be missing, so that a value with fewer digits than usual is taken for one with two
    (ms: with none).
    """
    exponent = number(value).normalize().as_tuple().exponent
    fewest = 0 if name.endswith("_ms") else 2
    digits = max(fewest, -exponent if isinstance(exponent, int) else 0)
    return Decimal(5).scaleb(-digits - 1)


def _bag(output: Output, *, labels: bool) -> list[str]:
    return sorted(_comparable(row, labels=labels) for row in output.rows)


def _comparable(row: Row, *, labels: bool) -> str:
    kept = {name: row[name] for name in sorted(row) if labels or name in columns.FIGURES.union(("keyword",))}
    return shown(kept)


def _set_difference(first: Output, second: Output, *, labels: bool) -> str:
    one, other = _bag(first, labels=labels), _bag(second, labels=labels)
    only = [row for row in one if one.count(row) > other.count(row)]
    more = [row for row in other if other.count(row) > one.count(row)]
    counted = f"{len(one)} rows, then {len(other)}"
    if only:
        return f"{counted}; only in the first run: {only[0]}"
    return f"{counted}; only in the second run: {more[0]}"


def _first_difference(
    first: Sequence[Row], second: Sequence[Row]
) -> tuple[int, Row | None, Row | None] | None:
    padded: Iterable[int] = range(max(len(first), len(second)))
    for place in padded:
        one = first[place] if place < len(first) else None
        other = second[place] if place < len(second) else None
        if one != other:
            return place + 1, one, other
    return None
