"""Weights of scripts with which a bot has the outcomes and the lengths of sessions of its profile."""

from functools import cache
from typing import NamedTuple

import numpy as np

from mockcbs.traffic.conversations.scripts import LONG, Flags, Pool, pool
from mockcbs.traffic.logarithms import OCTAVE, exp2, log2
from mockcbs.traffic.turns import OUTCOMES, Ints

TABLE = 4096
"""The number of scripts in the table of a bot."""
_COMMON = 2
"""The number of longer sessions declines evenly with their length."""
_LINE = 3
"""The lengths, from the common one, whose numbers decide how fast those of longer sessions decline."""
_BY_CHANCE = 2 * OCTAVE
"""How far the number of scripts of one length is from the usual by chance, as a logarithm."""
_ROUNDS_OF_WEIGHING, _ROUNDS_OF_EVENING, _NEAR = 60, 12, OCTAVE // 128
"""The maximum number of rounds in which weights approach a mix, in how many of them the numbers of lengths
become even, and which changes are so small that no more rounds are needed.
"""


class Tail(NamedTuple):
    """The long sessions of a table."""

    size: int
    outcomes: list[int]
    """How often each outcome occurs in them."""
    shortest: int
    """How many of them have the minimum length."""


class Goal(NamedTuple):
    """What the sessions of a bot are to be like."""

    mix: tuple[int, ...]
    """The proportions of the outcomes."""
    rounds: int
    """The mean number of steps, in tenths."""
    human: list[int]
    """In how many of 1000 sessions users request a human, later and first."""
    once: int
    """How many more sessions than usual have one question, as a logarithm; the mean is the same."""
    tail: Tail


class Kinds(NamedTuple):
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
def _kinds() -> Kinds:
    scripts = pool()
    columns = (scripts.outcomes, scripts.most_slots, scripts.manner, scripts.human, scripts.base)
    rows = np.column_stack(columns)
    kinds, of_script, size = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    outcomes = np.ascontiguousarray(kinds[:, : len(OUTCOMES)])
    slots, manner, human, base = kinds[:, len(OUTCOMES) :].T
    length = np.where(base > 0, outcomes.sum(axis=1), 0)
    of_length = (np.arange(_COMMON, LONG + 1)[:, None] == length).astype(np.int64)
    return Kinds(outcomes, slots, manner, human, base, size, of_script.reshape(-1), of_length)


def possible(scripts: "Pool | Kinds", mix: tuple[int, ...], skills: frozenset[int], context: bool) -> Flags:
    """Whether each script has outcomes of *mix* alone, and *skills* that exist."""
    found: Flags = np.isin(scripts.most_slots, [0, *skills]) & (scripts.manner != 1 - context)
    found &= (scripts.outcomes[:, [not share for share in mix]] == 0).all(axis=1)
    return found


def weights(goal: Goal, skills: frozenset[int], *, context: bool) -> Ints:
    """Weights of scripts with which sessions are like *goal*; long scripts have none, but are in its tail.

    The number of sessions declines evenly with their length: among some hundred scripts, those of one length
    are too many or too few by chance.
    """
    kinds = _kinds()
    usable = possible(kinds, goal.mix, skills, context) & (kinds.base > 0)
    usable &= np.array([True, *map(bool, goal.human)])[kinds.human]
    rows = np.flatnonzero(usable)
    weighing = _Weighing(goal, kinds, rows)
    weighing.approach()
    each = np.zeros(len(kinds.size), np.int64)
    each[rows] = weighing.weights()
    weighed: Ints = each[kinds.of_script]
    return weighed


class _Weighing:
    """The weights of some kinds of scripts, which approach a goal in rounds.

    A weight is a product; its factors are those of the kind, of its requests for a human, of its length and
    of each of its outcomes. All are kept as logarithms.
    """

    def __init__(self, goal: Goal, kinds: Kinds, rows: Ints) -> None:
        self._goal = goal
        self._outcomes, self._when, self._base, self._size = (
            column[rows] for column in (kinds.outcomes, kinds.human, kinds.base, kinds.size)
        )
        self._length = np.minimum(self._outcomes.sum(axis=1), LONG)
        self._of_length = kinds.of_length[:, rows]
        self._of_human = (self._when == np.arange(len(goal.human) + 1)[:, None]).astype(np.int64)
        self._factors = [0] * len(goal.mix)
        self._asked = np.zeros(1 + len(goal.human), np.int64)
        self._even = np.zeros(LONG + 1, np.int64)
        self._even[1] = goal.once

    def weights(self) -> Ints:
        """The weight of one script of each kind."""
        found: Ints = exp2(
            self._base
            + self._asked[self._when]
            + self._even[self._length]
            + self._outcomes @ np.array(self._factors)
        )
        return found

    def approach(self) -> None:
        """Change the weights until the outcomes and the requests for a human are as frequent as wanted."""
        for number in range(_ROUNDS_OF_WEIGHING):
            part = 2 + number // 8  # smaller and smaller, as a long script changes by many parts
            of_kinds = self.weights() * self._size
            changes = [0, *self._meet_mix(of_kinds, part), *self._meet_human(of_kinds, part)]
            if number < _ROUNDS_OF_EVENING:
                self._even_lengths(of_kinds)
            elif max(map(abs, changes)) < _NEAR:
                break

    def _meet_mix(self, of_kinds: Ints, part: int) -> list[int]:
        """Change the weights by outcome, by one *part* of what is missing; the changes."""
        whole, changes = int(of_kinds.sum()), []
        totals = [
            total * TABLE + other * whole
            for total, other in zip(
                (of_kinds @ self._outcomes).tolist(), self._goal.tail.outcomes, strict=True
            )
        ]
        # If sessions are too short, all outcomes get more weight, which raises longer scripts most.
        longer = log2(self._goal.rounds * whole * TABLE) - log2(10 * sum(totals))
        for place, (total, share) in enumerate(zip(totals, self._goal.mix, strict=True)):
            if share and total:
                wanted = log2(share * sum(totals)) - log2(sum(self._goal.mix) * total)
                changes.append((wanted + longer) // part)
                self._factors[place] += changes[-1]
        return changes

    def _meet_human(self, of_kinds: Ints, part: int) -> list[int]:
        """Change the weights by requests for a human, by one *part* of what is missing; the changes."""
        whole, changes = int(of_kinds.sum()), []
        counts = (self._of_human @ of_kinds).tolist()[1:]
        for place, (share, found) in enumerate(zip(self._goal.human, counts, strict=True), 1):
            if share and found:
                changes.append((log2(share * whole) - log2(1000 * found)) // part)
                self._asked[place] += changes[-1]
        return changes

    def _even_lengths(self, of_kinds: Ints) -> None:
        """Let the numbers of sessions decline more evenly with their length."""
        counts = (self._of_length @ of_kinds).tolist()
        self._even[_COMMON:] += _straightened(counts, self._goal.tail.shortest * int(of_kinds.sum()) // TABLE)
        self._even = np.clip(self._even, -_BY_CHANCE, _BY_CHANCE)


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
