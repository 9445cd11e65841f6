"""Conversations without words: what users do next depends on what happened before."""

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from mockcbs.traffic.conversations.acts import Act, Step, outcome_of
from mockcbs.traffic.conversations.drawing import Draw, draws

_ANSWERED = frozenset({Act.HIT, Act.HINT, Act.TAP, Act.VAGUE, Act.FOREIGN})
"""After these, some users say only what is new, as if the bot remembered the rest."""
_TOLD = frozenset({Act.HIT, Act.HINT, Act.TAP})
"""After these, more of them do, as they have learned something."""
_UNDERSTOOD = frozenset({Act.HIT, Act.TAP, Act.UNDERSTOOD})
"""The same with a language model."""
_PAIRS = frozenset({Act.HIT, Act.HINT, Act.TAP, Act.VAGUE, Act.UNDERSTOOD, Act.MISTAKEN})
"""Acts about a pair that can come before all others about it."""
_SAME = 73
"""How often users who stay say more about what they have asked, in percent: most have one problem."""
_NAMES_IT = 55
"""How often users who said only what is new name its thing when the bot has not matched it, in percent."""


_step = cache(Step)
"""A step; walks have thousands, but few different ones."""


class Manner(NamedTuple):
    """What users do who talk to one kind of bot."""

    need: Callable[[Draw, int], list[Step]]
    """Draws all steps about one thing that a user needs, given 0 for the usual topic, 1 for another."""
    more: Callable[[Draw, list[Step]], list[Step]]
    """Draws what they say more about the last pair in some steps."""
    after: Act
    """What users do who say only what is new."""
    after_percent: int
    answered: frozenset[Act]
    """After these, they may do so."""


def walks(
    name: str, count: int, most: int, leaving: int, manner: Manner | None = None, *, wants_human: bool = False
) -> list[list[Step]]:
    """That many conversations, which are always the same, with hardly more steps than *most*.

    *leaving* is how easily users leave, in percent of the usual. By default they talk to a bot that knows
    keywords. *wants_human* is whether users request a human before they ask anything.
    """
    begin, manner = _human_first if wants_human else _greeting, manner or KEYWORDS
    return [
        _vague_once(_walk(draw, begin(draw), most, leaving, manner)) for draw in draws(name, count, most * 3)
    ]


def _vague_once(steps: list[Step]) -> list[Step]:
    """The same *steps* with vague words for one thing once in a row: who has said 想问下… does not say 说说…
    next, but sends it again.
    """
    for place, (before, step) in enumerate(pairwise(steps), 1):
        if before.act == step.act == Act.VAGUE and step.back == before.back + 1:
            steps[place] = step._replace(is_double=True)
    return steps


def _greeting(draw: Draw) -> list[Step]:
    return [_step(Act.GREETING)] if draw.happens(9) else []


def _human_first(draw: Draw) -> list[Step]:
    """Users who do not want to talk to a bot say so at once."""
    return [_step(Act.GREETING), _step(Act.HUMAN)] if draw.happens(5) else [_step(Act.HUMAN)]


def _walk(draw: Draw, steps: list[Step], most: int, leaving: int, manner: Manner) -> list[Step]:
    """Continue a conversation that begins with *steps* until the user leaves."""
    topic = 0
    while len(steps) < most:
        if steps and steps[-1].act == Act.HUMAN and draw.happens(96):
            return [*steps, *_waiting(draw)]
        before = len(steps)
        says_more = _back(steps) > 0 and draw.happens(_SAME)
        steps += manner.more(draw, steps) if says_more else manner.need(draw, topic)
        if steps[-1].act == Act.HUMAN:
            continue
        if steps[-1].act in manner.answered and draw.happens(manner.after_percent):
            steps.append(_step(manner.after, 1 + steps[-1].back))
        failed = outcome_of(steps[-1]) == "notmatch" or steps[-1].act == Act.COMPLAINT
        leaves = 46 if failed else 44
        if draw.happens(leaving * (leaves + 4 * (len(steps) - before)), of=10_000):
            if not failed and draw.happens(17):
                steps.append(_step(Act.THANKS))
            break
        if not failed and draw.happens(2, of=300):  # users who have said goodbye remember another question
            steps.append(_step(Act.THANKS))
        topic = topic if draw.happens(76) else 1 - topic
    return steps


def _back(steps: list[Step]) -> int:
    """The distance from the next step to the one that brought up the last pair; 0 if there is none."""
    found = (place for place, step in enumerate(reversed(steps), 1) if step.act in _PAIRS and not step.back)
    return next(found, 0)


def _waiting(draw: Draw) -> list[Step]:
    """What users do who wait for a human: many say it again and louder, a few thank or complain."""
    again = [_step(Act.HUMAN, 1 + place) for place in range(draw.among(44, 34, 15))]
    return [*again, *([_step(Act.THANKS)], [_step(Act.COMPLAINT)], [])[draw.among(6, 9)]]


def _need(draw: Draw, topic: int) -> list[Step]:
    """All steps about one thing that a user needs."""
    need = draw.among(60, 10, 5, 14, 5, 2)
    if need == 0:
        return _answered(draw, topic)
    if need == 1:
        return _hinted(draw, topic)
    if need == 2:
        return _vague(draw, topic)
    if need == 3:
        return _foreign(draw)
    if need == 4:
        return _skill(draw)
    return [_step(Act.INVALID if need == 5 else Act.IDLE)]


def _answered(draw: Draw, topic: int) -> list[Step]:
    """A question that a pair answers; sometimes it is the wrong pair. A few users send it twice."""
    asked = _step(Act.HIT, topic=topic)
    then = draw.among(76, 19, 3)
    if then == 0:
        return [asked]
    if then == 1:
        return [_step(Act.MISTAKEN, topic=topic), *_disputed(draw, topic)]
    return [asked, asked._replace(back=1, is_double=True, is_hasty=True) if then == 2 else _step(Act.HUMAN)]


def _disputed(draw: Draw, topic: int) -> list[Step]:
    """What users do who got the answer to another question than they meant: most say nothing about it, and
    ask in other words or leave.
    """
    if draw.happens(57):
        return [_step(Act.HIT, 1, topic)] if draw.happens(40) else []
    steps = ([_step(Act.DENIAL)], [_step(Act.COMPLAINT)], [])[draw.among(68, 20)]
    then = draw.among(40, 12, 20) if steps else 0
    if then == 0:
        steps.append(_step(Act.MEANT, 1 + len(steps), topic))
    elif then == 1:
        steps.append(_step(Act.VAGUE, 1 + len(steps), topic))
    elif then == 2:
        steps.append(_step(Act.HUMAN))
    return steps


def _more(draw: Draw, steps: list[Step]) -> list[Step]:
    """More about a pair: what is new, with the name of its thing or alone; a keyword, or vague words."""
    back = _back(steps)
    topic = steps[-back].topic
    then = draw.among(54, 31, 3)
    if then == 1 and _TOLD.isdisjoint(step.act for step in steps[-back:]):  # there is nothing to add to yet
        then = 2
    if then > 0:
        return (_unnamed, _vague, _hinted)[then - 1](draw, topic, back)
    return [_step(Act.HIT, back, topic)]


def _unnamed(draw: Draw, topic: int, back: int) -> list[Step]:
    """A user says only what is new. The bot does not match it, so that many say it again with its name."""
    named = [_step(Act.HIT, back + 1, topic)] if draw.happens(_NAMES_IT) else []
    return [_step(Act.FRAGMENT, back), *named]


def _hinted(draw: Draw, topic: int, back: int = 0) -> list[Step]:
    """A user says a keyword, then mostly taps on one of the recommended questions, or asks it."""
    follows = draw.among(48, 16)
    asked = ([_step(Act.TAP, 1 + back, topic)], [_step(Act.HIT, 1 + back, topic)], [])[follows]
    return [_step(Act.HINT, back, topic), *asked]


def _vague(draw: Draw, topic: int, back: int = 0) -> list[Step]:
    """The bot does not match a question; the user rephrases it until the bot answers or the user gives up."""
    steps = [_step(Act.VAGUE, back, topic)]
    while len(steps) < 3 and draw.happens(82):
        if draw.happens(76):
            return [*steps, _step(Act.HIT, back + len(steps), topic)]
        steps.append(_step(Act.VAGUE, back + len(steps), topic))
    return _after_misses(draw, steps)


def _foreign(draw: Draw) -> list[Step]:
    """A user asks a question that the knowledge base does not cover, and mostly asks it again."""
    steps = [_step(Act.FOREIGN)]
    if draw.happens(3):
        steps.append(_step(Act.FOREIGN, 1, is_double=True, is_hasty=True))
    while len(steps) < 3 and draw.happens(58 if len(steps) == 1 else 27):
        steps.append(_step(Act.REPHRASED, len(steps), slots=len(steps)))
    return _after_misses(draw, steps)


def _after_misses(draw: Draw, steps: list[Step]) -> list[Step]:
    """After a failure some users request a human, after two many, and some complain."""
    again = len(steps) > 1
    if again and draw.happens(25):
        steps = [*steps, _step(Act.COMPLAINT)]
    return [*steps, _step(Act.HUMAN)] if draw.happens(52 if again else 20) else steps


def _skill(draw: Draw) -> list[Step]:
    """A user starts a skill and fills its slots; few users leave before it is complete."""
    slots = draw.among(10, 30, 40)
    steps = [_step(Act.SKILL, slots=slots)]
    while len(steps) <= slots and draw.happens(92):
        steps.append(_step(Act.SLOT, len(steps), slots=len(steps)))
    return steps


def _understood(draw: Draw, topic: int) -> list[Step]:
    """All steps about one thing that a user needs from a language model.

    It understands typos and vague words, and suggests questions after an answer. Hardly anything else than
    what its knowledge does not cover has no match.
    """
    need = draw.among(82, 3, 5, 4, 1)
    if need == 0:
        asked = _step((Act.UNDERSTOOD, Act.TAP, Act.HIT)[draw.among(20, 8)], topic=topic)
        return _perhaps_misunderstood(draw, asked)
    if need == 1:  # it asks back, and the user says more
        hint = _step(Act.HINT, topic=topic)
        return [hint, _step(Act.HIT, 1, topic)] if draw.happens(70) else [hint]
    if need == 2:
        again = [_step(Act.REPHRASED, 1, slots=1)] if draw.happens(18) else []
        return _after_misses(draw, [_step(Act.FOREIGN), *again])
    if need == 3:
        return _skill(draw)
    return [_step(Act.INVALID if need == 4 else Act.IDLE)]


def _understood_more(draw: Draw, steps: list[Step]) -> list[Step]:
    """More about a pair, for a language model: details right after an answer; some tap on a question that it
    suggests. Few ask again what it has answered as they meant it.
    """
    back = _back(steps)
    topic = steps[-back].topic
    if steps[-1].act in {Act.MISTAKEN, Act.DENIAL}:
        return [_step(Act.UNDERSTOOD if draw.happens(40) else Act.HIT, back, topic)]
    then = draw.among(79, 8, 3, 4)
    if then == 0 and steps[-1].act in {*_UNDERSTOOD, Act.MEANT, Act.FOLLOW_UP}:
        return [_step(Act.FOLLOW_UP, back, topic)]
    if then == 1:
        return [_step(Act.TAP, topic=topic)]
    if then in {2, 3}:
        return [_step((Act.UNDERSTOOD, Act.HIT)[then - 2], back, topic)]
    return _understood(draw, topic)


def _perhaps_misunderstood(draw: Draw, asked: Step) -> list[Step]:
    """What users do who ask a language model.

    One in twenty-five gets the answer to another question, and two in five of these say what they meant.
    One in forty gets the right answer and requests a human.
    """
    if draw.happens(938, of=1000):
        return [asked]
    then = draw.among(4, 14, 25, of=70)
    if then > 1:
        return [[asked._replace(act=Act.MISTAKEN)], [asked, _step(Act.HUMAN)]][then - 2]
    denial = [_step(Act.DENIAL)] if then == 0 else []
    mistaken = asked._replace(act=Act.MISTAKEN)
    return [mistaken, *denial, _step(Act.MEANT, 1 + len(denial), asked.topic)]


KEYWORDS = Manner(_need, _more, Act.FRAGMENT, 5, _ANSWERED)
"""With a bot that knows keywords and has no memory."""
CONTEXT = Manner(_understood, _understood_more, Act.FOLLOW_UP, 17, _UNDERSTOOD)
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
    singles = [[_step(act)] for act in Act if act not in {*NEVER_FIRST, Act.MISTAKEN}]
    more = (_step(Act.HIT, 1), _step(Act.HINT, 1), _step(Act.IDLE), _step(Act.INVALID), _step(Act.SKILL))
    doubles = [[one._replace(back=0), one] for one in more]
    triples = [[*steps, steps[1]._replace(back=2 * steps[1].back)] for steps in doubles]
    vague = [_step(Act.VAGUE), _step(Act.VAGUE, 1, is_double=True)]
    misses = [[_step(Act.FOREIGN), _step(Act.REPHRASED, 1, slots=1)], vague]
    return [*singles, *doubles, *triples, *misses]
