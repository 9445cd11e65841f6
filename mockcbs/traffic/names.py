"""The persons, companies, places, jobs and numbers that the users of a bot name in their questions.

Each bot has a small cast: some dozen persons and fewer companies, places and jobs, a few of which are named
far more often than the others. Order numbers, phone numbers and links differ from question to question.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.gaps import CHINESE, COMPANY_ENDS, UNIQUE, made_up, with_gaps_filled
from mockcbs.traffic.keywords import KeywordExtractor
from mockcbs.traffic.knowledge import KnowledgeBase
from mockcbs.traffic.turns import Ints, Turns

_KEY, _BITS = bits.key("names"), 16
"""A question has one of 2**16 numbers, which say whom or what it names."""
_SUBJECT_LASTS, _ANONYMOUS_LASTS = 29, 22
"""A user asks about the same persons for 2**29 ms; users without an id cannot be told apart for 2**22 ms."""
_TRIED = 24
"""The number of names that are tried to find one without a keyword, such as 网络 in that of a company."""
_SIZES = {"name": 40, "company": 18, "city": 14, "job": 10}
"""How many persons, companies, places and jobs the users of a bot know."""


def numbers(key: int, turns: Turns, variations: Sequence[int]) -> Ints:
    """The number of each of *turns* for `Names.filled`, given the key of the bot.

    It is the same when a user repeats a question, and another one for other users.
    """
    since = turns.at >> np.where(turns.user < 0, _ANONYMOUS_LASTS, _SUBJECT_LASTS)
    place = (since * 8191 + turns.user) * 64 + np.array(variations, np.int64)
    return (bits.words(_KEY ^ key, place) >> np.uint64(64 - _BITS)).astype(np.int64)


class Names:
    """The names that fill the gaps of the questions about one knowledge base."""

    def __init__(self, knowledge: KnowledgeBase, extractor: KeywordExtractor) -> None:
        """*extractor* finds the keywords that names must not contain."""
        self._stated, self._extractor = knowledge.names, extractor
        self._cast = cache(self._cast_of)

    def filled(self, text: str, number: int, key: int) -> str:
        """*text* with names in its gaps, chosen by *number* from the cast of the bot with that *key*."""
        chinese = bool(CHINESE.search(text))

        def word(kind: str) -> str:
            if kind in UNIQUE:
                tried = (made_up(kind, f"{key}/{number}/{n}", chinese=chinese) for n in range(_TRIED))
                return next((one for one in tried if not self._has_keyword(one)), "")
            cast = self._cast(kind, key, chinese)
            return cast[_rank(number, len(cast))]

        return with_gaps_filled(text, word)

    def _cast_of(self, kind: str, key: int, chinese: bool) -> list[str]:
        """The words of one kind that the users of a bot use, the most frequent first."""
        if stated := self._stated.get(kind):
            harmless = [word for word in stated if not self._has_keyword(word)] or stated
            return sorted(harmless, key=lambda word: bits.key(key, word))[: _SIZES[kind]]
        made = (self._harmless(kind, bits.key(key, kind, rank), chinese) for rank in range(_SIZES[kind]))
        return list(dict.fromkeys(made))

    def _harmless(self, kind: str, first: int, chinese: bool) -> str:
        """The first word from the number *first* on that contains no certain keyword.

        Names in Latin letters always count as keywords, so the first one stays.
        """
        words = [made_up(kind, str(number), chinese=chinese) for number in range(first, first + _TRIED)]
        harmless = (word for word in words if not self._has_keyword(word.removesuffix(COMPANY_ENDS)))
        return words[0] if not chinese else next(harmless, words[0])

    def _has_keyword(self, word: str) -> bool:
        return self._extractor.is_certain(f"的{word}的")


def _rank(number: int, size: int) -> int:
    """A place below *size*, chosen by *number*; the second is half as frequent as the first, and so on."""
    return _ranks(size)[number & 255]


@cache
def _ranks(size: int) -> list[int]:
    weights = np.array([10_000 // (rank + 2) for rank in range(size)], np.int64)
    places = (np.arange(256) * 2 + 1) * int(weights.sum()) // 512
    ranks: list[int] = np.searchsorted(np.cumsum(weights), places, side="right").tolist()
    return ranks
