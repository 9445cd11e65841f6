"""Texts and JSON as PostgreSQL can hold them."""

import json

from hypothesis import example, given
from hypothesis import strategies as st

from mockcbs.backend.postgres import texts

ANY = st.text(st.characters(exclude_categories=()), max_size=20)


@given(ANY)
@example("\\0")
@example("\0\\d800\ud800")
def test_a_text_comes_back_as_it_was(text):
    """Any text is stored in a form that can be encoded and has no NUL."""
    kept = texts.plain(text)

    assert texts.original(kept) == text
    assert "\0" not in kept
    kept.encode()


@given(st.lists(ANY, max_size=3), st.lists(ANY, max_size=3))
def test_different_texts_have_different_digests(one, other):
    """Different lists of texts have different digests, even if the joined texts are equal."""
    assert (texts.digest(*one) == texts.digest(*other)) is (one == other)
    assert len(texts.digest(*one)) == 16


def test_a_lock_has_a_number_of_64_bits():
    """The number of a lock is a signed integer of 64 bits, as PostgreSQL requires."""
    assert {-(2**63) <= texts.lock_number(str(number)) < 2**63 for number in range(50)} == {True}


def test_members_that_can_be_compared():
    """A boolean is a number; values that are not scalar or not finite are left out."""
    document = {"a": True, "b": "\0", "c": 1.5, "d": [1], "e": {"x": 1}, "f": None, "g": float("inf")}

    assert json.loads(texts.members(document)) == {"a": 1, "b": "\\0", "c": 1.5}
