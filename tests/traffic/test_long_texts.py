"""Long texts, no two of which are alike, and messages without words."""

import json
import re
from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from mockcbs.core.clock import instant
from mockcbs.datasets.load import Source, load_source
from mockcbs.traffic.answering import is_invalid
from mockcbs.traffic.default_words import ENGLISH_PARTS, PARTS
from mockcbs.traffic.gaps import gaps_of, with_gaps_filled
from mockcbs.traffic.knowledge import KnowledgeBase, Utterance
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.words.holidays import named
from mockcbs.traffic.words.keywords import KeywordExtractor
from mockcbs.traffic.words.names import Names
from mockcbs.traffic.words.phrasing import Phrasing
from tests.traffic.bases import SHIPPED, shipped
from tests.traffic.words.test_phrasing import times

LAST = instant("2026-11-22T00:00:00Z") // DAY
BOTS = ("404a0a00-c88a-44e4-aa2f-d5b8b9842b02", "404a0a00-c88a-44e4-aa2f-d5b8b9842b03")
LONG = {"cloud-en": 90}
"""The number of characters of a long text, 30 in Chinese."""


@cache
def asked(name: str, bot: str, seed: int = 42) -> list[tuple[str, Utterance]]:
    """The session and the utterance of each turn of a bot with that knowledge base in 90 days."""
    content = {"bots": [{"id": bot, "knowledge": name, "traffic": {"sessions_per_day": 60}}]}
    log = TrafficLog(load_source(Source("own", json.dumps(content))), seed)
    return [
        (turn.session_id, turn.said)
        for day in log.rows(bot, range(LAST - 90, LAST), LAST * DAY)
        for turn in day
    ]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_long_text_is_told_once(name):
    """Over 0.3 % of all texts are long, and hardly any of them is said in two sessions, none in five."""
    for bot in BOTS:
        told: dict[str, set[str]] = defaultdict(set)
        turns = asked(name, bot)
        for session, said in turns:
            if len(said.question) > LONG.get(name, 30):
                told[said.question].add(session)

        sessions = sorted(map(len, told.values()))
        assert sum(sessions) > 0.003 * len(turns)
        assert sum(count for count in sessions if count > 1) < 0.12 * sum(sessions)
        assert sessions[-1] < 5


@pytest.mark.parametrize("name", SHIPPED)
def test_long_texts_have_many_parts(name):
    """Each knowledge base has a dozen long texts, and each of them many thousand forms."""
    knowledge = shipped(name)
    names = Names(knowledge, KeywordExtractor(knowledge.lexicon))
    told = [text for text in knowledge.unmatched if knowledge.is_story(text)]

    assert len(told) >= 12
    for text in told:
        assert len({names.filled(text, number, 7) for number in range(400)}) > 380


@pytest.mark.parametrize("name", SHIPPED)
def test_parts_contain_no_keyword(name):
    """The keywords of a long text are those of its template, so all parts of a knowledge base can be used."""
    knowledge = shipped(name)
    extract = KeywordExtractor(knowledge.lexicon)
    around = " {} " if name == "cloud-en" else "的{}的"

    for texts in knowledge.parts.values():
        found = [with_gaps_filled(text, lambda *_: " ") for text in texts]
        assert not [text for text in found if extract.is_certain(around.format(text))]


@pytest.mark.parametrize("parts", [PARTS, ENGLISH_PARTS], ids=["Chinese", "English"])
def test_no_long_text_breaks_off(parts):
    """Who ends with 然后 or 我 would write the rest in the next message, but nobody does."""
    cut = re.compile(r"(然后|我|现在就|后来|但是|因为|所以|\b(so|then|I|and|but|because))$")

    assert not [text for text in parts["close"] if cut.search(text)]


def test_users_say_nothing_around_a_long_text():
    """It already has a greeting and thanks of its own."""
    text = "{hello}VPN{since}掉线，{tried}，{wish}{bye}"
    said_by = Phrasing(KnowledgeBase(unmatched=(text,)), KeywordExtractor(["VPN"]))

    found = said_by.of(times(300), [Utterance(text, "notmatch", has_gaps=True)] * 300)

    assert len({one.question for one in found}) > 80
    before = {re.sub(r"\W", "", re.split("VPN|vpn", one.question)[0]) for one in found}
    assert before <= {re.sub(r"\W", "", hello) for hello in PARTS["hello"]}
    assert not any("{" in one.question for one in found)


def test_only_the_first_text_of_a_session_greets():
    """A later one begins with 还有, or at once."""
    text = "{hello}VPN{since}掉线，{tried}，{wish}{bye}"
    said_by = Phrasing(KnowledgeBase(), KeywordExtractor(["VPN"]))
    said, rows = [Utterance(text, "notmatch", has_gaps=True)] * 3_000, times(3_000)

    first, later = (
        [one.question for one in said_by.of(rows, said, first=np.full(3_000, which))]
        for which in (True, False)
    )

    assert any(one.startswith("你好") for one in first)
    assert not any(one.startswith("还有") for one in first)
    assert any(one.startswith("还有") for one in later)
    assert not any(one.startswith(("你好", "您好", "在吗")) for one in later)


def test_parts_of_a_user_fill_gaps():
    """Parts may have gaps for parts, names and digits; one that needs itself or an unknown kind ends."""
    knowledge = KnowledgeBase(
        parts={"what": ("{name}的{tool}", "{tool}"), "tool": ("第##台", "{tool}"), "odd": ("{unknown}",)}
    )
    names = Names(knowledge, KeywordExtractor([]))

    found = {names.filled("{what}坏了", number, 3) for number in range(200)}

    assert any(re.fullmatch(r"第\d\d台坏了", one) for one in found)
    assert any(re.fullmatch(r"..+的第\d\d台坏了", one) for one in found)
    assert names.filled("{odd}坏了", 1, 3) == "unknown坏了"


def test_nobody_writes_a_long_text_twice():
    """After no match users refer to what they have written."""
    for bot in BOTS:
        turns = asked("shop", bot)
        again = [
            two.template == one.template
            for (first, one), (second, two) in pairwise(turns)
            if first == second and shipped("shop").is_story(one.template) and two.outcome == "notmatch"
        ]
        assert sum(again) < 0.25 * len(again)


@pytest.mark.parametrize("name", SHIPPED)
def test_some_messages_have_no_words(name):
    """0.3 to 1.6 % are [图片], [表情], 1 or ?; users mostly go on in words, and none of them leads a list."""
    for bot in BOTS:
        turns = asked(name, bot)
        scraps = [
            said for _, said in turns if said.template in shipped(name).scraps or said.template in "?？"
        ]
        missed = Counter(said.question for _, said in turns if said.outcome == "notmatch")

        assert 0.002 < len(scraps) / len(turns) < 0.016
        assert not any(said.phrased for said in scraps)
        assert missed.most_common(1)[0][0] not in shipped(name).scraps


@pytest.mark.parametrize("name", SHIPPED)
def test_invalid_texts_have_neither_letter_nor_digit(name):
    """Others are not invalid when somebody sends them to a running mock (contract section 7)."""
    assert all(map(is_invalid, shipped(name).invalid))
    assert not any(map(is_invalid, shipped(name).scraps))


@pytest.mark.parametrize("name", SHIPPED)
def test_long_texts_are_not_written_out(name):
    """A text of over 30 characters without gaps would be said word for word by many."""
    assert not [
        text for text in shipped(name).unmatched if "{" not in text and len(text) > LONG.get(name, 30)
    ]


def test_everyday_questions_lead():
    """Questions that a knowledge base lists first are asked more often than its last ones by most bots,
    except those on holidays.
    """
    for name in SHIPPED:
        unmatched = [text for text in shipped(name).unmatched if named(text) is None]
        first, last = set(unmatched[:30]), set(unmatched[-30:])
        count = Counter()
        for bot in BOTS:
            said = Counter(one.template for _, one in asked(name, bot))
            count["first"] += sum(said[text] for text in first)
            count["last"] += sum(said[text] for text in last)

        assert count["first"] > 2 * count["last"]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_bot_hears_many_kinds_of_long_texts(name):
    """Five of them make no more than six tenths of all: no story is that of everybody."""
    for bot in BOTS:
        told = Counter(said.template for _, said in asked(name, bot) if shipped(name).is_story(said.template))

        assert len(told) >= 18
        assert sum(count for _, count in told.most_common(5)) < 0.6 * told.total()


@pytest.mark.parametrize("name", SHIPPED)
def test_few_long_texts_end_with_a_stock_phrase(name):
    """At most four in ten end with what the user wishes, such as 该找谁; others just say what happened."""
    wishes = (ENGLISH_PARTS if name == "cloud-en" else PARTS)["wish"]
    for bot in BOTS:
        told = [said.question for _, said in asked(name, bot) if shipped(name).is_story(said.template)]

        assert sum(any(wish in text for wish in wishes) for text in told) < 0.4 * len(told)


def test_long_texts_have_many_shapes():
    """Some have blanks for commas, some several lines, some end in a sigh, some greet in a line."""
    text = "{hello}VPN{since}掉线，{tried}，{waited}{close}"
    names = Names(KnowledgeBase(), KeywordExtractor(["VPN"]))

    found = [names.filled(text, number, 7) for number in range(1_000)]

    for shape in ("^[^，]+$", "^[^，]* [^，]* ", "^(你好|在吗)\n", "，(头大|有点懵|没辙了)$", "！！$"):
        assert 10 < sum(bool(re.search(shape, one)) for one in found) < 500
    assert sum("，" in one for one in found) > 500


@pytest.mark.parametrize("name", SHIPPED)
def test_a_long_text_has_parts_of_its_own(name):
    """Its parts fit it: most frames have a list that no other frame has, and none lists the general times
    for what happens at certain times only, such as 入职.
    """
    told = [text for text in shipped(name).unmatched if shipped(name).is_story(text)]
    users = Counter(kind for text in told for kind in gaps_of(text))

    own = [any(users[kind] == 1 for kind in gaps_of(text)) for text in told]
    assert sum(own) > 0.75 * len(told)
    assert not [text for text in told if re.search(r"\{since\}[^，]{0,2}(入职|拍的|住院|到期|做的)", text)]
