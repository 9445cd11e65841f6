"""How a skill goes on: it asks for what it must know, one slot after the other, then does its task.

A pure function of the skill, what it knows and what the user says.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mockcbs.traffic.knowledge import Skill, Slot

SPLIT = "##SPLIT##"
"""What stands between several replies in one answer."""


@dataclass(frozen=True, slots=True)
class Filling:
    """A value found in what the user said."""

    slot: Slot
    word: str
    """As it was said."""
    norm_word: str
    """As the slot calls it."""
    begin: int
    end: int
    """Where it stands, as a slice."""


@dataclass(frozen=True, slots=True)
class Step:
    """A skill after one question."""

    skill: Skill
    found: tuple[Filling, ...]
    known: Mapping[str, tuple[str, str]]
    """By slot, the value's word as said and as the slot calls it."""
    reply: str
    complete: bool


def step(
    skill: Skill, known: Mapping[str, tuple[str, str]], question: str, *, starting: bool = False
) -> Step:
    """What *skill*, which knows so much already, makes of *question*.

    The question that starts a skill is no value of a slot that takes any words.
    """
    found = tuple(_fillings(skill, known, question, starting=starting))
    known = {**known, **{filling.slot.name: (filling.word, filling.norm_word) for filling in found}}
    missing = next((slot for slot in skill.slots if slot.name not in known), None)
    if missing:
        return Step(skill, found, known, missing.ask, complete=False)
    replies = SPLIT.join(skill.replies) or f"{skill.name}已完成。"
    for name, (_, norm_word) in known.items():
        replies = replies.replace(f"{{{name}}}", norm_word)
    return Step(skill, found, known, replies, complete=True)


def _fillings(
    skill: Skill, known: Mapping[str, tuple[str, str]], question: str, *, starting: bool
) -> list[Filling]:
    """The values of missing slots in *question*; words of any kind fill the one slot that was asked for."""
    missing = [slot for slot in skill.slots if slot.name not in known]
    found = [filling for slot in missing if (filling := _first(slot, question))]
    if missing and not missing[0].values and not starting:
        words = question.strip()
        found.insert(0, Filling(missing[0], words, words, 0, len(question)))
    return found


def _first(slot: Slot, question: str) -> Filling | None:
    """The value of *slot* that is said first; of several at one place, the longest."""
    folded = question.casefold()
    said = [
        (folded.find(word.casefold()), -len(word), word, value.word)
        for value in slot.values
        for word in (value.word, *value.variants)
        if word and word.casefold() in folded
    ]
    if not said:
        return None
    begin, length, _, norm_word = min(said)
    end = begin - length
    return Filling(slot, question[begin:end], norm_word, begin, end)
