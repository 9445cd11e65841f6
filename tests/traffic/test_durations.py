"""Latencies of answers and failures."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from mockcbs.traffic.durations import QUANTILES, SLOW_MS, TIMEOUT_MS, before, durations, lognormal
from mockcbs.traffic.knowledge import FAILURES
from mockcbs.traffic.turns import OUTCOMES


@pytest.mark.parametrize(
    ("median", "slow", "permille"), [(2_400, 10_000, 12), (300, 2_000, 5), (900, 1_500, 200)]
)
def test_quantiles_are_those_of_a_log_normal_distribution(median, slow, permille):
    """Whole numbers are close to floating-point results, and never descend."""
    sigma = math.log(slow / median) / NormalDist().inv_cdf(1 - permille / 1000)

    found = lognormal(median, slow, permille)

    assert (np.diff(found) >= 0).all()
    for place in range(40, QUANTILES - 40, 100):
        exact = median * math.exp(sigma * NormalDist().inv_cdf((place + 0.5) / QUANTILES))
        assert found[place] == pytest.approx(exact, rel=0.02)
    assert (found > slow).mean() == pytest.approx(permille / 1000, abs=0.001)


@pytest.mark.parametrize("engine", ["rules", "model", "workflow"])
def test_answers_end_before_the_timeout(engine):
    """No answer is slower than the engine waits; failures by timeout are, and most others are not."""
    table = durations(engine, 2_000 if engine != "rules" else 300, 15)

    assert table.latency.max() < TIMEOUT_MS[engine]
    timeouts = table.failure_ms[FAILURES.index("timeout")]
    assert SLOW_MS[engine] < TIMEOUT_MS[engine] < timeouts.min()
    assert timeouts.max() < TIMEOUT_MS[engine] + 60
    assert np.median(table.failure_ms) < 1_000


def test_failures_have_no_common_minimum():
    """Hardly two quantiles of the fastest failures are equal, and none takes no time."""
    for fast in durations("model", 1_700, 6).failure_ms:
        assert (fast == fast[0]).sum() < 0.002 * len(fast)
        assert fast[0] > 0


@pytest.mark.parametrize("median", [600, 1_700, 4_000])
def test_caches_and_cold_starts_change_neither_median_nor_slow_share(median):
    """Some answers come from a cache and some wait for a cold start; the slower half else stays as it is."""
    plain, table = lognormal(median, SLOW_MS["model"], 6), durations("model", median, 6).latency[0]
    slower = np.arange(QUANTILES) >= QUANTILES // 2
    cold = slower & (table != plain)

    assert 0.03 < (table < 450).mean() < 0.07
    assert 0.005 < cold.mean() < 0.03
    assert table[cold].min() > 3_000
    assert abs(int(np.median(table)) - int(np.median(plain))) <= 1
    assert (table > SLOW_MS["model"]).sum() == (plain > SLOW_MS["model"]).sum()


@pytest.mark.parametrize("engine", ["rules", "model"])
def test_outcomes_keep_the_median(engine):
    """Half of all answers take less than the stated median, however long each outcome takes."""
    percent = {"direct": 100, "notmatch": 300, "chat": 40, "dialog": 250}
    mix = {"direct": 60, "notmatch": 10, "chat": 20, "dialog": 10}

    rows = durations(engine, 1_000, 6, percent, mix).latency

    medians = dict(zip(OUTCOMES, np.median(rows, axis=1).tolist(), strict=True))
    every = np.concatenate([np.repeat(rows[OUTCOMES.index(one)], share) for one, share in mix.items()])
    assert medians["chat"] < 0.7 * medians["direct"]
    assert medians["direct"] < medians["dialog"] < medians["notmatch"]
    assert np.median(every) == pytest.approx(1_000, rel=0.08)


def test_answers_that_would_exceed_the_limit_do_not_gather_at_it():
    """They lie between half the limit and the limit, and hardly two are equal."""
    found = before(10_000, np.arange(1_000))

    assert found.min() >= 5_000
    assert found.max() < 10_000
    assert len(set(found.tolist())) > 900


@pytest.mark.parametrize(("engine", "fastest"), [("rules", 45), ("model", 290), ("workflow", 290)])
def test_no_answer_is_faster_than_its_engine(engine, fastest):
    """The fastest answers of a language model come from its cache; rules need some time, too."""
    assert durations(engine, 300 if engine == "rules" else 1_700, 6).latency.min() >= fastest
