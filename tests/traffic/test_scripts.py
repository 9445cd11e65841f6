"""Scripts of conversations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs.traffic.acts import Act
from mockcbs.traffic.scripts import pool
from mockcbs.traffic.turns import OUTCOMES
from tests.thoroughness import examples

SKILLS = frozenset({0, 1, 2})
STEPS = pool()
MIX = {"direct": 62, "recommend": 8, "notmatch": 14, "chat": 9, "invalid": 3, "dialog": 4}


def shares(mix: dict, rounds: int = 23) -> dict:
    chosen = STEPS.choose(mix, rounds, SKILLS)
    totals = STEPS.outcomes[chosen].sum(axis=0)
    return dict(zip(OUTCOMES, (totals / totals.sum()).tolist(), strict=True))


@given(st.dictionaries(st.sampled_from(OUTCOMES), st.integers(1, 60), min_size=1))
@settings(max_examples=examples(40), deadline=None)
def test_outcomes_come_in_the_stated_proportions(mix):
    """Outcomes occur in the proportions of any mix, and an omitted outcome never occurs."""
    found = shares(mix)

    for outcome in OUTCOMES:
        wanted = mix.get(outcome, 0) / sum(mix.values())
        assert found[outcome] == pytest.approx(wanted, abs=0.02)
        assert found[outcome] > 0 or not mix.get(outcome)


def test_sessions_are_as_long_as_stated():
    """More rounds make longer sessions."""
    lengths = [STEPS.length[STEPS.choose(MIX, rounds, SKILLS)].mean() for rounds in (15, 22, 30)]

    assert lengths == pytest.approx([1.5, 2.2, 3.0], abs=0.3)


def test_skills_request_only_slots_that_exist():
    """If no skill has three slots, no script requests three."""
    chosen = STEPS.choose({"dialog": 1}, 20, SKILLS)

    assert STEPS.most_slots[chosen].max() == 2


def test_few_sessions_are_long():
    """A few sessions in a thousand have 12 questions or more, some more than 25; with one each, none has."""
    for rounds in (10, 20, 26, 31):
        length = STEPS.length[STEPS.choose(MIX, rounds, SKILLS)]

        assert (length >= 12).mean() == pytest.approx((rounds - 10) / 4_500, rel=0.3)
        assert 25 * (rounds > 10) < length.max() <= 40


def test_a_step_takes_its_subject_from_its_own_session():
    """No step looks back before the session began, and other words are for the same subject."""
    place = np.arange(len(STEPS.act)) - np.repeat(STEPS.first, STEPS.length)

    assert (STEPS.back <= place).all()
    again = STEPS.act == Act.REPHRASED
    assert (STEPS.back[again] > 0).all()
