"""Scripts of conversations: sequences of steps without words. A pool of scripts is made once for all bots."""

from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain

import numpy as np
import numpy.typing as npt

from mockcbs.traffic.acts import Act, Step, outcome_of
from mockcbs.traffic.logarithms import OCTAVE, log2
from mockcbs.traffic.turns import OUTCOMES, Ints
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
    Act.REPHRASED: 3,
}
_FORM_OF = np.array([_FORMS.get(act, 0) for act in Act])
_OUTCOME_OF = np.array([OUTCOMES.index(outcome_of(Step(act))) for act in Act])
"""The form and the place of the outcome of each act; a second rephrasing has another form."""
_FORMS_OF_EARLIER_WORDS = (2, 3, 4)
"""The forms whose words depend on those of the step that they repeat."""
_POOL, _LONG_POOL = 900, 160
"""The number of scripts of usual length, and from how many the longer ones are taken."""
LONG = 8
"""Longer scripts have more steps."""
_MAX_STEPS, _MAX_LONG_STEPS = 14, 36
"""The number of steps after which a user brings up nothing new."""
_COMMON = 3
"""Of longer scripts, each further step lets five of eight remain."""
_PURE = 6
"""The number of scripts of each act that have one outcome only, so that every mix of outcomes is possible."""


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
    def outcome(self) -> Ints:
        """The outcome of each step, by its place in `OUTCOMES`."""
        return _OUTCOME_OF[self.act]

    @cached_property
    def misses(self) -> Flags:
        """Whether each script has a question without a match."""
        return self.outcomes[:, OUTCOMES.index("notmatch")] > 0

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


@cache
def pool() -> Pool:
    """The pool of scripts; made once."""
    walked = [one for one in walks("scripts", _POOL, _MAX_STEPS, 100) if len(one) <= LONG]
    long = [one for one in walks("long", _LONG_POOL, _MAX_LONG_STEPS, 22) if len(one) > LONG]
    single = [script for script in pure() for _ in range(_PURE)]
    model = [one for one in walks("model scripts", _POOL, _MAX_STEPS, 100, CONTEXT) if len(one) <= LONG]
    model_long = [
        one for one in walks("long model", _LONG_POOL, _MAX_LONG_STEPS, 22, CONTEXT) if len(one) > LONG
    ]
    scripts = [*walked, *long, *single, *model, *model_long]
    sizes = [len(part) for part in (walked, long, single, model, model_long)]
    length = np.array([len(script) for script in scripts], np.int64)
    first = np.cumsum(length) - length
    script_of = np.repeat(np.arange(len(scripts)), length)
    steps = chain.from_iterable(chain.from_iterable(scripts))
    columns = np.fromiter(steps, np.int8).reshape(-1, len(Step._fields)).T.copy()
    act, back, topic, slots, double, hasty = columns
    count = len(OUTCOMES)
    outcomes = np.bincount(script_of * count + _OUTCOME_OF[act], minlength=len(scripts) * count)
    since, before = _distances(script_of, act, back)
    return Pool(
        length,
        first,
        act,
        back,
        topic,
        slots,
        np.where((act == Act.REPHRASED) & (slots > 1), 4, _FORM_OF[act]).astype(np.int8),
        since,
        before,
        double.astype(bool),
        hasty.astype(bool),
        outcomes.astype(np.int64).reshape(-1, count),
        np.maximum.reduceat(slots, first).astype(np.int64),
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


_ABOUT_PAIRS = {Act.HINT, Act.VAGUE, Act.MEANT, Act.TAP, Act.UNDERSTOOD, Act.FOLLOW_UP}
_COMPARED = 3
"""The number of earlier subjects that a new one should differ from."""


def _distances(
    script_of: Ints, act: npt.NDArray[np.int8], back: npt.NDArray[np.int8]
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    """The columns `since` and `before` of a pool, given the script of each step."""
    kind = script_of * len(Act) + np.where(np.isin(act, [*_ABOUT_PAIRS]), Act.HIT, act)
    new = np.flatnonzero(back == 0)
    new = new[np.argsort(kind[new], kind="stable")]
    begin = np.searchsorted(kind[new], kind[new])
    rank = np.arange(len(new)) - begin
    since, before = np.zeros(len(act), np.int8), np.zeros((_COMPARED, len(act)), np.int8)
    since[new] = new - new[begin]
    for place, distance in enumerate(range(1, _COMPARED + 1)):
        earlier = np.where(rank >= distance, distance, np.minimum(rank, 1))
        before[place, new] = new - new[np.arange(len(new)) - earlier]
    return since, before
