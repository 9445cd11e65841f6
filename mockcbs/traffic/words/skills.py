"""The steps of a skill: it requests the values of its slots one by one, then completes.

A step is a pure function of the skill, the known values and the user's text.
"""

from collections.abc import Mapping
from typing import NamedTuple

from mockcbs.traffic.knowledge import Skill, Slot

SPLIT = "##SPLIT##"
"""The separator of several replies in one answer."""


class Filling(NamedTuple):
    """The value of a slot, found in the user's text."""

    slot: Slot
    word: str
    """The word in the user's text."""
    norm_word: str
    """The standard word of the slot."""
    begin: int
    end: int
    """The word is the slice from `begin` to `end` of the text."""


class Step(NamedTuple):
    """The state of a skill after one question."""

    skill: Skill
    found: tuple[Filling, ...]
    known: Mapping[str, tuple[str, str]]
    """The known values by slot: the user's word and the standard word."""
    reply: str
    complete: bool


def step(
    skill: Skill, known: Mapping[str, tuple[str, str]], question: str, *, starting: bool = False
) -> Step:
    """The next step of *skill*, given the values *known* so far and the user's *question*.

    The question that starts a skill does not fill a slot that accepts any words.
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
    """The values of missing slots in *question*; a slot without listed values takes the whole question."""
    missing = [slot for slot in skill.slots if slot.name not in known]
    found = [filling for slot in missing if (filling := _first(slot, question))]
    if missing and not missing[0].values and not starting:
        words = question.strip()
        found.insert(0, Filling(missing[0], words, words, 0, len(question)))
    return found


def _first(slot: Slot, question: str) -> Filling | None:
    """The first value of *slot* in the question; if several begin at the same place, the longest."""
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
