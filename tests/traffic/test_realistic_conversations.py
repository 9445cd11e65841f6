"""What follows what in sessions of generated traffic, and after how long, over twenty seeds."""

from collections import Counter
from statistics import mean

import numpy as np
import pytest

from mockcbs.traffic.turns import Turns
from mockcbs.traffic.words.greetings import hours_of
from tests.traffic.worlds import (
    CBS,
    COZE,
    EIGHT_HOURS,
    KNOWLEDGE,
    REPERTOIRE,
    SEEDS,
    in_sessions,
    made,
    outcomes,
)


def test_conversations_hang_together():
    """Each question depends on those before it, and the topic mostly stays."""
    for seed in SEEDS:
        turns = made(seed, COZE[0])
        before, after = in_sessions(turns)
        outcome = outcomes(turns)
        domain = np.array([said.domain or "" for said in REPERTOIRE])[turns.utterance]

        def then(one: str, other: str, *, outcome=outcome, before=before, after=after) -> float:
            return float((outcome[after][outcome[before] == one] == other).mean())

        share = {name: float((outcome == name).mean()) for name in ("notmatch", "dialog")}
        assert then("dialog", "dialog") > 0.5
        assert then("notmatch", "notmatch") > 1.4 * share["notmatch"]
        assert then("notmatch", "direct") > 0.27
        assert then("direct", "dialog") < share["dialog"]
        topical = (domain[before] != "") & (domain[after] != "")
        by_chance = sum((n / len(domain)) ** 2 for n in Counter(domain[domain != ""].tolist()).values())
        assert (domain[before] == domain[after])[topical].mean() > by_chance + 0.3


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
def test_users_come_for_one_category(bot):
    """After a question that has a category, few users ask about another category."""
    domain = np.array([said.domain or "" for said in REPERTOIRE])
    shares = []
    for seed in SEEDS:
        turns = made(seed, bot)
        before, after = (domain[turns.utterance[rows]] for rows in in_sessions(turns))
        topical = (before != "") & (after != "")
        shares.append((before != after)[topical].mean())

    assert mean(shares) < 0.14


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
def test_users_come_with_one_problem(bot):
    """Of the sessions with three answers or more, at most a quarter are about three different pairs, and
    more are about one pair alone.
    """
    numbers: dict[str, int] = {}
    pair = np.array([
        numbers.setdefault(said.pair.question, len(numbers)) if said.pair and said.outcome == "direct" else -1
        for said in REPERTOIRE
    ])  # fmt: skip
    three, one = [], []
    for seed in SEEDS:
        turns = made(seed, bot)
        answers: dict[int, list[int]] = {}
        for session, number in zip(turns.session.tolist(), pair[turns.utterance].tolist(), strict=True):
            if number >= 0:
                answers.setdefault(session, []).append(number)
        kinds = [len({*some}) for some in answers.values() if len(some) > 2]
        three.append(mean(count > 2 for count in kinds))
        one.append(mean(count == 1 for count in kinds))

    assert 0.05 < mean(three) < 0.25
    assert mean(one) > 0.3


def test_users_repeat_themselves_in_other_words():
    """After a question without a match, the next one without a match has other words for the same subject."""
    turns = made(3, CBS[0], sessions_per_day=400)
    before, after = in_sessions(turns)
    text = np.array([said.template for said in REPERTOIRE])[turns.utterance]
    again = [
        (one, other)
        for one, other in zip(text[before].tolist(), text[after].tolist(), strict=True)
        if other != one and one in other and len(one) > 3
    ]

    assert len(again) > 100


def test_users_read_long_answers_longer():
    """The time from an answer to the next question grows with the length of the answer."""
    answers = np.array(
        [len(said.pair.answer) if said.pair and said.outcome == "direct" else 0 for said in REPERTOIRE]
    )
    ratios = []
    for seed in range(6):
        turns = made(seed, CBS[0], sessions_per_day=400)
        before, after = in_sessions(turns)
        think = turns.at[after] - turns.at[before] - turns.latency[before]
        length = answers[turns.utterance[before]]
        known = np.flatnonzero(length)
        low, high = np.quantile(length[known], [0.05, 0.95])
        short, long = (length[known] <= low), (length[known] >= high)
        ratios.append(np.median(think[known][long]) / np.median(think[known][short]))

    assert mean(ratios) > 1.15


def test_long_questions_take_longer_to_type():
    """The time until the next question grows with the length of that question, unless users tap on it."""
    length = np.array([len(said.template) for said in REPERTOIRE])
    tapped = np.array([said.is_tapped for said in REPERTOIRE])
    for seed in SEEDS:
        turns = made(seed, COZE[0])
        before, after = in_sessions(turns)
        think = turns.at[after] - turns.at[before] - turns.latency[before]
        typed = length[turns.utterance[after]]
        same = (turns.utterance[after] == turns.utterance[before]) | tapped[turns.utterance[after]]

        assert np.corrcoef(np.log(think[~same]), typed[~same])[0, 1] > 0.15
        assert np.median(think[~same & (typed >= 12)]) > 1.3 * np.median(think[~same & (typed <= 4)])


def test_users_pause_before_they_ask_something_else():
    """Who asks about another pair has first done what the answer says."""
    pair = np.array([hash(said.pair.question) if said.pair else 0 for said in REPERTOIRE])
    ratios = []
    for seed in SEEDS:
        turns = made(seed, COZE[0])
        before, after = in_sessions(turns)
        think = turns.at[after] - turns.at[before] - turns.latency[before]
        one, other = pair[turns.utterance[before]], pair[turns.utterance[after]]
        known = (one != 0) & (other != 0)
        ratios.append(np.median(think[known & (one != other)]) / np.median(think[known & (one == other)]))

    assert mean(ratios) > 1.29


def think_seconds(turns: Turns) -> np.ndarray:
    before, after = in_sessions(turns)
    return (turns.at[after] - turns.at[before] - turns.latency[before]) / 1000


def test_users_think_for_tens_of_seconds():
    """The time from an answer to the next question is log-normal, with a median of 10 s to 30 s.

    It is shorter than 4.2 s for one in seven to fifty: they tap, or send more or the same at once.
    """
    for seed in SEEDS:
        think = think_seconds(made(seed, COZE[0]))
        low, middle, high = np.quantile(think[think > 4.2], [0.1, 0.5, 0.9])

        assert 0.02 < (think <= 4.2).mean() < 0.14
        assert 10 < np.median(think) < 30
        assert high / middle == pytest.approx(middle / low, rel=0.33)


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
def test_users_of_some_bots_take_longer(bot):
    """The median time to the next question of the slowest bot is 1.6 to 3 times that of the fastest one."""
    medians = [np.median(think_seconds(made(seed, bot))) for seed in SEEDS]

    assert 1.6 < max(medians) / min(medians) < 3


def test_who_comes_back_after_the_end_of_a_session_begins_another():
    """Fewer and fewer users of CBS wait longer, up to 120 s; then many come back in another session."""
    waits, returns = np.zeros(12, np.int64), np.zeros(10, np.int64)
    for seed in SEEDS:
        turns = made(seed, CBS[0])
        waits += np.histogram(think_seconds(turns), np.arange(0, 130, 10))[0]
        order = np.lexsort((turns.at, turns.user))
        order = order[turns.user[order] >= 0]
        before, after = order[:-1], order[1:]
        other = (turns.user[before] == turns.user[after]) & (turns.session[before] != turns.session[after])
        idle = (turns.at[after] - turns.at[before] - turns.latency[before])[other] / 1000
        returns += np.histogram(idle, np.arange(0, 330, 30)[:11])[0]

    assert (waits[2:] < 0.8 * waits[1:-1]).all()
    assert waits[-1] > 0.35 * waits[-2]
    assert returns[4] > 1.5 * returns[3]
    assert returns[4] > 2 * returns[9]


def test_pauses_end_with_the_session():
    """Users of CBS return before the session ends after 120 s, those of Coze even after half an hour."""
    for seed in SEEDS:
        rules, model = think_seconds(made(seed, CBS[0])), think_seconds(made(seed, COZE[0]))

        assert 60 < np.quantile(rules, 0.99) < rules.max() < 119
        assert 0.005 < (model > 180).mean() < 0.03
        assert 900 < model.max() < 1800


def test_a_few_sessions_are_long():
    """Less than one session in a hundred has over eleven questions; the longest have 20 to 40."""
    longest = []
    for seed in SEEDS:
        length = np.bincount(made(seed, COZE[0], sessions_per_day=200).session)
        longest.append(length.max())
        assert 0.0005 < (length > 11).mean() < 0.01

    assert 20 <= min(longest) <= max(longest) <= 40


def test_long_sessions_are_of_all_lengths():
    """The long sessions of one bot are no copies of a few ones, and longer ones are rarer."""
    variety, pooled = [], Counter()
    for seed in SEEDS:
        turns = made(seed, COZE[0], sessions_per_day=200)
        length = np.bincount(turns.session)
        order = np.lexsort((turns.at, turns.session))
        courses = np.split(outcomes(turns)[order], np.cumsum(length)[:-1])
        long = [tuple(course) for course in courses if len(course) > 11]
        variety.append(len(set(long)) / len(long))
        pooled.update(len(course) // 6 for course in long)

    assert min(variety) > 0.58
    assert pooled[2] > pooled[3] > pooled[4] > pooled[5] > 0


@pytest.mark.parametrize("bots", [CBS, COZE])
def test_fewer_and_fewer_sessions_are_longer(bots):
    """The number of sessions declines evenly with their length: there is no shelf and no cliff."""
    lengths = np.zeros(80, np.int64)
    for seed in SEEDS:
        for bot in bots:
            lengths += np.bincount(np.bincount(made(seed, bot).session), minlength=80)
    remain = lengths[3:16] / lengths[2:15]

    assert remain.min() > 0.36
    assert remain.max() < 0.925


def test_impatient_users_send_a_question_twice():
    """A few questions come twice in the same words within seconds."""
    for seed in SEEDS:
        turns = made(seed, CBS[0], sessions_per_day=300)
        before, after = in_sessions(turns)
        idle = turns.at[after] - turns.at[before] - turns.latency[before]
        twice = turns.utterance[after] == turns.utterance[before]

        assert 0.002 < (twice & (idle < 2_500)).mean() < 0.06


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
def test_a_goodbye_is_nearly_always_the_last_word(bot):
    """Thanks and goodbyes end a session, 19 of 20 times; after a few, users remember something else."""
    remarks = [one for one in KNOWLEDGE.small_talk if one.when == "thanks"]
    thanks = {text for one in remarks for text in (one.question, *one.variants)}
    said = np.array([one.template in thanks and one.outcome == "chat" for one in REPERTOIRE])
    later = []
    for seed in SEEDS:
        turns = made(seed, bot, sessions_per_day=300)
        before, _ = in_sessions(turns)
        later.append(said[turns.utterance[before]].sum() / said[turns.utterance].sum())

    assert 0.005 < mean(later) < 0.08
    assert max(later) < 0.14


def test_greetings_fit_the_local_hour():
    """Nobody says 早上好 in the evening; one in some hundred greets up to half an hour too early or late."""
    hours = [hours_of(one.template) if one.outcome == "chat" else None for one in REPERTOIRE]
    heard, off = set(), []
    for seed in SEEDS:
        turns = made(seed, CBS[0])
        _, first = np.unique(turns.session, return_index=True)
        for number, at in zip(turns.utterance[first].tolist(), turns.at[first].tolist(), strict=True):
            if (fitting := hours[number]) is not None:
                heard.add(REPERTOIRE[number].template)
                near = [(at + EIGHT_HOURS + shift) // 3_600_000 % 24 for shift in (0, -1_800_000, 1_800_000)]
                assert any(hour in fitting for hour in near)
                off.append(near[0] not in fitting)

    assert 0.003 < np.mean(off) < 0.05
    assert {"早上好", "晚上好"} <= heard
