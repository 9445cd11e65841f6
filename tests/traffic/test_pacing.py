"""When users ask their next question."""

import numpy as np
import pytest

from mockcbs.datasets.load import load
from mockcbs.traffic.conversations.scripts import pool
from mockcbs.traffic.durations import durations
from mockcbs.traffic.pacing import Pace
from mockcbs.traffic.words.saying import Speakers
from mockcbs.traffic.words.wording import Wording
from tests.traffic.drafts import usual

OFFICE = Wording(load("everyday").knowledge)
DRAFT = usual(4_000)
SAID = Speakers(11, OFFICE, 70, 0).say(DRAFT)
USUAL = np.full(len(DRAFT.starts), 1024, np.int64)


def timed(engine):
    """The latency of each answer, and the time from it to the next question of the session, ms."""
    pace = Pace(engine, durations(engine, 400, 10), OFFICE)
    latency = pace.latency(DRAFT, SAID, USUAL)
    at, returns = pace.times(DRAFT, SAID, latency)
    idle = np.diff(at) - latency[:-1]
    same = np.diff(DRAFT.session) == 0
    same[returns - 1] = False
    return latency, at, idle, same


@pytest.mark.parametrize(("engine", "most"), [("rules", 120_000), ("model", 1_800_000)])
def test_users_come_back_in_time(engine, most):
    """A session of CBS ends 120 s after an answer, one of Coze after half an hour; nobody writes at once."""
    _, at, idle, same = timed(engine)

    assert (at[DRAFT.opening[:-1]] == DRAFT.starts).all()
    assert idle[same].min() >= 1_000
    assert idle[same].max() < most


@pytest.mark.parametrize(("engine", "most"), [("rules", 118), ("model", 24 * 60)])
def test_who_has_done_what_the_answer_says_takes_time(engine, most):
    """40 s or more; users of CBS whose session has ended meanwhile begin another one with it."""
    _, _, idle, same = timed(engine)
    done = OFFICE.efforts.doing_ms[SAID[1:]] > 0
    seconds = idle[done & same] / 1000

    assert len(seconds) > 3
    assert min(seconds) >= 36
    assert max(seconds) <= most
    assert (done & ~same).any() == (engine == "rules")


def test_some_users_have_no_time():
    """A second message comes within 4.3 s of the answer, what is sent twice at once within 2.2 s."""
    _, _, idle, same = timed("rules")
    hasty, double = pool().hasty[DRAFT.step][1:], pool().double[DRAFT.step][1:]

    assert (hasty & same).any()
    assert idle[hasty & same].max() < 4_300
    assert idle[double & hasty & same].max() < 2_200
    assert np.median(idle[~hasty & same]) > 10_000


def test_longer_answers_take_longer():
    """The latency follows the length of question and answer, and the load of the hour."""
    latency, *_ = timed("model")
    effort = OFFICE.efforts.writing[SAID]

    pace = Pace("model", durations("model", 400, 10), OFFICE)
    loaded = pace.latency(DRAFT, SAID, USUAL * 2)

    assert np.median(latency[effort > 1_200]) > 1.2 * np.median(latency[effort < 900])
    assert loaded.sum() == pytest.approx(2 * latency.sum(), rel=0.01)
