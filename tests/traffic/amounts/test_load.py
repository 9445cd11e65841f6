"""How much longer answers take in busy hours."""

import numpy as np

from mockcbs.traffic.amounts.load import Load

DAYS = range(20_400, 20_460)


def test_some_hours_are_slow_for_all_bots_of_a_pool_and_some_for_one():
    """Bots of one pool share slow hours; each has others of its own."""
    calm = Load(1, 2, has_brown_outs=False).of(DAYS)
    one, other = (Load(key, 2, has_brown_outs=True).of(DAYS) > calm for key in (1, 3))

    assert (one & other).any()
    assert (one & ~other).any()


def test_pools_have_busy_hours_of_their_own():
    """Night is calmest everywhere, but pools differ in when they are busiest, and in how much that adds."""
    days = [Load(1, pool, has_brown_outs=False).of(DAYS).mean(axis=0) for pool in range(0, 120, 10)]

    assert {int(day.argmin() + 8) % 24 for day in days} <= set(range(7))
    assert len({int(day.argmax()) for day in days}) > 3
    assert max(map(np.ptp, days)) > 1.4 * min(map(np.ptp, days))


def test_answers_are_faster_on_days_off():
    """On weekends, and on public holidays unless there are none, pools have less load."""
    wednesday, saturday, holiday = (range(day, day + 1) for day in (20_740, 20_743, 20_731))  # October 2026

    with_holidays, without = (Load(1, 2, has_brown_outs=False, has_holidays=has) for has in (True, False))

    assert with_holidays.of(saturday).mean() < 0.95 * with_holidays.of(wednesday).mean()
    assert with_holidays.of(holiday).mean() < 0.95 * without.of(holiday).mean()
