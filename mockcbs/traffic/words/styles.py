"""The phrases that fit a text: what users can say before and after it, and other fillers in it."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from mockcbs.traffic.gaps import CHINESE
from mockcbs.traffic.knowledge import KnowledgeBase, Utterance
from mockcbs.traffic.periods import HOUR
from mockcbs.traffic.words.details import details_of
from mockcbs.traffic.words.fillers import Filler, pattern
from mockcbs.traffic.words.keywords import KeywordExtractor
from mockcbs.traffic.words.kinds import CLAUSES, Kind, asks, kind_of
from mockcbs.traffic.words.particulars import Moment, stated
from mockcbs.traffic.words.phrases import (
    CHINESE_PHRASES,
    ENGLISH_PHRASES,
    End,
    Phrases,
    awaits,
    begs,
    end_of,
    fits,
    fits_place,
    is_emoji,
    is_polite,
    is_rude,
    is_sudden,
    smiles,
    topics,
    unfit,
)
from mockcbs.traffic.words.reading import doing_ms

_ENTRIES = 1024
"""The number of entries of a table."""
_OPENING_PERCENT = ((4, 20, 16, 8), (8, 42, 30, 16))
_CLOSING_PERCENT = (18, 34, 48, 88)
"""By manner: how often something is said before a later question of a session, before the first one, and
after both, in percent.
"""
_MARK_PERCENT = (3, 6, 13, 18)
"""The same for marks after short remarks."""
_FULL: dict[str, bool] = {
    "direct": True,
    "notmatch": True,
    "recommend": False,
    "chat": False,
}
"""By outcome: whether questions get openings; others only get punctuation. Invalid ones do not change, nor do
values of slots.
"""
_ASKING = frozenset("?？呀啊哦")
"""What only follows a short remark that asks: 你是谁？ but not 好的？ or 好嘞呀."""
_SOFT = frozenset("～~") | {":)", " :)"}
"""What stands after no keyword alone, and after nothing that is cross."""
_SENT_ON = re.compile("加微信|请联系|点击|日结|^【|^转：|^代写|^专治|earn money|cheap seo")
"""Advertisements and notices, which nobody words anew."""

Tables = tuple[tuple[list[str], ...], tuple[list[str], ...]]
"""By manner, a table for later questions of a session, then one for the first question."""


class Style(NamedTuple):
    """The openings and closings that a text can get, for each manner and each of 1024 numbers."""

    openings: Tables
    closings: Tables
    fillers: re.Pattern[str] | None
    """One group for each filler."""
    others: list[list[str]]
    """The synonyms of each filler."""
    full: bool
    """Whether the text gets openings and typos."""
    details: tuple[str, ...] = ()


class _Form(NamedTuple):
    """What decides which phrases fit a text."""

    chinese: bool
    full: bool
    """Whether the text gets openings."""
    again: bool
    """Whether the text is a question that is asked again, or says more after an answer."""
    asks: bool
    last_asks: bool
    """Whether the last clause is a question."""
    kind: Kind
    end: End
    rude: bool
    cross: bool
    """Whether the text complains, denies, requests a human or reports a trouble."""
    chats: bool
    """Whether the text is small talk."""
    begs: bool
    """Whether the text thanks, or requests something."""
    awaits: bool
    """Whether the text is about what has not come yet."""
    topics: frozenset[int]
    """What phrases need not say, because the text does."""
    unfit: frozenset[str]
    """The closings that do not fit the question."""


class Styles:
    """The styles of what the users of one knowledge base say."""

    def __init__(self, knowledge: KnowledgeBase, extractor: KeywordExtractor) -> None:
        """*extractor* finds the keywords that no phrase may contain."""
        self._knowledge, self._extractor, self._lexicon = knowledge, extractor, knowledge.lexicon
        self._wraps = [wrap.split("{question}") for wrap in knowledge.rephrasings if wrap.count("{") == 1]
        """What users say before and after a question that they ask again."""
        self.asked = {*knowledge.unmatched, *knowledge.by_question}
        """The questions, as the knowledge base words them."""
        crossly = (pair for pair in knowledge.small_talk if pair.when in {"complaint", "human"})
        self._cross = {text for pair in crossly for text in (pair.question, *pair.variants)}
        self._cross.update(knowledge.denials, knowledge.outages)
        self._is_chinese = any(CHINESE.search(pair.question) for pair in knowledge.pairs)
        """Whether users have Chinese words for everything, also around VPN."""
        self._scraps, self._is_story = knowledge.scraps, knowledge.is_story
        self._known: dict[tuple[object, ...], Style | None] = {}
        self._made = cache(self._make)
        self._is_harmless = cache(self._contains_none)

    def of(self, said: Utterance) -> Style | None:
        """The style of *said*; `None` if it gets no phrasing."""
        key = said.template, said.outcome, said.is_more, said.is_more and said.pair
        try:
            return self._known[key]
        except KeyError:
            found = self._known[key] = self._choose(said)
            return found

    def _choose(self, said: Utterance) -> Style | None:
        full = _FULL.get(said.outcome)
        text = said.template
        if full is None or not any(map(str.isalnum, text)) or text in self._scraps or self._is_story(text):
            return None
        if _SENT_ON.search(text):
            return None
        asked = self._unwrapped(text)
        kind = kind_of(asked)
        style = self._made(
            _Form(
                chinese=self._is_chinese or bool(CHINESE.search(text)),
                full=full and not _are_words(text, kind) and self._extractor.is_certain(said.bare),
                again=asked != text or said.is_more or doing_ms(text) > 0,
                asks=asks(asked),
                last_asks=asks(CLAUSES.split(text)[-1]),
                kind=kind,
                end=end_of(text),
                rude=is_rude(text),
                cross=is_rude(text) or asked.rstrip("！!") in self._cross or kind in {"trouble", "mishap"},
                chats=said.outcome == "chat",
                begs=begs(text),
                awaits=awaits(text),
                topics=topics(text),
                unfit=unfit(asked),
            )
        )
        stated = (said.pair.question, *said.pair.variants[-1:]) if said.is_more and said.pair else (asked,)
        every = (details_of(self._knowledge, one, text, self._is_harmless) for one in stated)
        details = next(filter(None, every), ()) if style.full else ()
        return style._replace(details=details) if details else style

    def _unwrapped(self, text: str) -> str:
        """The question that *text* asks again, or the same text."""
        for before, after in self._wraps:
            inside = text.removeprefix(before).removesuffix(after)
            if inside in self.asked and before + inside + after == text:
                return inside
        return text

    def _make(self, form: _Form) -> Style:
        phrases = CHINESE_PHRASES if form.chinese else ENGLISH_PHRASES
        if not form.full:
            marks = [text for text in phrases.marks if fits(form.end, text)]
            if not form.chats:
                marks = [text for text in marks if not is_emoji(text) and text not in _SOFT]
            if form.cross:
                marks = [text for text in marks if not is_emoji(text) or "🙏" in text]
                marks = [text for text in marks if text not in _SOFT]
            if not form.begs:
                marks = [text for text in marks if "🙏" not in text]
            if not form.asks:
                marks = [text for text in marks if text not in _ASKING]
            none = _tables([], (0,) * 4)
            made = _tables(marks, _MARK_PERCENT)
            return Style((none, none), (made, made), None, [], full=False)
        openings = phrases.openings_of_questions if form.asks else phrases.openings
        openings = () if form.again else openings + phrases.circumstances[form.kind]
        closings = phrases.closings_of_questions if form.last_asks else phrases.closings
        if form.kind == "trouble" and not (form.asks or form.last_asks):
            closings = closings + phrases.reactions
        closings = closings + phrases.afterthoughts[form.kind]
        openings, closings = (
            tuple(
                text
                for text in texts
                if form.topics.isdisjoint(topics(text)) and not (form.awaits and is_sudden(text))
            )
            for texts in (openings, closings)
        )
        closings = tuple(
            text
            for text in closings
            if fits(form.end, text)
            and text not in form.unfit
            and not (form.rude and is_polite(text))
            and not (form.cross and smiles(text))
        )
        fillers = self._fillers(phrases)
        return Style(
            self._of_places(openings, _OPENING_PERCENT),
            self._of_places(closings, (_CLOSING_PERCENT, _CLOSING_PERCENT)),
            pattern(fillers, whole=not form.chinese) if fillers else None,
            [list(filler.others) for filler in fillers],
            full=True,
        )

    def _of_places(self, texts: Sequence[str], percents: Sequence[Sequence[int]]) -> Tables:
        """The tables of those of *texts* that fit later questions, and of those that fit the first one."""
        harmless = self.harmless(texts)
        later, first = (
            _tables([text for text in harmless if fits_place(text, first=place)], some)
            for place, some in zip((False, True), percents, strict=True)
        )
        return later, first

    def _fillers(self, phrases: Phrases) -> list[Filler]:
        """The fillers that no keyword of this knowledge base contains, each with its harmless synonyms."""
        inside = "\n".join(self._lexicon)
        kept = (filler for filler in phrases.fillers if filler.word not in inside)
        found = (filler._replace(others=tuple(self.harmless(filler.others))) for filler in kept)
        return [filler for filler in found if filler.others]

    def harmless(self, texts: Sequence[str]) -> list[str]:
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


def _are_words(text: str, kind: Kind) -> bool:
    """Whether *text* of that *kind* is no sentence: several lines, or keywords with blanks between them."""
    return "\n" in text or (kind == "other" and " " in text and CHINESE.search(text) is not None)


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
