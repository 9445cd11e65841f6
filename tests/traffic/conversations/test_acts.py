"""What users do, and its outcome."""

from mockcbs.traffic.conversations.acts import Act, Step, outcome_of
from mockcbs.traffic.turns import OUTCOMES


def test_every_outcome_has_an_act():
    """Each outcome is that of something that users do, and each act has an outcome."""
    assert {outcome_of(Step(act)) for act in Act} == set(OUTCOMES)


def test_the_bot_does_not_match_what_it_would_have_to_remember():
    """Remarks on an answer and words that need an earlier question have no match."""
    for act in (Act.FRAGMENT, Act.DENIAL, Act.OUTAGE, Act.RECOVERY, Act.REPHRASED):
        assert outcome_of(Step(act)) == "notmatch"


def test_who_taps_gets_an_answer():
    """A recommended question is one that the bot knows."""
    assert outcome_of(Step(Act.TAP)) == "direct"
