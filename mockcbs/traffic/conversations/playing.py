"""Which scripts of the pool each bot plays.

Each bot has a table of scripts, so that its outcomes and the length of its sessions are those of its profile.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mockcbs.traffic import bits
from mockcbs.traffic.bits import Words
from mockcbs.traffic.conversations.scripts import HUMAN_FIRST, LONG, pool
from mockcbs.traffic.conversations.weighing import TABLE, Goal, Tail, possible, weights
from mockcbs.traffic.logarithms import log2
from mockcbs.traffic.turns import OUTCOMES, Ints, Outcome, Places, distinct, smallest

_MAX_BOTS = 64
"""The number of bots whose tables are kept for other mocks of the process; to make them takes 2 ms."""
_MOST_HUMAN = 600
"""The maximum share of small talk that requests a human, in thousandths."""
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
    mix: Mapping[Outcome, int],
    rounds: int,
    skills: frozenset[int],
    *,
    context: bool = False,
    human: tuple[int, int] = (0, 0),
    once: int = 0,
) -> npt.NDArray[np.int16]:
    """A table of 4096 scripts, from which each entry is equally likely.

    Outcomes occur in the proportions of *mix*, sessions have about *rounds* tenths of steps, and each skill
    requests a number of slots that is in *skills*. *context* is whether the bot is a language model. In so
    many of 1000 sessions as *human* says users request a human, later and first, if small talk is frequent
    enough. Scripts that begin with it are the last ones. *once* is how many more sessions than usual have one
    question, as a logarithm in so many parts of `OCTAVE`.
    """
    shares = tuple(mix.get(outcome, 0) for outcome in OUTCOMES)
    return _chosen(shares, rounds, skills, context=context, human=human, once=once)


def cuts_of(mix: Mapping[Outcome, int], skills: frozenset[int], *, context: bool = False) -> Cuts:
    """The possible long sessions of a bot with these outcomes and skills."""
    return _cuts(tuple(mix.get(outcome, 0) for outcome in OUTCOMES), skills, context)


@lru_cache(_MAX_BOTS)
def _chosen(
    mix: tuple[int, ...],
    rounds: int,
    skills: frozenset[int],
    *,
    context: bool,
    human: tuple[int, int],
    once: int,
) -> npt.NDArray[np.int16]:
    scripts = pool()
    cuts = _cuts(mix, skills, context)
    tail = _tail(cuts, mix, rounds)
    long = distinct(cuts.script)
    long = long[np.arange(tail.size) * len(long) // max(1, tail.size)]
    # Small talk is what requests a human, so its share limits them.
    limit = mix[OUTCOMES.index("chat")] * rounds * _MOST_HUMAN // (10 * sum(mix))
    wanted = [share * min(limit, sum(human)) // max(1, sum(human)) for share in human]
    running = np.cumsum(weights(Goal(mix, rounds, wanted, once, tail), skills, context=context))
    rest = TABLE - tail.size
    places = (np.arange(rest) * 2 + 1) * int(running[-1]) // (2 * rest)
    usual = np.searchsorted(running, places, side="right")
    table = np.concatenate((usual, long)).astype(np.int16)
    return table[np.argsort(scripts.human[table] == HUMAN_FIRST, kind="stable")]


def _tail(cuts: Cuts, mix: tuple[int, ...], rounds: int) -> Tail:
    """The long sessions of a table.

    At most half of each outcome comes from them, so that the others can complete the *mix*.
    """
    if not len(cuts.script):
        return Tail(0, [0] * len(mix), 0)
    first = pool().first[cuts.script]
    parts = _running()[first + cuts.length] - _running()[first]
    chance = _chances()[np.arange(len(parts)) * _QUANTILES // len(parts)]
    whole, of_each = int(chance.sum()), (chance @ parts).tolist()
    limits = [
        share * rounds * TABLE * whole // (20 * sum(mix) * found)
        for share, found in zip(mix, of_each, strict=True)
        if found
    ]
    some = min(max(0, rounds - 10) * TABLE // _LONG_ONCE, *limits)
    shortest = some * int(chance[cuts.length == LONG + 1].sum()) // whole
    return Tail(some, [some * found // whole for found in of_each], shortest)


@cache
def _running() -> Places:
    """The number of steps of each outcome (columns) before each step of the pool."""
    outcome = pool().outcome
    found = np.zeros((len(outcome) + 1, len(OUTCOMES)), np.int64)
    np.cumsum(outcome[:, None] == np.arange(len(OUTCOMES)), axis=0, out=found[1:])
    return smallest(found)


@cache
def _chances() -> Ints:
    """The relative chances of cuts: how frequent the numbers of `bits.skewed` are."""
    return np.array([log2(2 * _QUANTILES) - log2(2 * place + 1) for place in range(_QUANTILES)])


@lru_cache(_MAX_BOTS)
def _cuts(mix: tuple[int, ...], skills: frozenset[int], context: bool) -> Cuts:
    scripts = pool()
    long = np.flatnonzero((scripts.base == 0) & possible(scripts, mix, skills, context))
    script = np.repeat(long, scripts.length[long] - LONG)
    length = np.arange(len(script)) - np.searchsorted(script, script) + LONG + 1
    shortest = np.argsort(length, kind="stable")
    return Cuts(smallest(script[shortest]), smallest(length[shortest]))
