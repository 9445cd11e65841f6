"""The words of generated turns."""

import numpy as np
import pytest

from mockcbs.datasets.load import load
from mockcbs.traffic.conversations.acts import Act
from mockcbs.traffic.knowledge import (
    FAILURES,
    KnowledgeBase,
    Pair,
    Skill,
    Slot,
    SlotValue,
    SmallTalk,
)
from mockcbs.traffic.turns import OUTCOMES
from mockcbs.traffic.words.wording import SLOTS, Wording

OFFICE = Wording(load("everyday").knowledge)


def test_every_outcome_has_words_even_without_a_knowledge_base():
    """A profile can combine all outcomes with any knowledge base, also an empty one."""
    for knowledge in (KnowledgeBase(), load("everyday").knowledge):
        said = {utterance.outcome for utterance in Wording(knowledge).utterances}

        assert said == set(OUTCOMES)


def test_an_utterance_has_one_number():
    """No two numbers stand for the same utterance."""
    assert len(set(OFFICE.utterances)) == len(OFFICE.utterances)


def test_a_failure_keeps_the_question():
    """Each utterance that can fail has a failed one for each kind of failure."""
    for number, first in enumerate(OFFICE.failing.tolist()):
        if first >= 0:
            failed = [OFFICE.utterances[first + place] for place in range(len(FAILURES))]
            assert [one.failure for one in failed] == list(FAILURES)
            starts = OFFICE.utterances[number].outcome == "dialog"
            assert {one.outcome for one in failed} == {"dialog" if starts else "notmatch"}
            assert not OFFICE.utterances[number].failed


def test_related_pairs_share_keywords():
    """A pair is related to pairs of its category that name the same thing, unless most others do, too."""
    texts = ["云桌面打不开", "云桌面密码忘了", "公司发票怎么开", "公司电话", "公司地址"]
    pairs = (*(Pair(text, "a") for text in texts), Pair("云桌面多少钱", "b"))
    knowledge = KnowledgeBase(pairs, keywords=("云桌面", "密码", "公司", "发票"))

    related = Wording(knowledge).related[: len(pairs)].tolist()

    assert [sorted(set(row)) for row in related] == [[1], [0], [-1], [-1], [-1], [-1]]


def test_the_words_for_slots_belong_to_the_skill():
    """A skill that leaves two slots open gets words for the first, then for the second."""
    slots = (
        Slot("city", "?", (SlotValue("Rome"), SlotValue("Oslo"))),
        Slot("day", "?", (SlotValue("today"),)),
    )
    wording = Wording(KnowledgeBase(skills=(Skill("weather", ("the weather", "rain in Rome"), slots=slots),)))
    number = {one.template: place for place, one in enumerate(wording.utterances) if not one.failed}

    def words(text: str, place: int) -> set[str]:
        first, count = (table[place, number[text]] for table in (wording.slot_first, wording.slot_count))
        return {wording.utterances[item].template for item in wording.items[first : first + count]}

    assert wording.skills == {1, 2}
    assert words("the weather", 1) == {"Rome", "Oslo"}
    assert words("the weather", 2) == words("rain in Rome", 1) == {"today"}


def test_small_talk_has_its_occasion():
    """Users say thanks at fitting places; if there is no such remark, they say any small talk."""
    talk = (SmallTalk("hi", when="greeting"), SmallTalk("a joke"))
    wording = Wording(KnowledgeBase(small_talk=talk))

    def said(act: Act) -> set[str]:
        subjects = np.flatnonzero(wording.subject_sections == wording.fixed[act])
        return {wording.utterances[wording.items[wording.first[0, one]]].template for one in subjects}

    assert said(Act.GREETING) == {"hi"}
    assert said(Act.IDLE) == said(Act.THANKS) == {"a joke"}


def test_frequent_subjects_differ_by_bot_and_change_within_weeks():
    """Two bots have other favourites; those of one bot move, but slowly."""
    sections = {key: OFFICE.tables(key, range(24), 70)[0] for key in (1, 2)}

    def share(key: int, week: int) -> np.ndarray:
        return np.bincount(sections[key][week, 0], minlength=len(OFFICE.subject_sections)) / SLOTS

    def apart(one: np.ndarray, other: np.ndarray) -> float:
        return float(abs(one - other).sum())

    assert apart(share(1, 0), share(2, 0)) > 0.3
    assert 0 < apart(share(1, 0), share(1, 1)) < apart(share(1, 0), share(1, 12)) + 0.15


@pytest.mark.parametrize("drift", [0, 100])
def test_all_rows_are_full(drift):
    """Every entry of a table is a subject of its section, for any weights."""
    subjects, domains = OFFICE.tables(5, range(3), drift)

    assert subjects.shape == (3, OFFICE.sections, SLOTS)
    assert domains.max() < len(OFFICE.domains)
    for section in range(len(OFFICE.domains)):
        assert set(OFFICE.subject_sections[subjects[:, section].ravel()]) == {section}


def test_tables_are_small():
    """Each bot in use has tables of its own, so an entry is as small as the number of subjects allows."""
    subjects, domains = OFFICE.tables(5, range(3), 0)

    assert (subjects.itemsize, domains.itemsize) == (2, 1)
    assert 2**7 < len(OFFICE.subject_sections) < 2**15


def test_a_pair_can_be_named():
    """An incident about a standard question finds its pair, if there is one."""
    knowledge = KnowledgeBase(pairs=(Pair("one", "a"), Pair("two", "b"), Pair("three", "a")))
    wording = Wording(knowledge)

    subjects = [wording.subject(text) for text in ("one", "two", "three")]

    named = [wording.utterances[wording.items[wording.first[0, subject]]].template for subject in subjects]
    assert named == ["one", "two", "three"]
    assert wording.subject("nothing") is None


def test_who_asks_a_second_time_is_calm():
    """Only the third wording of a question says that the bot does not listen."""
    wraps = ("我是问{question}", "第几遍了，{question}", "{question}，没人知道吗", "{question}，看一下")
    wording = Wording(KnowledgeBase(unmatched=("食堂在哪", "几点开门"), rephrasings=wraps))
    foreign = np.flatnonzero(wording.subject_sections == wording.fixed[Act.FOREIGN])

    def said(form: int) -> str:
        spans = [(wording.first[form, row], wording.count[form, row]) for row in foreign]
        items = [wording.items[first : first + count] for first, count in spans]
        return " ".join(wording.utterances[one].template for one in np.concatenate(items))

    assert "我是问" in said(3)
    assert not any(word in said(3) for word in ("第几遍", "没人"))
    assert any(word in said(4) for word in ("第几遍", "没人"))


def test_every_bot_gets_messages_without_words():
    """Of questions a bot has hardly more than half; [图片] comes to all of them, but rarely."""
    unmatched = tuple(f"问题{number}" for number in range(60))
    wording = Wording(KnowledgeBase(unmatched=unmatched, scraps={"[图片]": ("就是这个",), "1": ()}))

    shares = []
    for key in range(20):
        section = wording.tables(key, range(1), 0)[0][0, wording.fixed[Act.FOREIGN]]
        said = [wording.utterances[wording.items[wording.first[0, one]]].template for one in section]
        shares.append(said.count("[图片]") / SLOTS)

    assert min(shares) > 0.002
    assert max(shares) < 0.03
