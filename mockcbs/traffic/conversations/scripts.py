"""Scripts of conversations: sequences of steps without words. A pool of scripts is made once for all bots."""

from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mockcbs.traffic import bits
from mockcbs.traffic.conversations.acts import Act, Form, Step, outcome_of
from mockcbs.traffic.conversations.walks import CONTEXT, KEYWORDS, NEVER_FIRST, pure, walks
from mockcbs.traffic.logarithms import OCTAVE
from mockcbs.traffic.turns import OUTCOMES, Ints

Flags = npt.NDArray[np.bool_]
_FORMS = {
    Act.HINT: Form.KEYWORD,
    Act.VAGUE: Form.VAGUE,
    Act.FRAGMENT: Form.NEXT,
    Act.TAP: Form.STANDARD,
    Act.MEANT: Form.MEANT,
    Act.UNDERSTOOD: Form.UNDERSTOOD,
    Act.FOLLOW_UP: Form.NEXT_UNDERSTOOD,
    Act.MISTAKEN: Form.MISTAKEN,
    Act.REPHRASED: Form.SECOND,
}
_FORM_OF = np.array([_FORMS.get(act, Form.FULL) for act in Act])
_OUTCOME_OF = np.array([OUTCOMES.index(outcome_of(Step(act))) for act in Act])
"""The form and the place of the outcome of each act; what users say again can have another form."""
_FORMS_IN_TURN = (Form.NEXT, Form.NEXT_UNDERSTOOD, Form.MORE)
"""The forms in whose lists all wordings come in turn."""
_FORMS_OF_OTHER_WORDS = (
    *(Form.FULL, Form.VAGUE, Form.UNDERSTOOD, Form.UNDERSTOOD_CLEARLY),
    *_FORMS_IN_TURN,
)
_FORMS_OF_EARLIER_WORDS = (*_FORMS_OF_OTHER_WORDS, Form.SECOND, Form.THIRD, Form.NAMED)
"""The forms that have other words than the step that they repeat, and all whose words depend on it."""
_AFTER_NO_MATCH = {Form.NEXT: Form.NAMED, Form.VAGUE: Form.CLEARER, Form.DONE: Form.CLEARER}
"""How users ask about a pair right after words about it without a match, by the form of these."""
_CLEARLY = {Act.UNDERSTOOD: Form.UNDERSTOOD_CLEARLY, Act.MISTAKEN: Form.MISTAKEN_CLEARLY}
"""The forms of users who have said something vague before, or do so later."""
_DONE = {Act.FRAGMENT: (Form.DONE, 20), Act.FOLLOW_UP: (Form.DONE_UNDERSTOOD, 8)}
"""The words of users who follow up an answer after they have done what it says, and how many they are, in
percent.
"""
_CONTEXT = 1
"""The number in the column `manner` of users of language models, who need not name what they mean."""
_FORMS_OF_DONE = [form for form, _ in _DONE.values()]
_IN_A_ROW = 3
"""How often a frequent wording stands in a row in the list of another form."""
_POOL, _LONG_POOL, _HUMAN_POOL = 900, 210, 100
"""The number of scripts of usual length, from how many the longer ones are taken, and the number of those in
which users request a human before they ask anything.
"""
LONG = 8
"""Longer scripts have more steps."""
_MAX_STEPS, _MAX_LONG_STEPS = 14, 36
"""The number of steps after which a user brings up nothing new."""
HUMAN_FIRST = 2
"""The number in the column `human` of scripts that begin with a request for a human."""
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
    """The `Form` of the words of each step."""
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
    human: Ints
    """When the users of each script request a human: never (0), later (1), or before all else (2)."""
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
        return self.repeats & np.isin(self.form, _FORMS_OF_EARLIER_WORDS) | self.double

    @cached_property
    def turned(self) -> Ints:
        """How many wordings those words are after the ones before: none if they depend on these alone."""
        other = np.isin(self.form, _FORMS_OF_OTHER_WORDS) & ~self.double
        in_a_row = np.where(np.isin(self.form, _FORMS_IN_TURN), 1, _IN_A_ROW)
        found: Ints = np.where(other, self.back, 0) * in_a_row
        found = np.where(self.form == Form.NAMED, self.back - 1, found)  # as the step before
        for step in np.flatnonzero(self.double).tolist():
            found[step] = found[step - 1]
        return found


class _Part(NamedTuple):
    """A part of the pool."""

    scripts: list[list[Step]]
    manner: int
    base: int = 12 * OCTAVE
    """The column `base`."""


def _parts() -> list[_Part]:
    parts = [_Part([script for script in pure() for _ in range(_PURE)], 2, 6 * OCTAVE)]
    for manner, one in enumerate((KEYWORDS, CONTEXT)):
        usual = walks(f"usual {manner}", _POOL, _MAX_STEPS, 95, one)
        human = walks(f"human {manner}", _HUMAN_POOL, _MAX_STEPS, 130, one, wants_human=True)
        long = walks(f"long {manner}", _LONG_POOL, _MAX_LONG_STEPS, 18, one)
        parts += [
            _Part([script for script in some if len(script) <= LONG], manner) for some in (usual, human)
        ]
        parts.append(_Part([script for script in long if len(script) > LONG], manner, 0))
    return parts


@cache
def pool() -> Pool:
    """The pool of scripts; made once."""
    parts = _parts()
    scripts = [script for part in parts for script in part.scripts]
    part_of = np.repeat(np.arange(len(parts)), [len(part.scripts) for part in parts])
    length = np.array([len(script) for script in scripts], np.int64)
    first = np.cumsum(length) - length
    script_of = np.repeat(np.arange(len(scripts)), length)
    steps = chain.from_iterable(chain.from_iterable(scripts))
    columns = np.fromiter(steps, np.int8).reshape(-1, len(Step._fields)).T.copy()
    act, back, topic, slots, double, hasty = columns
    manner = np.array([part.manner for part in parts])[part_of]
    form = _forms(act, back, slots)
    more = _known(act, back) & (act == Act.HIT) & (double == 0)
    form[more & (manner.take(script_of) != _CONTEXT)] = Form.MORE
    _explain(form, act, back)
    _vary(form, act, first, script_of)
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
        form,
        since,
        before,
        double.astype(bool),
        hasty.astype(bool) | _sent_at_once(act, back, first) & ~np.isin(form, _FORMS_OF_DONE),
        outcomes.astype(np.int64).reshape(-1, count),
        np.maximum.reduceat(slots, first).astype(np.int64),
        manner,
        _human(act, first, length),
        np.array([part.base for part in parts])[part_of],
    )


def _forms(
    act: npt.NDArray[np.int8], back: npt.NDArray[np.int8], slots: npt.NDArray[np.int8]
) -> npt.NDArray[np.int8]:
    """The column `form` of a pool: users say in other words what they say again, and after an answer some
    say what has come of it.
    """
    form = np.where((act == Act.HUMAN) & (back > 0), Form.SECOND, _FORM_OF[act])
    third = (act == Act.REPHRASED) & (slots > 1) | (act == Act.HUMAN) & (back > 1)
    form = np.where(third, Form.THIRD, form).astype(np.int8)
    answered = np.append(False, np.isin(act[:-1], _ANSWERS))  # first steps are no follow-ups
    own = bits.below(bits.words(bits.key("done"), np.arange(len(act))), 100)
    for follow_up, (done, percent) in _DONE.items():
        form[answered & (act == follow_up) & (own < percent)] = done
    return form


def _explain(form: npt.NDArray[np.int8], act: npt.NDArray[np.int8], back: npt.NDArray[np.int8]) -> None:
    """Let users name what they mean right after words about it that the bot did not match."""
    again = np.flatnonzero((act[1:] == Act.HIT) & (back[1:] == back[:-1] + 1)) + 1
    before = form[again - 1]
    for earlier, explained in _AFTER_NO_MATCH.items():
        form[again[before == earlier]] = explained


def _vary(form: npt.NDArray[np.int8], act: npt.NDArray[np.int8], first: Ints, script_of: Ints) -> None:
    """Let the words of one step at most of each script be vague, as users do not say 说说… after 想问下….

    Others are understood or mistaken for other reasons.
    """
    perhaps = np.isin(act, [*_CLEARLY])
    earlier: Ints = np.cumsum(perhaps) - perhaps
    known: Flags = earlier > earlier[first][script_of]
    known |= np.maximum.reduceat(act == Act.VAGUE, first)[script_of]
    for one, clearly in _CLEARLY.items():
        form[known & (act == one)] = clearly


def _known(act: npt.NDArray[np.int8], back: npt.NDArray[np.int8]) -> Flags:
    """Whether the subject of each step has been answered before."""
    step = np.arange(len(act))
    brought_up = step - back
    answered = np.full(len(act), len(act))
    np.minimum.at(answered, brought_up, np.where(np.isin(act, _ANSWERS), step, len(act)))
    known: Flags = answered[brought_up] < step
    return known


def _human(act: npt.NDArray[np.int8], first: Ints, length: Ints) -> Ints:
    """The column `human` of a pool."""
    asks = act == Act.HUMAN
    opening = np.minimum(first + (act[first] == Act.GREETING), first + length - 1)
    found: Ints = np.maximum.reduceat(asks, first) + asks[opening].astype(np.int64)
    return found


def _sent_at_once(act: npt.NDArray[np.int8], back: npt.NDArray[np.int8], first: Ints) -> Flags:
    """The column `hasty` of a pool: some users send what they have to say in two messages. Who says
    the same in other words has read the answer.
    """
    words = bits.words(bits.key("sent at once"), np.arange(len(act)))
    found: Flags = bits.below(words, 100) < np.where(act == Act.FRAGMENT, 22, back == 0)
    found[first] = False
    return found


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
def done_steps() -> Flags:
    """Whether each step of the pool is of users who have done what an answer says, or waited for it."""
    return np.isin(pool().form, _FORMS_OF_DONE)


_ANSWERS = (Act.HIT, Act.TAP, Act.MEANT, Act.UNDERSTOOD)
"""What a bot answers as users wish."""
_ABOUT_PAIRS = {
    *(Act.HINT, Act.VAGUE, Act.MEANT, Act.TAP, Act.UNDERSTOOD, Act.FOLLOW_UP, Act.MISTAKEN),
}
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
