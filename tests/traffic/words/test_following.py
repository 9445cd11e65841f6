"""What users say after questions about pairs."""

from mockcbs.traffic.knowledge import KnowledgeBase, Pair, Utterance
from mockcbs.traffic.words.following import FollowUps, evenly, more_about

PAIR = Pair("可以开发票吗", domain="发票")
KNOWLEDGE = KnowledgeBase(
    pairs=(PAIR,),
    fragments=("那找谁", "在哪看", "还有呢"),
    follow_ups={"开发票": ("要几天", "{awaited}没收到"), "发票": ("抬头写什么",), "退货": ("盒子扔了",)},
)


def test_who_has_done_what_the_answer_says_speaks_later():
    """A pair has the remarks of its words and its category, and two for any question; those of users who
    tell what has come of the answer are apart.
    """
    at_once, done = FollowUps(KNOWLEDGE, Utterance).after(PAIR, 0)

    assert [one.template for one in at_once] == ["要几天", "抬头写什么", "那找谁", "在哪看"]
    assert [one.template for one in done] == ["{awaited}没收到"]


def test_other_pairs_have_the_remarks_for_any_question():
    """They have nothing that tells of what an answer says."""
    at_once, done = FollowUps(KNOWLEDGE, Utterance).after(Pair("几点下班"), 0)

    assert {one.template for one in at_once} == {*KNOWLEDGE.fragments}
    assert not done


def test_all_remarks_are_about_as_frequent():
    """Half of the draws are of the first quarter of a list, which holds all of them."""
    said = [Utterance(str(number), "notmatch") for number in range(8)]

    assert {*evenly(said)[: len(said)]} == {*said}


def test_who_says_more_names_the_thing():
    """Each remark has the thing before or after it, and none has it twice."""
    remarks = ("能快点吗", "那退到哪里", "都一周了", "少退了几块", "退款能快点吗")

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
