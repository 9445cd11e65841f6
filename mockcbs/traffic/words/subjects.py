"""What users of a knowledge base talk about, and the words for it.

A subject is a pair, a question without a match, a remark of small talk or a skill. Subjects of one kind, such
as the pairs of one domain or all remarks of thanks, form a section. Users ask about a subject in several
forms; a form is a list of utterances, the most frequent ones first.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import IntEnum

from mockcbs.traffic import default_words
from mockcbs.traffic.conversations.acts import MAX_SLOTS, Act, Form
from mockcbs.traffic.gaps import CHINESE, has_gaps
from mockcbs.traffic.knowledge import FAILURES, KnowledgeBase, Pair, Skill, SmallTalk, Utterance
from mockcbs.traffic.turns import Outcome
from mockcbs.traffic.words import holidays
from mockcbs.traffic.words.following import FollowUps, evenly, more_about
from mockcbs.traffic.words.keywords import extractor_of
from mockcbs.traffic.words.mistakes import Mistakes
from mockcbs.traffic.words.rephrasing import Rephrasings
from mockcbs.traffic.words.rewording import keywords_alone, reworded, understood_wordings
from mockcbs.traffic.words.skills import step
from mockcbs.traffic.words.vague import is_thing, thing_of, vague_questions

TALK = (Act.GREETING, Act.THANKS, Act.COMPLAINT, Act.HUMAN, Act.IDLE)
"""The acts of small talk."""
_FIXED = (Act.FOREIGN, Act.INVALID, *TALK, Act.OUTAGE, Act.RECOVERY, Act.DENIAL)
"""Acts with a section of their own."""
_MEANT, _VAGUE_FAILURES = 6, 1
"""The number of rephrasings of a pair after the answer to another one, and of its vague questions that fail
in their own words.
"""
_ALONE = 3
"""The maximum number of times a pair is asked for in several keywords alone."""
_FOLLOW_UPS = 12
"""The maximum number of remarks after a pair that a language model answers, at once and later."""
_SHORT_CHINESE, _SHORT = 7, 20
"""The maximum number of characters of wordings that many users share."""
_STORY_FAVOUR = 7
"""How much more frequent `Spread.SCATTERED` makes a subject than `Spread.VARIED`, in the mean."""
_LOUD = 3
"""The maximum number of requests for a human that users repeat."""
_SCRAPS = 15
"""So many questions have no match and words for one in four of the first message without words."""
_OFTEN = 50
"""The minimum weight of pairs to which users come from questions near them."""


class Spread(IntEnum):
    """How much the frequency of a subject differs between bots."""

    ALIKE = 0
    VARIED = 1
    SCATTERED = 2
    """A bot has hardly more than half of such subjects."""
    FAVOURED = 3
    """A bot has all of them, but a quarter is most of what it hears."""


class Subjects:
    """The subjects of one knowledge base, in its order."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._known = extractor_of(knowledge)
        self._rephrasings = Rephrasings(knowledge.rephrasings)
        self._gaps = default_words.GAPS | knowledge.names.keys() | knowledge.parts.keys()
        self.domains = list(dict.fromkeys(pair.domain for pair in knowledge.pairs)) or [None]
        """The question categories; their numbers are those of their sections."""
        base = len(self.domains)
        self.fixed = {act: base + place for place, act in enumerate(_FIXED)}
        """The sections of acts that have one of their own."""
        self.holiday_section = base + len(self.fixed)
        """The section of questions about public holidays, of which users speak only near them."""
        self.skill_section = self.holiday_section + 1
        """The section of skills that request no slot; those that request more follow it."""
        self.section_count = self.skill_section + MAX_SLOTS + 1
        self.utterances: dict[Utterance, int] = {}
        """All utterances, and the number of each, in order of appearance."""
        self.items: list[int] = []
        """The utterances of all forms of all subjects, one after another, by number."""
        self.spans: list[list[tuple[int, int]]] = []
        """For each subject and form: the first item and the number of items."""
        self.sections: list[int] = []
        """The section of each subject."""
        self.weights: list[int] = []
        """The usual frequency of each subject, compared with others of its section; negative for none."""
        self.spreads: list[Spread] = []
        """How much the frequency of each subject differs between bots."""
        self.failing: dict[Utterance, Utterance] = {}
        """For each utterance, the one that is logged instead if its answer fails, with the first of
        `FAILURES`.
        """
        self._failed: dict[Utterance, Utterance] = {}
        """The same for utterances that fail in their own words."""
        self.keywords: dict[int, frozenset[str]] = {}
        """The keywords of each subject that is a pair; none of pairs that are asked rarely, as no question
        leads to them.
        """
        self._answered: set[str] = set()
        """The keywords of all pairs."""
        self.understood: set[Utterance] = set()
        """What only a language model understands."""
        self._told: dict[str, Pair] = {}
        """The pair that answers each text that only a language model understands."""
        self.slot_words: dict[tuple[str, int], list[int]] = {}
        """The words for each slot of a skill, by number, by the first question and the place of the slot."""
        self._follow_ups = FollowUps(knowledge, self._said)
        self._of_holidays: dict[tuple[int, bool], list[Utterance]] = defaultdict(list)
        """The questions about each holiday, or any, and whether a pair answers them."""
        self.holidays: dict[tuple[int, bool], int] = {}
        """The place of the subject of each holiday among those of holidays, if it has questions."""
        self._add_pairs()
        self._add_rest()
        self._add_holidays()
        self._add_skills()

    def _add(
        self, section: int, weight: int, *forms: Sequence[Utterance], spread: Spread = Spread.VARIED
    ) -> None:
        """Add a subject with its *forms*, in the order of `Form`."""
        self.sections.append(section)
        self.weights.append(weight)
        self.spreads.append(spread)
        row: list[tuple[int, int]] = []
        for form in forms:
            row.append((len(self.items), len(form)) if form else row[0])
            self.items += 2 * [self._number(one) for one in form]  # bots begin at different places
        self.spans.append(row + [row[0]] * (len(Form) - len(row)))

    def _number(self, said: Utterance) -> int:
        return self.utterances.setdefault(said, len(self.utterances))

    def _add_pairs(self) -> None:
        asked = [self._hits(pair) for pair in self._knowledge.pairs]
        self.mistakes = Mistakes(
            self._knowledge, [[hit.bare for hit in hits] for hits in asked], self._known.certain
        )
        """The texts that the bot takes for questions about other pairs."""
        self.named: set[str] = set()
        """What users say who say more about a pair after its answer, and name it."""
        for section, domain in enumerate(self.domains):
            pairs = [
                (place, pair) for place, pair in enumerate(self._knowledge.pairs) if pair.domain == domain
            ]
            named = [holidays.named(pair.question) for _, pair in pairs]
            for rank, (place, pair) in enumerate(pairs):
                weight = pair.weight * 400 // (rank + 2) if named[rank] is None or None not in named else -1
                lasts = not any(word in pair.question for word in self._knowledge.seasons)
                spread = Spread.FAVOURED if lasts and pair.weight >= _OFTEN else Spread.VARIED
                self._add(section, weight, *self._forms_of(place, pair, asked[place]), spread=spread)
            if not pairs:
                self._add(
                    section, 1, *([Utterance("", outcome)] for outcome in ("direct", "recommend", "notmatch"))
                )

    def _hits(self, pair: Pair) -> dict[Utterance, list[str]]:
        """The wordings of a pair in full, each with the keywords that are no guesses."""
        every = [self._asked_about(pair, text) for text in (pair.question, *pair.variants)]
        lasting = [one for one in every if not self._is_of_holiday(one)]
        return {hit: self._known.certain(hit.bare) for hit in dict.fromkeys((every[0], *lasting))}

    def _forms_of(
        self, number: int, pair: Pair, certain: dict[Utterance, list[str]]
    ) -> Iterator[list[Utterance]]:
        """The wordings of a pair in each form, given its *number* and those in full."""
        hits = [*certain]
        yield [hit for hit in hits for _ in range(1 + 2 * _is_short(hit.template))]
        texts = tuple(hit.bare for hit in hits)
        words_of = {hit: words or self._known(hit.bare) for hit, words in certain.items()}
        known = dict.fromkeys(word for hit in hits for word in words_of[hit] if word != hit.bare)
        things = [word for word in known if is_thing(word)] or known
        words = sorted(things, key=len, reverse=True)[:3] or [
            pair.question[: max(1, len(pair.question) // 2)]
        ]
        hints = [Utterance(word, "recommend", pair, pair.domain) for word in words for _ in range(8)]
        worded = {hit.template: words for hit, words in certain.items()}
        rare = [*keywords_alone(worded)[:_ALONE] * 2, *(text[:-1] for text in texts[1:2] if len(text) > 1)]
        cut = [Utterance(text, "recommend", pair, pair.domain) for text in rare]
        yield hints + cut
        vaguely = vague_questions(pair, words, self._knowledge.vague, len(self.sections))
        missed = [text for text in vaguely if text not in self.mistakes.answers]
        vague = [Utterance(text, "notmatch") for text in missed] or [Utterance(pair.question[:1], "notmatch")]
        yield vague
        yield from ([], [])
        after, done = self._follow_ups.after(pair, len(self.sections))
        yield evenly(after)
        tapped = hits[0]._replace(is_tapped=True)
        yield [tapped]
        yield (meant := self._meant(self.mistakes.named(number, hits)))
        told = understood_wordings(worded, missed)
        understood = [self._asked_about(pair, one) for one in told if self._is_told(pair, one)] or hits
        yield understood
        follow_ups = self._told_after(pair, after) or hits
        yield evenly(follow_ups)
        wrong = [self._asked_about(other, text) for text, other in self.mistakes.about(number).items()]
        yield wrong or hits[-1:]
        done_told = self._told_after(pair, done)
        yield from (evenly(done or after), evenly(done_told or follow_ups))
        own = [one.template for one in after if one not in self._follow_ups.usual]
        named = [
            self._asked_about(pair, text)
            for text in more_about(thing_of(pair, words), own)
            if self._is_told(pair, text)
        ]
        more = [one._replace(is_more=True) for one in (*named, hits[len(self.sections) % len(hits)])]
        yield evenly(more)
        self.named.update(one.template for one in named)
        follow_ups = [*follow_ups, *done_told]
        self.understood.update({*understood, *follow_ups} - {*hits})
        self.keywords[len(self.sections)] = frozenset(known if pair.weight >= _OFTEN else ())
        self._answered.update(known)
        self._fail(*hits, *more, *hints, *vague[:_VAGUE_FAILURES], *after, *done, *wrong)
        for place, said in enumerate((*vague[_VAGUE_FAILURES:], *meant, tapped, *cut)):
            self.failing[said] = self.failing[hits[place % len(hits)]]
        for place, said in enumerate((*understood, *follow_ups)):
            self.failing.setdefault(said, self.failing[hits[place % len(hits)]])

    def _is_told(self, pair: Pair, text: str) -> bool:
        """Whether a language model answers *text* with *pair*: the first of which users say it."""
        return text not in self.mistakes.answers and self._told.setdefault(text, pair) == pair

    def _meant(self, hits: list[Utterance]) -> list[Utterance]:
        """What users say who meant the pair with these wordings, but got another answer."""
        place = len(self.sections)
        chosen = [(number, hits[number % len(hits)]) for number in range(place, place + _MEANT)]
        said = [
            one._replace(template=self._rephrasings.meaning(one.template, number)) for number, one in chosen
        ]
        return [*dict.fromkeys(said)]

    def _fail(self, *said: Utterance) -> None:
        """Let the answers to these utterances fail."""
        for one in dict.fromkeys(said):
            failed = self._failed.get(one)  # remarks are said about many pairs
            self.failing[one] = failed or self._failed.setdefault(one, one.failing(FAILURES[0]))

    def _is_of_holiday(self, said: Utterance) -> bool:
        """Whether *said* is about a public holiday; then it is kept for the days near that one."""
        number = holidays.named(said.template)
        if number is not None:
            self._of_holidays[number, said.outcome == "direct"].append(said)
        return number is not None

    def _add_holidays(self) -> None:
        """Add the questions about each public holiday, and after them those about any."""
        for answered in (True, False):
            for number in range(holidays.ANY):
                said = 2 * self._of_holidays[number, answered] + self._of_holidays[holidays.ANY, answered]
                if said:
                    again = [[*said[turn:], *said[:turn]] for turn in (0, 0, 0, 1, 2)]
                    self.holidays[number, answered] = len(self.holidays)
                    self._add(self.holiday_section, 1, *again, spread=Spread.ALIKE)
                    self._fail(*said)

    def _told_after(self, pair: Pair, after: Sequence[Utterance]) -> list[Utterance]:
        """The remarks *after* a question about *pair*, as a language model answers them."""
        told = [self._asked_about(pair, one.template) for one in after[:_FOLLOW_UPS] if one.template]
        return [one._replace(is_more=True) for one in told]

    def _add_rest(self) -> None:
        """Add questions without a match, invalid questions and small talk."""
        knowledge = self._knowledge
        self._add_foreign()
        for act, texts in (
            (Act.OUTAGE, knowledge.outages),
            (Act.RECOVERY, knowledge.recoveries),
            (Act.DENIAL, knowledge.denials),
        ):
            for rank, text in enumerate(texts or ("",)):
                said = Utterance(text, "notmatch")
                self._add(self.fixed[act], 1000 // (rank + 6), [said])
                self._fail(said)
        for rank, text in enumerate(knowledge.invalid or ("",)):
            self._add(self.fixed[Act.INVALID], 1000 // (rank + 3), [Utterance(text, "invalid")])
        for act in TALK:
            for rank, remark in enumerate(remarks(knowledge, act)):
                spoken = [Utterance(text, "chat") for text in (remark.question, *remark.variants)]
                repeated = [one for place, one in enumerate(spoken) for _ in range(12 // (place + 1) or 1)]
                forms = [repeated] * 3 + (_louder(spoken) if act == Act.HUMAN else [])
                self._add(self.fixed[act], 1000 // (rank + 1) ** 2, *forms, spread=Spread.ALIKE)

    def _add_foreign(self) -> None:
        """Add questions without a match, and messages without words, each with what users say next."""
        knowledge = self._knowledge
        texts = [
            text for text in knowledge.unmatched if not self._is_of_holiday(self._said(text, "notmatch"))
        ] or [""]
        usual = [40_000 // (rank + 12) for rank in range(len(texts))]
        stories = {rank for rank, text in enumerate(texts) if knowledge.is_story(text)}
        even = sum(usual[rank] for rank in stories) * _STORY_FAVOUR // max(1, len(stories))
        for rank, text in enumerate(texts):
            again = self._insisting(text, rank)
            if rank in stories:  # they are of many kinds, and each bot hears all of them
                self._add_missed(text, even, Spread.VARIED, again)
            else:
                self._add_missed(text, usual[rank], Spread.SCATTERED, again)
        for rank, (text, after) in enumerate(knowledge.scraps.items()):
            weight = sum(usual) // (_SCRAPS * (rank + 4))
            self._add_missed(text, weight, Spread.ALIKE, (list(after), list(after)))

    def _add_missed(self, text: str, weight: int, spread: Spread, again: tuple[list[str], list[str]]) -> None:
        """Add a question without a match, and its wordings when it is asked a second and a third time."""
        plain = self._said(text, "notmatch")
        others = [[self._said(one, "notmatch") for one in texts] or [plain] for texts in again]
        forms = ([plain], [plain], [plain], *others, self._follow_ups.usual)
        self._add(self.fixed[Act.FOREIGN], weight, *forms, spread=spread)
        second = others[0][0]
        self._fail(plain, second, *self._follow_ups.usual)
        for said in (*others[0], *others[-1]):
            self.failing.setdefault(said, self.failing[second])

    def _insisting(self, text: str, place: int) -> tuple[list[str], list[str]]:
        """The wordings of a question when it is asked a second and a third time."""
        chinese = CHINESE.search("".join((text, *self._knowledge.rephrasings)))
        if self._knowledge.is_story(text):  # nobody writes a long text twice
            back = default_words.REFERRING if chinese else default_words.ENGLISH_REFERRING
            begin = place * 3 % len(back)
            chosen = [*back[begin:], *back[:begin]]
            return chosen[: len(back) // 2], chosen[len(back) // 2 :]
        first, second = self._rephrasings.again(text, place)
        others = reworded(text, [word for word in self._known.certain(text) if word not in self._answered])
        on = default_words.ASKING_ON if chinese else default_words.ENGLISH_ASKING_ON
        asking_on = [on[(place + number) % len(on)] for number in range(3)]
        return [*(others or asking_on), *first[:1]], [*asking_on, *others[::-1], *second[:1]]

    def _add_skills(self) -> None:
        """Add the first questions of skills by the slots that they leave open, and words for each slot."""
        for skill in self._knowledge.skills:
            for rank, text in enumerate(skill.utterances):
                open_slots = _open_slots(skill, text)[:MAX_SLOTS]
                start = Utterance(text, "dialog")
                self._add(self.skill_section + len(open_slots), 1000 // (rank + 3), [start])
                self._fail(start)
                for place, words in enumerate(open_slots, 1):
                    said = [self._said(word, "dialog") for word in words]
                    self.slot_words[text, place] = [self._number(one) for one in said]
        if not any(section >= self.skill_section for section in self.sections):
            self._add(self.skill_section, 1, [Utterance("", "dialog")])

    def _asked_about(self, pair: Pair, text: str) -> Utterance:
        """A question that *pair* answers."""
        return Utterance(text, "direct", pair, pair.domain, has_gaps=has_gaps(text, self._gaps))

    def _said(self, text: str, outcome: Outcome) -> Utterance:
        """An utterance in whose gaps users name persons and numbers."""
        return Utterance(text, outcome, has_gaps=has_gaps(text, self._gaps))


def _is_short(text: str) -> bool:
    """Whether many users find the same words for it: others are the words of one user."""
    return len(text) <= (_SHORT_CHINESE if CHINESE.search(text) else _SHORT)


def _louder(said: list[Utterance]) -> list[list[Utterance]]:
    """Requests that users repeat a second and a third time: the shortest, then with exclamation marks."""
    short = sorted(said, key=lambda one: len(one.template))[:_LOUD]
    mark = "！" if CHINESE.search(short[0].template) else "!"
    cried = [one._replace(template=one.template + mark) for one in short]
    return [[*short, *cried], [one._replace(template=one.template + 2 * mark) for one in short] + cried]


def remarks(knowledge: KnowledgeBase, act: Act) -> tuple[SmallTalk, ...]:
    """The remarks of that act; if there are none, the idle remarks; if there are none, all; at last an empty
    one.
    """
    for wanted in (act.name.lower(), "idle"):
        if found := tuple(remark for remark in knowledge.small_talk if remark.when == wanted):
            return found
    return knowledge.small_talk or (SmallTalk(""),)


def _open_slots(skill: Skill, text: str) -> list[list[str]]:
    """The words that can fill each slot that *text* leaves open, in the order in which they are requested."""
    if not skill.slots:
        return []
    known = step(skill, {}, text, starting=True).known
    return [
        [word for value in slot.values for word in (value.word, value.word, *value.variants)]
        or [*slot.examples]
        or [slot.name]
        for slot in skill.slots
        if slot.name not in known
    ]
