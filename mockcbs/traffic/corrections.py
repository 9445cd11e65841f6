"""What users say who got the answer to another question than they meant: mostly something near it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mockcbs.traffic.knowledge import Utterance

_CHOICES, _PLAIN = 4, 3
"""The number of corrections of one question, and of other questions if only one correction fits it."""


class Asked(NamedTuple):
    """One pair as users ask about it."""

    hits: Sequence[tuple[Utterance, frozenset[str]]]
    """Its wordings, each with its keywords."""
    meant: Sequence[tuple[Utterance, frozenset[str]]]
    """What users say who meant this pair, with the same keywords."""
    lasts: bool = True
    """Whether users may mean it all year."""


def corrections(asked: Iterable[Asked]) -> dict[Utterance, list[Utterance]]:
    """For each wording of the pairs of one category, what users say next who meant something else.

    It shares a keyword with that wording, the rarest that any has. Where no pair has one, users say once more
    what they have asked, or ask for something else without saying that they meant it.
    """
    pairs = list(asked)
    by_word: dict[str, list[tuple[int, Utterance]]] = defaultdict(list)
    for place, one in enumerate(pairs):
        for said, words in one.meant if one.lasts else ():
            for word in words:
                by_word[word].append((place, said))
    found = {}
    for place, one in enumerate(pairs):
        others = [other for other in (*pairs[place + 1 :], *pairs[:place]) if other.lasts]
        rest = [other.hits[place % len(other.hits)][0] for other in others]
        for number, (hit, words) in enumerate(one.hits):
            near: dict[Utterance, None] = {}
            for word in sorted(words, key=lambda word: (len(by_word[word]), word)):
                meant = [said for other, said in by_word[word] if other != place]
                begin = number % max(1, len(meant))
                near.update(dict.fromkeys(meant[begin:] + meant[:begin]))
            plain = [rest[(number + step) % len(rest)] for step in range(_PLAIN)] if rest else []
            found[hit] = [*near][:_CHOICES] or [one.meant[number % len(one.meant)][0], *plain]
    return found
