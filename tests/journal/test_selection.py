"""Selections of calls."""

import json

import pytest

from mockcbs.core import masking
from mockcbs.core.patterns import Pattern
from mockcbs.journal.selection import Selection
from tests.journal.calls import FACTS, journal


def test_selections_travel_as_json():
    """Another worker selects by the same pattern, scope and times."""
    for selection in (Selection(), Selection(Pattern(query={"a": "*"}, status=404), "p", 1, 2)):
        assert Selection.unpacked(json.loads(json.dumps(selection.packed()))) == selection


def test_masked_bodies_and_headers_are_compared():
    """A condition on a body or header sees what the journal shows: stars in place of secrets."""
    made = journal("/a")

    def of(**conditions) -> int:
        return made.count(Pattern(**conditions))

    assert of(body='"question": "桌"') == of(body='"password": "***"') == of(body='"password"') == 1
    assert of(body="s3cret") == of(body='"question": "椅"') == 0
    assert of(header={"X-Auth-Token": "[*][*][*]"}) == of(header={"AUTHORIZATION": "Bearer *"}) == 1
    assert of(header={"X-Auth-Token": "s3cret"}) == of(header={"x-other": "*"}) == 0


def test_what_repeated_calls_have_in_common_is_checked_once(monkeypatch):
    """However often a call is repeated, its body is masked once for a search."""
    made = journal("/a", size=100)
    (first,) = made.entries()
    for number in range(20):
        made.repeat(first, 0, 1.0, lambda: ((), b""), query=f"interval=day&number={number % 2}", headers={})
    masked: list[str] = []
    monkeypatch.setattr(masking, "text", lambda content: masked.append(content) or content)

    assert made.count(Pattern(query={"number": "1"}, body="question")) == 10
    assert len([text for text in masked if "question" in text]) == 1


@pytest.mark.parametrize("sought", ["nothing like it", '"question": "nothing"'])
def test_a_body_without_the_text_is_not_masked(monkeypatch, sought):
    """Masking takes milliseconds for a large body, and a search may meet many of them."""
    made = journal("/a", raw_body=FACTS["raw_body"])
    monkeypatch.setattr(masking, "text", lambda _: pytest.fail("masked"))

    assert made.count(Pattern(body=sought)) == 0
