"""How much a question is like what a bot knows."""

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from mockcbs.datasets.load import load
from mockcbs.traffic import answering
from mockcbs.traffic.answering import DIRECT, RECOMMENDED, Answerer, is_invalid, normalized, similarity
from mockcbs.traffic.knowledge import Document, Fact, KnowledgeBase, Pair, Skill, SmallTalk, Table
from mockcbs.traffic.words.keywords import KeywordExtractor
from mockcbs.traffic.words.names import Names
from tests.traffic.bases import SHIPPED, shipped

PAIRS = (
    Pair("桌面云打不开", "桌面云", ("桌面云打不开了", "点了桌面云没反应")),
    Pair("桌面云无法登录", "桌面云", ("桌面云登录不了",)),
    Pair("VPN连不上怎么办", "网络", ("VPN连接失败",)),
    Pair("旧的问题", "桌面云", deleted=True),
)
OFFICE = load("everyday").knowledge


def pairs(question: str, **options) -> list[tuple[str, str, Decimal | int]]:
    matches = Answerer(KnowledgeBase(PAIRS)).pairs(question, **options)
    return [(match.entry.question, match.text, match.score) for match in matches]


@pytest.mark.parametrize(
    "question", ["桌面云打不开", "桌面云打不开？", " 桌面云 打不开！", "桌面云打不开。。。"]
)
def test_the_very_words_score_exactly_one(question):
    """Blanks and punctuation aside, the words of a standard question are a match of 1, an integer."""
    (question, text, score) = pairs(question)[0]

    assert (question, text, score) == ("桌面云打不开", "桌面云打不开", 1)
    assert isinstance(score, int)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("vpn连接失败", ("VPN连不上怎么办", "VPN连接失败", 1)),
        ("ＶＰＮ连接失败", ("VPN连不上怎么办", "VPN连接失败", 1)),
        ("桌面云打不开了", ("桌面云打不开", "桌面云打不开了", 1)),
        ("请问桌面云打不开怎么办", ("桌面云打不开", "桌面云打不开", Decimal("0.941"))),
        ("桌面云无法登陆", ("桌面云无法登录", "桌面云无法登录", Decimal("0.857"))),
        ("桌面云", ("桌面云打不开", "桌面云打不开", Decimal("0.667"))),
    ],
)
def test_scores(question, expected):
    """Width and case do not count, empty words count little, each other character counts; three decimals.

    请问桌面云打不开怎么办: 4/5 for the same words without 请问 and 怎么办, and 1/5 of 2·6/(11+6).
    """
    best = pairs(question)[0]

    assert best == expected
    assert len(str(best[2])) in {1, 5}


def test_matches_descend_and_each_pair_comes_once():
    """The most similar pair comes first, with its best wording; deleted pairs do not match."""
    found = pairs("桌面云打不开了")

    assert [question for question, _, _ in found] == ["桌面云打不开", "桌面云无法登录"]
    assert found[0][2] > found[1][2]
    assert pairs("旧的问题") == []


def test_only_wanted_pairs_match_and_only_so_similar_ones():
    """Pairs that a filter or a threshold excludes do not match."""
    assert [found[0] for found in pairs("桌面云打不开", keep=lambda pair: "登录" in pair.question)] == [
        "桌面云无法登录"
    ]
    assert [found[0] for found in pairs("桌面云打不开", least=DIRECT)] == ["桌面云打不开"]


@pytest.mark.parametrize("question", ["", "？！", "😀", "量子计算", "\u0301"])
def test_nothing_like_it(question):
    """A question that is like nothing, or nothing at all, has no match."""
    answerer = Answerer(OFFICE)

    assert answerer.pairs(question) == []
    assert (answerer.small_talk(question), answerer.skill(question), answerer.fact(question)) == (None,) * 3
    assert (answerer.cell(question), answerer.passages(question)) == (None, [])
    assert answerer.suggestions(question, 10) == []


def test_an_empty_knowledge_base_answers_nothing():
    """An empty knowledge base answers no question."""
    answerer = Answerer(KnowledgeBase())

    assert answerer.pairs("桌面云打不开") == answerer.passages("桌面云打不开") == []
    assert answerer.suggestions("桌面云", 5) == []


@pytest.mark.parametrize(
    ("question", "is_so"),
    [("", True), ("???", True), ("。。。", True), ("~~~", True), ("😀", True), (" \t", True), ("a", False)],
)
def test_invalid_questions_have_no_letter_and_no_digit(question, is_so):
    """A question without letters and digits is invalid (contract section 7)."""
    assert is_invalid(question) == is_so
    assert not is_invalid(f"{question}1")


def test_the_shipped_knowledge_base_tells_its_questions_apart():
    """Each wording matches its own pair with 1; no question without a match is even recommended."""
    answerer = Answerer(OFFICE)
    kept = [pair for pair in OFFICE.pairs if not pair.deleted]

    for pair in kept:
        for text in (pair.question, *pair.variants):
            best = answerer.pairs(text)[0]
            assert (best.entry, best.score) == (pair, 1)
    assert len(kept) >= 60
    assert len({pair.domain for pair in kept}) == 6
    names = Names(OFFICE, KeywordExtractor(OFFICE.lexicon))
    unmatched = [names.filled(text, number=1, key=1) for text in OFFICE.unmatched]
    assert [text for text in unmatched if answerer.pairs(text, least=RECOMMENDED)] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_what_users_say_in_full_is_answered(name):
    """What generated traffic answers directly, the running bot does, too. Nobody wrote it as a question, so
    it is not suggested.
    """
    knowledge = shipped(name).joined(KnowledgeBase())
    answerer = Answerer(knowledge)
    said = {
        text: pair
        for pair in reversed(knowledge.pairs)
        if not pair.deleted
        for texts in knowledge.said_in_full(pair).values()
        for text in texts
    }

    assert len(said) > 200
    found = {text: answerer.pairs(text)[0] for text in said}
    assert {text: match.entry for text, match in found.items() if match.permille == 1000} == said
    written = {text for pair in knowledge.pairs for text in (pair.question, *pair.variants)}
    assert not [text for text in said.keys() - written if answerer.suggestions(text, 5)]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_keyword_alone_is_no_question(name):
    """No wording is only a keyword: the bot recommends questions then, as it does in generated traffic."""
    knowledge = shipped(name)
    keywords = {word.lower() for word in knowledge.lexicon}

    assert not [one for pair in knowledge.pairs for one in pair.variants if one.lower() in keywords]


@pytest.mark.parametrize("kind", ["small_talk", "skills"])
def test_the_shipped_small_talk_and_skills_are_recognised(kind):
    """Every utterance of a remark or a skill leads to it, more surely than to any pair."""
    answerer = Answerer(OFFICE)
    find = {"small_talk": answerer.small_talk, "skills": answerer.skill}[kind]

    for entry in getattr(OFFICE, kind):
        texts = (entry.question, *entry.variants) if kind == "small_talk" else entry.utterances
        for text in texts:
            assert find(text).entry == entry
            assert not [match for match in answerer.pairs(text) if match.permille == 1000]


@given(st.text(max_size=60), st.lists(st.text(max_size=20), max_size=8))
def test_any_text_can_be_asked(question, wordings):
    """Scores lie between 0 and 1, and are 1 only for the same words (law 6)."""
    knowledge = KnowledgeBase(tuple(Pair(text) for text in dict.fromkeys(wordings)))

    for match in Answerer(knowledge).pairs(question, least=0):
        assert 0 <= match.score <= 1
        assert (match.score == 1) == (normalized(question) == normalized(match.text))


_WORDS = st.sampled_from(["桌面云", "打不开", "登录", "怎么", "请问", "vpn", "连", "了", "?"])
_PHRASES = st.lists(_WORDS, min_size=1, max_size=6).map("".join)


@given(_PHRASES, st.lists(_PHRASES, min_size=1, max_size=20, unique=True), st.integers(0, 1000))
def test_texts_that_cannot_be_similar_enough_are_left_out_exactly(question, wordings, least):
    """The similarity of each text by its definition, compared in full with all of them."""

    def share(one: str, other: str) -> Fraction:
        both = len(one) + len(other)
        return Fraction(both - Indel.distance(one, other), both)

    def permille(text: str) -> int:
        typed, known = normalized(question), normalized(text)
        if typed == known:
            return 1000
        cores = (answering._core(one) for one in (typed, known))
        return min(floor(1000 * (4 * share(*cores) + share(typed, known)) / 5 + Fraction(1, 2)), 999)

    known = [text for text in wordings if normalized(text)]
    expected = sorted(known, key=lambda text: -permille(text)) if normalized(question) else []
    found = Answerer(KnowledgeBase(tuple(map(Pair, wordings)))).pairs(question, least=least)

    assert [(match.text, match.permille) for match in found] == [
        (text, permille(text)) for text in expected if permille(text) >= least
    ]


def test_similarity_is_printed_with_three_decimals():
    """Zeros are kept, except for 1."""
    assert [str(similarity(permille)) for permille in (0, 950, 999, 1000)] == ["0.000", "0.950", "0.999", "1"]


def test_facts_and_cells_are_found_by_what_they_are_about_and_what_is_asked():
    """A question that names entity and attribute is answered by the graph or a table; the longer match
    wins.
    """
    answerer = Answerer(
        KnowledgeBase(
            facts=(Fact("云", "部门", "短"), Fact("桌面云", "负责部门", "基础设施部")),
            tables=(Table("t1", ("规格", "内存"), (("标准型", "8GB"), ("增强型", "16GB"))),),
        )
    )

    fact, cell = answerer.fact("请问桌面云的负责部门是"), answerer.cell("增强型的内存")

    assert (fact.entry.value, fact.score) == ("基础设施部", Decimal("0.875"))
    assert (cell.entry.value, cell.entry.table_id, cell.score) == ("16GB", "t1", Decimal("0.999"))
    assert answerer.fact("桌面云打不开") is None
    assert answerer.cell("增强型") is None


def test_passages_say_where_they_stand():
    """A sentence of a document is found by the characters it shares, and its place can be cut out again."""
    paragraphs = ("员工有年假。每月可以远程办公八天！", "其他。")
    answerer = Answerer(KnowledgeBase(documents=(Document("d1", "", paragraphs),)))

    (match,) = answerer.passages("远程办公几天")

    passage = match.entry
    assert (passage.document.id, passage.paragraph, match.score) == ("d1", 0, Decimal("0.833"))
    assert paragraphs[0][passage.start : passage.end] == passage.text == "每月可以远程办公八天！"


def test_suggestions_hold_what_was_typed():
    """Standard questions are suggested for text in any of their wordings, once each, in file order."""
    answerer = Answerer(KnowledgeBase(PAIRS))

    assert answerer.suggestions("桌面云", 5) == ["桌面云打不开", "桌面云无法登录"]
    assert answerer.suggestions("桌面云", 1) == ["桌面云打不开"]
    assert answerer.suggestions("没反应", 5) == ["桌面云打不开"]
    assert answerer.suggestions("vpn ", 5) == ["VPN连不上怎么办"]
    assert answerer.suggestions("旧的", 5) == []


def test_small_talk_and_skills_need_a_clear_match():
    """A question that is only a little similar to small talk or a skill does not match it."""
    knowledge = KnowledgeBase(
        small_talk=(SmallTalk("你好", ("您好",)),), skills=(Skill("天气", ("今天天气",)),)
    )
    answerer = Answerer(knowledge)

    assert answerer.small_talk("你好呀").entry.question == "你好"
    assert answerer.small_talk("你好像没听懂") is None
    assert answerer.skill("今天天气怎么样").entry.name == "天气"
    assert answerer.skill("今天") is None


def test_of_a_long_question_only_the_beginning_is_compared(monkeypatch):
    """A message of megabytes takes no longer than a page of text."""
    compared, compare = [], answering._compare
    monkeypatch.setattr(answering, "_compare", lambda *args: compared.append(len(args[1])) or compare(*args))
    knowledge = KnowledgeBase(pairs=(Pair("how do I return a parcel"),))
    beginning = "how do I return a parcel " + "y" * answering.MAX_COMPARED

    found = [answering.Answerer(knowledge).pairs(beginning + "x" * more, least=1) for more in (0, 1_000_000)]

    assert found[0] == found[1]
    assert found[0]
    assert max(compared) <= answering.MAX_COMPARED
