"""Laws: what is written is read, filtered and sorted as a plain model in Python says."""

import operator
from datetime import date, datetime, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyairtable import formulas as F  # noqa: N812 - as its documentation names it

from tests.services.airtable.conftest import BASE, caller
from tests.thoroughness import examples

KINDS = ["b", "a", "C"]
FIELDS = [
    {"name": "name", "type": "singleLineText"},
    {"name": "count", "type": "number"},
    {"name": "done", "type": "checkbox"},
    {"name": "kind", "type": "singleSelect", "options": {"choices": [{"name": kind} for kind in KINDS]}},
    {"name": "tags", "type": "multipleSelects", "options": {"choices": [{"name": kind} for kind in KINDS]}},
    {"name": "day", "type": "date"},
    {"name": "at", "type": "dateTime"},
]
TABLE = f"/v0/{BASE}/Typed"

TEXTS = st.text(st.characters(codec="utf-8"), max_size=6) | st.sampled_from(
    ["a", "A", "b", "10", "9", "it's \\"]
)
NUMBERS = st.integers(-5, 5) | st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9)
DAYS = st.dates(date(2000, 1, 1), date(2050, 1, 1)).map(date.isoformat)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1), timezones=st.just(timezone.utc)).map(  # noqa: DTZ001, UP017
    lambda at: at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
)
VALUES = {
    "name": TEXTS,
    "count": NUMBERS,
    "done": st.booleans(),
    "kind": st.sampled_from(KINDS),
    "tags": st.lists(st.sampled_from(KINDS), unique=True),
    "day": DAYS,
    "at": TIMES,
}
RECORDS = st.fixed_dictionaries({}, optional={name: value | st.none() for name, value in VALUES.items()})
EXAMPLES = settings(
    max_examples=examples(40),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def typed():
    return caller()


def fill(client, records):
    """A new table with these records; their ids, in order."""
    client.application.extensions["mockcbs"].reset()
    made = client.post(f"/v0/meta/bases/{BASE}/tables", json={"name": "Typed", "fields": FIELDS})
    assert made.status_code == 200
    ids = []
    for start in range(0, len(records), 10):
        body = {"records": [{"fields": one} for one in records[start : start + 10]]}
        ids += [one["id"] for one in client.post(TABLE, json=body).json["records"]]
    return ids


def read(client, **query):
    response = client.get(TABLE, query_string=query)
    assert response.status_code == 200, response.text
    return response.json


def kept(record):
    """A record without its empty cells."""
    return {
        name: value
        for name, value in record.items()
        if value not in (None, "", [], False) or (value == 0 and value is not False)
    }


@EXAMPLES
@given(st.lists(RECORDS, max_size=12))
def test_round_trip(typed, records):
    """Records are read as they were written, without empty cells, in the order of creation."""
    ids = fill(typed, records)

    found = read(typed)["records"]

    assert [one["id"] for one in found] == ids
    assert [one["fields"] for one in found] == [kept(record) for record in records]


@EXAMPLES
@given(RECORDS, RECORDS, st.booleans())
def test_change(typed, before, after, clear):
    """PATCH changes the cells that are named, PUT empties the others."""
    (record_id,) = fill(typed, [before])

    changed = typed.open(f"{TABLE}/{record_id}", method="PUT" if clear else "PATCH", json={"fields": after})

    assert changed.json["fields"] == kept(after if clear else {**before, **after})
    assert typed.get(f"{TABLE}/{record_id}").json == changed.json


def sort_value(name, record):
    """What a cell sorts by: empty first, options in their order, lists as the text they show."""
    value = kept(record).get(name)
    if value is None:
        return (0, 0)
    if name == "kind":
        value = KINDS.index(value)
    return (1, ", ".join(value) if name == "tags" else value)


@EXAMPLES
@given(
    st.lists(RECORDS, max_size=12),
    st.lists(st.tuples(st.sampled_from(list(VALUES)), st.booleans()), max_size=3),
)
def test_sort(typed, records, keys):
    """Records are in the order of the first key, equal ones in that of the next, then of creation."""
    ids = fill(typed, records)
    query = {}
    for place, (name, descending) in enumerate(keys):
        query[f"sort[{place}][field]"] = name
        query[f"sort[{place}][direction]"] = "desc" if descending else "asc"

    found = [one["id"] for one in read(typed, **query)["records"]]

    wanted = list(zip(ids, records, strict=True))
    for name, descending in reversed(keys):
        wanted.sort(key=lambda row, name=name: sort_value(name, row[1]), reverse=descending)
    assert found == [record_id for record_id, _ in wanted]


FEW = {
    **VALUES,
    "name": st.sampled_from(["", "a", "A", "ab", "10", "9"]),
    "count": st.sampled_from([-1, 0, 1, 1.5, 10_000, 10_001]),
    "at": st.sampled_from(
        ["2025-12-22T01:00:00.000Z", "2025-12-22T01:00:00.001Z", "2025-12-23T00:00:00.000Z"]
    ),
}
"""Values that meet often, so that comparisons meet equal ones."""
ALIKE = st.fixed_dictionaries({}, optional={name: value | st.none() for name, value in FEW.items()})
SIGNS = {
    "=": (F.EQ, operator.eq),
    "!=": (F.NE, operator.ne),
    "<": (F.LT, operator.lt),
    "<=": (F.LTE, operator.le),
    ">": (F.GT, operator.gt),
    ">=": (F.GTE, operator.ge),
}
EMPTY = {"name": "", "count": 0, "kind": ""}


@st.composite
def comparisons(draw):
    """A comparison of a field with a value, as a formula and as a predicate."""
    name = draw(st.sampled_from(["name", "count", "kind", "at"]))
    value = draw(FEW[name] | VALUES[name])
    build, compare = SIGNS[draw(st.sampled_from(list(SIGNS)))]

    def holds(record):
        held = kept(record).get(name, EMPTY.get(name))
        if held is None:  # an empty date is not equal to a date, and neither is less
            return build is F.NE
        return compare(held, value)

    wanted = F.DATETIME_PARSE(value) if name == "at" else F.to_formula(value)
    return build(F.Field(name), wanted), holds


CONDITIONS = st.recursive(
    comparisons()
    | st.just((F.Field("done"), lambda record: bool(record.get("done"))))
    | st.sampled_from(["name", "count", "tags"]).map(
        lambda name: (F.Field(name), lambda record: bool(kept(record).get(name)))
    ),
    lambda inner: st.one_of(
        inner.map(lambda one: (F.NOT(one[0]), lambda record: not one[1](record))),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda all_: (
                F.AND(*(one[0] for one in all_)),
                lambda record: all(one[1](record) for one in all_),
            )
        ),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda any_: (F.OR(*(one[0] for one in any_)), lambda record: any(one[1](record) for one in any_))
        ),
    ),
    max_leaves=6,
)


@settings(EXAMPLES, max_examples=examples(120))
@given(st.lists(ALIKE | RECORDS, min_size=3, max_size=10), CONDITIONS)
def test_filter(typed, records, condition):
    """A formula chooses the records that the same condition in Python chooses, by GET and by POST."""
    formula, holds = condition
    ids = fill(typed, records)

    found = read(typed, filterByFormula=str(formula))["records"]
    posted = typed.post(f"{TABLE}/listRecords", json={"filterByFormula": str(formula)}).json["records"]

    assert [one["id"] for one in found] == [i for i, one in zip(ids, records, strict=True) if holds(one)]
    assert posted == found


@EXAMPLES
@given(st.integers(0, 25), st.integers(1, 30), st.integers(1, 30))
def test_pages(typed, count, size, limit):
    """Pages contain each record once, up to the limit; only a single page can be empty."""
    ids = fill(typed, [{"count": number} for number in range(count)])

    pages, offset = [], {}
    while True:
        page = read(typed, pageSize=size, maxRecords=limit, **offset)
        pages.append([one["id"] for one in page["records"]])
        if "offset" not in page:
            break
        offset = {"offset": page["offset"]}

    assert [one for page in pages for one in page] == ids[:limit]
    assert all(len(page) == size for page in pages[:-1])
    assert pages[-1] or len(pages) == 1


@EXAMPLES
@given(
    st.lists(RECORDS, max_size=6),
    st.lists(
        st.fixed_dictionaries({"count": st.integers(0, 3)}, optional={"done": st.booleans()}),
        min_size=1,
        max_size=4,
    ),
)
def test_upsert(typed, records, given_records):
    """A merge changes the only record that agrees, creates a missing one, and refuses if several agree."""
    ids = fill(typed, records)
    body = {
        "performUpsert": {"fieldsToMergeOn": ["count"]},
        "records": [{"fields": one} for one in given_records],
    }

    response = typed.patch(TABLE, json=body)

    model, created, several = [dict(one) for one in records], 0, False
    for one in given_records:
        matches = [row for row in model if row.get("count") == one["count"] and row.get("count") is not None]
        several = several or len(matches) > 1
        if matches:
            matches[0].update(one)
        else:
            model.append(dict(one))
            created += 1
    if several:
        assert response.status_code == 422
        assert [one["id"] for one in read(typed)["records"]] == ids
        assert [one["fields"] for one in read(typed)["records"]] == [kept(one) for one in records]
    else:
        assert len(response.json["createdRecords"]) == created
        assert [one["fields"] for one in read(typed)["records"]] == [kept(one) for one in model]


JSON = st.recursive(
    st.booleans()
    | st.integers(-9, 9)
    | st.floats(-9, 9)
    | st.sampled_from(["", "b", "x", "2025-12-22", "2025-13-01", "rec0"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["id", "url", "text"]), inner, max_size=2)
    ),
    max_leaves=4,
)


def accepts(name, value):
    """Whether a field takes a value without typecast."""
    if name == "name":
        return isinstance(value, str)
    if name == "count":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if name == "done":
        return isinstance(value, bool)
    if name == "kind":
        return isinstance(value, str) and value in {*KINDS, ""}
    if name == "tags":
        return isinstance(value, list) and all(accepts("kind", one) for one in value)
    return value == "2025-12-22"


@settings(EXAMPLES, max_examples=examples(150))
@given(st.sampled_from(list(VALUES)), JSON)
def test_types(typed, name, value):
    """Each field takes values of its type; any other value is refused, and nothing is written."""
    fill(typed, [])

    response = typed.post(TABLE, json={"records": [{"fields": {}}, {"fields": {name: value}}]})

    assert response.status_code == (200 if accepts(name, value) else 422)
    assert len(read(typed)["records"]) == (2 if accepts(name, value) else 0)
