"""What a bot knows, and what users say."""

import hashlib
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.traffic.knowledge import (
    KnowledgeBase,
    Pair,
    Skill,
    Slot,
    SlotValue,
    Table,
    Utterance,
    derived_id,
    uuid_from,
)


def test_ids_are_those_stated_or_derived_from_the_text():
    """The same text always gives the same id, another kind another one."""
    assert Pair("q", id="mine").pair_id == "mine"
    assert Pair("q").pair_id == derived_id("pair", "q") != derived_id("skill", "q")
    assert KnowledgeBase(domain_ids={"IT": "7"}).domain_id("IT") == "7"
    assert KnowledgeBase().domain_id("IT") == derived_id("domain", "IT")


def test_a_pair_is_found_by_each_of_its_wordings():
    """A pair is found by its standard question and by each variant."""
    pair = Pair("电脑坏了", variants=("电脑不开机",))

    assert KnowledgeBase(pairs=(pair,)).by_question == {"电脑坏了": pair, "电脑不开机": pair}


@pytest.mark.parametrize(
    ("members", "status"),
    [({}, "success"), ({"failed": True}, "failed"), ({"unfinished": True, "failed": True}, "running")],
)
def test_how_far_an_answer_is(members, status):
    """A running execution has neither failed nor succeeded."""
    assert Utterance("x", "direct", **members).status == status


def test_cells_of_tables_are_facts():
    """All but those of the first column, which names what they are about."""
    base = KnowledgeBase(tables=(Table("t", ("name", "price", "size"), (("phone", "7", "5"),)),))

    assert [(cell.entity, cell.attribute, cell.value) for cell in base.cells] == [
        ("phone", "price", "7"),
        ("phone", "size", "5"),
    ]


def test_words_of_slots_are_keywords():
    """Each word of a slot is a keyword once, beside the stated ones; single letters are not."""
    slot = Slot("city", "Which?", (SlotValue("北京", ("京", "帝都")), SlotValue("报修")))
    base = KnowledgeBase(keywords=("报修",), skills=(Skill("weather", slots=(slot,)),))

    assert base.lexicon == ("报修", "北京", "帝都")


@given(st.text())
def test_derived_ids_are_valid_uuids(text):
    """A UUID of version 4, made from the digest of any text."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()

    assert uuid_from(text) == str(UUID(bytes=digest[:16], version=4))
