"""Conversations without words."""

from collections.abc import Iterator
from itertools import pairwise
from statistics import mean

import pytest

from mockcbs.traffic.conversations.acts import Act, outcome_of
from mockcbs.traffic.conversations.walks import pure, walks

WALKS = walks("test", 2_000, 8, 100)
BAD = {Act.VAGUE, Act.FOREIGN, Act.REPHRASED}
DISPUTES = {Act.DENIAL, Act.COMPLAINT}
NEEDS = {Act.HIT, Act.MISTAKEN, Act.HINT, Act.VAGUE, Act.FOREIGN, Act.SKILL, Act.INVALID, Act.IDLE}
"""What users do who have a new subject."""


def told() -> Iterator[tuple[list[Act], Act]]:
    """Each act with those before it in its conversation."""
    for steps in WALKS:
        acts = [step.act for step in steps]
        for place, act in enumerate(acts):
            yield acts[:place], act


def test_conversations_are_always_the_same():
    """The same name has the same conversations, another name has others."""
    assert walks("test", 50, 8, 100) == walks("test", 50, 8, 100) != walks("other", 50, 8, 100)


def test_who_leaves_less_easily_stays_longer():
    """Conversations have hardly more steps than stated, and more if users stay."""
    usual, longer = ([len(one) for one in walks("test", 400, 30, leaving)] for leaving in (100, 20))

    assert sum(longer) > 2 * sum(usual)
    assert max(longer) < 30 + 8


def test_a_request_for_a_human_follows_a_question():
    """Users request a human only after a failure, a dispute or an answer, or again: rarely after an answer,
    more often after a failure or a complaint, and most often after two failures.
    """
    asked = {"answer": [], "failure": [], "failures": [], "complaint": []}
    for before, act in told():
        if act == Act.HUMAN:
            assert before[-1] in BAD | DISPUTES | {Act.HIT, Act.HUMAN}
        last = before[-1] if before else None
        if last in BAD:
            asked["failures" if before[-2:-1] and before[-2] in BAD else "failure"].append(act == Act.HUMAN)
        elif last in {Act.HIT, Act.COMPLAINT}:
            asked["answer" if last == Act.HIT else "complaint"].append(act == Act.HUMAN)
    share = {one: mean(some) for one, some in asked.items()}

    assert 0 < 2 * share["answer"] < share["failure"] < share["failures"] / 2
    assert share["complaint"] > 2 * share["answer"]


def test_every_name_has_the_same_shares():
    """Conversations begin with each kind of question as often as the rules say, whichever the name."""
    for name in map(str, range(20)):
        first = [one[0].act for one in walks(name, 900, 8, 100)]

        for act, share in ((Act.GREETING, 9), (Act.HIT, 44.23), (Act.FOREIGN, 12.74), (Act.INVALID, 1.82)):
            assert first.count(act) == pytest.approx(9 * share, abs=2)


def test_some_users_want_a_human_at_once():
    """They request one before they ask anything, at most after a greeting; most say it again or leave."""
    scripts = [[step.act for step in one] for one in walks("test", 400, 8, 100, wants_human=True)]

    assert all(acts[acts[0] == Act.GREETING] == Act.HUMAN for acts in scripts)
    ends = {Act.GREETING, Act.HUMAN, Act.THANKS, Act.COMPLAINT}
    assert 0.9 < mean({*acts} <= ends for acts in scripts) < 0.99
    assert 0.3 < mean(acts.count(Act.HUMAN) > 1 for acts in scripts) < 0.7


def test_users_dispute_an_answer():
    """A denial follows a wrong answer; what was meant is asked for after one, a denial or a complaint."""
    for before, act in told():
        if act == Act.DENIAL:
            assert before[-1] == Act.MISTAKEN
        if act == Act.MEANT:
            assert before[-1] in {Act.MISTAKEN, *DISPUTES}


def test_few_change_the_subject_after_no_match():
    """Of the users who go on after a question without a match, one in five at most asks something else."""
    changes = [
        step.act in NEEDS and not step.back
        for steps in WALKS
        for before, step in pairwise(steps)
        if before.act in {*BAD, Act.FRAGMENT} and step.act != Act.HUMAN
    ]

    assert 0.08 < mean(changes) < 0.2


def test_users_tap_on_what_was_recommended():
    """A tap follows a keyword, for which the bot recommends pairs, and is the most frequent act after it."""
    after = [act for before, act in told() if before and before[-1] == Act.HINT]

    assert all(before[-1] == Act.HINT for before, act in told() if act == Act.TAP)
    assert max(Act, key=after.count) == Act.TAP


def test_no_step_looks_back_before_the_begin():
    """The earlier step with the same subject is in the same conversation."""
    assert all(step.back <= place for steps in WALKS for place, step in enumerate(steps))


def test_some_scripts_have_one_outcome():
    """A mix of outcomes may have a single one, whichever it is."""
    alone = {frozenset(map(outcome_of, steps)) for steps in pure()}

    assert all(len(outcomes) == 1 for outcomes in alone)
    assert len(alone) == 6
