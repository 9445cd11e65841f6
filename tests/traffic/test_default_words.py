"""What users of any bot say."""

import pytest

from mockcbs.traffic import default_words
from mockcbs.traffic.kinds import kind_of


@pytest.mark.parametrize("name", ["REPHRASINGS", "VAGUE", "FRAGMENTS", "OUTAGES", "RECOVERIES"])
def test_there_are_many_texts_each_once(name):
    """No list is short, and none repeats a text, so that none leads a statistic."""
    texts = getattr(default_words, name)

    assert len(texts) >= 10
    assert len(set(texts)) == len(texts)


def test_templates_have_a_place():
    """Rephrasings contain the question, and vague questions a keyword."""
    assert all("{question}" in text for text in default_words.REPHRASINGS)
    assert all("{keyword}" in text for text in default_words.VAGUE)


def test_many_remarks_in_incidents_name_the_trouble():
    """Users say that something is slow, fails or is stuck."""
    assert sum(kind_of(text) in {"trouble", "mishap"} for text in default_words.OUTAGES) >= 4
