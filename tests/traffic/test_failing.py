"""Which answers fail, and what users do then."""

from types import SimpleNamespace

import numpy as np
import pytest

from mockcbs.datasets.load import load
from mockcbs.traffic.bots import Incident
from mockcbs.traffic.durations import TIMEOUT_MS, durations
from mockcbs.traffic.failing import Troubles
from mockcbs.traffic.pacing import Pace
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.words.saying import Speakers
from mockcbs.traffic.words.wording import Wording
from tests.traffic.drafts import BEGIN, usual

OFFICE = Wording(load("everyday").knowledge)
DRAFT = usual(6_000)
HOUR = 3_600_000
TODAY = range(BEGIN // DAY, BEGIN // DAY + 1)


def troubled(*incidents: Incident, can_fail: bool = True, can_chat: bool = True, failure_permille: int = 0):
    """What was said, whether each answer failed, and the latencies, ms."""
    times, speakers = durations("model", 400, 10), Speakers(11, OFFICE, 70, 0)
    said = speakers.say(DRAFT)
    latency = Pace("model", times, OFFICE).latency(DRAFT, said, np.full(len(DRAFT.starts), 1024))
    troubles = Troubles(
        3,
        "model",
        permille=failure_permille,
        is_calm=True,
        durations=times,
        incidents=SimpleNamespace(on=lambda _: list(incidents)),
        speakers=speakers,
        can_fail=can_fail,
        can_chat=can_chat,
    )
    resent = troubles.apply(DRAFT, said, latency, TODAY)
    utterances = [OFFICE.utterances[number] for number in said.tolist()]
    failed = np.array([one.failed for one in utterances])
    assert failed[resent].all()
    at, _ = Pace("model", times, OFFICE).times(DRAFT, said, latency, resent)
    assert (np.diff(at)[resent] - latency[resent]).max(initial=0) < 4_300  # users send it again at once
    return utterances, failed, latency


def test_the_stated_share_fails():
    """Of questions that a bot can fail to answer, as many fail as its profile says."""
    _, failed, _ = troubled(failure_permille=100)

    assert failed.mean() == pytest.approx(0.1, abs=0.02)


def test_a_bot_may_never_fail():
    """A bot whose questions all have a match has no failures, whatever its profile says."""
    _, failed, _ = troubled(can_fail=False, failure_permille=500)

    assert not failed.any()


def test_only_bots_with_small_talk_hear_impatient_users():
    """More users request a human when answers are slow, unless the bot has no small talk."""
    slow = Incident(BEGIN, 1_440, failure_percent=0, latency_percent=900)
    requests = [
        sum(one.outcome == "chat" for one in troubled(*incidents, can_chat=can_chat)[0])
        for incidents, can_chat in (((), False), ((slow,), False), ((slow,), True))
    ]

    assert requests[0] == requests[1] < requests[2]


def test_users_repeat_what_failed():
    """The next question of the session nearly always has the words of the one that failed."""
    said, failed, _ = troubled(failure_permille=50)
    next_too = np.flatnonzero(failed[:-1] & (np.diff(DRAFT.session) == 0))

    again = [said[row].template == said[row + 1].template for row in next_too.tolist()]
    assert len(again) > 100
    assert sum(again) > 0.85 * len(again)


def test_what_fails_several_times_stays_the_same():
    """Also the third question of a session has the words of the first one if both before it failed."""
    said, failed, _ = troubled(failure_permille=600)
    thrice = failed[:-2] & failed[1:-1] & (DRAFT.session[2:] == DRAFT.session[:-2])

    again = [said[row].template == said[row + 2].template for row in np.flatnonzero(thrice).tolist()]
    assert len(again) > 100
    assert sum(again) > 0.8 * len(again)


def test_no_answer_takes_longer_than_the_limit():
    """A timeout ends just before the limit of the engine or at it, also in an incident."""
    incident = Incident(BEGIN + 2 * HOUR, 180, failure_percent=60, latency_percent=900)

    _, _, latency = troubled(incident)

    assert latency.max() <= TIMEOUT_MS["model"] * 1.05


def test_an_incident_has_its_hours():
    """Many answers fail and are slow in it, hardly any long before or after; users speak about it."""
    incident = Incident(BEGIN + 8 * HOUR, 240, failure_percent=60, latency_percent=400)
    said, failed, latency = troubled(incident)
    begun = DRAFT.starts[DRAFT.session]
    within = (begun > incident.at + HOUR) & (begun < incident.end - HOUR)
    apart = (begun < incident.at - 2 * HOUR) | (begun > incident.end + 4 * HOUR)

    assert failed[within].mean() > 0.3
    assert not failed[apart].any()
    answered = ~failed
    assert np.median(latency[within & answered]) > 1.5 * np.median(latency[apart & answered])
    remarks = {*load("everyday").knowledge.outages}
    spoken = np.array([one.template in remarks for one in said])
    assert spoken[within].any()
    assert not spoken[apart].any()
