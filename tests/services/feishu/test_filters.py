"""Filters, formulas, views and sorting against a plain Python model."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.feishu.model import SIGNS, chosen, numbers, quick, rows, words


def holds(value, name, wanted):
    """The model: an empty cell is only different."""
    if value in (None, ""):
        return name == "isNot"
    return SIGNS[name][1](value, wanted)


def literal(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@quick
@given(rows, st.sampled_from(list(SIGNS)), numbers)
def test_numbers_compare(new_table, content, name, wanted):
    """Search, formula and view choose the same rows as the model."""
    table = new_table()
    ids = table.create(*content)
    field_id = table.call("GET", "/fields")["data"]["items"][2]["field_id"]

    expected = chosen(ids, content, lambda row: holds(row.get("input_len"), name, wanted))
    assert table.search(("input_len", name, [str(wanted)])) == expected
    assert table.list(f"CurrentValue.[input_len] {SIGNS[name][0]} {wanted}") == expected
    assert table.view(field_id, name, json.dumps([str(wanted)])) == expected


@quick
@given(rows, st.sampled_from(["is", "isNot", "contains", "doesNotContain"]), words.filter(bool))
def test_texts_compare(new_table, content, name, wanted):
    """Texts are compared with their case; an empty text contains nothing."""
    table = new_table()
    ids = table.create(*content)
    field_id = table.call("GET", "/fields")["data"]["items"][0]["field_id"]

    def test(row):
        value = row.get("workflow_id") or ""
        found = value == wanted if name in {"is", "isNot"} else bool(value) and wanted in value
        return found is (name in {"is", "contains"})

    said = literal(wanted)
    formula = {
        "is": f"CurrentValue.[workflow_id]={said}",
        "isNot": f"CurrentValue.[workflow_id]!={said}",
        "contains": f"CurrentValue.[workflow_id].contains({said})",
        "doesNotContain": f"NOT(CurrentValue.[workflow_id].contains({said}))",
    }[name]
    expected = chosen(ids, content, test)
    assert table.search(("workflow_id", name, [wanted])) == expected
    assert table.list(formula) == expected
    assert table.view(field_id, name, json.dumps([wanted])) == expected


@quick
@given(rows, st.sampled_from(["workflow_id", "input_len", "exec_time"]))
def test_emptiness(new_table, content, name):
    """isEmpty, isNotEmpty, ``= ""`` and ISBLANK find empty and other cells."""
    table = new_table()
    ids = table.create(*content)

    empty = chosen(ids, content, lambda row: row.get(name) in (None, ""))
    assert table.search((name, "isEmpty", [])) == empty == table.list(f"ISBLANK(CurrentValue.[{name}])")
    assert table.list(f'CurrentValue.[{name}]=""') == empty
    assert table.search((name, "isNotEmpty", [])) == [one for one in ids if one not in empty]


@quick
@given(rows, st.sampled_from(["and", "or"]), numbers, words.filter(bool))
def test_conditions_stand_together(new_table, content, conjunction, number, word):
    """Conditions are joined with and, or, and one level of children."""
    table = new_table()
    ids = table.create(*content)
    together = all if conjunction == "and" else any

    def parts(row):
        return [holds(row.get("input_len"), "isGreater", number), (row.get("workflow_id") or "") == word]

    conditions = (("input_len", "isGreater", [str(number)]), ("workflow_id", "is", [word]))
    expected = chosen(ids, content, lambda row: together(parts(row)))
    assert table.search(*conditions, conjunction=conjunction) == expected
    greater, same = f"CurrentValue.[input_len]>{number}", f"CurrentValue.[workflow_id]={literal(word)}"
    assert table.list(f"{conjunction.upper()}({greater},{same})") == expected
    assert table.list(f"{greater} {'&&' if conjunction == 'and' else '||'} {same}") == expected
    child = {
        "conjunction": "and",
        "conditions": [{"field_name": "input_len", "operator": "isEmpty", "value": []}],
    }
    nested = {"conjunction": "or", "conditions": [], "children": [child, child]}
    answer = table.call("POST", "/records/search", {"filter": nested}, page_size=500)
    found = [item["record_id"] for item in answer["data"]["items"]]
    assert found == chosen(ids, content, lambda row: "input_len" not in row)


@quick
@given(rows, st.booleans())
def test_rows_are_sorted(new_table, content, descending):
    """Empty cells first, or last if the sort descends; equal ones keep their order."""
    table = new_table()
    ids = table.create(*content)

    order = sorted(
        range(len(ids)),
        key=lambda place: ("input_len" in content[place], content[place].get("input_len", 0)),
        reverse=descending,
    )
    expected = [ids[place] for place in order]
    assert table.search(sort=[{"field_name": "input_len", "desc": descending}]) == expected
    assert table.list(sort=json.dumps([f"input_len {'DESC' if descending else 'ASC'}"])) == expected


@pytest.mark.parametrize(
    ("name", "word", "value"),
    [
        ("workflow_id", "isGreater", ["a"]),
        ("input_len", "contains", ["1"]),
        ("input_len", "is", ["x"]),
        ("input_len", "is", ["nan"]),
        ("input_len", "is", [1]),
        ("input_len", "is", 1),
        ("input_len", "is", []),
        ("input_len", "is", ["1", "2"]),
        ("input_len", "isEmpty", ["1"]),
        ("exec_time", "isNot", ["Today"]),
        ("exec_time", "isGreaterEqual", ["Today"]),
        ("exec_time", "is", ["Someday"]),
        ("exec_time", "is", ["ExactDate"]),
        ("exec_time", "is", ["ExactDate", "x"]),
        ("exec_time", "is", ["1766332800000"]),
        ("exec_time", "isLess", ["CurrentWeek"]),
        ("workflow_id", "like", ["a"]),
        ("workflow_id", "in", ["a"]),
        ("workflow_id", None, ["a"]),
    ],
)
def test_an_invalid_condition_is_refused(table, name, word, value):
    """1254018, in a search as in a view."""
    field_id = {one["field_name"]: one["field_id"] for one in table.call("GET", "/fields")["data"]["items"]}[
        name
    ]

    assert table.search((name, word, value)) == 1254018
    assert table.view(field_id, word, json.dumps(value)) == 1254018


@pytest.mark.parametrize(
    "content",
    [
        {"filter": {"conjunction": ["and"]}},
        {"filter": {"conjunction": "xor"}},
        {"filter": {"conditions": {}}},
        {"filter": {"conditions": [1]}},
        {"filter": {"conditions": [{"field_name": "input_len", "operator": ["is"], "value": ["1"]}]}},
        {"filter": {"children": [{"children": [{"conditions": []}]}]}},
        {"filter": {"conditions": [{"field_name": "input_len", "operator": "isEmpty"}] * 51}},
        {"filter": [1]},
    ],
)
def test_a_filter_of_a_wrong_form_is_refused(table, content):
    """A filter of a wrong form gets 1254018."""
    assert table.call("POST", "/records/search", content)["code"] == 1254018


def test_conditions_on_stored_cells_and_on_others_hold_together(new_table):
    """Cells are tested as they are stored, times of records after these."""
    table = new_table()
    table.field("link", 15)
    table.field("tags", 4)
    table.field("made", 1001)
    ids = table.create(
        *(
            {
                "workflow_id": word,
                "input_len": number,
                "link": {"link": "http://a", "text": text},
                "tags": ["x"],
            }
            for word, number, text in (("a", 1, "one"), ("a", 2, "one"), ("a", 1, "two"), ("b", 1, "one"))
        ),
        {"workflow_id": "a"},
    )
    conditions = [
        ("made", "is", ["Today"]),
        ("workflow_id", "is", ["a"]),
        ("tags", "is", ["x"]),
        ("link", "is", ["one"]),
        ("input_len", "isLess", ["2"]),
    ]

    assert table.search(*conditions) == table.search(*reversed(conditions)) == ids[:1]
    assert table.search(*conditions[1:], conjunction="or") == ids
    assert table.search(("link", "contains", ["tw"]), ("made", "isGreater", ["Today"])) == []
    assert table.search(("workflow_id", "isNot", ["a"]), ("link", "isNotEmpty", [])) == ids[3:4]
