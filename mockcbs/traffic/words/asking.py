"""How users ask about each pair of a knowledge base, in full and otherwise, and what they say after it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from mockcbs.traffic.conversations.acts import Form
from mockcbs.traffic.gaps import CHINESE
from mockcbs.traffic.knowledge import KnowledgeBase, Pair, Utterance
from mockcbs.traffic.words.failures import Failures
from mockcbs.traffic.words.following import FollowUps, evenly, with_thing
from mockcbs.traffic.words.keywords import extractor_of
from mockcbs.traffic.words.mistakes import Mistakes
from mockcbs.traffic.words.rephrasing import Rephrasings
from mockcbs.traffic.words.rewording import keywords_alone, understood_wordings
from mockcbs.traffic.words.vague import half, is_thing, thing_of, vague_questions

_MEANT, _VAGUE_FAILURES = 6, 1
"""The number of rephrasings of a pair after the answer to another one, and of its vague questions that fail
in their own words.
"""
_WAYS = 3
"""The maximum number of ways to say a remark in full."""
_FEW = 6
"""Where fewer remarks are said in full, nobody asks again what was answered instead of them."""
_ALONE = 3
"""The maximum number of times a pair is asked for in several keywords alone."""
_FOLLOW_UPS = 12
"""The maximum number of remarks after a pair that a language model answers, at once and later."""
_HINTS, _HINTED = 3, 8
"""The maximum number of keywords with which users ask for a pair, and how often each is repeated."""
_SHORT_CHINESE, _SHORT = 7, 20
"""The maximum number of characters of wordings that many users share."""

Saying = Callable[[Pair, str], Utterance]
"""Makes a question that a pair answers."""


class Asked(NamedTuple):
    """What users say about one pair."""

    forms: dict[Form, list[Utterance]]
    keywords: frozenset[str]


class Asking:
    """How users ask about the pairs of one knowledge base."""

    def __init__(
        self,
        knowledge: KnowledgeBase,
        hits: Sequence[list[Utterance]],
        follow_ups: FollowUps,
        said: Saying,
        failures: Failures,
    ) -> None:
        """*hits* are the wordings of each pair in full; what users say is added to the *failures*."""
        self._knowledge, self._hits = knowledge, hits
        self._follow_ups, self._said, self._failures = follow_ups, said, failures
        self._known = extractor_of(knowledge)
        self._rephrasings = Rephrasings(knowledge.rephrasings)
        self.mistakes = Mistakes(
            knowledge, [[hit.bare for hit in some] for some in hits], self._known.certain
        )
        """The texts that the bot takes for questions about other pairs."""
        self.understood: set[Utterance] = set()
        """What only a language model understands."""
        self.named: set[str] = set()
        """What users say who say more about a pair after its answer, in full."""
        self._told: dict[str, Pair] = {}
        """The pair that answers each text that only a language model understands."""

    def about(self, number: int, place: int) -> Asked:
        """What users say about the pair with that *number*, other words at each *place*."""
        pair, hits = self._knowledge.pairs[number], self._hits[number]
        certain = {hit: self._known.certain(hit.bare) for hit in hits}
        worded = {hit.template: words for hit, words in certain.items()}
        words_of = {hit: words or self._known(hit.bare) for hit, words in certain.items()}
        keywords = dict.fromkeys(word for hit in hits for word in words_of[hit] if word != hit.bare)
        words = _longest(keywords) or [half(pair.question)]
        hints, cut = self._hints(pair, words), self._cut(pair, hits, worded)
        missed = self._missed(pair, words, place)
        vague = [Utterance(text, "notmatch") for text in missed or [pair.question[:1]]]
        tapped = hits[0]._replace(is_tapped=True)
        meant = self._meant(self.mistakes.named(number, hits), place)
        understood = self._understood(pair, understood_wordings(worded, missed)) or hits
        wrong = [self._said(other, text) for text, other in self.mistakes.about(number).items()]
        after, done = self._follow_ups.after(pair, place)
        told, done_told = self._told_after(pair, after) or hits, self._told_after(pair, done)
        thing = thing_of(pair, words)
        of_thing = [word for word in keywords if word in thing] or [thing]
        clear = [hit for hit in hits if any(word in hit.template for word in of_thing)] or hits
        in_full = self._in_full(pair, thing, after)
        usual = {one.template for one in self._follow_ups.usual}
        more = [*chain(*(said for remark, said in in_full.items() if remark not in usual))]
        if not 0 < len(more) < _FEW:
            more.append(hits[place % len(hits)]._replace(is_more=True))
        ways = [
            in_full.get(one.template) or clear[number % len(clear) :]
            for number, one in enumerate(after, place)
        ]
        explained = [some[way % len(some)] for way in range(_WAYS) for some in ways]

        self.understood.update({*understood, *told, *done_told} - {*hits})
        named = [one for said in in_full.values() for one in said]
        self._failures.add(*hits, *more, *named, *hints, *vague[:_VAGUE_FAILURES], *after, *done, *wrong)
        self._failures.add_like(hits, (*vague[_VAGUE_FAILURES:], *meant, tapped, *cut))
        self._failures.add_like(hits, (*understood, *told, *done_told))
        forms = {
            Form.FULL: [hit for hit in hits for _ in range(1 + 2 * _is_short(hit.template))],
            Form.KEYWORD: hints + cut,
            Form.VAGUE: vague,
            Form.NEXT: evenly(after),
            Form.STANDARD: [tapped],
            Form.MEANT: meant,
            Form.UNDERSTOOD: understood,
            Form.NEXT_UNDERSTOOD: evenly(told),
            Form.MISTAKEN: wrong or hits[-1:],
            Form.DONE: evenly(done or after),
            Form.DONE_UNDERSTOOD: evenly(done_told or told),
            Form.MORE: evenly(more),
            Form.NAMED: explained,
            Form.CLEARER: clear,
            Form.UNDERSTOOD_CLEARLY: _clearly(understood, hits, missed),
            Form.MISTAKEN_CLEARLY: _clearly(wrong or hits[-1:], wrong, self.mistakes.vague),
        }
        return Asked(forms, frozenset(keywords))

    def _hints(self, pair: Pair, words: Sequence[str]) -> list[Utterance]:
        """The keywords with which users ask for *pair*, repeated."""
        return [Utterance(word, "recommend", pair, pair.domain) for word in words for _ in range(_HINTED)]

    def _cut(
        self, pair: Pair, hits: Sequence[Utterance], worded: Mapping[str, Sequence[str]]
    ) -> list[Utterance]:
        """Several keywords of *pair* in a row, and a question that was sent too early."""
        early = [hit.bare[:-1] for hit in hits[1:2] if len(hit.bare) > 1]
        texts = [*keywords_alone(worded)[:_ALONE] * 2, *early]
        return [Utterance(text, "recommend", pair, pair.domain) for text in texts]

    def _missed(self, pair: Pair, words: Sequence[str], place: int) -> list[str]:
        """The vague questions about *pair* that the bot does not match."""
        vague = vague_questions(pair, words, self._knowledge.vague, place)
        return [text for text in vague if text not in self.mistakes.answers]

    def _meant(self, hits: Sequence[Utterance], place: int) -> list[Utterance]:
        """What users say who meant the pair with these wordings, but got another answer."""
        chosen = [(number, hits[number % len(hits)]) for number in range(place, place + _MEANT)]
        said = [
            one._replace(template=self._rephrasings.meaning(one.template, number)) for number, one in chosen
        ]
        return [*dict.fromkeys(said)]

    def _understood(self, pair: Pair, texts: Iterable[str]) -> list[Utterance]:
        """Those of *texts* that a language model answers with *pair*: the first of which users say them."""
        return [
            self._said(pair, text)
            for text in texts
            if text not in self.mistakes.answers and self._told.setdefault(text, pair) == pair
        ]

    def _told_after(self, pair: Pair, after: Sequence[Utterance]) -> list[Utterance]:
        """The remarks *after* a question about *pair*, as a language model answers them."""
        told = [self._said(pair, one.template) for one in after[:_FOLLOW_UPS] if one.template]
        return [one._replace(is_more=True) for one in told]

    def _in_full(self, pair: Pair, thing: str, after: Sequence[Utterance]) -> dict[str, list[Utterance]]:
        """Ways to say the remarks *after* a question about *pair*, a *thing*, in full."""
        stated, found = self._knowledge.said_in_full(pair), {}
        for remark in (one.template for one in after):
            texts = stated.get(remark) or filter(None, [with_thing(thing, remark)])
            if said := self._understood(pair, texts):
                found[remark] = [one._replace(is_more=True) for one in said]
                self.named.update(one.template for one in said)
        return found


def _clearly(
    said: Sequence[Utterance], clear: Sequence[Utterance], vague: Collection[str]
) -> list[Utterance]:
    """What is *said*, with some of *clear* instead of what is *vague*."""
    usable = [one for one in clear if one.template not in vague] or said
    return [usable[place % len(usable)] if one.template in vague else one for place, one in enumerate(said)]


def _longest(keywords: Iterable[str]) -> list[str]:
    """The longest *keywords*, of things if there are any."""
    things = [word for word in keywords if is_thing(word)] or keywords
    return sorted(things, key=len, reverse=True)[:_HINTS]


def _is_short(text: str) -> bool:
    """Whether many users find the same words for it: others are the words of one user."""
    return len(text) <= (_SHORT_CHINESE if CHINESE.search(text) else _SHORT)
