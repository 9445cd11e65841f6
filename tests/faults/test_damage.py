"""Damage to right answers: each kind does what it is called, and nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.faults.damage import Body, damaged
from mockcbs.faults.scenario import Damage

TEXT = '{"interval":"day","total":{"session_count":122,"rate":3.500},"list":[{"n":1}],"on":true}'
ANSWER = Body(TEXT.encode(), "application/json")


@pytest.mark.parametrize(
    ("kind", "member", "expected"),
    [
        ("missing-member", "total.rate", TEXT.replace(',"rate":3.500', "")),
        ("missing-member", "list.0.n", TEXT.replace('"n":1', "")),
        ("null-member", "interval", TEXT.replace('"day"', "null")),
        ("wrong-type", "interval", TEXT.replace('"day"', "0")),
        ("wrong-type", "total.session_count", TEXT.replace("122", "[122]")),
        ("wrong-type", "list", TEXT.replace('[{"n":1}]', "{}")),
        ("wrong-type", "on", TEXT.replace("true", '"true"')),
        ("extra-member", "list.0.n", TEXT.replace('"n":1', '"n":1,"mockcbs_extra":"unexpected"')),
        ("renamed-member", "total.session_count", TEXT.replace("session_count", "sessionCount")),
        ("renamed-member", "interval", TEXT.replace("interval", "Interval")),
        ("duplicate-key", "interval", TEXT.replace('"day"', '"day","interval":null')),
        ("number-as-string", "total.rate", TEXT.replace("3.500", '"3.500"')),
        ("float-counts", None, TEXT.replace("122", "122.0").replace('"n":1', '"n":1.0')),
        ("truncated-json", None, TEXT[: len(TEXT) // 2]),
        ("empty-body", None, ""),
    ],
)
def test_kinds(kind, member, expected):
    """All the rest of the answer stays as it was, to the byte."""
    body, _ = damaged(ANSWER, Damage(kind, member), 0.0)

    assert body.content.decode() == expected


def test_invalid_utf8():
    """The first text holds a byte that UTF-8 does not have."""
    body, _ = damaged(ANSWER, Damage("invalid-utf8"), 0.0)

    with pytest.raises(UnicodeDecodeError):
        body.content.decode()
    assert body.content.replace(b"\xff", b"") == ANSWER.content


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [("wrong-content-type", "text/html"), ("wrong-charset", "application/json; charset=iso-8859-1")],
)
def test_what_an_answer_says_it_is(kind, content_type):
    """The content type is wrong, and the bytes are unchanged."""
    body, _ = damaged(ANSWER, Damage(kind), 0.0)

    assert body == Body(ANSWER.content, content_type)


@given(chance=st.floats(0, 1, exclude_max=True))
def test_chance_chooses_a_member(chance):
    """If no member is named, a random one is removed; the note names it."""
    body, note = damaged(ANSWER, Damage("missing-member"), chance)

    assert len(body.content) < len(ANSWER.content)
    assert json.loads(body.content) is not None
    assert note.startswith("missing-member: member ")


def test_a_member_that_is_not_there():
    """A response without the member stays unchanged, and the note states this."""
    body, note = damaged(ANSWER, Damage("null-member", "nothing"), 0.0)

    assert (body, note) == (ANSWER, "null-member: no such member in this response")


@pytest.mark.parametrize("content", [b"", b"<html>", b"\xff", b"[]", b"7"])
def test_what_has_no_members_stays(content):
    """Damage to members does not change a body that is not a JSON object."""
    assert damaged(Body(content, "x"), Damage("missing-member"), 0.5)[0].content == content
