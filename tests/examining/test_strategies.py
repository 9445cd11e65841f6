"""Where the cases of an exam come from."""

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.examining.strategies import Case, ranges, sessions

DAYS = 10


@given(ranges(DAYS, min_cuts=1, length=3))
def test_a_range_lies_within_the_traffic(case: Case):
    """A range has the stated length, contains its cuts, and has sessions around it."""
    assert case.start >= 0
    assert case.end < DAYS
    assert case.end - case.start >= 2
    assert case.cuts
    assert all(case.start < cut <= case.end for cut in case.cuts)
    assert list(case.cuts) == sorted(set(case.cuts))
    assert all(case.start - 1 <= session.day <= case.end + 1 for session in case.sessions)
    assert not (case.seed and case.sessions)


@given(ranges(DAYS, seeded=False))
def test_traffic_may_be_stated_only(case: Case):
    """Stated traffic has at least one session."""
    assert case.seed is None
    assert case.sessions


@given(st.data())
def test_sessions_of_one_outcome_are_somebodys(data):
    """Each session has a user, so that every session counts alike."""
    session = data.draw(sessions(range(3), outcome="direct"))

    assert session.user
    assert {question.outcome for question in session.questions} == {"direct"}
    assert not any(question.failed for question in session.questions)
