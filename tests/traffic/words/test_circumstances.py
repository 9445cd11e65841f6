"""What users tell in one line with the first question of a session."""

import re
from itertools import product

import numpy as np
import pytest

from mockcbs.datasets.load import load
from mockcbs.traffic import bits
from mockcbs.traffic.knowledge import KnowledgeBase, Pair, Turn
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.words.circumstances import Circumstances, around, telling_rows
from mockcbs.traffic.words.keywords import KeywordExtractor
from tests.traffic.bases import SHIPPED, shipped
from tests.traffic.worlds import CBS, COZE, LAST

KNOWLEDGE = KnowledgeBase(
    (
        Pair("怎么退货", variants=("退货", "不要了能退吗")),
        Pair("怎么开发票", domain="钱"),
        Pair("退款多久到账"),
    ),
    circumstances={"退": ("[昨天|前天]才拿到",), "钱": ("{n}月要报账",)},
)


def circumstances(knowledge: KnowledgeBase) -> Circumstances:
    extractor = KeywordExtractor(knowledge.lexicon)
    return Circumstances(knowledge, lambda texts: [text for text in texts if not extractor.is_certain(text)])


def wordings(text: str) -> list[str]:
    """All that can become of a stated sentence."""
    parts = re.split(r"\[([^\]]*)\]", text)
    choices = [part.split("|") if place % 2 else [part] for place, part in enumerate(parts)]
    return ["".join(some).replace("{n}", "3").replace("{day}", "12") for some in product(*choices)]


def test_sentences_belong_to_a_category_or_to_words_of_questions():
    """Nothing is told with other questions, or with a keyword alone."""
    told = circumstances(KNOWLEDGE)

    assert {told.of(asked, 1, own) for asked in ("不要了能退吗", "退款多久到账") for own in range(99)} == {
        "昨天才拿到",
        "前天才拿到",
    }
    assert told.of("怎么开发票", 1, 5) == "{n}月要报账"
    assert told.of("明天下雨吗", 1, 5) == told.of("退货", 1, 5) == ""


def test_a_sentence_with_a_keyword_is_not_told():
    """Else keywords in statistics would not be those of the texts."""
    knowledge = KnowledgeBase(
        (Pair("怎么退货"),), circumstances={"退货": ("我的打印机也是这样",)}, keywords=("打印机",)
    )

    assert circumstances(knowledge).of("怎么退货", 1, 5) == ""


def test_only_a_greeting_comes_before_it():
    for own in range(40):
        before, after = around("昨天才拿到", "你好，", "？", own)
        assert (before, after) in {("你好，昨天才拿到，", "？"), ("你好，", "，昨天才拿到")}
        assert around("昨天才拿到", "昨天还好好的，", "？", own)[0] in {"昨天才拿到，", ""}
        assert around("got it today", "so ", "", own) in {("got it today, ", ""), ("", ", got it today")}


def test_only_the_first_question_has_it():
    words = bits.words(bits.key("any"), np.arange(20_000))
    first = np.arange(20_000) % 2 == 0
    outcomes = ["direct", "direct", "chat", "recommend"] * 5_000

    rows = {answers: telling_rows(words, outcomes, first, understands=answers) for answers in (False, True)}

    assert all(row % 4 == 0 for some in rows.values() for row in some)
    assert 1.3 * len(rows[False]) < len(rows[True]) < 0.25 * 5_000


@pytest.mark.parametrize("name", SHIPPED)
def test_those_that_come_with_mockcbs_have_no_keyword(name):
    """Each question has at least five of them."""
    knowledge = shipped(name)
    extractor = KeywordExtractor(knowledge.lexicon)
    texts = [one for some in knowledge.circumstances.values() for text in some for one in wordings(text)]

    assert not [text for text in texts if extractor.is_certain(text)]
    assert not [text for text in texts if re.match("还有|另外|对了|再问|那请问|那么|又|也", text)]
    assert len({*texts}) > 500
    for pair in knowledge.pairs:
        stated = knowledge.stated_for(knowledge.circumstances, pair)
        assert pair.deleted or sum(map(len, stated)) >= 5


def asked(bot: str, seed: int) -> list[Turn]:
    """The turns of a month."""
    log = TrafficLog(load("everyday"), seed)
    return [turn for day in log.rows(bot, range(LAST - 30, LAST), LAST * DAY) for turn in day]


@pytest.mark.parametrize("bot", [*CBS, *COZE])
def test_one_line_in_twenty_has_more_than_twenty_characters(bot):
    """One in seventy to one in ten of each bot."""
    lengths = np.array([len(turn.said.question) for seed in (1, 2) for turn in asked(bot, seed)])

    assert 0.015 < np.mean((lengths > 20) & (lengths <= 60)) < 0.12
