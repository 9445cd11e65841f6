"""The words of generated turns, by number, and the tables from which they are chosen."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mockcbs.traffic import bits
from mockcbs.traffic.conversations.acts import MAX_SLOTS, Act, Form
from mockcbs.traffic.conversations.choosing import RELATED
from mockcbs.traffic.conversations.scripts import pool
from mockcbs.traffic.knowledge import FAILURES, KnowledgeBase, Utterance
from mockcbs.traffic.logarithms import OCTAVE, exp2
from mockcbs.traffic.turns import Ints, Outcome, Places, smallest
from mockcbs.traffic.words import seasons
from mockcbs.traffic.words.frequencies import DOMAIN_WEEKS, SLOTS, drift, entries
from mockcbs.traffic.words.greetings import hours_of
from mockcbs.traffic.words.holidays import ANY
from mockcbs.traffic.words.reading import efforts
from mockcbs.traffic.words.rhythms import Rhythms
from mockcbs.traffic.words.subjects import Subjects, remarks
from mockcbs.traffic.words.utterances import Utterances

TOPIC_ACTS = (
    *(Act.HIT, Act.HINT, Act.VAGUE, Act.TAP, Act.MEANT, Act.UNDERSTOOD, Act.FOLLOW_UP, Act.MISTAKEN),
)
"""Acts whose section is the topic of the conversation."""
TOPIC, OTHER_TOPIC = -1, -2
"""Instead of a section: that of the topic of the session, and that of its other topic."""
_ELSEWHERE = {Act.REPHRASED: Act.FOREIGN, Act.SLOT: Act.IDLE, Act.FRAGMENT: Act.IDLE}
"""Acts whose words depend on an earlier step, and the section that they are given."""
_DOMAIN_OCTAVES = 13 * OCTAVE // 4
"""How often the frequency of one domain is doubled at most for one bot, as a logarithm."""
_DOMAIN_DRIFT = 4
"""Domains change by this fraction of the change of subjects."""
_FAVOURS = np.array(
    [[26] * 8, [2, 2, 3, 3, 4, 4, 5, 6], [0, 0, 0, 1, 20, 40, 60, 90], [1, 1, 1, 2, 4, 9, 20, 34]], np.int64
)
"""How frequent subjects of each `Spread` are for one bot, compared with others."""
_NEAREST = 4
"""The maximum number of different subjects to which one is related."""
_TURNED = (
    *(Form.FULL, Form.VAGUE, Form.NEXT, Form.UNDERSTOOD, Form.NEXT_UNDERSTOOD, Form.MISTAKEN),
    *(Form.DONE, Form.DONE_UNDERSTOOD, Form.MORE, Form.CLEARER, Form.NAMED),
    *(Form.UNDERSTOOD_CLEARLY, Form.MISTAKEN_CLEARLY),
)
"""The forms of pairs that begin with another wording for each bot."""
_BEGUN_LIKE = {
    Form.NAMED: Form.NEXT,
    Form.UNDERSTOOD_CLEARLY: Form.UNDERSTOOD,
    Form.MISTAKEN_CLEARLY: Form.MISTAKEN,
}
"""Forms that begin with the same wording as another one, so that both name the same, or one repeats none."""


class Wording:
    """All utterances of generated traffic, by number, and the tables from which they are chosen."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self.characters = knowledge.characters
        """The characters of bots that fit this knowledge; empty for all."""
        found = Subjects(knowledge)
        self.domains, self.fixed = found.domains, found.fixed
        self._skill_section, self.sections = found.skill_section, found.section_count
        self._order(found)
        self._number(found)

    @cached_property
    def skills(self) -> frozenset[int]:
        """The possible numbers of slots that a skill requests after its first question."""
        section = self.subject_sections - self._skill_section
        return frozenset(section[section >= 0].tolist())

    @cached_property
    def step_rows(self) -> Ints:
        """For each step of all scripts, the begin of the row of its form in `first` and `count`."""
        return pool().form * np.int64(len(self.subject_sections))

    @cached_property
    def step_sections(self) -> Ints:
        """The section of each step of all scripts, `TOPIC` or `OTHER_TOPIC`."""
        steps = pool()
        table = np.array([[self._section_of(act, slots) for slots in range(MAX_SLOTS + 1)] for act in Act])
        sections = table[steps.act, steps.slots]
        return np.where((sections == TOPIC) & (steps.topic > 0), OTHER_TOPIC, sections)

    @cached_property
    def is_other(self) -> npt.NDArray[np.bool_]:
        """Whether each step of all scripts is about the other topic of its session."""
        return np.equal(self.step_sections, OTHER_TOPIC)

    def _section_of(self, act: Act, slots: int) -> int:
        """The section of an act, or `TOPIC`."""
        if act in TOPIC_ACTS:
            return TOPIC
        if act == Act.SKILL:
            return self._skill_section + slots
        return self.fixed[_ELSEWHERE.get(act, act)]

    def tables(self, key: int, weeks: range, drift_percent: int) -> tuple[Places, Places]:
        """For each week, `SLOTS` subjects of each section and `SLOTS` domains, repeated by frequency."""
        count = len(self.subject_sections)
        favour = (bits.words(key, np.arange(count)) >> np.uint64(61)).astype(np.int64)
        weights = (
            self._weights * _FAVOURS[self._spreads, favour] * drift(key + 1, weeks, count, drift_percent)
        )
        domains = len(self.domains)
        own = exp2(8 * OCTAVE + bits.below(bits.words(key + 2, np.arange(domains)), _DOMAIN_OCTAVES))
        part = drift_percent // _DOMAIN_DRIFT
        asked = np.full((len(weeks), count), 1024, np.int64)
        if len(columns := self.seasons.columns):
            weights[:, columns] = weights[:, columns] * self.seasons.factors(weeks) >> 10
            asked[:, columns] = self.seasons.shares(weeks)
        sizes = np.add.reduceat(asked[:, : self._pairs], self._domain_begins, axis=1)
        sizes = np.maximum(sizes, 1) * own * drift(key + 3, weeks, domains, part, DOMAIN_WEEKS)
        weights = np.maximum(weights, self._weights >= 0)  # a section may hold only what is rare now
        chosen = entries(weights, self._edges)
        every = np.zeros((len(weeks), self.sections, SLOTS), chosen.dtype)
        every[:, self._filled] = chosen
        return every, entries(sizes, np.array([0, domains]))[:, 0]

    def begins(self, key: int) -> Places:
        """`first` for one bot: each bot has its own most frequent wordings of a pair."""
        begin = self.first.copy()
        pairs = slice(self._pairs)
        for form in _TURNED:
            own = bits.words(key + _BEGUN_LIKE.get(form, form), np.arange(self._pairs))
            begin[form, pairs] += bits.below(own, self.count[form, pairs])
        return smallest(begin)

    def subject(self, question: str) -> int | None:
        """The subject of the pair with that standard question, if there is one."""
        return self._subjects.get(question)

    @cached_property
    def _subjects(self) -> dict[str, int]:
        """The subject of each pair, by its standard question."""
        pairs = [
            self.utterances[item].pair for item in self.items[self.first[Form.FULL, : self._pairs]].tolist()
        ]
        return {pair.question: place for place, pair in reversed([*enumerate(pairs)]) if pair}

    @cached_property
    def _lasting(self) -> Ints:
        """The subjects of pairs about which users ask all year."""
        lasts = self._weights >= 0
        lasts[self.seasons.columns] = False
        return np.flatnonzero(lasts[: self._pairs])

    def _order(self, found: Subjects) -> None:
        """Order the subjects by section, and store where their items begin."""
        order = np.argsort(found.sections, kind="stable")
        self.subject_sections = np.array(found.sections, np.int64)[order]
        self._weights = np.array(found.weights, np.int64)[order]
        spans = np.array(found.spans, np.int32)[order]
        said = [*found.utterances]
        texts = [said[found.items[found.spans[place][Form.FULL][0]]].template for place in order.tolist()]
        words = self._knowledge.seasons
        self.seasons = seasons.of(
            texts, {word: spans for word, spans in words.items() if word not in self.domains}
        )
        self.peaks = seasons.peaks(self.domains, words)
        self.rhythms = Rhythms(self.domains, self._knowledge.busy_hours)
        self.is_on_site = np.array([any(word in text for word in self._knowledge.on_site) for text in texts])
        """Whether users ask about each subject only where they work."""
        self.has_times = self.is_on_site.copy()
        """Whether they ask about it at certain times only: when they are at work, or in its season."""
        self.has_times[self.seasons.columns] = True
        self.first, self.count = (
            np.ascontiguousarray(spans[:, :, 0].T),
            np.ascontiguousarray(spans[:, :, 1].T),
        )
        low = np.searchsorted(self.subject_sections, np.arange(self.sections))
        high = np.searchsorted(self.subject_sections, np.arange(self.sections), side="right")
        # Sections without subjects have the first one; no script leads there.
        self._filled = np.flatnonzero(low < high)
        self._edges = np.append(low[self._filled], len(order))
        self._pairs = int(np.count_nonzero(self.subject_sections < len(self.domains)))
        self._domain_begins = low[: len(self.domains)]
        self._spreads = np.array(found.spreads, np.int64)[order]
        self.holidays = np.full((ANY, 2), -1, np.int64)
        """For each public holiday, the subject without a match and the answered one; -1 if there is none."""
        for (number, answered), place in found.holidays.items():
            self.holidays[number, int(answered)] = low[found.holiday_section] + place
        self.related = self._relations(found, order)
        """For each subject, `RELATED` subjects of the same category that share rare keywords with it; -1 if
        there are none.
        """

    def _relations(self, found: Subjects, order: Ints) -> npt.NDArray[np.int32]:
        """The table `related`; pairs that are in season only sometimes are related to none."""
        table = np.full((len(order), RELATED), -1, np.int32)
        lasting = self._lasting.tolist()
        for section in range(len(self.domains)):
            here = [one for one in lasting if self.subject_sections[one] == section]
            words = {one: found.keywords.get(int(order[one]), frozenset()) for one in here}
            users = Counter(word for one in here for word in words[one])
            rare = {word: len(here) // count for word, count in users.items()}  # 1 for what most are about
            for one in here:
                shared = {
                    other: sum(rare[word] - 1 for word in words[one] & words[other])
                    for other in here
                    if other != one
                }
                near = sorted((other for other in shared if shared[other]), key=lambda other: -shared[other])
                if near:
                    table[one] = (near[:_NEAREST] * RELATED)[:RELATED]
        return table

    def _number(self, found: Subjects) -> None:
        """Number all utterances, and say by number what users say."""
        failing = list(dict.fromkeys(found.failures.logged.values()))
        number, kinds = found.utterances, len(FAILURES)
        self.utterances = Utterances([*number], failing)
        failure = {one: len(number) + place * kinds for place, one in enumerate(failing)}
        self.items = np.array(found.items, np.int32)
        self.failing = np.full(len(self.utterances), -1, np.int32)
        self.failing[[number[one] for one in found.failures.logged]] = [
            failure[one] for one in found.failures.logged.values()
        ]
        humans = [
            text for one in remarks(self._knowledge, Act.HUMAN) for text in (one.question, *one.variants)
        ]
        spoken: tuple[tuple[Sequence[str], Outcome], ...] = (
            (self._knowledge.outages, "notmatch"),
            (self._knowledge.recoveries, "notmatch"),
            (humans, "chat"),
        )
        self.outages, self.recoveries, self.humans = (
            np.array(
                [
                    number[Utterance(text, outcome)]
                    for place, text in enumerate(texts or ("",))
                    for _ in range(4 // (place + 1) + 2)
                ],
                np.int32,
            )
            for texts, outcome in spoken
        )
        """The remarks in and after incidents, and the requests for a human, repeated by frequency."""
        self._fill_slots(number, found.slot_words)
        self._time_greetings(number)
        self.efforts = efforts(
            self.utterances.different,
            self._knowledge.small_talk,
            found.asking.understood,
            self.utterances.times,
            found.asking.mistakes.answers.keys() | found.asking.named,
        )

    def _fill_slots(self, number: dict[Utterance, int], slot_words: dict[tuple[str, int], list[int]]) -> None:
        """Store the place of the words for each slot of each first question of a skill."""
        starts = [number[Utterance(text, "dialog")] for text, _ in slot_words]
        self.slot_first = np.zeros((MAX_SLOTS + 1, max(starts, default=0) + 1), np.int32)
        self.slot_count = np.ones_like(self.slot_first)
        words = [*self.items.tolist()]
        for (text, place), said in slot_words.items():
            start = number[Utterance(text, "dialog")]
            self.slot_first[place, start], self.slot_count[place, start] = len(words), len(said)
            words += said
        self.items = np.array(words, np.int32)

    def _time_greetings(self, number: dict[Utterance, int]) -> None:
        """Store what users say in each local hour (rows) instead of each greeting: one that fits."""
        greetings = remarks(self._knowledge, Act.GREETING)
        said = [Utterance(text, "chat") for one in greetings for text in (one.question, *one.variants)]
        at = {number[one]: hours_of(one.template) for one in said}
        self.greetings = np.array(sorted(at), np.int32)
        """The numbers of greetings, ascending: the columns of `timely`."""
        self.timely = np.tile(self.greetings, (24, 1))
        for hour in range(24):
            fitting = [one for one, hours in at.items() if hours and hour in hours]
            fitting = fitting or [one for one, hours in at.items() if not hours]
            late = [one for one, hours in at.items() if hours and hour not in hours]
            for place, one in enumerate(late):
                column = np.searchsorted(self.greetings, one)
                self.timely[hour, column] = fitting[place % len(fitting)] if fitting else one
