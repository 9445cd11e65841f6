"""Which pairs a bot takes for each other, and what users say then."""

import pytest

from mockcbs.traffic.bots import Profile
from mockcbs.traffic.conversations.acts import Form
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.knowledge import Pair, Utterance
from mockcbs.traffic.words.mistakes import Mistakes, mistaken_for
from mockcbs.traffic.words.subjects import Subjects
from tests.traffic.bases import SHIPPED, shipped
from tests.traffic.worlds import CBS, COZE, DAYS, SEEDS, in_sessions


def found(*words: str) -> list[list[int]]:
    return mistaken_for([frozenset(one.split()) for one in words], [True] * len(words))


def test_a_pair_is_taken_for_one_with_its_keywords():
    """The more keywords two pairs have in common, the sooner a bot takes them for each other."""
    assert found("office printer", "office", "office printer ink", "phone")[0] == [2, 1]


def test_without_common_keywords_the_next_pairs_are_taken():
    """A category whose pairs have nothing in common still has wrong answers, unless it has one pair only."""
    assert found("a", "b", "c") == [[1, 2], [2, 0], [0, 1]]
    assert found("a") == [[]]


def test_a_pair_that_nobody_means_now_is_no_answer():
    """Questions out of season are not answered by mistake."""
    assert mistaken_for([frozenset("a"), frozenset("a"), frozenset("b")], [True, False, True]) == [
        [2],
        [0],
        [0],
    ]


def test_a_bot_always_gives_the_same_answer_to_one_text():
    """One in three vague questions has an answer, whichever pair it is about."""
    one, other = (Pair(text, "answer") for text in "ab")
    mistakes = Mistakes([*"vwxyz"])

    assert (mistakes.vague, mistakes.taken) == ([*"vwyz"], ["x"])
    assert mistakes.answers(["x", "p"], [one, other]) == {"x": one, "p": other}
    assert mistakes.answers(["x", "q"], [other]) == {"x": one, "q": other}
    assert mistakes.answers(["x"], []) == {}


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
