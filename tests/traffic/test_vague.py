"""Questions about a pair that the bot does not match."""

import pytest

from mockcbs.traffic.keywords import KeywordExtractor
from mockcbs.traffic.knowledge import KnowledgeBase, Pair
from mockcbs.traffic.vague import is_thing, vague_questions

TEMPLATES = KnowledgeBase().vague


def vague(pair: Pair, *keywords: str) -> set[str]:
    """The questions about a pair at many places of a knowledge base."""
    find = KeywordExtractor(keywords)
    return {text for place in range(40) for text in vague_questions(pair, keywords, TEMPLATES, place, find)}


def test_only_what_can_fail_fails():
    """又不行了 is said of a printer, and not of a rule or a procedure."""
    broken = vague(Pair("打印机连不上怎么办"), "打印机")
    rule, way = vague(Pair("密码有什么复杂度要求"), "复杂度"), vague(Pair("发票抬头怎么开"), "发票抬头")

    assert "打印机好像出问题了" in broken
    assert "复杂度又不行了" not in rule
    assert "发票抬头又不行了" not in way
    assert "发票抬头咋弄啊" in way


def test_few_are_typed_wrong():
    """At most two are wordings of the pair with a typo that changes a keyword: users make other typos."""
    find = KeywordExtractor(["桌面云", "登录"])
    pair = Pair("桌面云无法登录", variants=("登录桌面云一直失败",))

    found = vague_questions(pair, ("桌面云", "登录"), TEMPLATES, 0, find)

    vague = {one.replace("{keyword}", "桌面云") for one in TEMPLATES}
    typed = [text for text in found if text not in vague]
    assert 1 <= len(typed) <= 2
    assert len(typed) <= len(found) / 2


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
    found = vague_questions(Pair("where is it"), ["it"], ["{keyword} is broken"], 0, KeywordExtractor(["it"]))

    assert "it is broken" in found


def test_typed_questions_have_whole_words():
    """A question is not cut in the middle of a word, and no letters stand beside those of a name."""
    pair = Pair("怎么连接VPN", variants=("VPN怎么登录", "VPN密码怎么重置"))

    found = vague(pair, "VPN", "登录", "密码", "重置")

    assert any("登陆" in text for text in found)
    assert not any("zenme" in text or text in {"怎么连接VP", "VPN怎么登", "VPN密码怎么重"} for text in found)


def test_a_typo_is_looked_at_once():
    """Many numbers make the same typo: its keywords are searched once, as every mock does it at its start."""
    searched: list[str] = []

    def find(text: str) -> list[str]:
        searched.append(text)
        return ["VPN"]

    vague_questions(Pair("VPN怎么申请"), ["VPN"], ["{keyword}"], 0, find)

    assert 2 < len(searched) == len(set(searched))
