"""How users phrase what they say: politeness, fillers, punctuation, circumstances and numbers around a
question.

The log numbers texts without phrasing, so that the index stays small. The phrasing of a generated turn is a
pure function of its bot, its user and its time, and is added when the turn is read. It never changes the
keywords of a question, because everything that it adds consists of stop words, or is added beside a certain
keyword. The names in a question are filled in here, too: each user of each bot asks about other persons and
companies.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mockcbs.traffic import bits
from mockcbs.traffic.fillers import Filler, pattern
from mockcbs.traffic.gaps import CHINESE
from mockcbs.traffic.habits import habits_of, spelled
from mockcbs.traffic.keywords import KeywordExtractor
from mockcbs.traffic.kinds import CLAUSES, Kind, asks, kind_of
from mockcbs.traffic.knowledge import KnowledgeBase, Utterance
from mockcbs.traffic.names import Names, numbers, since
from mockcbs.traffic.particulars import Moment, stated
from mockcbs.traffic.pasting import Pastes, pasting_rows
from mockcbs.traffic.periods import HOUR
from mockcbs.traffic.phrases import (
    CHINESE_PHRASES,
    ENGLISH_PHRASES,
    End,
    Phrases,
    clash,
    end_of,
    fits,
    fits_place,
    is_polite,
    is_rude,
    topics,
)
from mockcbs.traffic.turns import Ints, Turns
from mockcbs.traffic.typos import mistyped

Flags = npt.NDArray[np.bool_]

_KEY = bits.key("phrasing")
_ENTRIES = 1024
_MANNERS = np.repeat(np.arange(4), (28, 17, 13, 6))
"""How each of 64 users writes: tersely, politely, chattily or with care."""
_OPENING_PERCENT = ((4, 20, 16, 8), (8, 42, 30, 16))
_CLOSING_PERCENT = (18, 34, 48, 88)
"""By manner: how often something is said before a later question of a session, before the first one, and
after both, in percent.
"""
_MARK_PERCENT = (6, 10, 22, 30)
"""The same for marks after short remarks."""
_TYPED_WRONG, _TYPOS_TRIED = 5, 6
"""The number of 256 questions with a typo, and of typos that are tried to find one outside keywords."""
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
_EIGHT_HOURS = 8 * HOUR
"""The offset of China's time zone, ms."""
_TOGETHER = 13
"""Questions of one user within 2**13 ms, such as one that is sent twice, have the same phrasing."""


_ASKING = frozenset("?？呀啊哦")
"""What only follows a short remark that asks: 你是谁？ but not 好的？ or 好嘞呀."""


class Voice(NamedTuple):
    """What the words of one bot's users depend on."""

    key: int = 0
    """A key of seed and bot."""
    utc_offset: int = _EIGHT_HOURS
    """The offset of the users' time zone, ms."""
    understands: bool = False
    """Whether the bot understands long texts, as language models do."""


NO_BOT = Voice()
"""The voice of texts that belong to no bot."""


@dataclass(frozen=True, slots=True)
class _Style:
    """The openings and closings that a text can get, for each manner and each of 1024 numbers."""

    openings: "_Places"
    closings: "_Places"
    fillers: re.Pattern[str] | None
    """One group for each filler."""
    others: list[list[str]]
    """The synonyms of each filler."""
    full: bool
    """Whether the text gets openings and typos."""


_Places = tuple[tuple[list[str], ...], tuple[list[str], ...]]
"""By manner, a table for later questions of a session, then one for the first question."""


class _Form(NamedTuple):
    """What decides which phrases fit a text."""

    chinese: bool
    full: bool
    """Whether the text gets openings."""
    again: bool
    """Whether the text is a question that is asked again."""
    asks: bool
    last_asks: bool
    """Whether the last clause is a question."""
    kind: Kind
    end: End
    rude: bool
    topics: frozenset[int]
    """What phrases need not say, because the text does."""


class Phrasing:
    """The phrasing of the turns that one knowledge base generates."""

    def __init__(self, knowledge: KnowledgeBase, extractor: KeywordExtractor) -> None:
        """*extractor* finds the keywords that phrasing must not change."""
        self._extractor, self._lexicon = extractor, knowledge.lexicon
        self._names = Names(knowledge, extractor)
        self._joined = {word[place : place + 2] for word in self._lexicon for place in range(len(word) - 1)}
        """The pairs of characters that occur in keywords."""
        self._wraps = [wrap.split("{question}") for wrap in knowledge.rephrasings if wrap.count("{") == 1]
        """What users say before and after a question that they ask again."""
        self._asked = {*knowledge.unmatched, *knowledge.by_question}
        self._scraps, self._is_told = knowledge.scraps, knowledge.is_told
        self._styles: dict[tuple[str, str], _Style | None] = {}
        self._made = cache(self._make)
        self._is_harmless = cache(self._contains_none)
        self._pastes = Pastes(self._harmless)

    def of(
        self,
        turns: Turns,
        said: Sequence[Utterance],
        voice: Voice = NO_BOT,
        first: Flags | None = None,
    ) -> list[Utterance]:
        """The texts that users of a bot with that *voice* wrote, given the utterance of each of *turns*.

        *first* says which of them begin their session (`together_since`); by default all do.
        """
        words = bits.words(_KEY ^ voice.key, (turns.at >> _TOGETHER) * 8191 + turns.user)
        habit = np.where(turns.user < 0, words, bits.words((_KEY ^ voice.key) + 1, turns.user))
        manners = _MANNERS[(habit >> np.uint64(58)).astype(np.int64)]
        firsts = [True] * len(turns) if first is None else first.tolist()
        found = [
            self._phrased(one, word, (manner, is_first), (at, voice))
            for one, word, manner, is_first, at in zip(
                said, words.tolist(), manners.tolist(), firsts, turns.at.tolist(), strict=True
            )
        ]
        habits = habits_of(habit)
        for row in np.flatnonzero(habits).tolist():
            found[row] = self._spelled(found[row], int(habits[row]))
        for row in pasting_rows(words, [one.outcome for one in said], understands=voice.understands):
            local = int(turns.at[row]) + voice.utc_offset
            found[row] = self._pasted(found[row], int(words[row]), Moment(local, voice.key))
        named = [row for row, one in enumerate(said) if one.has_gaps]
        asked = turns.take(np.array(named, np.intp))
        names, begun = numbers(voice.key, asked), since(asked) + voice.utc_offset
        for row, name, at in zip(named, names.tolist(), begun.tolist(), strict=True):
            text = found[row].phrased or said[row].template
            if not firsts[row]:
                text = text.replace("{hello}", "{later}")
            found[row] = said[row].in_words(self._names.filled(text, name, voice.key, at))
        return found

    def _phrased(
        self, said: Utterance, word: int, way: tuple[int, bool], asked: tuple[int, Voice]
    ) -> Utterance:
        """*said* in the words that *word* chooses; *way* is the user's manner, and whether it comes first.
        *asked* is the time of the question (ms UTC), and the voice of the bot.
        """
        style, (manner, is_first) = self._style(said), way
        if style is None or said.is_tapped:
            return said
        opening = style.openings[is_first][manner][word & 1023]
        closing = style.closings[is_first][manner][word >> 10 & 1023]
        swaps = style.fillers is not None and (word >> 20 & 255) < _SWAPPED
        wrong = style.full and (word >> 48 & 255) < _TYPED_WRONG
        if not (opening or closing or swaps or wrong):
            return said
        if opening and closing and clash(opening, closing):
            closing = ""
        swaps = swaps and closing[:1] != "了"  # not 一直打不开了
        text = said.template
        if text.startswith(opening[:2]):  # 那个…那个发票
            opening = ""
        if swaps and style.fillers:
            text = style.fillers.sub(lambda found: self._other(found, style.others, word >> 28), text, 1)
        if opening[-1:] == " " and text[1:2].islower():
            text = self._lowered(text)
        if wrong:
            text = self._mistyped(whole := text, word >> 56)
            closing = closing if len(text) >= len(whole) else ""
        if "{" in opening or "{" in closing:
            at, voice = asked
            moment = Moment(at + voice.utc_offset, voice.key)
            opening, closing = (stated(one, word >> 36, moment) for one in (opening, closing))
        return said.in_words(opening + text + closing)

    def _pasted(self, said: Utterance, own: int, moment: Moment) -> Utterance:
        """*said* in a long text, if that changes no keyword."""
        style = self._style(said)
        if said.is_tapped or style is None or not style.full or said.template not in self._asked:
            return said
        text = said.phrased or said.template
        long = self._pastes.around(text, bits.key(own, "long"), moment)
        return said if self._changes(text, long) else said.in_words(long)

    def _spelled(self, said: Utterance, habits: int) -> Utterance:
        """*said* with what a user with these *habits* writes wrong, unless that changes a keyword."""
        text = said.phrased or said.template
        wrong = text if said.is_tapped else spelled(text, habits)
        return said if wrong == text or self._changes(text, wrong) else said.in_words(wrong)

    def _changes(self, text: str, other: str) -> bool:
        """Whether *other* has other keywords than *text*."""
        return self._extractor(other) != self._extractor(text)

    def _lowered(self, text: str) -> str:
        """*text* with a small first letter, as after "um, ", unless that changes a keyword."""
        lowered = text[0].lower() + text[1:]
        return text if self._changes(text, lowered) else lowered

    def _mistyped(self, text: str, number: int) -> str:
        """*text* with a typo that changes no keyword, if one of some tries does not."""
        if "{" in text:
            return text
        tries = (mistyped(text, number * 31 + place) for place in range(_TYPOS_TRIED))
        known = self._extractor(text)
        return next((one for one in tries if one != text and self._extractor(one) == known), text)

    def _other(self, found: re.Match[str], others: list[list[str]], number: int) -> str:
        """Another filler than the one found.

        The filler stays if one of both and a character beside it can be parts of a keyword, or if the other
        one would repeat the character beside it.
        """
        texts = others[(found.lastindex or 1) - 1]
        other = texts[(number & 255) * len(texts) >> 8]
        before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
        if other[0] == before or other[-1] == after:
            return found[0]
        if before.isascii() and before.isalpha():  # only the filler ends a name that is no keyword elsewhere
            text = found.string[: found.start()] + other + found.string[found.end() :]
            return found[0] if self._changes(found.string, text) else other
        seams = {before + found[0][0], found[0][-1] + after, before + other[0], other[-1] + after}
        return other if seams.isdisjoint(self._joined) else found[0]

    def _style(self, said: Utterance) -> _Style | None:
        key = said.template, said.outcome
        try:
            return self._styles[key]
        except KeyError:
            found = self._styles[key] = self._choose(said)
            return found

    def _choose(self, said: Utterance) -> _Style | None:
        full = _FULL.get(said.outcome)
        text = said.template
        if full is None or not any(map(str.isalnum, text)) or text in self._scraps or self._is_told(text):
            return None
        asked = self._unwrapped(text)
        return self._made(
            _Form(
                chinese=bool(CHINESE.search(text)),
                full=full and "\n" not in text and self._extractor.is_certain(said.bare),
                again=asked != text,
                asks=asks(asked),
                last_asks=asks(CLAUSES.split(text)[-1]),
                kind=kind_of(asked),
                end=end_of(text),
                rude=is_rude(text),
                topics=topics(text),
            )
        )

    def _unwrapped(self, text: str) -> str:
        """The question that *text* asks again, or the same text."""
        for before, after in self._wraps:
            inside = text.removeprefix(before).removesuffix(after)
            if inside in self._asked and before + inside + after == text:
                return inside
        return text

    def _make(self, form: _Form) -> _Style:
        phrases = CHINESE_PHRASES if form.chinese else ENGLISH_PHRASES
        if not form.full:
            marks = [text for text in phrases.marks if fits(form.end, text)]
            if not form.asks:
                marks = [text for text in marks if text not in _ASKING]
            none = _tables([], (0,) * 4)
            made = _tables(marks, _MARK_PERCENT)
            return _Style((none, none), (made, made), None, [], full=False)
        openings = phrases.openings_of_questions if form.asks else phrases.openings
        openings = () if form.again else openings + phrases.circumstances[form.kind]
        closings = phrases.closings_of_questions if form.last_asks else phrases.closings
        if form.kind == "trouble" and not (form.asks or form.last_asks):
            closings = closings + phrases.reactions
        closings = closings + phrases.afterthoughts[form.kind]
        openings, closings = (
            tuple(text for text in texts if form.topics.isdisjoint(topics(text)))
            for texts in (openings, closings)
        )
        closings = tuple(
            text for text in closings if fits(form.end, text) and not (form.rude and is_polite(text))
        )
        fillers = self._fillers(phrases)
        return _Style(
            self._places(openings, _OPENING_PERCENT),
            self._places(closings, (_CLOSING_PERCENT, _CLOSING_PERCENT)),
            pattern(fillers, whole=not form.chinese) if fillers else None,
            [list(filler.others) for filler in fillers],
            full=True,
        )

    def _places(self, texts: Sequence[str], percents: Sequence[Sequence[int]]) -> "_Places":
        """The tables of those of *texts* that fit later questions, and of those that fit the first one."""
        harmless = self._harmless(texts)
        later, first = (
            _tables([text for text in harmless if fits_place(text, first=place)], some)
            for place, some in zip((False, True), percents, strict=True)
        )
        return later, first

    def _fillers(self, phrases: Phrases) -> list[Filler]:
        """The fillers that no keyword of this knowledge base contains, each with its harmless synonyms."""
        inside = "\n".join(self._lexicon)
        kept = (filler for filler in phrases.fillers if filler.word not in inside)
        found = (filler._replace(others=tuple(self._harmless(filler.others))) for filler in kept)
        return [filler for filler in found if filler.others]

    def _harmless(self, texts: Sequence[str]) -> list[str]:
        """Those of *texts* that contain no keyword of this knowledge base."""
        return [text for text in texts if self._is_harmless(text)]

    def _contains_none(self, text: str) -> bool:
        """Whether *text* contains no keyword, whatever its numbers are."""
        return not any(map(self._extractor.is_certain, self._examples(text)))

    def _examples(self, text: str) -> list[str]:
        """*text* with several numbers and times."""
        if "{" not in text:
            return [text]
        return [stated(text, number, Moment(number * 7 * HOUR, number)) for number in range(48)]


def together_since(turns: Turns) -> Ints:
    """From when on questions have the words of each of *turns*, ms UTC.

    A session that begins then has the words of a first question: one that is sent twice stays the same.
    """
    return turns.at >> _TOGETHER << _TOGETHER


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


@lru_cache(maxsize=8)
def words_of(knowledge: KnowledgeBase) -> tuple[KeywordExtractor, Phrasing]:
    """What finds keywords and phrases turns by a knowledge base; shared by all mocks of a process."""
    extractor = KeywordExtractor(knowledge.lexicon)
    return extractor, Phrasing(knowledge, extractor)
