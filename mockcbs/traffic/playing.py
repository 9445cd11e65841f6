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
from mockcbs.traffic.logarithms import OCTAVE, exp2, log2
from mockcbs.traffic.scripts import HUMAN_FIRST, LONG, Flags, Pool, pool
from mockcbs.traffic.turns import OUTCOMES, Ints, Outcome, Places, distinct, smallest

_TABLE = 4096
_MAX_BOTS = 64
"""The number of bots whose tables are kept for other mocks of the process; to make them takes 2 ms."""
_COMMON = 3
"""The number of longer sessions declines evenly with their length."""
_LINE = 3
"""The lengths, from the common one, whose numbers decide how fast those of longer sessions decline."""
_BY_CHANCE = OCTAVE
"""How far the number of scripts of one length is from the usual by chance, as a logarithm."""
_ROUNDS_OF_WEIGHING, _ROUNDS_OF_EVENING, _NEAR = 60, 12, OCTAVE // 128
"""The maximum number of rounds in which weights approach a mix, in how many of them the numbers of lengths
become even, and which changes are so small that no more rounds are needed.
"""
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
) -> npt.NDArray[np.int16]:
    """A table of 4096 scripts, from which each entry is equally likely.

    Outcomes occur in the proportions of *mix*, sessions have about *rounds* tenths of steps, and each skill
    requests a number of slots that is in *skills*. *context* is whether the bot is a language model. In so
    many of 1000 sessions as *human* says users request a human, later and first, if small talk is frequent
    enough. Scripts that begin with it are the last ones.
    """
    return _chosen(tuple(mix.get(outcome, 0) for outcome in OUTCOMES), rounds, skills, context, human)


def cuts_of(mix: Mapping[Outcome, int], skills: frozenset[int], *, context: bool = False) -> Cuts:
    """The possible long sessions of a bot with these outcomes and skills."""
    return _cuts(tuple(mix.get(outcome, 0) for outcome in OUTCOMES), skills, context)


@lru_cache(_MAX_BOTS)
def _chosen(
    mix: tuple[int, ...], rounds: int, skills: frozenset[int], context: bool, human: tuple[int, int]
) -> npt.NDArray[np.int16]:
    scripts = pool()
    cuts = _cuts(mix, skills, context)
    tail = _tail(cuts, mix, rounds)
    long = distinct(cuts.script)
    long = long[np.arange(tail.size) * len(long) // max(1, tail.size)]
    # Small talk is what requests a human, so its share limits them.
    limit = mix[OUTCOMES.index("chat")] * rounds * _MOST_HUMAN // (10 * sum(mix))
    wanted = [share * min(limit, sum(human)) // max(1, sum(human)) for share in human]
    running = np.cumsum(_weights(mix, rounds, skills, tail, context=context, human=wanted))
    rest = _TABLE - tail.size
    places = (np.arange(rest) * 2 + 1) * int(running[-1]) // (2 * rest)
    usual = np.searchsorted(running, places, side="right")
    table = np.concatenate((usual, long)).astype(np.int16)
    return table[np.argsort(scripts.human[table] == HUMAN_FIRST, kind="stable")]


class _Tail(NamedTuple):
    """The long sessions of a table."""

    size: int
    outcomes: list[int]
    """How often each outcome occurs in them."""
    shortest: int
    """How many of them have the minimum length."""


def _tail(cuts: Cuts, mix: tuple[int, ...], rounds: int) -> _Tail:
    """The long sessions of a table.

    At most half of each outcome comes from them, so that the others can complete the *mix*.
    """
    if not len(cuts.script):
        return _Tail(0, [0] * len(mix), 0)
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
    shortest = some * int(chance[cuts.length == LONG + 1].sum()) // whole
    return _Tail(some, [some * found // whole for found in of_each], shortest)


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
    mix: tuple[int, ...],
    rounds: int,
    skills: frozenset[int],
    tail: _Tail,
    *,
    context: bool,
    human: list[int],
) -> Ints:
    """Weights of scripts with which outcomes occur in the proportions of *mix*.

    The long scripts, which have no weight, add *tail* to a table. In so many of 1000 sessions as *human* says
    users request a human, later and first. The number of sessions declines evenly with their length: among
    some hundred scripts, those of one length are too many or too few by chance.
    """
    kinds = _kinds()
    possible = _possible(kinds, mix, skills, context) & (kinds.base > 0)
    possible &= np.array([True, *map(bool, human)])[kinds.human]
    rows = np.flatnonzero(possible)
    outcomes, when, base, size = (
        column[rows] for column in (kinds.outcomes, kinds.human, kinds.base, kinds.size)
    )
    length = np.minimum(outcomes.sum(axis=1), LONG)
    of_length, of_human = (
        kinds.of_length[:, rows],
        (when == np.arange(len(human) + 1)[:, None]).astype(np.int64),
    )
    factors, asked, even = [0] * len(mix), np.zeros(1 + len(human), np.int64), np.zeros(LONG + 1, np.int64)
    for number in range(_ROUNDS_OF_WEIGHING):
        changes, part = [0], 2 + number // 8  # smaller and smaller, as a long script changes by many parts
        weights = exp2(base + asked[when] + even[length] + outcomes @ np.array(factors)) * size
        whole = int(weights.sum())
        totals = [
            total * _TABLE + other * whole
            for total, other in zip((weights @ outcomes).tolist(), tail.outcomes, strict=True)
        ]
        # If sessions are too short, all outcomes get more weight, which raises longer scripts most.
        longer = log2(rounds * whole * _TABLE) - log2(10 * sum(totals))
        for place, (total, share) in enumerate(zip(totals, mix, strict=True)):
            if share and total:
                wanted = log2(share * sum(totals)) - log2(sum(mix) * total)
                changes.append((wanted + longer) // part)
                factors[place] += changes[-1]
        for place, (share, found) in enumerate(zip(human, (of_human @ weights).tolist()[1:], strict=True), 1):
            if share and found:
                changes.append((log2(share * whole) - log2(1000 * found)) // part)
                asked[place] += changes[-1]
        if number < _ROUNDS_OF_EVENING:
            counts = (of_length @ weights).tolist()
            even[_COMMON:] += _straightened(counts, tail.shortest * whole // _TABLE)
            even = np.clip(even, -_BY_CHANCE, _BY_CHANCE)
        elif max(map(abs, changes)) < _NEAR:
            break
    each = np.zeros(len(kinds.size), np.int64)
    each[rows] = exp2(base + asked[when] + even[length] + outcomes @ np.array(factors))
    weighed: Ints = each[kinds.of_script]
    return weighed


def _straightened(counts: list[int], next_count: int) -> Ints:
    """What to add to the logarithms of *counts* so that they decline evenly, half of it at once.

    The last of them lead to *next_count*, which does not change.
    """
    found = np.array([log2(max(1, count)) for count in counts], np.int64)
    if not all(counts):
        return 0 * found
    place, first = np.arange(len(counts)), found[:_LINE]
    slope = (first[-1] - first[0]) // (_LINE - 1)
    line = first.sum() // _LINE + slope * (place - _LINE // 2)
    gap = log2(next_count) - line[-1] - slope if next_count else 0
    change: Ints = (line + gap * np.maximum(0, 2 * (place - _LINE) + 1) // (2 * _LINE + 2) - found) // 2
    return change


class _Kinds(NamedTuple):
    """The kinds of scripts; scripts of one kind always have the same weight."""

    outcomes: Ints
    most_slots: Ints
    manner: Ints
    human: Ints
    base: Ints
    size: Ints
    """The number of scripts of each kind."""
    of_script: Ints
    of_length: Ints
    """Whether each kind (columns) has each length from the common one to the longest (rows)."""


@cache
def _kinds() -> _Kinds:
    scripts = pool()
    columns = (scripts.outcomes, scripts.most_slots, scripts.manner, scripts.human, scripts.base)
    rows = np.column_stack(columns)
    kinds, of_script, size = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    outcomes = np.ascontiguousarray(kinds[:, : len(OUTCOMES)])
    slots, manner, human, base = kinds[:, len(OUTCOMES) :].T
    length = np.where(base > 0, outcomes.sum(axis=1), 0)
    of_length = (np.arange(_COMMON, LONG + 1)[:, None] == length).astype(np.int64)
    return _Kinds(outcomes, slots, manner, human, base, size, of_script.reshape(-1), of_length)
