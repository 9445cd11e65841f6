"""Latencies of answers and failures, log-normally distributed, in tables of whole numbers."""

from collections.abc import Mapping
from functools import cache, lru_cache
from math import comb
from typing import NamedTuple

import numpy as np

from mockcbs.traffic.bots import Engine
from mockcbs.traffic.knowledge import FAILURES, Failure
from mockcbs.traffic.logarithms import OCTAVE, exp2, log2
from mockcbs.traffic.turns import OUTCOMES, Ints, Outcome, Places, smallest

QUANTILES = 4096
SLOW_MS = {"rules": 2_000, "model": 10_000, "workflow": 10_000}
"""Answers that take longer are slow."""
TIMEOUT_MS = {"rules": 10_000, "model": 60_000, "workflow": 90_000}
"""The timeout of the engine, ms."""
MEDIANS_MS: dict[Engine, tuple[int, int]] = {
    "rules": (160, 420),
    "model": (1_500, 2_100),
    "workflow": (2_000, 2_300),
}
"""The bounds between which each bot draws its median, ms."""
SLOW_PERMILLE: dict[Engine, tuple[int, int]] = {"rules": (2, 12), "model": (9, 13), "workflow": (9, 13)}
"""The bounds between which each bot draws its share of slow answers."""
_RULES_PERCENT: dict[Outcome, tuple[int, int]] = {
    "direct": (100, 100),
    "recommend": (80, 220),
    "notmatch": (80, 400),
    "chat": (35, 110),
    "invalid": (25, 90),
    "dialog": (60, 420),
}
_MODEL_PERCENT: dict[Outcome, tuple[int, int]] = {
    **_RULES_PERCENT,
    "recommend": (80, 125),
    "notmatch": (80, 250),
    "dialog": (60, 115),
}
OUTCOME_PERCENT = {"rules": _RULES_PERCENT, "model": _MODEL_PERCENT, "workflow": _MODEL_PERCENT}
"""The bounds between which each bot draws how long each outcome takes, compared with an answer of a pair.
A language model still takes longest to write long answers.
"""
_FIXED_MS: dict[Engine, int] = {"rules": 20, "model": 375, "workflow": 375}
"""The part of each latency that is the same for all outcomes, ms."""
FAILURE_PERMILLE: dict[Engine, tuple[int, int]] = {"rules": (0, 4), "model": (1, 4), "workflow": (1, 4)}
"""The bounds between which each bot draws how many of 1000 answers fail outside incidents."""
CALM_PERMILLE: dict[Engine, tuple[int, int]] = {"rules": (0, 2), "model": (1, 2), "workflow": (1, 2)}
"""The same for bots without drawn incidents."""
_FAILURES_MS: dict[Failure, tuple[int, int]] = {
    "internal": (640, 2_600),
    "timeout": (10, 31),
    "throttled": (58, 190),
    "too_long": (250, 700),
    "refused": (390, 1_100),
    "unanswerable": (1_800, 4_800),
}
"""The median latency of each failure, and the one that a hundredth exceed; that of a timeout is added to
`TIMEOUT_MS`.
"""
_MAX_LATE_MS = 59
"""The maximum time from the timeout of an answer until it has failed, ms."""
_ORDINARY = (38, 10, 14, 12, 10, 16)
"""The weights of `FAILURES` outside incidents."""
_CAUSES = ((62, 30, 8, 0, 0, 0), (14, 26, 60, 0, 0, 0), (38, 54, 8, 0, 0, 0), (82, 12, 6, 0, 0, 0))
"""The weights of `FAILURES` in incidents, by the cause of the incident."""
CAUSES = len(_CAUSES)
_CACHED, _COLD = 16, 80
"""One in this number of answers of a language model comes from a cache, and one waits for a cold start."""
_CACHED_MS, _COLD_MS = (399, 447), (3_100, 8_600)
_FASTEST_MS: dict[Engine, int] = {"rules": 45, "model": 450, "workflow": 600}
"""The latency below which no answer ends, outside caches; the length of texts and the load change it."""
_BITS = 256


class Durations(NamedTuple):
    """The tables of latencies of one bot."""

    latency: Places
    """Quantiles of the latency of an answer, ms: a row for each of `OUTCOMES`."""
    failures: Ints
    """The kinds of 128 failures: a row for each cause of incidents, and a last row for failures outside
    incidents.
    """
    failure_ms: Ints
    """Quantiles of the latency of each kind of failure (rows), ms."""


def durations(
    engine: Engine,
    median: int,
    slow_permille: int,
    percent: Mapping[Outcome, int] | None = None,
    mix: Mapping[Outcome, int] | None = None,
) -> Durations:
    """The tables for an *engine* with this median (ms) and this share of slow answers.

    *percent* says how long each outcome takes compared with others, and *mix* how frequent it is. Without
    these, all take equally long.
    """
    latency = _bounded(lognormal(median, SLOW_MS[engine], slow_permille), min(_FASTEST_MS[engine], median))
    fixed = np.minimum(latency, _FIXED_MS[engine])
    latency = fixed + ((latency - fixed) * _factors(percent or {}, mix or {})[:, None] >> 10)
    if engine != "rules":
        latency = np.stack([_mixed(row) for row in latency])
    late = np.nonzero(latency >= TIMEOUT_MS[engine])
    latency[late] = before(TIMEOUT_MS[engine], late[1])
    return Durations(smallest(latency), _kinds(), _failures_ms(TIMEOUT_MS[engine]))


def _factors(percent: Mapping[Outcome, int], mix: Mapping[Outcome, int]) -> Ints:
    """The factor of each of `OUTCOMES` in 1024ths; their geometric mean in the *mix* is 1, which nearly
    keeps the median.
    """
    logs = {outcome: log2(percent.get(outcome, 100)) for outcome in OUTCOMES}
    total = sum(logs[outcome] * share for outcome, share in mix.items())
    mean = total // max(1, sum(mix.values()))
    return exp2(np.array([*logs.values()]) - (mean if mix else logs["direct"]) + 10 * OCTAVE)


@cache
def _failures_ms(timeout: int) -> Ints:
    """The latencies of the kinds of failures of an engine with that *timeout*."""
    found = np.stack([lognormal(*_FAILURES_MS[kind], 10) for kind in FAILURES])
    late = found[FAILURES.index("timeout")]
    late[:] = timeout + np.minimum(late, _MAX_LATE_MS)
    return found


def _bounded(latency: Ints, fastest: int) -> Ints:
    """Quantiles whose faster half lies between *fastest* and the median."""
    median = int(latency[QUANTILES // 2])
    return np.where(latency < median, fastest + latency * (median - fastest) // max(1, median), latency)


def before(limit: int, places: Ints) -> Ints:
    """Latencies between half the *limit* and the limit, for those that would exceed it.

    *places* are whole numbers that choose them. Latencies that are cut off would all equal the limit.
    """
    chosen: Ints = limit // 2 + (places * 40_503 & 0xFFFF) * (limit - limit // 2) // 0x10000
    return chosen


def _mixed(latency: Ints) -> Ints:
    """Quantiles in which some of the fastest answers come from a cache, and some others wait for a cold
    start.

    The median and the share of slow answers stay as they are, because no answer crosses them.
    """
    found = latency.copy()
    cached = QUANTILES // _CACHED
    spread = np.arange(cached)
    found[:cached] = np.minimum(
        found[cached], _CACHED_MS[0] + (_CACHED_MS[1] - _CACHED_MS[0]) * spread**2 // cached**2
    )
    cold = np.arange(QUANTILES // 2, QUANTILES * 15 // 16, _COLD * 7 // 16)
    found[cold] = np.maximum(
        found[cold], _COLD_MS[0] + (_COLD_MS[1] - _COLD_MS[0]) * np.arange(len(cold)) // len(cold)
    )
    return found


@lru_cache(maxsize=16)
def lognormal(median: int, slow: int, permille: int) -> Ints:
    """Quantiles of the log-normal distribution with *median* and *permille* thousandths above *slow*."""
    z = _normal_quantiles()
    tail = max(1, int(z[min(QUANTILES - 1, QUANTILES * (1000 - permille) // 1000)]))
    low = log2(median)
    return exp2(low + z * (log2(max(slow, median + 1)) - low) // tail)


@cache
def _kinds() -> Ints:
    rows = [np.cumsum(weights) for weights in (*_CAUSES, _ORDINARY)]
    shares = np.arange(128)
    return np.stack([np.searchsorted(row, shares * int(row[-1]) // 128, side="right") for row in rows])


@cache
def _normal_quantiles() -> Ints:
    """Quantiles of the normal distribution, in thousandths of the deviation."""
    # The number of ones among 256 random bits is nearly normal, with deviation 8. Between whole numbers the
    # distribution is interpolated.
    running = [0]
    for ones in range(_BITS + 1):
        running.append(running[-1] + comb(_BITS, ones))
    found, ones = [], 0
    for place in range(QUANTILES):
        wanted = (2 * place + 1) * running[-1] // (2 * QUANTILES)
        while running[ones + 1] <= wanted:
            ones += 1
        part = 1000 * (wanted - running[ones]) // (running[ones + 1] - running[ones])
        found.append((1000 * (ones - _BITS // 2) + part - 500) // 8)
    return np.array(found, np.int64)
