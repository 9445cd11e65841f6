"""What the tables of a Base look like."""

import pytest

from mockcbs.services.feishu.dialect import APP_TOKENS, TABLE_IDS, column_options, is_hidden, view_options
from mockcbs.tables.model import Column, Table

LATENCY = Column("fldMs", "ms", "2")
TABLE = Table("bascn1", "tbl1", "runs", (Column("fldId", "id", "1"), LATENCY))
CONDITION = {"field_name": "ms", "operator": "isGreater", "value": ["10"]}


@pytest.mark.parametrize(
    ("type_", "options", "reason"),
    [
        ("2", {"colour": 1}, "unknown: colour; accepted: ui_type, property"),
        ("2", {"ui_type": "Text"}, "ui_type 'Text' is not one of Number"),
        ("2", {"property": []}, None),
        ("2", {"property": 5}, "property 5 is not an object"),
        ("3", {"property": {"options": ["a"]}}, "options is not a list of objects with a name"),
    ],
)
def test_options_of_fields(type_, options, reason):
    """A mistake in options is named with the accepted values."""
    if reason is None:
        assert column_options(type_, options)["ui_type"] == "Number"
        return
    with pytest.raises(ValueError, match=reason):
        column_options(type_, options)


def test_options_of_selects_have_ids_and_colors():
    """Stated ids and colors of options stay; two options of one name are one."""
    stated = [{"name": "a", "id": "opt1", "color": 7}, {"name": "b"}, {"name": "b"}]

    options = column_options("3", {"property": {"options": stated}})["property"]["options"]

    assert options[0] == {"name": "a", "id": "opt1", "color": 7}
    assert [one["name"] for one in options] == ["a", "b"]
    assert options[1]["id"].startswith("opt")


def test_a_stated_filter_names_fields():
    """A stated filter is stored with the ids of the fields, as in views."""
    kept = view_options(TABLE, {"filter": {"conditions": [CONDITION]}, "hidden_fields": ["fldMs"]})

    assert kept["filter_info"] == {
        "conjunction": "and",
        "conditions": [{"field_id": "fldMs", "operator": "isGreater", "value": '["10"]'}],
    }
    assert is_hidden(kept, LATENCY)
    assert not is_hidden({}, LATENCY)


@pytest.mark.parametrize(
    "options",
    [
        {"order": []},
        {"sort": "x"},
        {"sort": [{"field_name": "x"}]},
        {"sort": [{"field_id": "fldMs", "desc": 1}]},
        {"hidden_fields": ["fldNone"]},
        {"hidden_fields": "fldMs"},
        {"filter": {"conditions": [{**CONDITION, "operator": "contains"}]}},
        {"filter": {"conditions": [{**CONDITION, "field_name": "x"}]}},
        {"filter_info": {"conditions": [{"field_id": "x", "operator": "is", "value": "[]"}]}},
    ],
)
def test_views_that_cannot_be(options):
    """Unknown options, and filters that a search would refuse."""
    with pytest.raises(ValueError, match=r"."):
        view_options(TABLE, options)


@pytest.mark.parametrize(
    ("form", "good", "bad"), [(APP_TOKENS, "bascn-1_a", "x y"), (TABLE_IDS, "tblA1", "vewA1")]
)
def test_ids_have_a_form(form, good, bad):
    """Ids of Bases and tables have a form."""
    assert form.pattern.fullmatch(good)
    assert not form.pattern.fullmatch(bad)
