"""Which texts a bot takes for questions about other pairs than users mean: always the same ones."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from zlib import crc32

from mockcbs.traffic.gaps import CHINESE
from mockcbs.traffic.knowledge import KnowledgeBase, Pair, Utterance
from mockcbs.traffic.words import holidays
from mockcbs.traffic.words.kinds import asks, kind_of
from mockcbs.traffic.words.rewording import otherwise
from mockcbs.traffic.words.vague import is_thing, vague_questions

_TAKEN = 2
"""One in so many vague questions with a keyword of several pairs has an answer."""
_WORDS, _CLEAR, _VAGUE, _DOUBLE = 2, 5, 1, 6
"""The maximum number of keywords, of other wordings and of vague questions with one keyword that are
mistaken, and the number of double questions.
"""
_SHORT_CHINESE, _SHORT = 9, 22
"""The maximum number of characters of the parts of double questions, if there are such wordings."""
_JOINTS, _ENGLISH_JOINTS = ("，", "，", " ", "？"), (", ", " and ", ", and ", "? ")
_APART, _ENGLISH_APART = (
    ("，另外问下", "，再问下", "，顺便问下", "？顺便问下"),
    (", also ", ". also ", "? and ", ", and also "),
)
"""What stands between two questions about one subject, and about two."""
_FIRST = 3
"""Of five times two questions in one line, so many times the first one is answered."""
_ENOUGH = 3
"""If a pair has so many texts, users ask beside it nothing about another subject."""
_REST = 3
"""The minimum number of characters of a question without its thing."""
_NAMES = 3
"""The minimum number of wordings with a keyword of a pair that is about it."""
_OFTEN = 50
"""The minimum weight of pairs that answer by mistake."""

_Known = dict[str, list[Pair]]


class Mistakes:
    """The texts with which users mean one pair, but get the answer to another one.

    The other pair is about a keyword of the text, so that its answer is near, or the text is two questions at
    once, of which one gets the answer. The only pair of a knowledge base has no such texts.
    """

    def __init__(
        self,
        knowledge: KnowledgeBase,
        hits: Sequence[Sequence[str]],
        certain: Callable[[str], Sequence[str]],
    ) -> None:
        """*hits* are the wordings of each pair of *knowledge*; *certain* finds the keywords of a text."""
        self.answers: dict[str, Pair] = {}
        """The pair that answers each of these texts."""
        self.vague: set[str] = set()
        """Those of these texts that are vague."""
        self._templates, self._certain = knowledge.vague, certain
        self._matched = {text for some in hits for text in some}
        words = [Counter(word for text in some for word in {*certain(text)}) for some in hits]
        usable = _usable(knowledge)
        about = {
            pair: {word for word, count in some.items() if count >= _NAMES or word in certain(pair.question)}
            for pair, some in zip(knowledge.pairs, words, strict=True)
        }
        domains = {(word, pair.domain) for pair in knowledge.pairs for word in certain(pair.question)}
        in_several = Counter(word for word, _ in domains)
        self._actions = frozenset(word for word, count in in_several.items() if count > 1)
        """The keywords of several categories, such as 申请, which join no two questions."""
        self._short = {
            pair: _short_questions(pair, own) for pair, own in zip(knowledge.pairs, hits, strict=True)
        }
        self._texts: list[list[str]] = []
        for pair, some, own in zip(knowledge.pairs, words, hits, strict=True):
            often = sorted(some, key=lambda word, some=some: (-some[word], word))  # type: ignore[misc]
            found = {word: [one for one in usable if one != pair and word in about[one]] for word in often}
            near = {word: _nearest(pair, others) for word, others in found.items() if others}
            named = {word: near[word] for word in near if word in about[pair]} or near
            texts = [*self._clearly(own, near), *self._vaguely(named)]
            others = [one for one in usable if one != pair]
            nearest = _nearest(pair, others) if others else []
            doubles = [*self._doubly(pair, nearest)]
            mistaken = self._mistaken([*texts, *doubles], pair)
            if len(mistaken) < _ENOUGH:
                mistaken += self._mistaken([*self._apart(pair, nearest)], pair)
            self._texts.append(mistaken)

    def about(self, place: int) -> dict[str, Pair]:
        """The texts with which users mean the pair at *place*, and what answers each."""
        return {text: self.answers[text] for text in self._texts[place]}

    def named(self, place: int, hits: Sequence[Utterance]) -> list[Utterance]:
        """Those of the *hits* of a pair with which users say what they meant: they name the same keywords."""
        words = [self._certain(text) for text in self._texts[place]] or [()]
        named = [sum(any(word in hit.template for word in some) for some in words) for hit in hits]
        return [hit for hit, count in zip(hits, named, strict=True) if count == max(named)]

    def _mistaken(self, texts: Sequence[tuple[str, Pair]], meant: Pair) -> list[str]:
        """Those of *texts* that another pair than *meant* answers: the first that was named for a text."""
        return [text for text, pair in dict(texts).items() if self.answers.setdefault(text, pair) != meant]

    def _vaguely(self, near: _Known) -> Iterator[tuple[str, Pair]]:
        """Some of all vague questions that name a keyword, and what answers them."""
        for word in [word for word in near if is_thing(word)][:_WORDS]:
            about = Pair("", about=word)
            texts = [
                text
                for text in vague_questions(about, [word], self._templates, crc32(word.encode()))
                if crc32(text.encode()) % _TAKEN == 0 and text not in self._matched
            ]
            self.vague.update(texts[:_VAGUE])
            yield from ((text, _one_of(near[word], text)) for text in texts[:_VAGUE])

    def _doubly(self, meant: Pair, others: Sequence[Pair]) -> Iterator[tuple[str, Pair]]:
        """Two questions with a common keyword of one category: about *meant*, and one of *others*, which is
        answered and mostly first. The second one does not name the thing again.
        """
        both = [
            ((own, known), other)
            for other in others
            for known in self._short[other]
            for own in self._short[meant]
            if {*self._certain(own)} & {*self._certain(known)} - self._actions
        ]
        for place in range(_DOUBLE * bool(both)):
            number = crc32(f"{meant.question}{place}".encode())
            parts, other = both[number % len(both)]
            joints = _JOINTS if CHINESE.search(parts[0]) else _ENGLISH_JOINTS
            first, second = _in_order(parts, number)
            yield first + joints[number >> 28 & 3] + self._without_thing(second, first), other

    def _without_thing(self, second: str, first: str) -> str:
        """The question *second* without the keyword at its begin, if *first* has named it."""
        named = self._certain(first)
        words = (word for word in self._certain(second) if word in named and second.startswith(word))
        rest = second.removeprefix(next(words, ""))
        return rest if len(rest) >= _REST and CHINESE.search(rest) else second

    def _apart(self, meant: Pair, others: Sequence[Pair]) -> Iterator[tuple[str, Pair]]:
        """A question about *meant*, and one about another subject of *others*, which is answered and mostly
        first.
        """
        own = self._short[meant]
        for place in range(_DOUBLE * bool(own and others)):
            number = crc32(f"{meant.question}{place}".encode())
            other = others[number % len(others)]
            known = [text for text in self._short[other] if self._certain(text)]
            if known:
                parts = own[(number >> 8) % len(own)], known[(number >> 16) % len(known)]
                joints = _APART if CHINESE.search(parts[0]) else _ENGLISH_APART
                yield joints[number >> 28 & 3].join(_in_order(parts, number)), other

    def _clearly(self, hits: Sequence[str], near: _Known) -> list[tuple[str, Pair]]:
        """Some of *hits* in other words, answered by a pair that is about a keyword of the text."""
        found = []
        for text in otherwise(hits)[: 2 * _CLEAR]:
            pairs = [one for word in self._certain(text) for one in near.get(word, ())]
            if pairs and text not in self._matched:
                found.append((text, _one_of(pairs, text)))
        return found[:_CLEAR]


def _nearest(meant: Pair, others: Sequence[Pair]) -> list[Pair]:
    """Those of *others* of the category of *meant* and the kind of its question; all if there are none."""
    domain = [one for one in others if one.domain == meant.domain] or [*others]
    kind = kind_of(meant.question)
    return [one for one in domain if kind_of(one.question) == kind] or domain


def _short_questions(pair: Pair, hits: Sequence[str]) -> list[str]:
    """Those of the *hits* of *pair* that users say beside another question: short ones that ask, if any."""
    most = _SHORT_CHINESE if CHINESE.search(pair.question) else _SHORT
    texts = [text for text in (*pair.variants, pair.question) if text in hits and "{" not in text]
    texts = [text for text in texts if holidays.named(text) is None]
    short = [text for text in texts if len(text) <= most and text[-1].isalnum()]
    return [text for text in short if asks(text)] or short or sorted(texts, key=len)[:1]


def _in_order(parts: tuple[str, str], number: int) -> tuple[str, str]:
    """A question that users mean and one that is answered, in the order in which they stand."""
    meant, known = parts
    return (known, meant) if number // _DOUBLE % 5 < _FIRST else parts


def _one_of(pairs: Sequence[Pair], text: str) -> Pair:
    """The one of *pairs* that answers *text*."""
    return pairs[crc32(text.encode()) % len(pairs)]


def _usable(knowledge: KnowledgeBase) -> list[Pair]:
    """The pairs that may answer by mistake: users ask about them all year, and often if they ask about two
    such pairs or more.
    """
    seasons = {*knowledge.seasons} - {pair.domain for pair in knowledge.pairs}
    lasting = [
        pair
        for pair in knowledge.pairs
        if not any(word in pair.question for word in seasons) and holidays.named(pair.question) is None
    ]
    often = [pair for pair in lasting if pair.weight >= _OFTEN]
    return often if len(often) > 1 else lasting
