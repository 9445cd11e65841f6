"""How often each bot plays each script of the pool.

Each bot gives the scripts weights, so that its outcomes and the length of its sessions are those of its
profile.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mockcbs.traffic import bits
from mockcbs.traffic.bits import Words
from mockcbs.traffic.logarithms import exp2, log2
from mockcbs.traffic.scripts import LONG, Flags, Pool, pool
from mockcbs.traffic.turns import OUTCOMES, Ints, Outcome, Places, distinct, smallest

_TABLE = 4096
_MAX_BOTS = 64
"""The number of bots whose tables are kept for other mocks of the process; to make them takes 1 ms."""
_ROUNDS_OF_WEIGHING = 11
_QUANTILES = 128
"""In how many steps the chances of cuts decline."""
_MIXER = np.uint64(0xD1B54A32D192ED03)
_LONG_ONCE = 1_100
"""One in so many sessions is long, for each tenth of a question that the mean session has beyond one."""


class Cuts(NamedTuple):
    """The first steps of long scripts, the shortest first, so that the lengths of sessions decline evenly."""

    script: Places
    length: Places

    def end(self, script: Places, rounds: Ints, words: Words) -> None:
        """Replace the long ones of *script* by one for each session, with its number of *rounds*."""
        rows = np.flatnonzero(rounds > LONG)
        rows = rows[pool().base[script[rows]] == 0]
        which = bits.skewed(words.take(rows) * _MIXER, len(self.script))
        script[rows], rounds[rows] = self.script.take(which), self.length.take(which)


def choose(
    mix: Mapping[Outcome, int], rounds: int, skills: frozenset[int], *, context: bool = False
) -> npt.NDArray[np.int16]:
    """A table of 4096 scripts, from which each entry is equally likely.

    Outcomes occur in the proportions of *mix*, sessions have about *rounds* tenths of steps, and each skill
    requests a number of slots that is in *skills*. *context* is whether the bot is a language model.
    """
    return _chosen(tuple(mix.get(outcome, 0) for outcome in OUTCOMES), rounds, skills, context)


def cuts_of(mix: Mapping[Outcome, int], skills: frozenset[int], *, context: bool = False) -> Cuts:
    """The possible long sessions of a bot with these outcomes and skills."""
    return _cuts(tuple(mix.get(outcome, 0) for outcome in OUTCOMES), skills, context)


@lru_cache(_MAX_BOTS)
def _chosen(
    mix: tuple[int, ...], rounds: int, skills: frozenset[int], context: bool
) -> npt.NDArray[np.int16]:
    scripts = pool()
    cuts = _cuts(mix, skills, context)
    some, others = _long(cuts, mix, rounds)
    long = distinct(cuts.script)
    long = long[np.arange(some) * len(long) // max(1, some)]
    running = np.cumsum(_weights(scripts, mix, rounds, skills, others, context=context))
    rest = _TABLE - some
    places = (np.arange(rest) * 2 + 1) * int(running[-1]) // (2 * rest)
    usual = np.searchsorted(running, places, side="right")
    return np.concatenate((usual, long)).astype(np.int16)


def _long(cuts: Cuts, mix: tuple[int, ...], rounds: int) -> tuple[int, list[int]]:
    """The number of long sessions in a table, and the number of their outcomes.

    At most half of each outcome comes from them, so that the others can complete the *mix*.
    """
    if not len(cuts.script):
        return 0, [0] * len(mix)
    first = pool().first[cuts.script]
    parts = _running()[first + cuts.length] - _running()[first]
    chance = _chances()[np.arange(len(parts)) * _QUANTILES // len(parts)]
    whole, of_each = int(chance.sum()), (chance @ parts).tolist()
    limits = [
        share * rounds * _TABLE * whole // (20 * sum(mix) * found)
        for share, found in zip(mix, of_each, strict=True)
        if found
    ]
    some = min(max(0, rounds - 10) * _TABLE // _LONG_ONCE, *limits)
    return some, [some * found // whole for found in of_each]


@cache
def _running() -> Ints:
    """The number of steps of each outcome (columns) before each step of the pool."""
    outcome = pool().outcome
    found = np.zeros((len(outcome) + 1, len(OUTCOMES)), np.int64)
    np.cumsum(outcome[:, None] == np.arange(len(OUTCOMES)), axis=0, out=found[1:])
    return found


@cache
def _chances() -> Ints:
    """The relative chances of cuts: how frequent the numbers of `bits.skewed` are."""
    return np.array([log2(2 * _QUANTILES) - log2(2 * place + 1) for place in range(_QUANTILES)])


@lru_cache(_MAX_BOTS)
def _cuts(mix: tuple[int, ...], skills: frozenset[int], context: bool) -> Cuts:
    scripts = pool()
    long = np.flatnonzero((scripts.base == 0) & _possible(scripts, mix, skills, context))
    script = np.repeat(long, scripts.length[long] - LONG)
    length = np.arange(len(script)) - np.searchsorted(script, script) + LONG + 1
    shortest = np.argsort(length, kind="stable")
    return Cuts(smallest(script[shortest]), smallest(length[shortest]))


def _possible(scripts: "Pool | _Kinds", mix: tuple[int, ...], skills: frozenset[int], context: bool) -> Flags:
    """Whether each script has outcomes of *mix* alone, and *skills* that exist."""
    found: Flags = np.isin(scripts.most_slots, [0, *skills]) & (scripts.manner != 1 - context)
    found &= (scripts.outcomes[:, [not share for share in mix]] == 0).all(axis=1)
    return found


def _weights(
    scripts: Pool,
    mix: tuple[int, ...],
    rounds: int,
    skills: frozenset[int],
    others: list[int],
    *,
    context: bool,
) -> Ints:
    """Weights of scripts with which outcomes occur in the proportions of *mix*.

    The long scripts, which have no weight, add the outcomes *others* to a table.
    """
    kinds = _kinds(scripts)
    possible = _possible(kinds, mix, skills, context) & (kinds.base > 0)
    factors = [0] * len(mix)
    for _ in range(_ROUNDS_OF_WEIGHING):
        weights = np.where(possible, exp2(kinds.base + kinds.outcomes @ np.array(factors)), 0) * kinds.size
        whole = int(weights.sum())
        totals = [
            total * _TABLE + other * whole
            for total, other in zip((weights @ kinds.outcomes).tolist(), others, strict=True)
        ]
        # If sessions are too short, all outcomes get more weight, which raises longer scripts most.
        longer = log2(rounds * whole * _TABLE) - log2(10 * sum(totals))
        for place, (total, share) in enumerate(zip(totals, mix, strict=True)):
            if share and total:
                wanted = log2(share * sum(totals)) - log2(sum(mix) * total)
                factors[place] += (wanted + longer) // 2
    each = np.where(possible, exp2(kinds.base + kinds.outcomes @ np.array(factors)), 0)
    weighed: Ints = each[kinds.of_script]
    return weighed


class _Kinds(NamedTuple):
    """The kinds of scripts; scripts of one kind always have the same weight."""

    outcomes: Ints
    most_slots: Ints
    manner: Ints
    base: Ints
    size: Ints
    """The number of scripts of each kind."""
    of_script: Ints


@cache
def _kinds(scripts: Pool) -> _Kinds:
    rows = np.column_stack([scripts.outcomes, scripts.most_slots, scripts.manner, scripts.base])
    kinds, of_script, size = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    outcomes = np.ascontiguousarray(kinds[:, : len(OUTCOMES)])
    return _Kinds(outcomes, kinds[:, -3], kinds[:, -2], kinds[:, -1], size, of_script.reshape(-1))
