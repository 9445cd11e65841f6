"""Lists and objects that are too long are refused before their items are looked at."""

import pytest
from marshmallow import Schema, ValidationError, fields, validate

from mockcbs.core import bounds


class Never(fields.Field):
    """An item that must not be looked at."""

    def _deserialize(self, *_, **__):
        raise AssertionError("looked at")


class Item(Schema):
    """Inside of another."""

    tags = fields.List(fields.String(), data_key="labels")


class Sample(Schema):
    """A field of every kind."""

    short = fields.String(validate=validate.Length(max=3, error="holds more than 3 characters"))
    pair = fields.List(Never(), validate=validate.Length(equal=2, error="give two"))
    plain = fields.List(Never())
    items = fields.List(fields.Nested(Item))
    item = fields.Nested(Item)
    pairs = fields.Dict(keys=fields.String(), values=fields.String())
    anything = fields.Raw()


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        ({"short": "abcd"}, {"short": ["holds more than 3 characters"]}),
        ({"pair": [1, 2, 3]}, {"pair": ["give two"]}),
        ({"plain": [0] * 1001}, {"plain": ["has 1001 items; at most 1000 are accepted"]}),
        ({"items": [{}] * 101}, {"items": ["has 101 items; at most 100 are accepted"]}),
        (
            {"items": [{}, {"labels": [""] * 1001}]},
            {"items": {1: {"labels": ["has 1001 items; at most 1000 are accepted"]}}},
        ),
        (
            {"item": {"labels": [""] * 1001}},
            {"item": {"labels": ["has 1001 items; at most 1000 are accepted"]}},
        ),
        (
            {"pairs": dict.fromkeys(map(str, range(1001)), "")},
            {"pairs": ["has 1001 members; at most 1000 are accepted"]},
        ),
        (
            dict.fromkeys(map(str, range(1001)), ""),
            {"_schema": ["has 1001 members; at most 1000 are accepted"]},
        ),
    ],
)
def test_too_long(content, messages):
    """The refusal names the place, the length and the limit; a message of the field replaces it."""
    with pytest.raises(ValidationError) as caught:
        bounds.check(Sample(), content)

    assert caught.value.messages == messages


@pytest.mark.parametrize(
    "content",
    [
        [],
        {"short": "abc", "pair": [1, 2], "plain": [0] * 1000, "items": [{}] * 100},
        {"anything": list(range(5000))},
        {"unknown": list(range(5000))},
        {"item": list(range(5000))},
    ],
)
def test_everything_else_is_left_to_the_schema(content):
    """Bounds accept what fits, values without items that a schema reads, and values of other types."""
    bounds.check(Sample(), content)
