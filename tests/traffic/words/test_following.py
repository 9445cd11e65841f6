"""What users say after questions about pairs."""

import re
from dataclasses import replace

import pytest

from mockcbs.traffic.knowledge import KnowledgeBase, Pair, Utterance
from mockcbs.traffic.words.following import FollowUps, evenly, with_thing
from tests.traffic.bases import shipped

PAIR = Pair("可以开发票吗", domain="发票", answer="可以")
KNOWLEDGE = KnowledgeBase(
    pairs=(PAIR,),
    fragments=("那找谁", "在哪看", "还有呢", "急", "没看懂"),
    follow_ups={"开发票": ("要几天", "{awaited}没收到"), "发票": ("抬头写什么",), "退货": ("盒子扔了",)},
)


def test_who_has_done_what_the_answer_says_speaks_later():
    """A pair has the remarks of its words and its category, and two for any question that fit it, not side by
    side; those of users who tell what has come of the answer are apart.
    """
    at_once, done = FollowUps(KNOWLEDGE, Utterance).after(PAIR, 0)

    assert [one.template for one in at_once] == ["要几天", "还有呢", "抬头写什么", "没看懂"]
    assert [one.template for one in done] == ["{awaited}没收到"]


def test_other_pairs_have_the_remarks_for_any_question():
    """They have nothing that tells of what an answer says."""
    at_once, done = FollowUps(KNOWLEDGE, Utterance).after(Pair("怎么投诉"), 0)

    assert {one.template for one in at_once} == {*KNOWLEDGE.fragments} - {"急", "在哪看"}
    assert not done


def test_all_remarks_are_about_as_frequent():
    """Half of the draws are of the first quarter of a list, which holds all of them."""
    said = [Utterance(str(number), "notmatch") for number in range(8)]

    assert {*evenly(said)[: len(said)]} == {*said}


def test_what_is_said_of_a_thing_makes_one_sentence_with_it():
    """The name stands in one sentence with the remark, once, or the remark is not said with it."""
    for remark in ("能快点吗", "那要几天", "都一周了", "在哪看"):
        assert re.fullmatch("那?退款(的话)?" + remark.removeprefix("那"), with_thing("退款", remark))
    for remark in ("花呗付的也是吗", "照片发了", "那算了", "还有呢", "退款能快点吗", "要是退差价呢"):
        assert not with_thing("退款", remark)
    assert not with_thing("退差价", "差价退到哪")
    assert "时间" not in with_thing("图书馆时间", "没带卡能进吗")
    assert with_thing("a refund", "who do I ask") in {
        "about a refund, who do I ask",
        "for a refund, who do I ask",
    }
    assert not with_thing("a refund", "a refund or credit")


def test_remarks_are_said_in_full_in_words_of_their_own():
    """A knowledge base states for each pair what users say instead of a remark; others have none."""
    full = {"开发票": {"要几天": ("发票几天能开好",)}, "退货": {"盒子扔了": ("没有盒子能退货吗",)}}
    knowledge = replace(KNOWLEDGE, in_full=full)

    assert knowledge.said_in_full(PAIR) == full["开发票"]
    assert not knowledge.said_in_full(Pair("怎么投诉"))


def test_remarks_know_whether_there_was_an_answer():
    """Without one nobody asks for more of it, and who gives up says so only then."""
    follow_ups = FollowUps(KnowledgeBase(fragments=("那算了", "还有呢", "没看懂", "有电话吗")), Utterance)
    pair = Pair("怎么申请退货", answer="一个工作日内审核")

    def said(answer: str | None) -> set[str]:
        return {one.template for one in follow_ups.fitting(pair.question, answer)}

    assert said(None) == {"那算了", "有电话吗"}
    assert said(pair.answer) == said("") == {"还有呢", "没看懂", "有电话吗"}
    assert "那算了" not in {one.template for one in follow_ups.after(pair, 0).at_once}


@pytest.mark.parametrize(
    ("question", "answer", "fitting"),
    [
        ("双十一有什么活动", "预售10天", set()),
        ("运费怎么算", "满99包邮", set()),
        ("打印机怎么连接", "两分钟就好", {"还有别的办法吗"}),
        ("费用怎么查", "在账单页面里看", {"还有别的办法吗", "在哪看"}),
        ("怎么申请退货", "一个工作日内审核", {"还有别的办法吗", "那要等多久", "急"}),
        ("物流好几天没更新了，还没收到", "两天内回复", {"还有别的办法吗", "那要等多久", "急"}),
    ],
)
def test_remarks_for_any_question_fit_its_kind(question, answer, fitting):
    """Nobody asks how long to wait, or for another way, after a fact, or where to look for nothing."""
    special = {"还有别的办法吗", "在哪看", "那要等多久", "急"}
    knowledge = KnowledgeBase(fragments=(*special, "还有呢"))

    said = {one.template for one in FollowUps(knowledge, Utterance).fitting(question, answer)}

    assert said == {*fitting, "还有呢"}


def test_who_speaks_of_a_smell_asked_about_it():
    """味道还是有 follows questions about a smell alone, and nobody who paid twice looks where to pay."""
    shop = shipped("shop")
    for pair in shop.pairs:
        done = {one.template for one in FollowUps(shop, Utterance).after(pair, 0).done}

        assert "味道" in pair.question or not any("味道" in text for text in done)
        assert not any("付款的地方" in text for text in done)
    assert any("味道" in text for text in shop.follow_ups["杯子有味道"])
