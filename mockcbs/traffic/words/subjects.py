"""What users of a knowledge base talk about, and the words for it.

A subject is a pair, a question without a match, a remark of small talk or a skill. Subjects of one kind, such
as the pairs of one domain or all remarks of thanks, form a section. Users ask about a subject in several
forms; a form is a list of utterances, the most frequent ones first.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import IntEnum

from mockcbs.traffic import default_words
from mockcbs.traffic.conversations.acts import MAX_SLOTS, Act, Form
from mockcbs.traffic.gaps import CHINESE, has_gaps
from mockcbs.traffic.knowledge import KnowledgeBase, Pair, Skill, SmallTalk, Utterance
from mockcbs.traffic.turns import Outcome
from mockcbs.traffic.words import holidays
from mockcbs.traffic.words.asking import Asking
from mockcbs.traffic.words.failures import Failures
from mockcbs.traffic.words.following import FollowUps, turned
from mockcbs.traffic.words.keywords import extractor_of
from mockcbs.traffic.words.rephrasing import Rephrasings
from mockcbs.traffic.words.rewording import reworded
from mockcbs.traffic.words.skills import step

TALK = (Act.GREETING, Act.THANKS, Act.COMPLAINT, Act.HUMAN, Act.IDLE)
"""The acts of small talk."""
_FIXED = (Act.FOREIGN, Act.INVALID, *TALK, Act.OUTAGE, Act.RECOVERY, Act.DENIAL)
"""Acts with a section of their own."""
_STORY_FAVOUR = 7
"""How much more frequent `Spread.SCATTERED` makes a subject than `Spread.VARIED`, in the mean."""
_LOUD = 3
"""The maximum number of requests for a human that users repeat."""
_SCRAPS = 15
"""So many questions have no match and words for one in four of the first message without words."""
_OFTEN = 50
"""The minimum weight of pairs to which users come from questions near them."""
_NO_PAIR = {
    Form.FULL: [Utterance("", "direct")],
    Form.KEYWORD: [Utterance("", "recommend")],
    Form.VAGUE: [Utterance("", "notmatch")],
}
"""What users of a knowledge base without pairs say."""


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
        self.failures = Failures()
        """What is logged instead of an utterance if its answer fails."""
        self.keywords: dict[int, frozenset[str]] = {}
        """The keywords of each subject that is a pair; none of pairs that are asked rarely, as no question
        leads to them.
        """
        self._answered: set[str] = set()
        """The keywords of all pairs."""
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
        self,
        section: int,
        weight: int,
        forms: Mapping[Form, Sequence[Utterance]],
        spread: Spread = Spread.VARIED,
    ) -> None:
        """Add a subject with its *forms*; the full wording stands for those that it lacks."""
        self.sections.append(section)
        self.weights.append(weight)
        self.spreads.append(spread)
        spans: dict[Form, tuple[int, int]] = {}
        for form, said in forms.items():
            spans[form] = len(self.items), len(said)
            self.items += 2 * [self._number(one) for one in said]  # bots begin at different places
        self.spans.append([spans.get(form, spans[Form.FULL]) for form in Form])

    def _number(self, said: Utterance) -> int:
        return self.utterances.setdefault(said, len(self.utterances))

    def _add_pairs(self) -> None:
        hits = [self._hits(pair) for pair in self._knowledge.pairs]
        self.asking = Asking(self._knowledge, hits, self._follow_ups, self._asked_about, self.failures)
        """How users ask about pairs."""
        for section, domain in enumerate(self.domains):
            pairs = [
                (place, pair) for place, pair in enumerate(self._knowledge.pairs) if pair.domain == domain
            ]
            named = [holidays.named(pair.question) for _, pair in pairs]
            for rank, (place, pair) in enumerate(pairs):
                weight = pair.weight * 400 // (rank + 2) if named[rank] is None or None not in named else -1
                lasts = not any(word in pair.question for word in self._knowledge.seasons)
                spread = Spread.FAVOURED if lasts and pair.weight >= _OFTEN else Spread.VARIED
                asked = self.asking.about(place, len(self.sections))
                self.keywords[len(self.sections)] = asked.keywords if pair.weight >= _OFTEN else frozenset()
                self._answered |= asked.keywords
                self._add(section, weight, asked.forms, spread)
            if not pairs:
                self._add(section, 1, _NO_PAIR)

    def _hits(self, pair: Pair) -> list[Utterance]:
        """The wordings of a pair in full."""
        every = [self._asked_about(pair, text) for text in (pair.question, *pair.variants)]
        lasting = [one for one in every if not self._is_of_holiday(one)]
        return [*dict.fromkeys((every[0], *lasting))]

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
                    again = {Form.FULL: said, Form.SECOND: turned(said, 1), Form.THIRD: turned(said, 2)}
                    self.holidays[number, answered] = len(self.holidays)
                    self._add(self.holiday_section, 1, again, Spread.ALIKE)
                    self.failures.add(*said)

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
                self._add(self.fixed[act], 1000 // (rank + 6), {Form.FULL: [said]})
                self.failures.add(said)
        for rank, text in enumerate(knowledge.invalid or ("",)):
            said = Utterance(text, "invalid")
            self._add(self.fixed[Act.INVALID], 1000 // (rank + 3), {Form.FULL: [said]})
        for act in TALK:
            for rank, remark in enumerate(remarks(knowledge, act)):
                spoken = [Utterance(text, "chat") for text in (remark.question, *remark.variants)]
                repeated = [one for place, one in enumerate(spoken) for _ in range(12 // (place + 1) or 1)]
                forms = {Form.FULL: repeated} | (_louder(spoken) if act == Act.HUMAN else {})
                self._add(self.fixed[act], 1000 // (rank + 1) ** 2, forms, Spread.ALIKE)

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
        second, third = ([self._said(one, "notmatch") for one in texts] or [plain] for texts in again)
        usual = self._follow_ups.fitting(text)
        forms = {Form.FULL: [plain], Form.SECOND: second, Form.THIRD: third, Form.NEXT: usual}
        self._add(self.fixed[Act.FOREIGN], weight, forms, spread)
        self.failures.add(plain, second[0], *usual)
        self.failures.add_like(second[:1], (*second, *third))

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
        return [*(others or asking_on[:1]), *first[:2]], [*asking_on, *others[::-1], *second[:1]]

    def _add_skills(self) -> None:
        """Add the first questions of skills by the slots that they leave open, and words for each slot."""
        for skill in self._knowledge.skills:
            for rank, text in enumerate(skill.utterances):
                open_slots = _open_slots(skill, text)[:MAX_SLOTS]
                start = Utterance(text, "dialog")
                self._add(self.skill_section + len(open_slots), 1000 // (rank + 3), {Form.FULL: [start]})
                self.failures.add(start)
                for place, words in enumerate(open_slots, 1):
                    said = [self._said(word, "dialog") for word in words]
                    self.slot_words[text, place] = [self._number(one) for one in said]
        if not any(section >= self.skill_section for section in self.sections):
            self._add(self.skill_section, 1, {Form.FULL: [Utterance("", "dialog")]})

    def _asked_about(self, pair: Pair, text: str) -> Utterance:
        """A question that *pair* answers."""
        return Utterance(text, "direct", pair, pair.domain, has_gaps=has_gaps(text, self._gaps))

    def _said(self, text: str, outcome: Outcome) -> Utterance:
        """An utterance in whose gaps users name persons and numbers."""
        return Utterance(text, outcome, has_gaps=has_gaps(text, self._gaps))


def _louder(said: list[Utterance]) -> dict[Form, list[Utterance]]:
    """Requests that users repeat a second and a third time: the shortest, then with exclamation marks."""
    short = sorted(said, key=lambda one: len(one.template))[:_LOUD]
    mark = "！" if CHINESE.search(short[0].template) else "!"
    cried = [one._replace(template=one.template + mark) for one in short]
    twice = [one._replace(template=one.template + 2 * mark) for one in short]
    return {Form.SECOND: short + cried, Form.THIRD: twice + cried}


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
