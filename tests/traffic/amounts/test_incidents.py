"""The incidents of bots, over twenty seeds."""

from collections import Counter

import numpy as np
import pytest

from mockcbs.traffic import bits
from mockcbs.traffic.amounts.incidents import BEFORE, ONE, Incidents, recovered, severity, slowed
from mockcbs.traffic.bots import Incident, Profile
from mockcbs.traffic.periods import DAY

DAYS = range(20_400, 21_200)
MINUTE = 60_000
HOURS = np.array([1] * 8 + [10] * 10 + [1] * 6)
ONE_HOUR = Incident(DAYS.start * DAY, minutes=60)


def incidents(bot: int, seed: int = 1, span: int = 15, **profile) -> Incidents:
    return Incidents(bits.key(seed, bot), bits.key(seed), Profile(**profile), span, HOURS)


def test_most_incidents_belong_to_one_bot():
    """Few incidents are shared; then most bots have them within ten minutes, hardly two in one second."""
    for seed in range(20):
        begins = [[one.at for one in incidents(bot, seed).on(DAYS)] for bot in range(10)]
        windows = Counter(at // (10 * MINUTE) for each in begins for at in each)
        shared = [window for window, count in windows.items() if count > 2]

        assert all(len(set(each)) == len(each) for each in begins)
        assert len({at // 1000 for each in begins for at in each}) > 0.98 * sum(map(len, begins))
        assert 1 <= len(shared) <= 12
        assert sum(windows[one] for one in shared) < 0.3 * windows.total()


def test_days_alone_have_the_same_incidents():
    """The incidents of a range are those of its days, also if they were requested before."""
    all_at_once = incidents(3).on(DAYS)

    one_by_one = incidents(3)
    assert [one for day in DAYS for one in one_by_one.on(range(day, day + 1))] == all_at_once
    assert incidents(3, span=0).on(DAYS) == []


def test_a_stated_incident_may_be_staggered():
    """It begins at its time, or for each bot up to the stated number of minutes later."""
    stated = ONE_HOUR._replace(stagger_minutes=9)
    late = [incidents(bot, span=0, incidents=(stated,)).on(DAYS)[0].at - stated.at for bot in range(40)]

    assert incidents(1, span=0, incidents=(ONE_HOUR,)).on(DAYS) == [ONE_HOUR]
    assert 0 <= min(late) < 2 * MINUTE
    assert 7 * MINUTE < max(late) <= 9 * MINUTE


def test_an_incident_rises_and_fades():
    """Answers get slower before it; failures rise, go up and down, and end some minutes after it."""
    at = ONE_HOUR.at + np.arange(-BEFORE, recovered(ONE_HOUR) - ONE_HOUR.at, MINUTE)
    failing, slow = severity(ONE_HOUR, at, 7)
    within = (at >= ONE_HOUR.at + 8 * MINUTE) & (at < ONE_HOUR.end)

    assert failing[at < ONE_HOUR.at].max() == 0
    assert slow[0] == 0
    assert np.diff(slow[at < ONE_HOUR.at]).min() >= 0
    assert slow[within].min() == ONE
    assert failing[within].mean() == pytest.approx(ONE, rel=0.1)
    assert len(set(failing[within].tolist())) > 10
    after = at >= ONE_HOUR.end
    assert 0 < failing[after][0] < ONE
    assert failing[after][-1] < 0.05 * ONE
    assert np.abs(np.diff(slow)).max() < 0.2 * ONE


def test_no_fixed_factor_slows_answers():
    """Answers four times as slow in the mean are not multiples of four."""
    latency = np.full(20_000, 1_237)

    found = slowed(latency, np.full(20_000, 400), bits.words(1, np.arange(20_000)))

    assert found.mean() == pytest.approx(4 * 1_237, rel=0.02)
    assert (found % 4 == 0).mean() == pytest.approx(0.25, abs=0.02)
    assert (slowed(latency, np.full(20_000, 100), bits.words(1, np.arange(20_000))) > 0).all()
