"""What users do in a conversation, step by step."""

from enum import IntEnum
from typing import NamedTuple

from mockcbs.traffic.turns import Outcome


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
    TAP = 16
    """One of the recommended questions, as the bot wrote it, because users tap on it."""
    DENIAL = 17
    """A remark that the answer is to another question, such as 不是这个; the bot does not match it."""
    MEANT = 18
    """What the user meant, in clearer words, such as 我问的是…, after the answer to another question."""
    UNDERSTOOD = 19
    """A question with a typo, in vague words or a keyword alone, that a language model answers."""
    FOLLOW_UP = 20
    """Words that make sense only after others; a language model answers them from the context."""
    MISTAKEN = 21
    """A question in words that fit several pairs, which the bot answers with another one than was meant."""


class Form(IntEnum):
    """How users word a subject. A subject with fewer forms has its full wording instead of the others."""

    FULL = 0
    KEYWORD = 1
    VAGUE = 2
    SECOND = 3
    """Other words after no match."""
    THIRD = 4
    """Other words once more."""
    NEXT = 5
    """What users say after a question about it."""
    STANDARD = 6
    """The standard question, on which users tap."""
    MEANT = 7
    """What users say if they got the answer to another question."""
    UNDERSTOOD = 8
    """Words that only a language model understands."""
    NEXT_UNDERSTOOD = 9
    """What users say next to a language model."""
    MISTAKEN = 10
    """Words that fit several subjects, which the bot takes for a question about another one."""
    DONE = 11
    """What users say after a question about it who have done what the answer says, or waited for it."""
    DONE_UNDERSTOOD = 12
    """What these say to a language model."""
    MORE = 13
    """More about it, in words that name it, after the answer to a question about it."""
    NAMED = 14
    """What users have just said next, with its name, because the bot did not match it."""
    CLEARER = 15
    """A question in full that names it as the vague words before, which the bot did not match."""
    UNDERSTOOD_CLEARLY = 16
    MISTAKEN_CLEARLY = 17
    """The same as `UNDERSTOOD` and `MISTAKEN` without vague words."""


_OUTCOME_OF: dict[Act, Outcome] = {
    Act.HIT: "direct",
    Act.HINT: "recommend",
    Act.VAGUE: "notmatch",
    Act.FOREIGN: "notmatch",
    Act.REPHRASED: "notmatch",
    Act.FRAGMENT: "notmatch",
    Act.OUTAGE: "notmatch",
    Act.RECOVERY: "notmatch",
    Act.DENIAL: "notmatch",
    Act.TAP: "direct",
    Act.MEANT: "direct",
    Act.UNDERSTOOD: "direct",
    Act.FOLLOW_UP: "direct",
    Act.MISTAKEN: "direct",
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
    is_hasty: bool = False
    """Whether the user sends it right after the answer to the step before."""


def outcome_of(step: Step) -> Outcome:
    """The outcome of a step."""
    return _OUTCOME_OF.get(step.act, "chat")
