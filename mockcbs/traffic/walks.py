"""Conversations without words: what users do next depends on what happened before."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.acts import Act, Step, outcome_of

_ANSWERED = frozenset({Act.HIT, Act.HINT, Act.TAP, Act.VAGUE, Act.FOREIGN})
"""After these, some users say only what is new, as if the bot remembered the rest."""

Draw = Callable[[int], int]


class Manner(NamedTuple):
    """What users do who talk to one kind of bot."""

    need: Callable[[Draw, int], list[Step]]
    """Draws all steps about one thing that a user needs, given 0 for the usual topic, 1 for another."""
    after: Act
    """What users do who say only what is new."""
    after_percent: int
    answered: frozenset[Act]
    """After these, they may do so."""


def walks(name: str, count: int, most: int, leaving: int, manner: Manner | None = None) -> list[list[Step]]:
    """That many conversations, which are always the same, with hardly more steps than *most*.

    *leaving* is how easily users leave, in percent of the usual. By default they talk to a bot that knows
    keywords.
    """
    words = bits.words(bits.key(name), np.arange(count * most * 8))
    draws = iter((words >> np.uint64(48)).astype(np.uint16).data)  # a list of them would take 3 MB
    manner = manner or KEYWORDS
    return [_walk(lambda limit: next(draws) * limit >> 16, most, leaving, manner) for _ in range(count)]


def _walk(draw: Draw, most: int, leaving: int, manner: Manner) -> list[Step]:
    """Make one conversation, from the first question until the user leaves."""
    steps = [Step(Act.GREETING)] if draw(100) < 9 else []
    topic = 0
    while len(steps) < most:
        before = len(steps)
        steps += manner.need(draw, topic)
        if steps[-1].act in manner.answered and draw(100) < manner.after_percent:
            steps.append(Step(manner.after, 1 + steps[-1].back))
        failed = outcome_of(steps[-1]) == "notmatch" or steps[-1].act in {Act.HUMAN, Act.COMPLAINT}
        leaves = 62 if steps[-1].act == Act.HUMAN else 46 if failed else 44
        if draw(10_000) < leaving * (leaves + 4 * (len(steps) - before)):
            if not failed and draw(100) < 17:
                steps.append(Step(Act.THANKS))
            break
        if not failed and draw(100) < 5:  # users who have said goodbye remember another question
            steps.append(Step(Act.THANKS))
        topic = topic if draw(100) < 76 else 1 - topic
    return steps[:1] + [
        step if step.is_hasty or not _is_hasty(draw, step) else step._replace(is_hasty=True)
        for step in steps[1:]
    ]


def _is_hasty(draw: Draw, step: Step) -> bool:
    """Some users send what they have to say in two messages."""
    return draw(100) < (22 if step.act == Act.FRAGMENT else 2)


def _need(draw: Draw, topic: int) -> list[Step]:
    """All steps about one thing that a user needs."""
    need = draw(100)
    if need < 60:
        return _answered(draw, topic)
    if need < 70:
        return _hinted(draw, topic)
    if need < 75:
        return _vague(draw, topic)
    if need < 89:
        return _foreign(draw)
    if need < 94:
        return _skill(draw)
    return [Step(Act.INVALID if need < 96 else Act.IDLE)]


def _answered(draw: Draw, topic: int) -> list[Step]:
    """A question that a pair answers; sometimes it is the wrong pair, and a few users send it twice."""
    asked = Step(Act.HIT, topic=topic)
    chance = draw(100)
    if chance < 3:
        return [asked, asked._replace(back=1, is_double=True, is_hasty=True)]
    return [asked, *_disputed(draw, topic)] if chance < 11 else [asked]


def _disputed(draw: Draw, topic: int) -> list[Step]:
    """What users do who got the answer to another question than they meant."""
    remark = draw(100)
    steps = [Step(Act.DENIAL)] if remark < 68 else [Step(Act.COMPLAINT)] if remark < 88 else []
    meant = draw(100)
    if meant < 40 or not steps:
        steps.append(Step(Act.MEANT, 1 + len(steps), topic))
    elif meant < 52:
        steps.append(Step(Act.VAGUE, 1 + len(steps), topic))
    elif meant < 72:
        steps.append(Step(Act.HUMAN))
    return steps


def _hinted(draw: Draw, topic: int) -> list[Step]:
    """A user says a keyword, then mostly taps on one of the recommended questions, or asks it."""
    hint = [Step(Act.HINT, topic=topic)]
    follows = draw(100)
    if follows < 48:
        return [*hint, Step(Act.TAP, 1, topic)]
    return [*hint, Step(Act.HIT, 1, topic)] if follows < 64 else hint


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
        steps.append(Step(Act.FOREIGN, 1, is_double=True, is_hasty=True))
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


def _understood(draw: Draw, topic: int) -> list[Step]:
    """All steps about one thing that a user needs from a language model.

    It understands typos and vague words, and suggests questions after an answer. Hardly anything else than
    what its knowledge does not cover has no match.
    """
    need = draw(100)
    if need < 82:
        kind = draw(100)
        asked = Step(Act.UNDERSTOOD if kind < 20 else Act.TAP if kind < 28 else Act.HIT, topic=topic)
        return [asked, *_misunderstood(draw, topic)]
    if need < 85:  # it asks back, and the user says more
        hint = Step(Act.HINT, topic=topic)
        return [hint, Step(Act.HIT, 1, topic)] if draw(100) < 70 else [hint]
    if need < 90:
        again = [Step(Act.REPHRASED, 1, slots=1)] if draw(100) < 18 else []
        return _after_misses(draw, [Step(Act.FOREIGN), *again])
    if need < 94:
        return _skill(draw)
    return [Step(Act.INVALID if need < 95 else Act.IDLE)]


def _misunderstood(draw: Draw, topic: int) -> list[Step]:
    """What users do after an answer of a language model: one in forty got it to another question."""
    chance = draw(1000)
    if chance < 4:
        return [Step(Act.DENIAL), Step(Act.MEANT, 2, topic)]
    return [Step(Act.MEANT, 1, topic)] if chance < 25 else []


KEYWORDS = Manner(_need, Act.FRAGMENT, 5, _ANSWERED)
"""With a bot that knows keywords and has no memory."""
CONTEXT = Manner(_understood, Act.FOLLOW_UP, 17, frozenset({Act.HIT, Act.TAP, Act.UNDERSTOOD}))
"""With a language model, which remembers what was said."""

NEVER_FIRST = frozenset(
    {
        *(Act.REPHRASED, Act.SLOT, Act.FRAGMENT, Act.OUTAGE, Act.RECOVERY, Act.TAP, Act.DENIAL, Act.MEANT),
        *(Act.UNDERSTOOD, Act.FOLLOW_UP),
    }
)
"""What users do only after something else."""


def pure() -> list[list[Step]]:
    """Scripts that have a single outcome."""
    singles = [[Step(act)] for act in Act if act not in NEVER_FIRST]
    doubles = [[Step(act), Step(act)] for act in (Act.HIT, Act.HINT, Act.IDLE, Act.INVALID, Act.SKILL)]
    triples = [[Step(act)] * 3 for act in (Act.HIT, Act.HINT, Act.IDLE, Act.INVALID, Act.SKILL)]
    misses = [[Step(Act.FOREIGN), Step(Act.REPHRASED, 1, slots=1)], [Step(Act.VAGUE), Step(Act.VAGUE, 1)]]
    return [*singles, *doubles, *triples, *misses]
