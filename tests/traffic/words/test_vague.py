"""Questions about a pair that the bot does not match."""

import re

import pytest

from mockcbs.traffic.knowledge import KnowledgeBase, Pair
from mockcbs.traffic.words.keywords import KeywordExtractor
from mockcbs.traffic.words.kinds import kind_of
from mockcbs.traffic.words.vague import is_thing, vague_questions
from tests.traffic.bases import SHIPPED, shipped

TEMPLATES = KnowledgeBase().vague


def vague(pair: Pair, *keywords: str) -> set[str]:
    """The questions about a pair at many places of a knowledge base."""
    return {text for place in range(40) for text in vague_questions(pair, keywords, TEMPLATES, place)}


def test_only_what_can_fail_fails():
    """又不行了 is said of a printer, and not of a rule or a procedure."""
    broken = vague(Pair("打印机连不上怎么办"), "打印机")
    rule, way = vague(Pair("密码有什么复杂度要求"), "复杂度"), vague(Pair("发票抬头怎么开"), "发票抬头")

    assert "打印机好像出问题了" in broken
    assert "复杂度又不行了" not in rule
    assert "发票抬头又不行了" not in way
    assert "发票抬头咋弄啊" in way


def test_a_question_names_what_fails():
    """Of several keywords, that at the begin of the question fails."""
    assert "宿舍好像出问题了" in vague(Pair("宿舍网络断了"), "网络", "宿舍")


@pytest.mark.parametrize(
    ("keyword", "thing"), [("丢了", False), ("几本", False), ("误删", False), ("饭卡", True)]
)
def test_a_state_is_no_thing(keyword, thing):
    """丢了 alone asks nothing."""
    assert is_thing(keyword) == thing


def test_users_templates_are_used_if_none_fits():
    """A knowledge base with templates of one kind has vague questions about all pairs."""
    found = vague_questions(Pair("where is it"), ["it"], ["{keyword} is broken"], 0)

    assert "it is broken" in found


@pytest.mark.parametrize("name", SHIPPED)
def test_vague_words_go_around_what_they_fit(name):
    """Only what fails 不行了, only what can be done 咋弄, and nobody asks about a fact with them."""
    knowledge = shipped(name)
    extract = KeywordExtractor(knowledge.lexicon)
    for place, pair in enumerate(knowledge.pairs):
        gone = re.search("[丢偷错]|误删", pair.question)
        for text in vague_questions(pair, extract(pair.question), knowledge.vague, place):
            fails = kind_of(pair.question) in {"trouble", "mishap"} and not gone
            assert fails or not re.search(
                "不行|出问题|没反应|不对|不好用|给个说法|broken|not working", text
            ), text
            does = re.search("怎|如何|[Hh]ow", pair.question)
            assert does or not re.search("咋弄|怎么搞|弄不明白|不会弄|找谁|归谁|求助|stuck|lost", text), text


@pytest.mark.parametrize("name", SHIPPED)
def test_what_a_pair_is_about_has_a_keyword(name):
    """Else users would name nothing that the pair has, and their words would not be phrased."""
    knowledge = shipped(name)
    extract = KeywordExtractor(knowledge.lexicon)
    for pair in knowledge.pairs:
        known = {word for text in (pair.question, *pair.variants) for word in extract(text)}
        assert not pair.about or known & {*extract.certain(pair.about)}, pair.about
