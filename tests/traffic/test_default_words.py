"""What users of any bot say."""

import re

import pytest

from mockcbs.traffic import default_words
from mockcbs.traffic.words.kinds import kind_of
from tests.traffic.bases import SHIPPED, shipped


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


@pytest.mark.parametrize("name", SHIPPED)
def test_each_trade_has_its_own_remarks_in_incidents(name):
    """25 in incidents and 12 after them, each once."""
    knowledge = shipped(name)

    assert len({*knowledge.outages}) == len(knowledge.outages) == 25
    assert len({*knowledge.recoveries}) == len(knowledge.recoveries) == 12
    assert knowledge.outages != default_words.OUTAGES


def test_english_times_exist():
    """No clock shows 13:70."""
    for texts in default_words.ENGLISH_PARTS.values():
        assert not [text for text in texts if re.search(r"[6-9]\d\b.*:|:[#6-9]", text)]
