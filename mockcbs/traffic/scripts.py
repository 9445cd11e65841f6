"""Scripts of conversations: what users do next depends on what happened before.

A script is a sequence of steps without words. A pool of scripts is made once. Each bot gives them weights, so
that its outcomes and the length of its sessions are those of its profile.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mockcbs.traffic import bits
from mockcbs.traffic.logarithms import OCTAVE, exp2, log2
from mockcbs.traffic.turns import OUTCOMES, Ints, Outcome


class Act(IntEnum):
    """What a user does, and its outcome."""

    HIT = 0
    """A question that a pair answers."""
    HINT = 1
    """A short question, for which the bot recommends pairs."""
    VAGUE = 2
    """A question about a pair in words that the bot does not match."""
    FOREIGN = 3
    """A question that the knowledge base does not cover."""
    REPHRASED = 4
    """The question of the step before in other words, again without a match."""
    INVALID = 5
    GREETING = 6
    THANKS = 7
    COMPLAINT = 8
    HUMAN = 9
    """The user requests a human."""
    IDLE = 10
    """Small talk of any kind."""
    SKILL = 11
    """A skill starts."""
    SLOT = 12
    """The value of a slot that the skill has requested."""
    FRAGMENT = 13
    """Words that make sense only after others, such as 那个呢; a bot without memory does not match them."""
    OUTAGE = 14
    """A remark that the bot is slow or broken; in incidents only."""
    RECOVERY = 15
    """A question whether the bot works again; after incidents only."""


_OUTCOME_OF: dict[Act, Outcome] = {
    Act.HIT: "direct",
    Act.HINT: "recommend",
    Act.VAGUE: "notmatch",
    Act.FOREIGN: "notmatch",
    Act.REPHRASED: "notmatch",
    Act.FRAGMENT: "notmatch",
    Act.OUTAGE: "notmatch",
    Act.RECOVERY: "notmatch",
    Act.INVALID: "invalid",
    Act.SKILL: "dialog",
    Act.SLOT: "dialog",
}
"""All other acts are small talk."""

MAX_SLOTS = 3
"""The maximum number of slots that a skill requests in generated traffic."""


class Step(NamedTuple):
    """One question of a script."""

    act: Act
    back: int = 0
    """The distance to the earlier step with the same subject; 0 if the step has a new subject."""
    topic: int = 0
    """0 for the topic of the session, 1 for another topic."""
    slots: int = 0
    """For a skill, the number of slots that it requests; for a slot, its place, counted from 1."""
    is_double: bool = False
    """Whether the user sends the question of the step before once more, in the same words."""


Flags = npt.NDArray[np.bool_]
_NEXT = 5
"""The form of what users say next."""
_POOL = 900
_MAX_STEPS = 14
_TABLE = 4096
_PURE = 6
"""The number of scripts of each act that have one outcome only, so that every mix of outcomes is possible."""
_ROUNDS_OF_WEIGHING = 11


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
    users say next.
    """
    number: npt.NDArray[np.int8]
    """For each step with a new subject, the number of earlier ones of its kind in its script."""
    since: npt.NDArray[np.int8]
    """The distance of such a step to the first of its kind; 0 for the first one and for other steps."""
    before: npt.NDArray[np.int8]
    """The distances of such a step to the last and the second last one of its kind, as rows.

    They are 0 if there is none.
    """
    double: Flags
    """Whether each step repeats the one before in the same words."""
    outcomes: Ints
    """The number of steps of each outcome (columns) in each script (rows)."""
    most_slots: Ints
    """The number of slots of the longest skill in each script."""
    base: Ints
    """The binary logarithm of the weight of each script before any bot changes it."""

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
        return (self.form > 1) & (self.form < _NEXT) | self.double

    def choose(
        self, mix: Mapping[Outcome, int], rounds: int, skills: frozenset[int]
    ) -> npt.NDArray[np.int16]:
        """A table of 4096 scripts, from which each entry is equally likely.

        Outcomes occur in the proportions of *mix*, sessions have about *rounds* tenths of steps, and each
        skill requests a number of slots that is in *skills*.
        """
        return _chosen(tuple(mix.get(outcome, 0) for outcome in OUTCOMES), rounds, skills)


@cache
def pool() -> Pool:
    """The pool of scripts; made once."""
    draws = iter(_draws())
    walked = [_walk(lambda limit: next(draws) * limit >> 16) for _ in range(_POOL)]
    pure = [script for script in _pure() for _ in range(_PURE)]
    scripts = walked + pure
    steps = [step for script in scripts for step in script]
    length = np.array([len(script) for script in scripts], np.int64)
    outcomes = [[sum(_outcome(step) == one for step in script) for one in OUTCOMES] for script in scripts]
    number, since, before = _distances(scripts)
    return Pool(
        length,
        np.cumsum(length) - length,
        np.array([step.act for step in steps], np.int8),
        np.array([step.back for step in steps], np.int8),
        np.array([step.topic for step in steps], np.int8),
        np.array([step.slots for step in steps], np.int8),
        np.array([_form(step) for step in steps], np.int8),
        number,
        since,
        before,
        np.array([step.is_double for step in steps], bool),
        np.array(outcomes, np.int64),
        np.array([max(step.slots for step in script) for script in scripts], np.int64),
        np.array([12 * OCTAVE] * len(walked) + [6 * OCTAVE] * len(pure), np.int64),
    )


@cache
def steps_of(act: Act) -> Flags:
    """Whether each step of the pool is of that *act*."""
    found: Flags = pool().act == act
    return found


@cache
def _chosen(mix: tuple[int, ...], rounds: int, skills: frozenset[int]) -> npt.NDArray[np.int16]:
    running = np.cumsum(_weights(pool(), mix, rounds, skills))
    places = (np.arange(_TABLE) * 2 + 1) * int(running[-1]) // (2 * _TABLE)
    return np.searchsorted(running, places, side="right").astype(np.int16)


def _weights(scripts: Pool, mix: tuple[int, ...], rounds: int, skills: frozenset[int]) -> Ints:
    """Weights of scripts with which outcomes occur in the proportions of *mix*."""
    kinds = _kinds(scripts)
    possible = np.isin(kinds.most_slots, [0, *skills])
    possible &= (kinds.outcomes[:, [not share for share in mix]] == 0).all(axis=1)
    factors = [0] * len(mix)
    for _ in range(_ROUNDS_OF_WEIGHING):
        weights = np.where(possible, exp2(kinds.base + kinds.outcomes @ np.array(factors)), 0) * kinds.size
        totals = (weights @ kinds.outcomes).tolist()
        # If sessions are too short, all outcomes get more weight, which raises longer scripts most.
        longer = log2(rounds * int(weights.sum())) - log2(10 * sum(totals))
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
    base: Ints
    size: Ints
    """The number of scripts of each kind."""
    of_script: Ints


@cache
def _kinds(scripts: Pool) -> _Kinds:
    rows = np.column_stack([scripts.outcomes, scripts.most_slots, scripts.base])
    kinds, of_script, size = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    outcomes = np.ascontiguousarray(kinds[:, : len(OUTCOMES)])
    return _Kinds(outcomes, kinds[:, -2], kinds[:, -1], size, of_script.reshape(-1))


_COMPARED = 3
"""The number of earlier subjects that a new one should differ from."""


def _distances(
    scripts: list[list[Step]],
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    """The columns `number`, `since` and `before` of a pool."""
    rows = []
    for script in scripts:
        places: dict[Act, list[int]] = {}
        for place, step in enumerate(script):
            kind = Act.HIT if step.act in {Act.HINT, Act.VAGUE} else step.act
            earlier = [] if step.back else [place - other for other in places.setdefault(kind, [])]
            if not step.back:
                places[kind].append(place)
            last = [*earlier[: -_COMPARED - 1 : -1], *earlier[-1:] * _COMPARED, *[0] * _COMPARED]
            rows.append([len(earlier), earlier[0] if earlier else 0, *last[:_COMPARED]])
    columns = np.array(rows, np.int8).T.copy()
    return columns[0], columns[1], columns[2:]


def _form(step: Step) -> int:
    if step.act == Act.REPHRASED:
        return 3 if step.slots == 1 else 4
    return {Act.HINT: 1, Act.VAGUE: 2, Act.FRAGMENT: _NEXT}.get(step.act, 0)


def _outcome(step: Step) -> Outcome:
    return _OUTCOME_OF.get(step.act, "chat")


def _draws() -> list[int]:
    """The numbers below 65536 from which scripts are made; they are always the same."""
    words = bits.words(bits.key("scripts"), np.arange(_POOL * _MAX_STEPS * 4))
    return (words >> np.uint64(48)).astype(np.int64).tolist()  # type: ignore[no-any-return]


_ANSWERED = frozenset({Act.HIT, Act.HINT, Act.VAGUE, Act.FOREIGN})
"""After these, some users say only what is new, as if the bot remembered the rest."""

Draw = Callable[[int], int]


def _walk(draw: Draw) -> list[Step]:
    """Make one conversation, from the first question until the user leaves."""
    steps = [Step(Act.GREETING)] if draw(100) < 9 else []
    topic = 0
    while len(steps) < _MAX_STEPS - 6:
        before = len(steps)
        steps += _need(draw, topic)
        if steps[-1].act in _ANSWERED and draw(100) < 5:
            steps.append(Step(Act.FRAGMENT, 1 + steps[-1].back))
        failed = _outcome(steps[-1]) == "notmatch" or steps[-1].act in {Act.HUMAN, Act.COMPLAINT}
        leaves = 62 if steps[-1].act == Act.HUMAN else 46 if failed else 44
        if draw(100) < leaves + 4 * (len(steps) - before):
            if not failed and draw(100) < 17:
                steps.append(Step(Act.THANKS))
            break
        if not failed and draw(100) < 5:  # users who have said goodbye remember another question
            steps.append(Step(Act.THANKS))
        topic = topic if draw(100) < 76 else 1 - topic
    return steps


def _need(draw: Draw, topic: int) -> list[Step]:
    """All steps about one thing that a user needs."""
    need = draw(100)
    if need < 60:
        return _sent(draw, Step(Act.HIT, topic=topic))
    if need < 70:
        return _hinted(draw, topic)
    if need < 75:
        return _vague(draw, topic)
    if need < 89:
        return _foreign(draw)
    if need < 94:
        return _skill(draw)
    return [Step(Act.INVALID if need < 96 else Act.IDLE)]


def _sent(draw: Draw, step: Step) -> list[Step]:
    """A question that is sent, by a few impatient users twice."""
    return [step, step._replace(back=1, is_double=True)] if draw(100) < 4 else [step]


def _hinted(draw: Draw, topic: int) -> list[Step]:
    """A user says a keyword, then mostly asks one of the recommended questions."""
    hint = [Step(Act.HINT, topic=topic)]
    return [*hint, Step(Act.HIT, 1, topic)] if draw(100) < 64 else hint


def _vague(draw: Draw, topic: int) -> list[Step]:
    """The bot does not match a question; the user rephrases it until the bot answers or the user gives up."""
    steps = [Step(Act.VAGUE, topic=topic)]
    while len(steps) < 3 and draw(100) < 82:
        if draw(100) < 66:
            return [*steps, Step(Act.HIT, len(steps), topic)]
        steps.append(Step(Act.VAGUE, len(steps), topic))
    return _after_misses(draw, steps)


def _foreign(draw: Draw) -> list[Step]:
    """A user asks a question that the knowledge base does not cover, and mostly asks it again."""
    steps = [Step(Act.FOREIGN)]
    if draw(100) < 3:
        steps.append(Step(Act.FOREIGN, 1, is_double=True))
    while len(steps) < 3 and draw(100) < (52 if len(steps) == 1 else 25):
        steps.append(Step(Act.REPHRASED, len(steps), slots=len(steps)))
    return _after_misses(draw, steps)


def _after_misses(draw: Draw, steps: list[Step]) -> list[Step]:
    """After two failures many users request a human, and some complain."""
    if len(steps) > 1:
        if draw(100) < 25:
            steps = [*steps, Step(Act.COMPLAINT)]
        if draw(100) < 48:
            steps = [*steps, Step(Act.HUMAN)]
    return steps


def _skill(draw: Draw) -> list[Step]:
    """A user starts a skill and fills its slots; few users leave before it is complete."""
    slots = (0, 1, 1, 1, 2, 2, 2, 2, 3, 3)[draw(10)]
    steps = [Step(Act.SKILL, slots=slots)]
    while len(steps) <= slots and draw(100) < 92:
        steps.append(Step(Act.SLOT, len(steps), slots=len(steps)))
    return steps


_NEVER_FIRST = frozenset({Act.REPHRASED, Act.SLOT, Act.FRAGMENT, Act.OUTAGE, Act.RECOVERY})


def _pure() -> list[list[Step]]:
    """Scripts that have a single outcome."""
    singles = [[Step(act)] for act in Act if act not in _NEVER_FIRST]
    doubles = [[Step(act), Step(act)] for act in (Act.HIT, Act.HINT, Act.IDLE, Act.INVALID, Act.SKILL)]
    triples = [[Step(act)] * 3 for act in (Act.HIT, Act.HINT, Act.IDLE, Act.INVALID, Act.SKILL)]
    misses = [[Step(Act.FOREIGN), Step(Act.REPHRASED, 1, slots=1)], [Step(Act.VAGUE), Step(Act.VAGUE, 1)]]
    return [*singles, *doubles, *triples, *misses]
