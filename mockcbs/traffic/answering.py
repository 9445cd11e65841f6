"""The answers of a bot: entries of its knowledge base, ranked by their similarity to a question.

The ranking is a pure function of knowledge base and question. It compares characters, because Chinese has
no blanks between words. Both texts are normalized (width, case, punctuation), once with and once without
filler words such as 请问 and 怎么. The similarity is the share of characters in a longest common
sequence; the form without fillers has four times the weight of the other. All arithmetic uses whole
numbers, so a score is the same on every machine.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from itertools import chain
from typing import Any, Generic, Literal, TypeVar

import numpy as np

from mockcbs.traffic.knowledge import Document, Fact, KnowledgeBase, Pair, Skill, SmallTalk
from mockcbs.traffic.turns import Ints

DIRECT = 850
"""The minimum similarity of an answer, in thousandths."""
RECOMMENDED = 500
"""The minimum similarity of a recommendation, in thousandths."""
FLOOR = 350
"""The minimum similarity of any match, in thousandths, even if a request sets a lower threshold."""

MAX_COMPARED = 2_000
"""The number of characters of a question that are compared with the knowledge base."""

_MAX_RANKED = 64
"""The number of questions whose matches are kept: test suites ask the same questions again and again."""
_MAX_ANSWERED = 2_048
"""The number of questions whose best match is kept: the end of a running execution needs it again."""
_CORE_WEIGHT = 4
_FILLERS = re.compile(
    "怎么办|怎么样|怎么|怎样|如何|为什么|什么时候|什么|在哪里|哪里|在哪儿|哪儿|请问|麻烦|帮我|我想|我要|一下|"
    "有没有|能不能|可不可以|可以|是不是|多少|[的了吗呢吧啊呀嘛]"
)
_NOWHERE = np.empty(0, np.int32)
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]*")

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Match(Generic[_T]):
    """An entry of the knowledge base and its similarity to a question."""

    entry: _T
    text: str
    """The most similar wording of the entry: for a pair, its standard question or an extended one."""
    permille: int
    """Similarity in thousandths; 1000 only for equal normalized texts."""

    @property
    def score(self) -> Decimal | int:
        """Similarity with three decimals; exactly 1 for equal texts."""
        return similarity(self.permille)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a document."""

    document: Document
    paragraph: int
    """Counted from 0."""
    start: int
    end: int
    """The sentence is the slice from `start` to `end` of its paragraph."""

    @property
    def text(self) -> str:
        """The sentence."""
        return self.document.paragraphs[self.paragraph][self.start : self.end]


class Answerer:
    """Answers questions from one knowledge base. Better matches come first; ties are in file order."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        pairs = [pair for pair in knowledge.pairs if not pair.deleted]
        in_full = [(pair, text) for pair in pairs for text in chain(*knowledge.said_in_full(pair).values())]
        self._index = _Index([*pairs, *knowledge.small_talk, *knowledge.skills], in_full)
        self._facts = knowledge.facts
        self._cells = knowledge.cells
        self._passages = [
            Passage(document, place, sentence.start(), sentence.end())
            for document in knowledge.documents
            for place, paragraph in enumerate(document.paragraphs)
            for sentence in _SENTENCE.finditer(paragraph)
        ]
        self._sentences = [normalized(passage.text) for passage in self._passages]
        self.best = lru_cache(_MAX_ANSWERED)(self._best)
        """The match that a language model answers with: small talk, or a pair that is at least recommended;
        `None` if there is neither. Of equal ones it is the pair.
        """

    def _best(self, question: str) -> Match[SmallTalk] | Match[Pair] | None:
        remark, pair = self.small_talk(question), next(self._matches(Pair, question, RECOMMENDED), None)
        return remark if remark and (pair is None or remark.permille > pair.permille) else pair

    def _matches(self, kind: type[_T], question: str, least: int) -> Iterator[Match[_T]]:
        """The matches of that *kind*. One ranking serves all kinds."""
        ranked = self._index.rank(question, min(least, RECOMMENDED))
        return (match for match in ranked if isinstance(match.entry, kind) and match.permille >= least)

    def pairs(
        self, question: str, *, keep: Callable[[Pair], bool] = lambda _: True, least: int = FLOOR
    ) -> list[Match[Pair]]:
        """The pairs that *keep* accepts and whose similarity is at least *least* (thousandths)."""
        return [match for match in self._matches(Pair, question, least) if keep(match.entry)]

    def small_talk(self, question: str) -> Match[SmallTalk] | None:
        """The small talk that answers the question; `None` if there is none."""
        return next(self._matches(SmallTalk, question, DIRECT), None)

    def skill(self, question: str) -> Match[Skill] | None:
        """The skill that the question starts; `None` if it starts none."""
        return next(self._matches(Skill, question, DIRECT), None)

    def fact(self, question: str) -> Match[Fact] | None:
        """The fact (of the graph) whose entity and attribute the question names."""
        return _named(self._facts, question)

    def cell(self, question: str) -> Match[Fact] | None:
        """The cell (of a table) whose row and column the question names."""
        return _named(self._cells, question)

    def passages(self, question: str) -> list[Match[Passage]]:
        """The sentences of documents that contain most of the question's characters in the same order."""
        core = _core(_typed(question))
        if not core or not self._sentences:
            return []
        kept = _compare("LCSseq", core, self._sentences)
        permille = kept * 1000 // len(core)
        return [
            Match(self._passages[place], self._passages[place].text, int(min(permille[place], 999)))
            for place in (-permille).argsort(kind="stable").tolist()
            if permille[place] >= RECOMMENDED
        ]

    def suggestions(self, text: str, top: int) -> list[str]:
        """Standard questions of the pairs in which *text* occurs, in the standard or an extended question."""
        return [entry.question for entry in self._index.holding(text) if isinstance(entry, Pair)][:top]


def similarity(permille: int) -> Decimal | int:
    """The score of a similarity in thousandths: three decimals, and exactly 1 for 1000."""
    return 1 if permille == 1000 else Decimal(permille).scaleb(-3)


@lru_cache(256)
def normalized(text: str) -> str:
    """*text* reduced to letters, marks and digits, in one width and case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if unicodedata.category(character)[0] in "LMN")


def _typed(question: str) -> str:
    """The beginning of *question*, `normalized`."""
    return normalized(question[:MAX_COMPARED])


def is_invalid(question: str) -> bool:
    """Whether a question has neither letter nor digit (contract section 7)."""
    return not any(unicodedata.category(character)[0] in "LN" for character in question)


def _core(text: str) -> str:
    """Normalized *text* without filler words; *text* itself if it consists of fillers only."""
    return _FILLERS.sub("", text) or text


_Entry = Pair | SmallTalk | Skill


def _wordings(entry: _Entry) -> tuple[str, ...]:
    return entry.utterances if isinstance(entry, Skill) else (entry.question, *entry.variants)


class _Index:
    """An index of entries by their wordings."""

    def __init__(self, entries: Sequence[_Entry], more: Iterable[tuple[_Entry, str]]) -> None:
        """*more* texts lead to an entry, too, but are none of its wordings; a text leads to the first one."""
        worded = [(entry, text) for entry in entries for text in _wordings(entry) if normalized(text)]
        self._stated = len(worded)
        led: dict[str, _Entry] = {}
        for entry, text in more:
            led.setdefault(text, entry)
        worded += [(entry, text) for text, entry in led.items()]
        self._entries = [entry for entry, _ in worded]
        self._texts = [text for _, text in worded]
        self._full = _Texts([normalized(text) for text in self._texts])
        self._core = _Texts([_core(normalized(text)) for text in self._texts])
        self._ranked = lru_cache(_MAX_RANKED)(self._rank)

    def rank(self, question: str, least: int) -> tuple[Match[Any], ...]:
        """The entries with at least the similarity *least*, each once, with its best wording."""
        typed = _typed(question)
        return self._ranked(typed, least) if typed and self._texts else ()

    def _rank(self, typed: str, least: int) -> tuple[Match[Any], ...]:
        places, permille = self._similar(typed, least)
        best: dict[int, Match[Any]] = {}
        for at in (-permille).argsort(kind="stable").tolist():
            place = places[at]
            entry = self._entries[place]
            best.setdefault(id(entry), Match(entry, self._texts[place], int(permille[at])))
        return tuple(best.values())

    def holding(self, text: str) -> list[_Entry]:
        """Entries with a wording in which *text* occurs."""
        typed = _typed(text)
        worded = zip(self._entries[: self._stated], self._full.texts, strict=False)
        held = {id(entry): entry for entry, full in worded if typed in full}
        return list(held.values()) if typed else []

    def _similar(self, typed: str, least: int) -> tuple[list[int], Ints]:
        """The texts with at least the similarity *least*, in their order, and their similarities."""
        core = _core(typed)
        # even with equal full forms, a core with a lower share is not similar enough
        share = ((least - 1) * (_CORE_WEIGHT + 1) - 1000) // _CORE_WEIGHT
        places = self._core.near(core, share)
        if not len(places):
            return [], places
        permille = _weighted(*self._core.kept(core, places), *self._full.kept(typed, places))
        similar = (permille >= least).nonzero()[0]
        return places[similar].tolist(), permille[similar]


def _weighted(core: Ints, of_core: Ints, full: Ints, of_full: Ints) -> Ints:
    """The weighted mean of both shares in thousandths, over a common denominator; rounded to nearest."""
    share = 1000 * (_CORE_WEIGHT * core * of_full + full * of_core)
    whole = (_CORE_WEIGHT + 1) * of_core * of_full
    permille: Ints = np.minimum((2 * share + whole) // (2 * whole), 999)
    permille[full == of_full] = 1000
    return permille


class _Texts:
    """Texts that are compared with a question."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        self._texts = np.array(texts, object)  # some are taken from it faster than from a list
        self._lengths = np.array([len(text) for text in texts], np.int64)

    @cached_property
    def _places(self) -> dict[str, Ints]:
        """The texts with each character, as often as they have it."""
        places = defaultdict[str, list[int]](list)
        for place, text in enumerate(self.texts):
            for character in text:
                places[character].append(place)
        return {character: np.array(found, np.int32) for character, found in places.items()}

    def kept(self, text: str, places: Ints) -> tuple[Ints, Ints]:
        """For each text at *places*: the number of characters in common with *text*, and the number of
        characters of both.
        """
        characters = self._lengths[places] + len(text)
        return characters - _compare("Indel", text, self._texts[places].tolist()), characters

    def near(self, text: str, permille: int) -> Ints:
        """The places of texts that can have *permille* thousandths of their characters in common with
        *text*: counted without the order of characters.
        """
        held = [self._places.get(character, _NOWHERE) for character in set(text)]
        most = 2 * np.bincount(np.concatenate(held), minlength=len(self.texts))
        return (1000 * most >= permille * (self._lengths + len(text))).nonzero()[0]


def _compare(measure: Literal["Indel", "LCSseq"], text: str, others: Sequence[str]) -> Ints:
    """For each of *others*, count characters to delete and insert (Indel), or in common (LCSseq)."""
    scorers, cdist = _rapidfuzz()
    found: Ints = cdist([text], others, scorer=scorers[measure], dtype=np.int64)[0]
    return found


@cache
def _rapidfuzz() -> tuple[dict[str, Any], Any]:
    """The measures and the comparison of rapidfuzz, whose import takes 10 ms that only questions need."""
    from rapidfuzz.distance import Indel, LCSseq  # noqa: PLC0415
    from rapidfuzz.process import cdist  # noqa: PLC0415

    return {"Indel": Indel.distance, "LCSseq": LCSseq.similarity}, cdist


def _named(facts: Sequence[Fact], question: str) -> Match[Fact] | None:
    """The fact whose entity and attribute the question contains; of several, that with the longest names."""
    typed = _typed(question)
    best: Match[Fact] | None = None
    for fact in facts:
        entity, attribute = normalized(fact.entity), normalized(fact.attribute)
        if entity and attribute and entity in typed and attribute in typed:
            permille = min(999, 1000 * (len(entity) + len(attribute)) // len(_core(typed)))
            if best is None or permille > best.permille:
                best = Match(fact, f"{fact.entity}{fact.attribute}", permille)
    return best
