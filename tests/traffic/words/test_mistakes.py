"""Which pairs a bot takes for each other, and what users say then."""

import re

import pytest

from mockcbs.traffic.bots import Profile
from mockcbs.traffic.conversations.acts import Form
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.knowledge import KnowledgeBase, Pair, Utterance
from mockcbs.traffic.words.keywords import extractor_of
from mockcbs.traffic.words.mistakes import Mistakes
from mockcbs.traffic.words.subjects import Subjects
from tests.traffic.bases import SHIPPED, shipped
from tests.traffic.worlds import CBS, COZE, DAYS, SEEDS, in_sessions


def found(*pairs: Pair) -> list[dict[str, str]]:
    """What answers the texts with which users mean each of some pairs; keywords are words."""
    knowledge = KnowledgeBase(pairs=pairs, vague=VAGUE)
    mistakes = Mistakes(knowledge, [[one.question, *one.variants] for one in pairs], str.split)
    return [
        {text: one.question for text, one in mistakes.about(place).items()} for place in range(len(pairs))
    ]


VAGUE = tuple(f"{word} {{keyword}}" for word in ("about", "on", "for", "re", "with", "say", "tell", "ask"))


def test_a_pair_is_taken_for_one_with_its_keywords():
    """The text names a keyword of both."""
    pairs = (Pair("printer ink", "a"), Pair("printer paper", "a"), Pair("phone", "a"))

    ink = found(*pairs)[0]

    assert any("printer" in text for text in ink)
    assert all(answer == "printer paper" for text, answer in ink.items() if "phone" not in text)
    assert not any("ink" in text for text in ink if not re.search("phone|paper", text))


def test_without_common_keywords_users_ask_two_questions_at_once():
    """They never name the category, as nobody writes its name; a lone pair is not mistaken for any."""
    lone, other, third = found(Pair("size", "lamps"), Pair("price", "lamps"), Pair("shops", "b"))

    assert {*lone.values()} == {"price"}
    assert all({"size", "price"} <= {*re.findall(r"\w+", text)} for text in (*lone, *other))
    assert {*third.values()} == {"size", "price"}
    assert not any("lamps" in text for text in (*lone, *other, *third))
    assert found(Pair("size", "lamps")) == [{}]


def test_an_action_joins_no_questions():
    """A word of several categories, such as "order", is no reason to ask two questions in one line."""
    pairs = [Pair(text, text.split()[1]) for text in ("order desks", "order phones", "order screens")]

    joined = [text for some in found(*pairs) for text in some if text.count("order") > 1]

    assert joined
    assert all(re.search("also|[?] and", text) for text in joined)


def test_a_pair_that_nobody_means_now_is_no_answer():
    """Rare questions are not answered by mistake if there are two others."""
    pairs = (Pair("printer ink", "a"), Pair("printer paper", "a"), Pair("printer moved", "a", weight=3))

    assert not {"printer moved"} & {answer for some in found(*pairs) for answer in some.values()}


@pytest.mark.parametrize("name", SHIPPED)
def test_two_questions_in_a_line_belong_together(name):
    """They are about the same thing, which the second need not name, or it begins with 顺便问下 or so."""
    knowledge = shipped(name)
    certain = extractor_of(knowledge).certain
    asked = {text for pair in knowledge.pairs for text in (pair.question, *pair.variants)}
    for text in Subjects(knowledge).asking.mistakes.answers:
        for joint in ("，", " ", "？", ", and ", ", ", "? ", " and "):
            first, _, second = text.partition(joint)
            named = {word + second for word in certain(first)} & asked
            if first in asked and second in asked and not named:
                assert {*certain(first)} & {*certain(second)}, text


@pytest.mark.parametrize("name", SHIPPED)
def test_mostly_the_first_of_two_questions_is_answered(name):
    """A bot answers the first one half to two thirds of the time."""
    knowledge = shipped(name)
    asked = {text: pair for pair in knowledge.pairs for text in (pair.question, *pair.variants)}
    joint = re.compile("，另外问下|，再问下|[，？]顺便问下|, and also |[,.] also |[?] and ")
    places = []
    for text, answer in Subjects(knowledge).asking.mistakes.answers.items():
        parts = joint.split(text)
        if len(parts) == 2:
            assert asked[parts[0]] != asked[parts[1]]
            places.append([asked[part] for part in parts].index(answer))

    assert len(places) > 50
    assert 1 / 2 < places.count(0) / len(places) < 2 / 3


@pytest.mark.parametrize("name", SHIPPED)
def test_a_bot_always_gives_the_same_answer_to_one_text(name):
    """Whichever pair users mean with a text, one pair answers, and no text has an answer and none."""
    told = Subjects(shipped(name))
    pairs = [place for place, section in enumerate(told.sections) if section < len(told.domains)]
    answers: dict[str, set[Pair]] = {}
    for place in pairs:
        for form in (Form.FULL, Form.MISTAKEN, Form.UNDERSTOOD):
            for one in worded(told, place, form):
                assert one.pair
                answers.setdefault(one.template, set()).add(one.pair)
    missed = {one.template for place in pairs for one in worded(told, place, Form.VAGUE)}
    found = {one.template for place in pairs for one in worded(told, place, Form.MISTAKEN)}

    assert not {text: some for text, some in answers.items() if len(some) > 1}
    assert not missed & found


@pytest.mark.parametrize("name", SHIPPED)
def test_a_wrong_answer_shares_a_word_with_its_question(name):
    """Nobody who names 墨粉 gets the answer to a question without it."""
    knowledge, told = shipped(name), Subjects(shipped(name))
    certain = extractor_of(knowledge).certain
    for place in range(len(told.spans)):
        for one in worded(told, place, Form.MISTAKEN):
            if one.outcome == "direct" and one.pair:
                asked = " ".join((one.pair.question, *one.pair.variants))
                assert {*certain(asked)} & {*certain(one.template)}, one.template


@pytest.mark.parametrize("name", SHIPPED)
def test_nobody_names_a_category(name):
    """关于商品的问题 names a chapter of the knowledge base; users know only the words of their questions."""
    knowledge, told = shipped(name), Subjects(shipped(name))
    certain = extractor_of(knowledge).certain
    words = {word for pair in knowledge.pairs for word in certain(" ".join((pair.question, *pair.variants)))}
    chapters = {part for one in told.domains for part in re.split(" and |[与和]", one or "")} - words
    frames = {one.replace("{keyword}", chapter) for one in knowledge.vague for chapter in chapters}

    assert chapters
    assert not frames & {one.template for one in told.utterances}


def worded(told: Subjects, place: int, form: Form) -> list[Utterance]:
    """The words for a subject in one form."""
    first, count = told.spans[place][form]
    numbers = {*told.items[first : first + count]}
    return [one for one, number in told.utterances.items() if number in numbers]


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
@pytest.mark.parametrize("name", SHIPPED)
def test_users_reject_wrong_answers_only(name, bot):
    """Who says 不是这个 or 我问的是… has just got the answer to another question, in words that are not those
    of the pair that answered. What they meant is another pair; one answer in ten to two hundred is rejected.
    """
    knowledge, told = shipped(name), Subjects(shipped(name))
    meant = {
        one.template
        for place in range(len(told.spans))
        for one in worded(told, place, Form.MEANT)
        if one.outcome == "direct" and one not in worded(told, place, Form.FULL)
    }
    rejected, wrong, direct, denials = 0, 0, 0, {*knowledge.denials}
    for seed in SEEDS[:6]:
        profile = Profile(sessions_per_day=200, failure_permille=0, incident_days=0, calendar="none")
        generator = Generator(seed, bot, profile, knowledge)
        lines = [*generator.lines]
        turns = generator.turns_of(DAYS[:20])[0]
        direct += sum(lines[one].outcome == "direct" for one in turns.utterance.tolist())
        for one, other in zip(*(turns.utterance[rows].tolist() for rows in in_sessions(turns)), strict=True):
            before, after = lines[one], lines[other]
            if before.template in denials or before.outcome != "direct":
                continue
            if after.template in denials or (after.template in meant and after.outcome == "direct"):
                assert before.pair
                rejected += 1
                asked = {before.pair.question, *before.pair.variants}
                wrong += before.template not in asked and before.pair != after.pair

    assert rejected > 20
    assert wrong == rejected
    assert 1 / 200 < rejected / direct < 1 / 10
