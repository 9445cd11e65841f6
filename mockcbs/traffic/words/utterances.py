"""The utterances of generated traffic by number; those that fail are made when they are read."""

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from mockcbs.traffic.knowledge import FAILURES, Utterance
from mockcbs.traffic.turns import Ints

_KINDS = len(FAILURES)


class Utterances:
    """Utterances, then some that fail, each of them for every reason in turn.

    A thousand questions that fail are six thousand utterances, of which few are ever read.
    """

    def __init__(self, plain: Sequence[Utterance], failing: Sequence[Utterance]) -> None:
        """*failing* are those that fail for the first reason."""
        self._plain, self._failing = plain, failing
        self.different = [*plain, *failing]
        """One for each text and outcome."""
        self.times: Ints = np.repeat([1, _KINDS], [len(plain), len(failing)])
        """How many utterances in a row are like each of `different`, except for the reason."""

    def __len__(self) -> int:
        return len(self._plain) + len(self._failing) * _KINDS

    def __getitem__(self, number: int) -> Utterance:
        if number < len(self._plain):
            return self._plain[number]
        place, kind = divmod(number - len(self._plain), _KINDS)
        return self._failing[place].failing(FAILURES[kind])

    def __iter__(self) -> Iterator[Utterance]:
        failing = (one.failing(kind) for one in self._failing for kind in FAILURES)
        return chain(self._plain, failing)
