"""How often each bot plays each script."""

import weakref
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs.traffic import bits
from mockcbs.traffic.conversations.acts import Act, Step, outcome_of
from mockcbs.traffic.conversations.playing import choose, cuts_of
from mockcbs.traffic.conversations.scripts import pool
from mockcbs.traffic.turns import OUTCOMES
from tests.thoroughness import examples

SKILLS = frozenset({0, 1, 2})
STEPS = pool()
MIX = {"direct": 62, "recommend": 8, "notmatch": 14, "chat": 9, "invalid": 3, "dialog": 4}


def shares(mix: dict, rounds: int = 23) -> dict:
    """The shares of the outcomes of many sessions."""
    script = np.tile(choose(mix, rounds, SKILLS).astype(np.int64), 8)
    length = STEPS.length[script]
    cuts_of(mix, SKILLS).end(script, length, bits.words(7, np.arange(len(script))))
    first = np.repeat(STEPS.first[script] - np.cumsum(length) + length, length)
    acts = np.bincount(STEPS.act[first + np.arange(len(first))], minlength=len(Act)).tolist()
    found = Counter()
    for act in Act:
        found[outcome_of(Step(act))] += acts[act]
    return {outcome: found[outcome] / found.total() for outcome in OUTCOMES}


def test_tables_of_bots_are_forgotten():
    """A server that has answered for thousands of bots does not keep their tables for ever."""
    kept = [weakref.ref(choose({**MIX, "direct": 700}, 23, SKILLS)), weakref.ref(choose(MIX, 23, SKILLS))]

    for share in range(70):
        choose({**MIX, "direct": 800 + share}, 23, SKILLS)

    assert [one() for one in kept] == [None, None]
    assert np.array_equal(choose(MIX, 23, SKILLS), choose(dict(MIX), 23, SKILLS))


@given(st.dictionaries(st.sampled_from(OUTCOMES), st.integers(1, 60), min_size=1))
@settings(max_examples=examples(40), deadline=None)
def test_outcomes_come_in_the_stated_proportions(mix):
    """Outcomes occur in the proportions of any mix, and an omitted outcome never occurs."""
    found = shares(mix)

    for outcome in OUTCOMES:
        wanted = mix.get(outcome, 0) / sum(mix.values())
        assert found[outcome] == pytest.approx(wanted, abs=0.01)
        assert found[outcome] > 0 or not mix.get(outcome)


def test_sessions_are_as_long_as_stated():
    """More rounds make longer sessions."""
    lengths = [STEPS.length[choose(MIX, rounds, SKILLS)].mean() for rounds in (15, 22, 30)]

    assert lengths == pytest.approx([1.5, 2.2, 3.0], abs=0.3)


@pytest.mark.parametrize("context", [False, True])
def test_longer_sessions_are_fewer(context):
    """From three steps on, each number of sessions is nearly the same part of the one before."""
    for rounds in (22, 24, 26):
        script = np.tile(choose(MIX, rounds, SKILLS, context=context, human=(60, 30)).astype(np.int64), 8)
        length = STEPS.length[script]
        cuts_of(MIX, SKILLS, context=context).end(script, length, bits.words(7, np.arange(len(script))))
        remain = np.bincount(length)[3:10] / np.bincount(length)[2:9]

        assert remain.min() > 0.35
        assert remain.max() < 0.9
        assert np.abs(np.diff(np.log2(remain[:4]))).max() < 0.4


def test_skills_request_only_slots_that_exist():
    """If no skill has three slots, no script requests three."""
    chosen = choose({"dialog": 1}, 20, SKILLS)

    assert STEPS.most_slots[chosen].max() == 2


def test_requests_for_a_human_are_as_frequent_as_stated():
    """So many sessions contain one or begin with one, unless small talk is too rare; those come last."""
    for human in ((60, 40), (20, 0), (0, 30), (0, 0)):
        found = STEPS.human[choose(MIX, 23, SKILLS, human=human)]

        assert np.bincount(found, minlength=3)[1:] / 4096 == pytest.approx(np.array(human) / 1000, abs=0.012)
        assert (np.diff(found == 2) >= 0).all()
    some = STEPS.human[choose({"direct": 95, "chat": 5}, 20, SKILLS, human=(300, 100))]
    assert 0.03 < (some > 0).mean() < 0.08


def test_few_sessions_are_long():
    """Up to two sessions in a hundred are cut from long scripts; with one question each, none is."""
    for rounds in (10, 20, 26, 31):
        chosen = choose(MIX, rounds, SKILLS)

        assert (STEPS.base[chosen] == 0).mean() == pytest.approx((rounds - 10) / 1_100, rel=0.3)
        assert 25 * (rounds > 10) < STEPS.length[chosen].max() <= 40
