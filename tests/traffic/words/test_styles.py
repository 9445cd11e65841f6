"""The phrases that fit a text."""

import re

import pytest

from mockcbs.traffic.knowledge import KnowledgeBase, Pair, SmallTalk, Utterance
from mockcbs.traffic.words.keywords import KeywordExtractor
from mockcbs.traffic.words.kinds import kind_of
from mockcbs.traffic.words.styles import Style, Styles
from tests.traffic.bases import SHIPPED, shipped


def style_of(text: str, outcome: str = "direct", lexicon: tuple[str, ...] = ("VPN",)) -> Style | None:
    base = KnowledgeBase(
        pairs=(Pair("VPN连不上怎么办"),), keywords=lexicon, rephrasings=("我问的是{question}",)
    )
    return Styles(base, KeywordExtractor(base.lexicon)).of(Utterance(text, outcome))


def phrases(style: Style) -> str:
    """All openings and closings."""
    return " ".join(
        text
        for places in (style.openings, style.closings)
        for by_manner in places
        for texts in by_manner
        for text in texts
    )


@pytest.mark.parametrize(
    ("text", "outcome"), [("???", "invalid"), ("？！", "notmatch"), ("十人以内", "dialog")]
)
def test_a_text_without_words_gets_no_phrases(text, outcome):
    """A question of punctuation stays as it is, as does the value of a slot: nobody types 九点！."""
    assert style_of(text, outcome) is None


@pytest.mark.parametrize(("text", "outcome"), [("VPN 权限", "direct"), ("量子计算", "notmatch")])
def test_some_texts_only_get_marks(text, outcome):
    """Keywords with blanks get no words, nor does a question with guessed keywords: they would be among the
    guesses.
    """
    style = style_of(text, outcome)

    assert style.full is False
    assert not any(letter.isalpha() and letter not in "呀啊哦呢" for letter in phrases(style))


def test_phrases_that_are_keywords_are_left_out():
    """A knowledge base that counts a phrase as a keyword has no questions with it."""
    text = "VPN连不上怎么办"

    assert "试过" in phrases(style_of(text))
    assert "试过" not in phrases(style_of(text, lexicon=("VPN", "试过")))


def test_a_question_that_is_asked_again_has_no_opening():
    """我问的是… is an opening itself."""
    first, again = style_of("VPN连不上怎么办"), style_of("我问的是VPN连不上怎么办", "notmatch")

    assert any(first.openings[True][0])
    assert not any(text for places in again.openings for texts in places for text in texts)
    assert any(again.closings[True][0])


@pytest.mark.parametrize("name", SHIPPED)
def test_only_a_problem_was_reported_before(name):
    """Nobody says 第3次问了，关于商品的问题, 昨天还好好的，想问价格 or 密码的事问一下，今天能处理吗."""
    knowledge = shipped(name)
    styles = Styles(knowledge, KeywordExtractor(knowledge.lexicon))
    told = re.compile(
        "次问了|第{n}次|提过|好好的|刚刚发现|能处理吗|今天能好|worked yesterday|noticed|asked before"
    )
    fails = re.compile("不行|问题了|不好用|没反应|不对|搞错|还没好|broken|not working|trouble|acting up")
    texts = [
        text
        for frame in knowledge.vague
        if not fails.search(frame)
        for word in knowledge.keywords
        if kind_of(word) == "other"
        for text in [frame.replace("{keyword}", word)]
    ]

    found = {text: styles.of(Utterance(text, "notmatch")) for text in texts}
    assert len(found) > 100
    assert not [text for text, style in found.items() if style and told.search(phrases(style))]


def test_what_is_late_has_not_broken_down():
    """还没到 is not said of what was fine yesterday, or is tried again."""
    late = phrases(style_of("VPN权限怎么还没开通"))

    assert "好好的" in phrases(style_of("VPN连不上怎么办"))
    assert "天了" in late
    assert not re.search("好好的|刚刚发现|试了|重新", late)


def test_a_rude_question_gets_no_polite_words():
    """Nobody who swears says thanks."""
    assert "谢" in phrases(style_of("VPN连不上怎么办"))
    assert "谢" not in phrases(style_of("垃圾VPN连不上怎么办"))


@pytest.mark.parametrize("name", SHIPPED)
def test_nobody_smiles_at_what_is_wrong(name):
    """No 👍, 😂 or 😊 after a complaint, a denial, a request for a human or a report of trouble."""
    knowledge = shipped(name)
    styles = Styles(knowledge, KeywordExtractor(knowledge.lexicon))
    said = {"calm": [], "cross": [Utterance(text, "direct") for text in knowledge.denials]}
    for pair in knowledge.small_talk:
        cross = pair.when in {"complaint", "human"}
        texts = (pair.question, *pair.variants)
        said["cross" if cross else "calm"] += [Utterance(text, "chat") for text in texts]
        said["cross"] += [Utterance(f"{text}！！", "chat") for text in texts if cross]
    said["cross"] += [Utterance(text, "direct") for text in knowledge.outages]
    said["cross"] += [
        Utterance(text, "direct")
        for pair in knowledge.pairs
        for text in (pair.question, *pair.variants)
        if kind_of(text) in {"trouble", "mishap"}
    ]

    found = {
        mood: [phrases(style) for one in some if (style := styles.of(one))] for mood, some in said.items()
    }
    assert any(re.search("[👍😂😊]", text) for text in found["calm"])
    assert len(found["cross"]) > 30
    assert not [text for text in found["cross"] if re.search(r"[👍😂😊]|:\)", text)]


def test_users_who_write_chinese_do_not_say_thanks_in_english():
    """Around VPN alone stand Chinese words, too."""
    assert "谢谢" in phrases(style_of("VPN"))
    assert "thanks" not in phrases(style_of("VPN"))


def test_no_wave_follows_a_keyword_alone():
    """VPN～ is a message that nobody types; a full question may end with one."""
    assert not {"～", "~"} & {*phrases(style_of("VPN", "recommend")).split()}
    assert "～" in phrases(style_of("VPN连不上怎么办"))


def test_who_requests_a_human_does_not_laugh():
    """转人工😅 mocks; 🙏 begs."""
    human = SmallTalk("转人工", ("人工客服",), when="human")
    base = KnowledgeBase(pairs=(Pair("VPN连不上怎么办"),), small_talk=(human,), keywords=("VPN",))
    style = Styles(base, KeywordExtractor(base.lexicon)).of(Utterance("转人工", "chat"))

    assert {text for text in phrases(style).split() if ord(text[0]) > 0x1F000} == {"🙏"}
