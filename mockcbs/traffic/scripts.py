"""Scripts of conversations, and how often each bot plays them.

A script is a sequence of steps without words. A pool of scripts is made once. Each bot gives them weights, so
that its outcomes and the length of its sessions are those of its profile.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mockcbs.traffic import bits
from mockcbs.traffic.acts import Act, Step, outcome_of
from mockcbs.traffic.bits import Words
from mockcbs.traffic.logarithms import OCTAVE, exp2, log2
from mockcbs.traffic.turns import OUTCOMES, Ints, Outcome, Places, distinct
from mockcbs.traffic.walks import CONTEXT, NEVER_FIRST, pure, walks

Flags = npt.NDArray[np.bool_]
_FORMS = {
    Act.HINT: 1,
    Act.VAGUE: 2,
    Act.FRAGMENT: 5,
    Act.TAP: 6,
    Act.MEANT: 7,
    Act.UNDERSTOOD: 8,
    Act.FOLLOW_UP: 9,
}
_FORMS_OF_EARLIER_WORDS = (2, 3, 4)
"""The forms whose words depend on those of the step that they repeat."""
_POOL, _LONG_POOL = 900, 160
"""The number of scripts of usual length, and from how many the longer ones are taken."""
_LONG = 8
"""Longer scripts have more steps."""
_MAX_STEPS, _MAX_LONG_STEPS = 14, 36
"""The number of steps after which a user brings up nothing new."""
_COMMON = 3
"""Of longer scripts, each further step lets five of eight remain."""
_TABLE = 4096
_PURE = 6
"""The number of scripts of each act that have one outcome only, so that every mix of outcomes is possible."""
_ROUNDS_OF_WEIGHING = 11
_QUANTILES = 128
"""In how many steps the chances of cuts decline."""
_MIXER = np.uint64(0xD1B54A32D192ED03)
_LONG_ONCE = 1_100
"""One in so many sessions is long, for each tenth of a question that the mean session has beyond one."""


@dataclass(frozen=True, eq=False)
class Pool:
    """All scripts, as columns: some have a row for each script, the others a row for each step."""

    length: Ints
    first: Ints
    """The row of the first step of each script."""
    act: npt.NDArray[np.int8]
    back: npt.NDArray[np.int8]
    topic: npt.NDArray[np.int8]
    slots: npt.NDArray[np.int8]
    form: npt.NDArray[np.int8]
    """The form of the words of each step: 0 full, 1 a keyword, 2 vague words, 3 and 4 other wordings, 5 what
    users say next, 6 the standard question, 7 what users say if they meant another question, 8 words that
    only a language model understands, and 9 what users say next to one.
    """
    since: npt.NDArray[np.int8]
    """The distance of each step with a new subject to the first of its kind.

    It is 0 for the first one and for other steps.
    """
    before: npt.NDArray[np.int8]
    """The distances of such a step to the last and the second last one of its kind, as rows.

    They are 0 if there is none.
    """
    double: Flags
    """Whether each step repeats the one before in the same words."""
    hasty: Flags
    """Whether each step is sent right after the answer to the one before."""
    outcomes: Ints
    """The number of steps of each outcome (columns) in each script (rows)."""
    most_slots: Ints
    """The number of slots of the longest skill in each script."""
    manner: Ints
    """Who plays each script: users of language models (1), of other bots (0), or of both (2)."""
    base: Ints
    """The binary logarithm of the weight of each script before any bot changes it; 0 for long ones, whose
    share does not depend on the outcomes.
    """

    @cached_property
    def repeats(self) -> Flags:
        """Whether each step has the subject of an earlier one."""
        return self.back > 0

    @cached_property
    def follows(self) -> Flags:
        """Whether each step has a new subject that is not the first of its kind in its script."""
        return self.since > 0

    @cached_property
    def reworded(self) -> Flags:
        """Whether the words of each step depend on those of the step that it repeats."""
        return np.isin(self.form, _FORMS_OF_EARLIER_WORDS) | self.double

    def choose(
        self, mix: Mapping[Outcome, int], rounds: int, skills: frozenset[int], *, context: bool = False
    ) -> npt.NDArray[np.int16]:
        """A table of 4096 scripts, from which each entry is equally likely.

        Outcomes occur in the proportions of *mix*, sessions have about *rounds* tenths of steps, and each
        skill requests a number of slots that is in *skills*. *context* is whether the bot is a language
        model.
        """
        return _chosen(tuple(mix.get(outcome, 0) for outcome in OUTCOMES), rounds, skills, context)

    def cuts(self, mix: Mapping[Outcome, int], skills: frozenset[int], *, context: bool = False) -> "Cuts":
        """The possible long sessions of a bot with these outcomes and skills."""
        return _cuts(tuple(mix.get(outcome, 0) for outcome in OUTCOMES), skills, context)


class Cuts(NamedTuple):
    """The first steps of long scripts, the shortest first, so that the lengths of sessions decline evenly."""

    script: Ints
    length: Ints

    def end(self, script: Places, rounds: Ints, words: Words) -> None:
        """Replace the long ones of *script* by one for each session, with its number of *rounds*."""
        rows = np.flatnonzero(rounds > _LONG)
        rows = rows[pool().base[script[rows]] == 0]
        which = bits.skewed(words.take(rows) * _MIXER, len(self.script))
        script[rows], rounds[rows] = self.script.take(which), self.length.take(which)


@cache
def pool() -> Pool:
    """The pool of scripts; made once."""
    walked = [one for one in walks("scripts", _POOL, _MAX_STEPS, 100) if len(one) <= _LONG]
    long = [one for one in walks("long", _LONG_POOL, _MAX_LONG_STEPS, 22) if len(one) > _LONG]
    single = [script for script in pure() for _ in range(_PURE)]
    model = [one for one in walks("model scripts", _POOL, _MAX_STEPS, 100, CONTEXT) if len(one) <= _LONG]
    model_long = [
        one for one in walks("long model", _LONG_POOL, _MAX_LONG_STEPS, 22, CONTEXT) if len(one) > _LONG
    ]
    scripts = [*walked, *long, *single, *model, *model_long]
    sizes = [len(part) for part in (walked, long, single, model, model_long)]
    steps = [step for script in scripts for step in script]
    length = np.array([len(script) for script in scripts], np.int64)
    script_of = np.repeat(np.arange(len(scripts)), length)
    outcome = np.array([OUTCOMES.index(outcome_of(step)) for step in steps])
    outcomes = np.bincount(script_of * len(OUTCOMES) + outcome, minlength=len(scripts) * len(OUTCOMES))
    since, before = _distances(scripts)
    return Pool(
        length,
        np.cumsum(length) - length,
        np.array([step.act for step in steps], np.int8),
        np.array([step.back for step in steps], np.int8),
        np.array([step.topic for step in steps], np.int8),
        np.array([step.slots for step in steps], np.int8),
        np.array([_form(step) for step in steps], np.int8),
        since,
        before,
        np.array([step.is_double for step in steps], bool),
        np.array([step.is_hasty for step in steps], bool),
        outcomes.astype(np.int64).reshape(-1, len(OUTCOMES)),
        np.array([max(step.slots for step in script) for script in scripts], np.int64),
        np.repeat([0, 0, 2, 1, 1], sizes),
        np.concatenate(
            (_bases(walked), np.repeat([0, 6 * OCTAVE], sizes[1:3]), _bases(model), [0] * len(model_long))
        ),
    )


def _bases(scripts: list[list[Step]]) -> Ints:
    """The column `base` of *scripts* of usual length: among some hundred, those of one length are too many
    or too few by chance.
    """
    length = np.array([len(script) for script in scripts], np.int64)
    found = [log2(max(1, count)) for count in np.bincount(length, minlength=_COMMON + 1).tolist()]
    remain = log2(5) - log2(8)
    more = [found[_COMMON] + remain * (one - _COMMON) - found[one] for one in range(_COMMON, len(found))]
    base: Ints = 12 * OCTAVE + np.array([0] * _COMMON + more, np.int64)
    return base[length]


@cache
def steps_of(act: Act) -> Flags:
    """Whether each step of the pool is of that *act*."""
    found: Flags = pool().act == act
    return found


@cache
def opening_steps() -> Flags:
    """Whether each step of the pool can begin a session."""
    return ~np.isin(pool().act, [*NEVER_FIRST])


@cache
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
    outcome = np.array([OUTCOMES.index(outcome_of(Step(act))) for act in Act])[pool().act]
    found = np.zeros((len(outcome) + 1, len(OUTCOMES)), np.int64)
    np.cumsum(outcome[:, None] == np.arange(len(OUTCOMES)), axis=0, out=found[1:])
    return found


@cache
def _chances() -> Ints:
    """The relative chances of cuts: how frequent the numbers of `bits.skewed` are."""
    return np.array([log2(2 * _QUANTILES) - log2(2 * place + 1) for place in range(_QUANTILES)])


@cache
def _cuts(mix: tuple[int, ...], skills: frozenset[int], context: bool) -> Cuts:
    scripts = pool()
    long = np.flatnonzero((scripts.base == 0) & _possible(scripts, mix, skills, context))
    script = np.repeat(long, scripts.length[long] - _LONG)
    length = np.arange(len(script)) - np.searchsorted(script, script) + _LONG + 1
    shortest = np.argsort(length, kind="stable")
    return Cuts(script[shortest], length[shortest])


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


_ABOUT_PAIRS = {Act.HINT, Act.VAGUE, Act.MEANT, Act.TAP, Act.UNDERSTOOD, Act.FOLLOW_UP}
_COMPARED = 3
"""The number of earlier subjects that a new one should differ from."""


def _distances(
    scripts: list[list[Step]],
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    """The columns `since` and `before` of a pool."""
    rows = []
    for script in scripts:
        places: dict[Act, list[int]] = {}
        for place, step in enumerate(script):
            row = [0] * (1 + _COMPARED)
            if not step.back:
                earlier = places.setdefault(Act.HIT if step.act in _ABOUT_PAIRS else step.act, [])
                if earlier:
                    last = [*earlier[: -_COMPARED - 1 : -1], *earlier[-1:] * _COMPARED]
                    row = [place - other for other in (earlier[0], *last[:_COMPARED])]
                earlier.append(place)
            rows.append(row)
    columns = np.array(rows, np.int8).T.copy()
    return columns[0], columns[1:]


def _form(step: Step) -> int:
    if step.act == Act.REPHRASED:
        return 3 if step.slots == 1 else 4
    return _FORMS.get(step.act, 0)
