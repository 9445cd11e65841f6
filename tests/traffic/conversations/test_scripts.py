"""Scripts of conversations."""

import numpy as np

from mockcbs.traffic.conversations.acts import Act
from mockcbs.traffic.conversations.scripts import pool

STEPS = pool()


def test_a_step_takes_its_subject_from_its_own_session():
    """No step looks back before the session began, and other words are for the same subject."""
    place = np.arange(len(STEPS.act)) - np.repeat(STEPS.first, STEPS.length)

    assert (STEPS.back <= place).all()
    again = STEPS.act == Act.REPHRASED
    assert (STEPS.back[again] > 0).all()
