"""Finds the keywords of utterances, by the knowledge base of each."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from mockcbs.core.waiting import leave_loop
from mockcbs.traffic.keywords import KeywordExtractor
from mockcbs.traffic.knowledge import Utterance
from mockcbs.traffic.numbering import Repertoire
from mockcbs.traffic.renumbering import Numbers

_MANY_QUESTIONS = 1_000
"""The number of questions whose keywords are found in about 20 ms."""

_MANY_CHARACTERS = 30_000
"""The number of characters of questions whose keywords are found in about 20 ms."""

_MAX_SEARCHED = 2_000
"""The number of characters of a question in which keywords are searched."""


class KeywordFinder:
    """The keywords of the utterances of one log."""

    def __init__(self, extractors: Sequence[KeywordExtractor], lock: AbstractContextManager[Any]) -> None:
        """*extractors* are those of the knowledge bases; *lock* guards the keywords that are found."""
        self._extractors, self._lock = extractors, lock

    def all(self, numbers: Numbers) -> list[list[str]]:
        """The keywords of each utterance, by its number."""
        found, repertoire = numbers.keywords, numbers.repertoire
        known, count = len(found), len(repertoire)
        plain = [repertoire[number].bare[:_MAX_SEARCHED] for number in range(known, count)]
        if len(plain) > _MANY_QUESTIONS or sum(map(len, plain)) > _MANY_CHARACTERS:
            leave_loop()
        newer = [
            self._found(repertoire.origin(number), text) for number, text in enumerate(plain, start=known)
        ]
        with self._lock:  # another thread may have added some of them
            found += newer[len(found) - known :]
        return found

    def of(self, said: Utterance, repertoire: Repertoire) -> list[str]:
        """The keywords of one utterance, in the order of their appearance."""
        number = repertoire.find(said.in_words("") if said.phrased else said)
        origin = None if number is None else repertoire.origin(number)
        return self._found(origin, said.bare[:_MAX_SEARCHED])

    def _found(self, origin: int | None, text: str) -> list[str]:
        """The keywords of *text* by the knowledge base at the place *origin*, or the first that has some."""
        if origin is None:
            known = (one for one in self._extractors if one.is_certain(text))
            return next(known, self._extractors[0])(text)
        return self._extractors[origin](text)
