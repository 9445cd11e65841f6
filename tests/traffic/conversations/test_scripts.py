"""Scripts of conversations."""

import numpy as np

from mockcbs.traffic.conversations.acts import Act, Form
from mockcbs.traffic.conversations.scripts import done_steps, pool

STEPS = pool()


def test_a_step_takes_its_subject_from_its_own_session():
    """No step looks back before the session began, and other words are for the same subject."""
    place = np.arange(len(STEPS.act)) - np.repeat(STEPS.first, STEPS.length)

    assert (STEPS.back <= place).all()
    again = STEPS.act == Act.REPHRASED
    assert (STEPS.back[again] > 0).all()


def test_users_send_vague_words_again():
    """No 说说… follows 想问下… about the same thing, and no other step of such a script is in vague words."""
    vague = np.flatnonzero(STEPS.act == Act.VAGUE)
    again = vague[(STEPS.act[vague - 1] == Act.VAGUE) & (STEPS.back[vague] == STEPS.back[vague - 1] + 1)]
    other = np.isin(STEPS.form, [Form.UNDERSTOOD, Form.MISTAKEN])

    assert len(again)
    assert STEPS.double[again].all()
    assert (STEPS.turned[again] == STEPS.turned[again - 1]).all()
    assert not (
        np.add.reduceat(STEPS.act == Act.VAGUE, STEPS.first) & np.add.reduceat(other, STEPS.first)
    ).any()
    assert np.add.reduceat(other, STEPS.first, dtype=int).max() == 1


def test_users_say_more_after_an_answer_only():
    """The subject of what says more has been answered before; a report follows an answer at once."""
    answers = np.isin(STEPS.act, [Act.HIT, Act.TAP, Act.MEANT, Act.UNDERSTOOD])
    more = np.flatnonzero(STEPS.form == Form.MORE)
    subject = np.arange(len(STEPS.act)) - STEPS.back

    assert len(more) > 100
    assert not STEPS.double[more].any()
    for step in more.tolist():
        earlier = slice(subject[step], step)
        assert answers[earlier][subject[earlier] == subject[step]].any()
    assert answers[np.flatnonzero(done_steps()) - 1].all()
    assert not STEPS.hasty[done_steps()].any()
