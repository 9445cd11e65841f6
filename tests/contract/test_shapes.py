"""What a schema finds in a response, and the values of a response."""

import json

from hypothesis import given
from hypothesis import strategies as st
from marshmallow import RAISE, Schema, fields

from mockcbs.contract.lacking import Lacking
from mockcbs.contract.shapes import escapes, leaves, problems


class _Row(Schema):
    count = fields.Integer(required=True, strict=True)


class _Rows(Schema):
    rows = fields.List(fields.Nested(_Row), required=True)

    class Meta:
        unknown = RAISE


def test_problems_are_listed_by_member_once():
    """Each problem is listed once for all elements of a list; unknown members are listed separately."""
    wrong, unknown = problems(_Rows(), {"rows": [{"count": "x"}, {"count": "y"}, {}], "more": 1})

    assert len(wrong) == 1
    assert wrong[0].startswith("rows[].count: ")
    assert wrong[0].count("Not a valid integer.") == 1
    assert unknown == ["more"]


def test_every_value_has_its_path():
    """Missing values are left out."""
    content = {"a": {"b": [1, {"c": None}]}, "d": Lacking("gone")}

    assert list(leaves(content)) == [("a.b[]", 1), ("a.b[].c", None)]


@given(st.text(max_size=10))
def test_letters_need_no_escape(text):
    """Control characters, quotes and backslashes do."""
    assert escapes(json.dumps(text, ensure_ascii=False)) == []
    needless = [unit for unit in json.dumps(text).split("\\u")[1:] if int(unit[:4], 16) > 0x7F]
    assert len(escapes(json.dumps(text))) == len(needless) or "\\" in text
