"""What users say around their questions."""

from collections.abc import Iterator
from dataclasses import fields
from string import Formatter

import pytest

from mockcbs.traffic.phrases import CHINESE_PHRASES, ENGLISH_PHRASES, Phrases

PHRASES = pytest.mark.parametrize("phrases", [CHINESE_PHRASES, ENGLISH_PHRASES], ids=["Chinese", "English"])
FILLED = {"n", "id", "order", "day", "hour"}
"""What stands in braces."""


def lists(phrases: Phrases) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The members that are lists of phrases."""
    for field in fields(phrases):
        if field.name != "fillers":
            yield field.name, getattr(phrases, field.name)


@PHRASES
def test_every_phrase_is_there_once(phrases):
    """Each list has phrases, and each phrase only once, so that the order of frequency is clear."""
    for name, found in lists(phrases):
        assert len(found) > 5, name
        assert len(set(found)) == len(found), name


@PHRASES
def test_braces_can_be_filled(phrases):
    """Braces contain the names of a number, an id, an order, a day or an hour, and nothing else."""
    places = {
        place for _, found in lists(phrases) for one in found for _, place, *_ in Formatter().parse(one)
    }

    assert places - {None} <= FILLED


@PHRASES
def test_a_word_has_another_one(phrases):
    """Each synonym of a word occurs once; the word itself may be among them, so that it can stay."""
    for word, others in phrases.fillers.items():
        assert set(others) - {word}
        assert len(set(others)) == len(others)
