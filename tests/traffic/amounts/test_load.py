"""How much longer answers take in busy hours."""

import numpy as np

from mockcbs.traffic.amounts.load import Load

DAYS = range(20_400, 20_460)
USUAL = np.full(24, 50_000, np.int64)
LEVEL = np.full(len(DAYS), 1_024, np.int64)


def cells(factor: int) -> np.ndarray:
    return np.tile(USUAL * factor << 20, (len(DAYS), 1))


def test_busy_hours_are_slower():
    """More sessions make answers slower, unless a bot has grown to their number."""
    load = Load(1, 2, USUAL, has_brown_outs=False)

    usual, busy = load.of(DAYS, cells(1), LEVEL), load.of(DAYS, cells(2), LEVEL)

    assert (busy > usual).all()
    assert (load.of(DAYS, cells(2), 2 * LEVEL) == usual).all()


def test_some_hours_are_slow_for_all_bots_of_a_pool_and_some_for_one():
    """Bots of one pool share slow hours; each has others of its own."""
    calm = Load(1, 2, USUAL, has_brown_outs=False).of(DAYS, cells(1), LEVEL)
    one, other = (Load(key, 2, USUAL, has_brown_outs=True).of(DAYS, cells(1), LEVEL) > calm for key in (1, 3))

    assert (one & other).any()
    assert (one & ~other).any()


def test_a_bot_that_has_declined_to_nothing_has_a_load():
    """A level of zero divides nothing."""
    assert Load(1, 2, USUAL, has_brown_outs=True).of(DAYS, cells(0), 0 * LEVEL).min() > 0


def test_pools_have_busy_hours_of_their_own():
    """Night is calmest everywhere, but pools differ in when they are busiest, and in how much that adds."""
    loads = [Load(1, pool, USUAL, has_brown_outs=False).of(DAYS, cells(1), LEVEL) for pool in range(12)]
    days = [load.mean(axis=0) for load in loads]

    assert {int(day.argmin() + 8) % 24 for day in days} <= set(range(7))
    assert len({int(day.argmax()) for day in days}) > 3
    assert max(map(np.ptp, days)) > 1.4 * min(map(np.ptp, days))
