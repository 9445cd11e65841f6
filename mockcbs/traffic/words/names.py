"""The persons, companies, places, jobs and numbers that the users of a bot name in their questions.

Each bot has a small cast: some dozen persons and fewer companies, and a third of the words of every other
kind. A few of them are named far more often than the others. In a word, ``#`` stands for a digit, which
differs from question to question, and a gap such as ``{city}`` for a word of that kind. ``%Y``, ``%y``,
``%m`` and ``%d`` stand for the date of an order or a form, some days before the question, ``%s`` for its
seconds since 1970, and ``%n`` for a running number of five digits, which grows by one in half a day. ``%u``
stands for six digits that are those of the user in every question.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache

import numpy as np

from mockcbs.traffic import bits, default_words
from mockcbs.traffic.gaps import CHINESE, gaps_of, with_gaps_filled, without_gaps
from mockcbs.traffic.knowledge import KnowledgeBase
from mockcbs.traffic.turns import Ints, Turns
from mockcbs.traffic.words.keywords import KeywordExtractor
from mockcbs.traffic.words.punctuation import punctuated

_KEY, _BITS, _USER_BITS = bits.key("names"), 32, 24
"""A question has one of 2**32 numbers, which say whom or what it names, and its user one of 2**24."""
_SUBJECT_LASTS, _ANONYMOUS_LASTS = 29, 22
"""A user asks about the same persons for 2**29 ms; users without an id cannot be told apart for 2**22 ms."""
_KNOWN = {"name": 40, "company": 12}
"""How many persons and companies the users of a bot know; other words with gaps are filled anew each time."""
_DATE = re.compile("%[Yymdsnu]")
_RUNNING = 40_000
"""The number of seconds in which a running number grows by one."""
_ORDERED_WITHIN = 4 * 86_400
"""Orders are at most so many seconds older than the first question about them."""
_SHARE = 3
"""The users of a bot name one in three words of other kinds."""
_DEPTH = 3
"""Parts may have gaps for parts, and these once more."""
_USUAL_PARTS = (
    default_words.ENGLISH_PARTS | default_words.ENGLISH_DEEDS,
    default_words.PARTS | default_words.DEEDS,
)
"""The built-in parts, in English and in Chinese."""
_DRAWN = 400
"""The number of names that Faker draws; frequent ones come several times."""


def numbers(key: int, turns: Turns) -> Ints:
    """The number of each of *turns* for `Names.filled`, given the key of the bot.

    It is the same when a user repeats a question, and another one for other users. Its bits above the lowest
    32 are those of the user for ever.
    """
    since = turns.at >> _lasts(turns)
    asked = (bits.words(_KEY ^ key, since * 8191 + turns.user) >> np.uint64(64 - _BITS)).astype(np.int64)
    user = np.where(turns.user < 0, asked, turns.user)
    own = (bits.words(_KEY ^ key + 1, user) >> np.uint64(64 - _USER_BITS)).astype(np.int64)
    return own << _BITS | asked


def since(turns: Turns) -> Ints:
    """From when on the user of each of *turns* names the same persons and numbers, ms UTC."""
    lasts = _lasts(turns)
    return turns.at >> lasts << lasts


def _lasts(turns: Turns) -> Ints:
    return np.where(turns.user < 0, _ANONYMOUS_LASTS, _SUBJECT_LASTS)


class Names:
    """The names that fill the gaps of the questions about one knowledge base."""

    def __init__(self, knowledge: KnowledgeBase, extractor: KeywordExtractor) -> None:
        """*extractor* finds the keywords that names must not contain."""
        self._own, self._extractor = knowledge.names, extractor
        self._own_parts = knowledge.parts
        self._is_story = lru_cache(4096)(knowledge.is_story)
        self._parts = cache(self._parts_of)
        self._cast = cache(self._cast_of)

    def filled(self, text: str, number: int, key: int, at: int = 0) -> str:
        """*text* with names in its gaps, chosen by *number* from the cast of the bot with that *key*.

        Dated numbers, such as those of orders, are of some days before *at*, a local time, ms since 1970.
        """
        user, number = number >> _BITS, number & (1 << _BITS) - 1
        chinese = bool(CHINESE.search(text))
        words = _words(chinese)
        is_story = self._is_story(text)
        for depth in range(_DEPTH):
            text = self._with_parts(text, (key, number, depth), chinese=chinese)
        if is_story:
            text = punctuated(text, bits.key(key, number, "told"))

        def word(kind: str, place: int) -> str:
            cast = self._cast(kind, key, chinese)
            chosen = cast[_rank(number, len(cast))]
            own = bits.key(key, number, place) if any(mark in chosen for mark in "{#%") else 0
            if "%" in chosen:
                chosen = _dated(chosen, max(0, at // 1000 - own % _ORDERED_WITHIN), user)
            return with_digits(self._made(chosen, own, words), own)

        return with_gaps_filled(text, word)

    def _with_parts(self, text: str, own: tuple[int, ...], *, chinese: bool) -> str:
        """*text* with a part in each gap that has parts, each chosen by itself by the numbers *own*."""

        def part(kind: str, place: int) -> str:
            if not (parts := self._parts(kind, chinese)):
                return f"{{{kind}}}"
            chosen = bits.key(*own, place)
            return with_digits(parts[chosen % len(parts)], chosen >> 20)

        return with_gaps_filled(text, part)

    def _parts_of(self, kind: str, chinese: bool) -> list[str]:
        """The parts of one kind that contain no keyword, whatever stands in their gaps."""
        known = self._known_parts(kind, chinese=chinese)
        return [text for text in known if not any(map(self._has_keyword, self._examples(text, chinese)))]

    def _known_parts(self, kind: str, *, chinese: bool) -> Sequence[str]:
        usual = _USUAL_PARTS[chinese]
        return self._own_parts.get(kind) or usual.get(kind, ())

    def _examples(self, text: str, chinese: bool) -> list[str]:
        """*text* with each of the parts that can stand in its gaps."""
        inner = {kind: self._known_parts(kind, chinese=chinese) or (" ",) for kind in gaps_of(text)}

        def example(place: int) -> str:
            return with_gaps_filled(text, lambda kind, _: inner[kind][place % len(inner[kind])])

        return [without_gaps(example(place)) for place in range(max(map(len, inner.values()), default=1))]

    def _cast_of(self, kind: str, key: int, chinese: bool) -> list[str]:
        """The words of one kind that the users of a bot use, the most frequent first."""
        words = _words(chinese)
        known = self._own.get(kind) or words.get(kind) or (kind,)
        if size := _KNOWN.get(kind):
            known = [self._made(known[own % len(known)], own, words)
                     for own in (bits.key(key, kind, rank) for rank in range(3 * size))]  # fmt: skip
        else:
            size = -(-len(known) // _SHARE)
        harmless = [word for word in dict.fromkeys(known) if not self._has_keyword(word)] or known
        return sorted(harmless, key=lambda word: bits.key(key, word))[:size]

    def _made(self, word: str, own: int, words: Mapping[str, Sequence[str]]) -> str:
        """*word* with words in its gaps, chosen by the number *own*."""

        def chosen(kind: str, place: int) -> str:
            known = self._own.get(kind) or words.get(kind) or (kind,)
            return known[bits.key(own, place) % len(known)]

        return with_gaps_filled(word, chosen) if "{" in word else word

    def _has_keyword(self, word: str) -> bool:
        """Whether *word* has a certain keyword; names in Latin letters always count as keywords."""
        return bool(CHINESE.search(word)) and self._extractor.is_certain(f"的{word}的")


@cache
def _words(chinese: bool) -> Mapping[str, Sequence[str]]:
    """The words of each kind of gap in Chinese or English texts."""
    from faker import Faker  # noqa: PLC0415 - 100 ms that only keywords and exports need

    locale = "zh_CN" if chinese else "en_US"
    people = Faker(locale)
    people.seed_instance(0)
    borne = {
        kind: [str(people.format(formatter)) for _ in range(_DRAWN)]
        for kind, formatter in default_words.BORNE_NAMES[locale].items()
    }
    return (default_words.NAMES if chinese else default_words.ENGLISH_NAMES) | borne


def _dated(word: str, at: int, user: int) -> str:
    """*word* with parts of the date of *at*, seconds since 1970, and digits of the *user*."""
    date = datetime.fromtimestamp(at, UTC)
    numbers = {"%s": str(at), "%n": f"{at // _RUNNING:05d}", "%u": f"{user % 10**6:06d}"}
    return _DATE.sub(lambda found: numbers.get(found[0]) or date.strftime(found[0]), word)


def with_digits(word: str, own: int) -> str:
    """*word* with digits of the number *own* for each ``#``."""
    digits = iter(f"{own:020d}"[::-1] * (1 + word.count("#") // 20))
    return "".join(next(digits) if letter == "#" else letter for letter in word)


def _rank(number: int, size: int) -> int:
    """A place below *size*, chosen by *number*; the second is half as frequent as the first, and so on."""
    return _ranks(size)[number & 255]


@cache
def _ranks(size: int) -> list[int]:
    weights = np.array([10_000 // (rank + 2) for rank in range(size)], np.int64)
    places = (np.arange(256) * 2 + 1) * int(weights.sum()) // 512
    ranks: list[int] = np.searchsorted(np.cumsum(weights), places, side="right").tolist()
    return ranks
