"""What the schemas of the control API's responses share."""

from typing import Literal

import pytest
from marshmallow import fields

from mockcbs.control.answers.base import Answer, Problem, field_for, incomplete, words


class Weather(Answer):
    """An answer with a member that may be missing."""

    OPTIONAL = ("wind",)

    sky = words("clear", "grey")
    wind = fields.Integer()


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ({"sky": "clear"}, set()),
        ({"sky": "grey", "wind": 3}, set()),
        ({"wind": 3}, {"sky"}),
        ({"sky": "green"}, {"sky"}),
        ({"sky": "clear", "rain": 1}, {"rain"}),
    ],
)
def test_members_are_required_unless_they_are_optional(content, wrong):
    """A required member must be present, and unknown members are refused."""
    assert Weather().validate(content).keys() == wrong


@pytest.mark.parametrize(
    ("hint", "good", "bad"),
    [
        (int, 3, "three"),
        (bool, True, "perhaps"),
        (str, "a", 1),
        (int | None, None, "three"),
        (Literal["a", "b"], "b", "c"),
    ],
)
def test_a_type_becomes_a_field(hint, good, bad):
    """A field accepts the values of its type, and `None` where the type allows it."""
    made = Answer.from_dict({"value": field_for(hint)})()

    assert made.validate({"value": good}) == {}
    assert made.validate({"value": bad}).keys() == {"value"}


def test_a_union_takes_any_value():
    """A union accepts any value except `None`."""
    made = Answer.from_dict({"value": field_for(int | str)})()

    assert made.validate({"value": 1}) == made.validate({"value": "a"}) == {}
    assert made.validate({"value": None}).keys() == {"value"}


def test_missing_workers_are_listed_by_name():
    """The list of missing workers contains their names as texts."""
    made = Answer.from_dict({"incomplete": incomplete()})()

    assert made.validate({"incomplete": ["worker-1"]}) == {}
    assert made.validate({"incomplete": 1}).keys() == {"incomplete"}


def test_a_refusal_is_a_problem(client):
    """A refusal has title, status and detail."""
    refusal = client.get("/_mockcbs/journal?limit=x")

    assert refusal.status_code == 400
    assert Problem().validate(refusal.json) == {}
