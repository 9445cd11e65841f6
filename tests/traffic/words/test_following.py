"""What users say after questions about pairs."""

import pytest

from mockcbs.traffic.knowledge import KnowledgeBase, Pair, Utterance
from mockcbs.traffic.words.following import FollowUps, evenly, more_about
from tests.traffic.bases import shipped

PAIR = Pair("可以开发票吗", domain="发票", answer="可以")
KNOWLEDGE = KnowledgeBase(
    pairs=(PAIR,),
    fragments=("那找谁", "在哪看", "还有呢", "急", "没看懂"),
    follow_ups={"开发票": ("要几天", "{awaited}没收到"), "发票": ("抬头写什么",), "退货": ("盒子扔了",)},
)


def test_who_has_done_what_the_answer_says_speaks_later():
    """A pair has the remarks of its words and its category, and two for any question that fit it; those of
    users who tell what has come of the answer are apart.
    """
    at_once, done = FollowUps(KNOWLEDGE, Utterance).after(PAIR, 0)

    assert [one.template for one in at_once] == ["要几天", "抬头写什么", "还有呢", "没看懂"]
    assert [one.template for one in done] == ["{awaited}没收到"]


def test_other_pairs_have_the_remarks_for_any_question():
    """They have nothing that tells of what an answer says."""
    at_once, done = FollowUps(KNOWLEDGE, Utterance).after(Pair("怎么投诉"), 0)

    assert {one.template for one in at_once} == {*KNOWLEDGE.fragments} - {"急"}
    assert not done


def test_all_remarks_are_about_as_frequent():
    """Half of the draws are of the first quarter of a list, which holds all of them."""
    said = [Utterance(str(number), "notmatch") for number in range(8)]

    assert {*evenly(said)[: len(said)]} == {*said}


def test_who_says_more_names_the_thing():
    """Each remark has the thing before or after it, and none has it twice."""
    remarks = ("能快点吗", "那到哪里", "都一周了", "少算了几块", "退款能快点吗", "券退吗")

    named = more_about("退款", remarks)

    assert len(named) == 4
    assert all(text.count("退款") == 1 for text in named)
    assert all(remark.removeprefix("那") in text for remark, text in zip(remarks, named, strict=False))
    assert more_about("a refund", ["who do I ask"])[0] in {
        "a refund, who do I ask",
        "who do I ask, a refund",
        "a refund: who do I ask",
        "who do I ask - a refund",
    }


@pytest.mark.parametrize(
    ("question", "answer", "fitting"),
    [
        ("双十一有什么活动", "预售10天", set()),
        ("运费怎么算", "满99包邮", set()),
        ("打印机怎么连接", "两分钟就好", {"还有别的办法吗", "在哪看"}),
        ("怎么申请退货", "一个工作日内审核", {"还有别的办法吗", "在哪看", "那要等多久", "急"}),
        ("物流好几天没更新了，还没收到", "两天内回复", {"还有别的办法吗", "那要等多久", "急"}),
    ],
)
def test_remarks_for_any_question_fit_its_kind(question, answer, fitting):
    """Nobody asks how long to wait, or for another way, after a fact."""
    special = {"还有别的办法吗", "在哪看", "那要等多久", "急"}
    knowledge = KnowledgeBase(fragments=(*special, "还有呢"))

    said = {one.template for one in FollowUps(knowledge, Utterance).fitting(question, answer)}

    assert said == {*fitting, "还有呢"}


def test_nobody_breaks_a_sentence_with_a_name():
    """A name does not repeat the remark, says something alone, and stands before what is stated."""
    assert more_about("退差价", ["差价退到哪", "那我再等等"]) == []
    assert more_about("质量", ["照片发了"]) == []
    named = more_about("返场", [f"第{number}天了" for number in range(400)])

    assert all(text.removeprefix("就是").startswith("返场") for text in named)
    assert 0.06 < sum(text.startswith("就是") for text in named) / len(named) < 0.14


def test_who_speaks_of_a_smell_asked_about_it():
    """味道还是有 follows questions about a smell alone, and nobody who paid twice looks where to pay."""
    shop = shipped("shop")
    for pair in shop.pairs:
        done = {one.template for one in FollowUps(shop, Utterance).after(pair, 0).done}

        assert "味道" in pair.question or not any("味道" in text for text in done)
        assert not any("付款的地方" in text for text in done)
    assert any("味道" in text for text in shop.follow_ups["杯子有味道"])
