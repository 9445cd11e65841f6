"""Which clients a relation can be examined with."""

from dataclasses import replace

import pytest

from mockcbs.examining.exam import RELATIONS
from mockcbs.examining.probe import BOTS, Profile
from mockcbs.examining.relations import base
from mockcbs.examining.words import WORDS, Target

TARGET = Target("http://127.0.0.1:1", "t", BOTS["coze"], "p")
PROFILE = Profile(
    "coze", TARGET, frozenset(), frozenset(), None, frozenset(), "+08:00", ("day",), None, 0, False
)


def with_words(*words):
    return replace(PROFILE, words=frozenset(words))


@pytest.mark.parametrize("words", [("start", "end"), ("start_ms", "end_ms"), ("start", "end_ms")])
def test_a_range_has_two_ends(words):
    """The ends of a range are named as days or as milliseconds."""
    assert base.needs_range(with_words(*words)) == ""
    assert base.needs_range(with_words(words[0])) != ""


def test_a_word_must_be_named():
    """The reason names the missing word."""
    reason = base.needs_word("zone")

    assert reason(with_words("zone")) == base.always(PROFILE) == ""
    assert "{zone}" in reason(PROFILE)


@pytest.mark.parametrize("name", RELATIONS)
def test_a_relation_says_why_it_cannot_be_examined(name):
    """A sentence explains that the client does not take the words; requirements are sentences, too."""
    relation = RELATIONS[name]

    assert relation.sentence.endswith(".")
    assert relation.why_not(PROFILE) == "" or "the" in relation.why_not(PROFILE)
    assert set(WORDS) >= PROFILE.words
