"""Which texts a bot takes for questions about other pairs than users mean: always the same ones."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from zlib import crc32

from mockcbs.traffic.knowledge import KnowledgeBase, Pair, Utterance
from mockcbs.traffic.words import holidays
from mockcbs.traffic.words.rewording import otherwise
from mockcbs.traffic.words.vague import is_thing, vague_questions

_TAKEN = 2
"""One in so many vague questions with a keyword of several pairs has an answer."""
_WORDS, _CLEAR = 2, 6
"""The maximum number of keywords, and of other wordings of a pair, that are mistaken."""
_OFTEN = 50
"""The minimum weight of pairs that answer by mistake."""
_AND = re.compile(" and |[与和及、/]")
"""What stands between two names of a category."""

_Known = dict[str, list[Pair]]


class Mistakes:
    """The texts with which users mean one pair, but get the answer to another one.

    The bot knows a keyword of the text from that other pair; if a pair has no keyword in
    common with others, users name its category only.
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
        self._vague, self._certain = knowledge.vague, certain
        self._matched = {text for some in hits for text in some}
        words = [Counter(word for text in some for word in certain(text)) for some in hits]
        of_domain: dict[str | None, list[int]] = defaultdict(list)
        for place, pair in enumerate(knowledge.pairs):
            of_domain[pair.domain].append(place)
        self._texts: list[list[str]] = [[] for _ in hits]
        for places in of_domain.values():
            pairs = [knowledge.pairs[place] for place in places]
            usable = _usable(pairs, {*knowledge.seasons} - of_domain.keys())
            known = _known(pairs, [words[place] for place in places], usable)
            for place, pair in zip(places, pairs, strict=True):
                often = sorted(words[place].items(), key=lambda item: (-item[1], item[0]))
                near = {word: known[word] for word, _ in often if word in known}
                texts = self._vaguely(near, taken=True) + self._clearly(hits[place], near, pair)
                found = self._mistaken(texts, pair) or self._by_category(place, pair, usable)
                if not found:
                    found = [hits[place][-1]]
                    self.answers.setdefault(
                        found[0], next((one for one in [*usable, *pairs] if one != pair), pair)
                    )
                self._texts[place] = [*dict.fromkeys(found)]

    def _by_category(self, place: int, meant: Pair, usable: Sequence[Pair]) -> list[str]:
        """The texts that name only the category of the pair at *place*; the next pair has the other half."""
        others = [one for one in usable if one != meant]
        if not meant.domain or not others:
            return []
        texts = self._vaguely(dict.fromkeys(_AND.split(meant.domain), others), taken=False)
        return self._mistaken(texts[place % 2 :: 2], meant) or self._mistaken(texts, meant)

    def about(self, place: int) -> dict[str, Pair]:
        """The texts with which users mean the pair at *place*, and what answers each."""
        return {text: self.answers[text] for text in self._texts[place]}

    def named(self, place: int, hits: Sequence[Utterance]) -> list[Utterance]:
        """Those of the *hits* of a pair with which users say what they meant: they name the same keywords."""
        words = [self._certain(text) for text in self._texts[place]]
        named = [sum(any(word in hit.template for word in some) for some in words) for hit in hits]
        return [hit for hit, count in zip(hits, named, strict=True) if count == max(named)]

    def _mistaken(self, texts: Sequence[tuple[str, Pair]], meant: Pair) -> list[str]:
        """Those of *texts* that another pair than *meant* answers: the first that was named for a text."""
        return [text for text, pair in dict(texts).items() if self.answers.setdefault(text, pair) != meant]

    def _vaguely(self, near: _Known, *, taken: bool) -> list[tuple[str, Pair]]:
        """Vague questions that name a keyword, and what answers them; if *taken*, some of all."""
        things = [word for word in near if is_thing(word)]
        return [
            (text, pairs[number // _TAKEN % len(pairs)])
            for word in things[:_WORDS]
            for pairs in [near[word]]
            for text in vague_questions(Pair("", about=word), [word], self._vague, 0)
            for number in [crc32(text.encode())]
            if (not taken or number % _TAKEN == 0) and text not in self._matched
        ]

    def _clearly(self, hits: Sequence[str], near: _Known, meant: Pair) -> list[tuple[str, Pair]]:
        """Some of *hits* in other words, answered by a pair that shares a keyword with the text."""
        found = []
        for text in otherwise(hits)[: 2 * _CLEAR]:
            pairs = [one for word in self._certain(text) for one in near.get(word, ()) if one != meant]
            if pairs and text not in self._matched:
                found.append((text, pairs[crc32(text.encode()) % len(pairs)]))
        return found[:_CLEAR]


def _known(pairs: Sequence[Pair], words: Sequence[Iterable[str]], usable: Sequence[Pair]) -> _Known:
    """For each keyword of several *pairs*, the *usable* ones with it."""
    found: _Known = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for pair, some in zip(pairs, words, strict=True):
        for word in some:
            counts[word] += 1
            if pair in usable:
                found[word].append(pair)
    return {word: some for word, some in found.items() if some and counts[word] > 1}


def _usable(pairs: Sequence[Pair], seasons: set[str]) -> list[Pair]:
    """Those of *pairs* that may answer by mistake: users ask about them all year, and often if they ask about
    two such pairs or more.
    """
    lasting = [
        pair
        for pair in pairs
        if not any(word in pair.question for word in seasons) and holidays.named(pair.question) is None
    ]
    often = [pair for pair in lasting if pair.weight >= _OFTEN]
    return often if len(often) > 1 else lasting
