"""How users phrase what they say: politeness, fillers, punctuation, circumstances and numbers around a
question.

The log numbers texts without phrasing, so that the index stays small. The phrasing of a generated turn is a
pure function of its user and its time, and is added when the turn is read. It never changes the keywords of a
question, because everything that it adds consists of stop words, or is added beside a certain keyword.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.keywords import KeywordExtractor
from mockcbs.traffic.knowledge import CHINESE, KnowledgeBase, Utterance
from mockcbs.traffic.phrases import CHINESE_PHRASES, ENGLISH_PHRASES, Phrases
from mockcbs.traffic.turns import Turns

_KEY = bits.key("phrasing")
_ENTRIES = 1024
_MANNERS = np.repeat(np.arange(4), (28, 17, 13, 6))
"""How each of 64 users writes: tersely, politely, chattily or with care."""
_OPENING_PERCENT = (8, 42, 30, 16)
_CLOSING_PERCENT = (18, 34, 48, 88)
"""By manner: how often something is said before a question, and after it, in percent."""
_SWAPPED = 60
"""The number of 256 questions with a filler that get another one."""
_FULL: dict[str, bool] = {
    "direct": True,
    "notmatch": True,
    "recommend": False,
    "chat": False,
    "dialog": False,
}
"""By outcome: whether questions get openings; others only get punctuation. Invalid ones do not change."""
_EIGHT_HOURS, _MAX_AGE = 8 * 3600, 9 * 86_400
"""In seconds: users count days in China's time zone, and name dates of the last nine days."""


@dataclass(frozen=True, slots=True)
class _Style:
    """The openings and closings that a text can get, for each manner and each of 1024 numbers."""

    openings: tuple[list[str], ...]
    closings: tuple[list[str], ...]
    fillers: re.Pattern[str] | None
    others: dict[str, list[str]]
    """The synonyms of each filler."""


class Phrasing:
    """The phrasing of the turns that one knowledge base generates."""

    def __init__(self, knowledge: KnowledgeBase, extractor: KeywordExtractor) -> None:
        """*extractor* finds the keywords that phrasing must not change."""
        self._extractor, self._lexicon = extractor, knowledge.lexicon
        self._joined = {word[place : place + 2] for word in self._lexicon for place in range(len(word) - 1)}
        """The pairs of characters that occur in keywords."""
        self._styles: dict[tuple[str, int, str], _Style | None] = {}
        self._made = cache(self._make)

    def of(self, turns: Turns, said: Sequence[Utterance]) -> list[Utterance]:
        """The texts that users wrote, given the utterance of each of *turns*."""
        words = bits.words(_KEY, turns.at * 8191 + turns.user)
        habit = np.where(turns.user < 0, words, bits.words(_KEY + 1, turns.user))
        manners = _MANNERS[(habit >> np.uint64(58)).astype(np.int64)]
        return [
            self._phrased(one, word, manner, at)
            for one, word, manner, at in zip(
                said, words.tolist(), manners.tolist(), turns.at.tolist(), strict=True
            )
        ]

    def _phrased(self, said: Utterance, word: int, manner: int, at: int) -> Utterance:
        style = self._style(said)
        if style is None:
            return said
        opening = style.openings[manner][word & 1023]
        closing = style.closings[manner][word >> 10 & 1023]
        swaps = style.fillers is not None and (word >> 20 & 255) < _SWAPPED
        if not (opening or closing or swaps):
            return said
        text = said.question
        if swaps and style.fillers:
            text = style.fillers.sub(lambda found: self._other(found, style.others, word >> 28), text, 1)
        if "{" in opening or "{" in closing:
            opening, closing = _filled(opening, word >> 36, at), _filled(closing, word >> 36, at)
        return replace(said, phrased=opening + text + closing)

    def _other(self, found: re.Match[str], others: dict[str, list[str]], number: int) -> str:
        """Another filler than the one found.

        The filler stays if one of both and a character beside it can be parts of a keyword, or if the other
        one would repeat the character beside it.
        """
        texts = others[found[0]]
        other = texts[(number & 255) * len(texts) >> 8]
        before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
        if other[0] == before or other[-1] == after:
            return found[0]
        seams = {before + found[0][0], found[0][-1] + after, before + other[0], other[-1] + after}
        return other if seams.isdisjoint(self._joined) else found[0]

    def _style(self, said: Utterance) -> _Style | None:
        key = said.template, said.variation, said.outcome
        try:
            return self._styles[key]
        except KeyError:
            found = self._styles[key] = self._choose(said)
            return found

    def _choose(self, said: Utterance) -> _Style | None:
        full = _FULL.get(said.outcome)
        if full is None or not said.template:
            return None
        chinese = bool(CHINESE.search(said.template))
        return self._made(chinese, full and self._extractor.is_certain(said.question), _asks(said.template))

    def _make(self, chinese: bool, full: bool, asks: bool) -> _Style:
        phrases = CHINESE_PHRASES if chinese else ENGLISH_PHRASES
        if not full:
            marks = phrases.marks
            return _Style(_tables([], (0,) * 4), _tables(marks, (6, 10, 22, 30)), None, {})
        openings = phrases.openings_of_questions if asks else phrases.openings
        closings = phrases.closings_of_questions if asks else phrases.closings
        others = self._fillers(phrases)
        return _Style(
            _tables(self._harmless(openings + phrases.circumstances), _OPENING_PERCENT),
            _tables(self._harmless(closings + phrases.afterthoughts), _CLOSING_PERCENT),
            _pattern(others, whole=not chinese) if others else None,
            others,
        )

    def _fillers(self, phrases: Phrases) -> dict[str, list[str]]:
        """The fillers that no keyword of this knowledge base contains, each with its synonyms."""
        inside = "\n".join(self._lexicon)
        kept = {filler: texts for filler, texts in phrases.fillers.items() if filler not in inside}
        others = {filler: self._harmless(texts) for filler, texts in kept.items()}
        return {filler: texts for filler, texts in others.items() if texts}

    def _harmless(self, texts: Sequence[str]) -> list[str]:
        """Those of *texts* that contain no keyword of this knowledge base."""
        return [text for text in texts if not self._extractor.is_certain(_filled(text, 0, 0))]


def _asks(text: str) -> bool:
    """Whether the words of *text* make it a question."""
    return _QUESTION.search(text) is not None


_QUESTION = re.compile(
    "怎|如何|哪|什么|多少|多久|几|吗|呢|咋|啥|能不能|是不是|可以|有没有|是否|谁"
    r"|^(how|what|where|why|when|who|which|can|could|is|are|do|does|will)\b",
    re.IGNORECASE,
)


def _pattern(fillers: Iterable[str], *, whole: bool) -> re.Pattern[str]:
    """A pattern that finds the longest of *fillers*; only whole words in a language with blanks."""
    either = "|".join(sorted(fillers, key=len, reverse=True))
    return re.compile(rf"\b(?:{either})\b" if whole else either)


def _tables(texts: Sequence[str], percents: Sequence[int]) -> tuple[list[str], ...]:
    """For each of *percents*, a table of 1024 entries; that share are *texts*, the first ones most often."""
    running = [0]
    for rank in range(len(texts)):
        running.append(running[-1] + 100_000 // (rank + 3))
    tables = []
    for percent in percents:
        some = _ENTRIES * percent // 100 if texts else 0
        places = [(2 * entry + 1) * running[-1] // (2 * some) for entry in range(some)]
        tables.append(
            [texts[bisect_right(running, place) - 1] for place in places] + [""] * (_ENTRIES - some)
        )
    return tuple(tables)


def _filled(text: str, number: int, at: int) -> str:
    """*text* with the names in braces replaced by numbers."""
    if "{" not in text:
        return text
    local = datetime.fromtimestamp(at // 1000 + _EIGHT_HOURS - number % _MAX_AGE, UTC)
    return text.format(
        n=2 + number % 8,
        id=10_000 + number % 89_989,
        order=f"{local:%Y%m%d}{number % 999_983:06d}",
        day=local.day,
        hour=9 + number % 9,
    )
