"""Which pairs a bot takes for each other: it answers a question in few words with one that was not meant."""

from collections.abc import Sequence

from mockcbs.traffic.knowledge import Pair

_NEAREST = 3
"""The maximum number of pairs for which a pair is mistaken."""
_TAKEN = 3
"""One in so many vague words are not without a match."""


def mistaken_for(pairs: Sequence[frozenset[str]], usable: Sequence[bool]) -> list[list[int]]:
    """For each of *pairs*, given their keywords, the others with which a bot answers questions about it, the
    nearest first: those with the most keywords in common, and if none has any, those after it.

    Only *usable* pairs are.
    """
    count = len(pairs)
    found = []
    for place, words in enumerate(pairs):
        others = [(place + step) % count for step in range(1, count)]
        others = [other for other in others if usable[other]]
        near = sorted((one for one in others if pairs[one] & words), key=lambda one: -len(pairs[one] & words))
        found.append((near or others)[:_NEAREST])
    return found


class Mistakes:
    """The texts that a bot takes for questions about other pairs."""

    def __init__(self, vague: Sequence[str]) -> None:
        self.taken = vague[_TAKEN - 1 :: _TAKEN]
        """The *vague* words with which it does so."""
        self.vague = [one for one in vague if one not in self.taken]
        """Those without a match."""
        self._answers: dict[str, Pair] = {}

    def answers(self, texts: Sequence[str], near: Sequence[Pair]) -> dict[str, Pair]:
        """The pair that answers each of *texts*: one of those *near*, but always the same for one text."""
        return {
            text: self._answers.setdefault(text, near[place % len(near)])
            for place, text in enumerate(texts if near else ())
        }
