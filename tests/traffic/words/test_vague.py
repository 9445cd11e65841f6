"""Questions about a pair that the bot does not match."""

import pytest

from mockcbs.traffic.knowledge import KnowledgeBase, Pair
from mockcbs.traffic.words.vague import is_thing, vague_questions

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
