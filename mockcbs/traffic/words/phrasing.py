"""How users phrase what they say: politeness, fillers, punctuation, circumstances and numbers around a
question.

The log numbers texts without phrasing, so that the index stays small. The phrasing of a generated turn is a
pure function of its bot, its user and its time, and is added when the turn is read. It never changes the
keywords of a question, because everything that it adds consists of stop words, or is added beside a certain
keyword. The names in a question are filled in here, too: each user of each bot asks about other persons and
companies.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.gaps import CHINESE
from mockcbs.traffic.knowledge import KnowledgeBase, Utterance
from mockcbs.traffic.turns import Turns
from mockcbs.traffic.words.circumstances import Circumstances, around, telling_rows
from mockcbs.traffic.words.details import detailed_rows, owned, with_detail
from mockcbs.traffic.words.habits import habits_of, spelled
from mockcbs.traffic.words.keywords import KeywordExtractor, extractor_of
from mockcbs.traffic.words.names import Names, numbers, since
from mockcbs.traffic.words.particulars import Moment, stated
from mockcbs.traffic.words.pasting import Pastes, pasting_rows
from mockcbs.traffic.words.phrases import clash
from mockcbs.traffic.words.styles import Styles
from mockcbs.traffic.words.typos import mistyped
from mockcbs.traffic.words.voices import NO_BOT, TOGETHER, Flags, Voice

_KEY = bits.key("phrasing")
_MANNERS = np.repeat(np.arange(4), (28, 17, 13, 6))
"""How each of 64 users writes: tersely, politely, chattily or with care."""
_TYPED_WRONG, _TYPOS_TRIED = 8, 9
"""The number of 256 questions with a typo, and of typos that are tried to find one outside keywords."""
_TINY = 4
"""The maximum number of characters of texts without typos."""
_SWAPPED, _REWORDED, _LONG = 60, 140, 9
"""The number of 256 questions with a filler that get another one, that of long questions, and the maximum
number of characters of others: no two users find the same long wording.
"""

_MARKS = tuple("，。！, ")
"""What ends an opening before which nothing else is said."""


class _Way(NamedTuple):
    """How a question is asked."""

    manner: int
    """How its user writes."""
    is_first: bool
    """Whether it begins its session."""
    tells: bool
    """Whether its user tells more if something fits."""


class Phrasing:
    """The phrasing of the turns that one knowledge base generates."""

    def __init__(self, knowledge: KnowledgeBase, extractor: KeywordExtractor) -> None:
        """*extractor* finds the keywords that phrasing must not change."""
        self._extractor, self._names = extractor, Names(knowledge, extractor)
        words = knowledge.lexicon
        self._joined = {word[place : place + 2] for word in words for place in range(len(word) - 1)}
        """The pairs of characters that occur in keywords."""
        self._styles = Styles(knowledge, extractor)
        self._circumstances = Circumstances(knowledge, self._styles.harmless)
        self._pastes = Pastes(knowledge, self._styles.harmless, self._names.filled)

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
        words = bits.words(_KEY ^ voice.key, (turns.at >> TOGETHER) * 8191 + turns.user)
        habit = np.where(turns.user < 0, words, bits.words((_KEY ^ voice.key) + 1, turns.user))
        manners = _MANNERS[(habit >> np.uint64(58)).astype(np.int64)]
        first = np.ones(len(turns), np.bool_) if first is None else first
        firsts = first.tolist()
        outcomes = [one.outcome for one in said]
        telling = telling_rows(words, outcomes, first, understands=voice.understands)
        found = [
            self._phrased(one, word, _Way(manner, is_first, row in telling), (at, voice))
            for row, (one, word, manner, is_first, at) in enumerate(
                zip(said, words.tolist(), manners.tolist(), firsts, turns.at.tolist(), strict=True)
            )
        ]
        self._add_details(found, detailed_rows(words, first), (turns, habit), voice)
        habits = habits_of(habit)
        for row in np.flatnonzero(habits).tolist():
            found[row] = self._spelled(found[row], int(habits[row]))
        for row in pasting_rows(words, outcomes, understands=voice.understands):
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

    def _phrased(self, said: Utterance, word: int, way: _Way, asked: tuple[int, Voice]) -> Utterance:
        """*said* in the words that *word* chooses.

        *asked* is the time of the question (ms UTC), and the voice of the bot.
        """
        style, (at, voice) = self._styles.of(said), asked
        if style is None or said.is_tapped:
            return said
        opening = style.openings[way.is_first][way.manner][word & 1023]
        closing = style.closings[way.is_first][way.manner][word >> 10 & 1023]
        tells = way.tells and style.full and not said.failed
        if tells and (told := self._circumstances.of(said.template, voice.key, word >> 36)):
            opening, closing = around(told, opening, closing, word)
        share = _SWAPPED if len(said.template) <= _LONG else _REWORDED
        swaps = style.fillers is not None and (word >> 20 & 255) < share
        wrong = style.full and len(said.template) > _TINY and (word >> 48 & 255) < _TYPED_WRONG
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
            moment = Moment(at + voice.utc_offset, voice.key)
            opening, closing = (stated(one, word >> 36, moment) for one in (opening, closing))
        return said.in_words(opening + text + closing)

    def _add_details(
        self, found: list[Utterance], rows: Sequence[int], asked: tuple[Turns, bits.Words], voice: Voice
    ) -> None:
        """Add to the texts in *rows* whose thing it is; *asked* are all turns and their users' words.

        A user always has the same staff number.
        """
        turns, habit = asked
        named: dict[int, str] = {}
        for row in rows:
            said = found[row]
            style = self._styles.of(said)
            if style is None or not style.details or said.is_tapped or said.has_gaps:
                continue
            own = int(habit[row])
            detail = owned(style.details[own % len(style.details)], voice.key, own)
            if "{" in detail:
                named[row] = detail
            else:
                found[row] = _with_detail(said, detail, own)
        some = turns.take(np.array([*named], np.intp))
        numbered = zip(named.items(), numbers(voice.key, some).tolist(), since(some).tolist(), strict=True)
        for (row, detail), number, at in numbered:
            said = found[row]
            before = "由" if CHINESE.search(said.template) else ""  # so that the words are of its language
            filled = self._names.filled(before + detail, number, voice.key, at + voice.utc_offset)
            found[row] = _with_detail(said, filled.removeprefix(before), int(habit[row]))

    def _pasted(self, said: Utterance, own: int, moment: Moment) -> Utterance:
        """*said* in a long text, if that changes no keyword."""
        style = self._styles.of(said)
        plain = said.is_tapped or said.failed or style is None or not style.full
        if plain or said.template not in self._styles.asked:
            return said
        text = said.phrased or said.template
        long = self._pastes.around(text, said.template, bits.key(own, "long"), moment)
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


def _with_detail(said: Utterance, detail: str, own: int) -> Utterance:
    """*said* with a *detail* of the user with the number *own*; greetings come before it, thanks after it."""
    text = said.phrased or said.template
    start = text.find(said.template)
    end = start + len(said.template)
    if start < 0 or text[end : end + 1] not in _MARKS:
        end = len(text)
    begin = start if start > 0 and text[start - 1] in _MARKS else 0
    return said.in_words(with_detail(text[:end], detail, own, begin) + text[end:])


@lru_cache(maxsize=8)
def phrasing_of(knowledge: KnowledgeBase) -> Phrasing:
    """What phrases turns by a knowledge base; shared by all mocks of a process."""
    return Phrasing(knowledge, extractor_of(knowledge))
