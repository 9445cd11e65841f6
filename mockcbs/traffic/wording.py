"""The words of generated turns: utterances by subject, and the frequency of each subject.

A subject is a pair, a question without a match, a remark of small talk or a skill. Subjects of one kind, such
as the pairs of one domain or all remarks of thanks, form a section.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from mockcbs.traffic import bits, default_words, seasons
from mockcbs.traffic.gaps import CHINESE, has_gaps
from mockcbs.traffic.keywords import KeywordExtractor
from mockcbs.traffic.kinds import asks
from mockcbs.traffic.knowledge import (
    FAILURES,
    KnowledgeBase,
    Pair,
    Skill,
    SmallTalk,
    Utterance,
)
from mockcbs.traffic.phrases import hours_of
from mockcbs.traffic.scripts import MAX_SLOTS, Act, pool
from mockcbs.traffic.skills import step
from mockcbs.traffic.turns import Ints, Outcome, Places
from mockcbs.traffic.vague import is_thing, vague_questions

SLOTS = 256
"""The number of entries in the table of a section; each entry is a subject."""
TOPIC_ACTS = (Act.HIT, Act.HINT, Act.VAGUE)
"""Acts whose section is the topic of the conversation."""
TOPIC, OTHER_TOPIC = -1, -2
"""Instead of a section: that of the topic of the session, and that of its other topic."""
_TALK = (Act.GREETING, Act.THANKS, Act.COMPLAINT, Act.HUMAN, Act.IDLE)
_FIXED = (Act.FOREIGN, Act.INVALID, *_TALK, Act.OUTAGE, Act.RECOVERY)
"""Acts with a section of their own."""
_ELSEWHERE = {Act.REPHRASED: Act.FOREIGN, Act.SLOT: Act.IDLE, Act.FRAGMENT: Act.IDLE}
"""Acts whose words depend on an earlier step, and the section that they are given."""
_ASKS = re.compile("问|知道|告诉|anybody|asked")
"""What only fits a question."""
_INSISTING = 3
"""The maximum number of ways to ask one question a second or third time."""
_WEEKS, _DOMAIN_WEEKS = 4, 16
"""The number of weeks in which the frequency of a subject, and that of a domain, changes once."""
_DOMAIN_DRIFT = 4
"""Domains change by this fraction of the change of subjects."""
_FAVOURS = np.array([[3] * 8, [1, 1, 2, 2, 3, 4, 6, 9], [0, 0, 0, 1, 20, 40, 60, 90]], np.int64)
"""How frequent subjects are for one bot: small talk as for all, pairs differ, and of the questions without a
match a bot has hardly more than half.
"""
_MS_TO_START, _MS_A_CHARACTER_READ, _MS_A_CHARACTER_TYPED = 2_500, 230, 1_150
"""The time in ms before users begin to type, and for each character that they read and type."""
_MAX_READ = 260
"""The maximum number of characters that users read; they only skim the rest of a longer answer."""


@dataclass
class _Draft:
    """The utterances and subjects that are collected, in the order of the knowledge base."""

    utterances: dict[Utterance, None] = field(default_factory=dict)
    items: list[Utterance] = field(default_factory=list)
    spans: list[list[tuple[int, int]]] = field(default_factory=list)
    """For each form (below) and subject: the first item and the number of items."""
    sections: list[int] = field(default_factory=list)
    weights: list[int] = field(default_factory=list)
    failing: dict[Utterance, Utterance] = field(default_factory=dict)
    """For each utterance, the one that is logged instead if its answer fails, with the first of `FAILURES`.
    """

    def add(self, section: int, weight: int, *forms: Sequence[Utterance]) -> int:
        """Add a subject; form 0 is its full wording, 1 a keyword, 2 vague words, 3 and 4 other wordings, and
        5 what users say next.
        """
        subject = len(self.sections)
        self.sections.append(section)
        self.weights.append(weight)
        row: list[tuple[int, int]] = []
        for form in forms:
            row.append((len(self.items), len(form)) if form else row[0])
            self.items += [*form, *form]  # bots begin at different places
            self.utterances.update(dict.fromkeys(form))
        self.spans.append(row + [row[0]] * (_FORMS - len(row)))
        return subject


_FORMS = 6
_TURNED = (0, 2)
"""The forms of pairs that begin with another wording for each bot."""


class Wording:
    """All utterances of generated traffic, by number, and the tables from which they are chosen."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self.characters = knowledge.characters
        """The characters of bots that fit this knowledge; empty for all."""
        self._known = KeywordExtractor(knowledge.lexicon)
        draft = _Draft()
        self.domains = list(dict.fromkeys(pair.domain for pair in knowledge.pairs)) or [None]
        base = len(self.domains)
        self.fixed = {act: base + place for place, act in enumerate(_FIXED)}
        self._skill_section = base + len(self.fixed)
        self.sections = self._skill_section + MAX_SLOTS + 1
        self._slot_words: dict[tuple[str, int], list[Utterance]] = {}
        self._after = self._remarks_after(draft)
        self._add_pairs(draft)
        self._add_rest(draft)
        self._add_skills(draft)
        self._finish(draft)

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

    def _section_of(self, act: Act, slots: int) -> int:
        """The section of an act, or `TOPIC`."""
        if act in TOPIC_ACTS:
            return TOPIC
        if act == Act.SKILL:
            return self._skill_section + slots
        return self.fixed[_ELSEWHERE.get(act, act)]

    def tables(self, key: int, weeks: range, drift: int) -> tuple[Places, Places]:
        """For each week, `SLOTS` subjects of each section and `SLOTS` domains, repeated by frequency."""
        count = len(self.subject_sections)
        favour = (bits.words(key, np.arange(count)) >> np.uint64(61)).astype(np.int64)
        weights = self._weights * _FAVOURS[self._favours, favour] * _drift(key + 1, weeks, count, drift)
        domains = len(self.domains)
        own = 256 + (bits.words(key + 2, np.arange(domains)) >> np.uint64(54)).astype(np.int64)
        sizes = (
            self._domain_sizes * own * _drift(key + 3, weeks, domains, drift // _DOMAIN_DRIFT, _DOMAIN_WEEKS)
        )
        if len(columns := self._seasons.columns):
            weights[:, columns] = weights[:, columns] * self._seasons.factors(weeks) >> 10
        chosen = _slots(np.maximum(weights, 1), self._edges)  # a section may hold only what is rare now
        every = np.zeros((len(weeks), self.sections, SLOTS), chosen.dtype)
        every[:, self._filled] = chosen
        return every, _slots(sizes, np.array([0, domains]))[:, 0]

    def begins(self, key: int) -> Ints:
        """`first` for one bot: each bot has its own most frequent wordings of a pair."""
        begin = self.first.copy()
        pairs = slice(self._pairs)
        for form in _TURNED:
            own = bits.words(key + form, np.arange(self._pairs))
            begin[form, pairs] += bits.below(own, self.count[form, pairs])
        return begin

    def subject(self, question: str, number: int) -> int:
        """The subject of the pair with that standard question; if there is none, that of a pair chosen by
        *number*, which is in season all year.
        """
        if (found := self._subjects.get(question)) is not None:
            return found
        return int(self._lasting[number % len(self._lasting)]) if len(self._lasting) else 0

    @cached_property
    def _subjects(self) -> dict[str, int]:
        """The subject of each pair, by its standard question."""
        pairs = [self.utterances[item].pair for item in self.items[self.first[0, : self._pairs]].tolist()]
        return {pair.question: place for place, pair in reversed([*enumerate(pairs)]) if pair}

    @cached_property
    def _lasting(self) -> Ints:
        """The subjects of pairs that are in season all year."""
        lasts = np.ones(len(self.subject_sections), bool)
        lasts[self._seasons.columns] = False
        return np.flatnonzero(lasts[: self._pairs])

    def _add_pairs(self, draft: _Draft) -> None:
        for section, domain in enumerate(self.domains):
            pairs = [pair for pair in self._knowledge.pairs if pair.domain == domain]
            for rank, pair in enumerate(pairs):
                draft.add(section, 40_000 // (rank + 5), *self._forms_of(draft, pair))
            if not pairs:
                draft.add(
                    section, 1, *([Utterance("", outcome)] for outcome in ("direct", "recommend", "notmatch"))
                )

    def _forms_of(self, draft: _Draft, pair: Pair) -> Iterator[list[Utterance]]:
        """The wordings of a pair: in full, as a keyword, and in vague words that the bot does not match."""
        texts = (pair.question, *pair.variants)
        hits = [replace(self._said(text, "direct"), pair=pair, domain=pair.domain) for text in texts]
        yield hits
        texts = tuple(hit.bare for hit in hits)
        known = dict.fromkeys(word for text in texts for word in self._known(text) if word != text)
        things = [word for word in known if is_thing(word)] or known
        words = sorted(things, key=len, reverse=True)[:3] or [
            pair.question[: max(1, len(pair.question) // 2)]
        ]
        hints = [Utterance(word, "recommend", pair, pair.domain) for word in words for _ in range(8)]
        cut = [Utterance(text[:-1], "recommend", pair, pair.domain) for text in texts[1:2] if len(text) > 1]
        yield hints + cut
        missed = vague_questions(pair, words, self._knowledge.vague, len(draft.sections), self._known)
        vague = [Utterance(text, "notmatch") for text in missed] or [Utterance(pair.question[:1], "notmatch")]
        yield vague
        yield from ([], [])
        after = self._after.get(pair.domain) or self._after[None]
        begin = 3 * len(draft.sections) % len(after)  # another order for each pair
        yield after[begin:] + after[:begin]
        for said in (*hits, *hints, *cut, *vague):
            draft.failing[said] = Utterance(pair.question, "notmatch", failed=True, failure=FAILURES[0])

    def _remarks_after(self, draft: _Draft) -> dict[str | None, list[Utterance]]:
        """What users say after questions of each domain, and after other questions."""
        knowledge = self._knowledge
        texts = [(None, knowledge.fragments or ("",)), *knowledge.follow_ups.items()]
        found = {domain: [Utterance(one, "notmatch") for one in some] for domain, some in texts}
        for said in (one for some in found.values() for one in some):
            draft.failing[said] = replace(said, failed=True, failure=FAILURES[0])
        return found

    def _add_rest(self, draft: _Draft) -> None:
        """Add questions without a match, invalid questions and small talk."""
        knowledge = self._knowledge
        for rank, text in enumerate(knowledge.unmatched or ("",)):
            plain = self._said(text, "notmatch")
            again = [
                [replace(plain, template=wrap.replace("{question}", text)) for wrap in wraps]
                for wraps in _insisting(_fitting(text, knowledge.rephrasings), rank)
            ]
            forms = ([plain], [plain], [plain], *again, self._after[None])
            draft.add(self.fixed[Act.FOREIGN], 40_000 // (rank + 60), *forms)
            fails = replace(plain, failed=True, failure=FAILURES[0])
            draft.failing.update(dict.fromkeys((plain, *again[0], *again[-1]), fails))
        for act, texts in ((Act.OUTAGE, knowledge.outages), (Act.RECOVERY, knowledge.recoveries)):
            for rank, text in enumerate(texts or ("",)):
                said = Utterance(text, "notmatch")
                draft.add(self.fixed[act], 1000 // (rank + 6), [said])
                draft.failing[said] = replace(said, failed=True, failure=FAILURES[0])
        for rank, text in enumerate(knowledge.invalid or ("",)):
            draft.add(self.fixed[Act.INVALID], 1000 // (rank + 8), [Utterance(text, "invalid")])
        for act in _TALK:
            for rank, remark in enumerate(_remarks(knowledge, act)):
                spoken = [Utterance(text, "chat") for text in (remark.question, *remark.variants)]
                repeated = [one for place, one in enumerate(spoken) for _ in range(12 // (place + 1) or 1)]
                draft.add(self.fixed[act], 1000 // (rank + 1) ** 2, repeated)

    def _add_skills(self, draft: _Draft) -> None:
        """Add the first questions of skills by the slots that they leave open, and words for each slot."""
        for skill in self._knowledge.skills:
            for rank, text in enumerate(skill.utterances):
                open_slots = _open_slots(skill, text)[:MAX_SLOTS]
                start = Utterance(text, "dialog")
                draft.add(self._skill_section + len(open_slots), 1000 // (rank + 3), [start])
                draft.failing[start] = replace(start, failed=True, failure=FAILURES[0])
                for place, words in enumerate(open_slots, 1):
                    said = [self._said(word, "dialog") for word in words]
                    self._slot_words[text, place] = said
                    draft.utterances.update(dict.fromkeys(said))
        if not any(section >= self._skill_section for section in draft.sections):
            draft.add(self._skill_section, 1, [Utterance("", "dialog")])

    def _said(self, text: str, outcome: Outcome) -> Utterance:
        """An utterance in whose gaps users name persons and numbers."""
        return Utterance(
            text, outcome, has_gaps=has_gaps(text, default_words.GAPS | self._knowledge.names.keys())
        )

    def _finish(self, draft: _Draft) -> None:
        order = np.argsort(draft.sections, kind="stable")
        self.subject_sections = np.array(draft.sections, np.int64)[order]
        self._weights = np.array(draft.weights, np.int64)[order]
        spans = np.array(draft.spans, np.int64)[order]
        texts = [draft.items[draft.spans[place][0][0]].template for place in order.tolist()]
        self._seasons = seasons.of(texts, self._knowledge.seasons)
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
        self._domain_sizes = (high - low)[: len(self.domains)]
        talk = [self.fixed[act] for act in _TALK]
        self._favours = np.where(np.isin(self.subject_sections, talk), 0, 1)
        self._favours[self.subject_sections == self.fixed[Act.FOREIGN]] = 2
        failing = list(dict.fromkeys(draft.failing.values()))
        said = [*draft.utterances, *(replace(one, failure=kind) for one in failing for kind in FAILURES)]
        self.utterances = list(dict.fromkeys(said))
        number = {one: place for place, one in enumerate(self.utterances)}
        self.items = np.array([number[one] for one in draft.items], np.int32)
        self.failing = np.full(len(self.utterances), -1, np.int32)
        for one, other in draft.failing.items():
            self.failing[number[one]] = number[other]
        self.outages, self.recoveries = (
            np.array(
                [
                    number[Utterance(text, "notmatch")]
                    for place, text in enumerate(texts or ("",))
                    for _ in range(6 // (place + 1) + 1)
                ],
                np.int32,
            )
            for texts in (self._knowledge.outages, self._knowledge.recoveries)
        )
        """The remarks in and after incidents, repeated by frequency."""
        self._fill_slots(number)
        self._time_greetings(number)
        self._measure()

    def _fill_slots(self, number: dict[Utterance, int]) -> None:
        """Store the place of the words for each slot of each first question of a skill."""
        self.slot_first = np.zeros((MAX_SLOTS + 1, len(self.utterances)), np.int64)
        self.slot_count = np.ones((MAX_SLOTS + 1, len(self.utterances)), np.int64)
        words = [*self.items.tolist()]
        for (text, place), said in self._slot_words.items():
            start = number[Utterance(text, "dialog")]
            self.slot_first[place, start], self.slot_count[place, start] = len(words), len(said)
            words += [number[one] for one in said]
        self.items = np.array(words, np.int32)

    def _time_greetings(self, number: dict[Utterance, int]) -> None:
        """Store what users say in each local hour (rows) instead of each utterance: a greeting that fits."""
        remarks = _remarks(self._knowledge, Act.GREETING)
        texts = [text for remark in remarks for text in (remark.question, *remark.variants)]
        at = {number[Utterance(text, "chat")]: hours_of(text) for text in texts}
        self.timely = np.tile(np.arange(len(self.utterances), dtype=np.int32), (24, 1))
        for hour in range(24):
            fitting = [one for one, hours in at.items() if hours and hour in hours]
            fitting = fitting or [one for one, hours in at.items() if not hours]
            for place, one in enumerate(one for one, hours in at.items() if hours and hour not in hours):
                self.timely[hour, one] = fitting[place % len(fitting)] if fitting else one

    def _measure(self) -> None:
        """Compute the time to type each question, to read its answer, and the effort to write the answer."""
        replies = self._replies()
        asked = np.array([_size(one.template) for one in self.utterances], np.int64)
        answered = np.array([_size(replies.get(one, "")) or 16 for one in self.utterances], np.int64)
        self.typing_ms = _MS_A_CHARACTER_TYPED * asked
        self.reading_ms = _MS_TO_START + _MS_A_CHARACTER_READ * np.minimum(answered, _MAX_READ)
        effort = 60 + answered + 2 * asked
        usual = max(1, int(effort.sum()) // len(effort))
        self.effort = np.clip(effort * 1024 // usual, 640, 1900)

    def _replies(self) -> dict[Utterance, str]:
        """The answer to each utterance that is a pair or small talk."""
        found: dict[Utterance, str] = {}
        for one in self.utterances:
            if one.pair:
                found[one] = one.pair.answer if one.outcome == "direct" else one.pair.question * 3
        for remark in self._knowledge.small_talk:
            for text in (remark.question, *remark.variants):
                found[Utterance(text, "chat")] = remark.answer
        return found


def _fitting(text: str, rephrasings: Sequence[str]) -> Sequence[str]:
    """The *rephrasings* that fit *text*: its language, one line, and whether it asks."""
    if "\n" in text or any(CHINESE.search(one) for one in rephrasings) > bool(CHINESE.search(text)):
        return ()
    return rephrasings if asks(text) else [one for one in rephrasings if not _ASKS.search(one)]


def _insisting(rephrasings: Sequence[str], place: int) -> tuple[list[str], list[str]]:
    """The rephrasings of a question, different ones at each *place*, for its second and its third time."""
    rephrasings = rephrasings or ("{question}",)
    count = min(len(rephrasings), 2 * _INSISTING)
    chosen = [rephrasings[(place * 3 + number) % len(rephrasings)] for number in range(count)]
    return chosen[: (count + 1) // 2], chosen[count // 2 :]


def _size(text: str) -> int:
    """The length of a text in Chinese characters, which have three bytes; three letters count as one."""
    return len(text.encode()) // 3


def _remarks(knowledge: KnowledgeBase, act: Act) -> tuple[SmallTalk, ...]:
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


def _drift(key: int, weeks: range, count: int, percent: int, once: int = _WEEKS) -> Ints:
    """The relative frequency of each of *count* subjects (columns) in each week (rows); 1024 is usual.

    It changes direction *once* in so many weeks.
    """
    knots = range(weeks.start // once, (weeks.stop - 1) // once + 2)
    heights = bits.signed(bits.words(key, np.array(knots)[:, None] * 4096 + np.arange(count)))
    week = np.array(weeks)[:, None]
    low, part = week // once - knots.start, week % once
    low = low[:, 0]
    height = (heights[low] * (once - part) + heights[low + 1] * part) // once
    drifted: Ints = np.maximum(64, 1024 + height * percent // 50)
    return drifted


def _slots(weights: Ints, edges: Ints) -> Places:
    """For each row and section, `SLOTS` numbers of columns, each repeated in proportion to its weight.

    Sections are the columns from each of *edges* to the next.
    """
    running = np.zeros((len(weights), weights.shape[1] + 1), np.int64)
    np.cumsum(weights, axis=1, out=running[:, 1:])
    before, widths = running[:, edges], np.diff(edges)
    share = (running[:, 1:] - np.repeat(before[:, :-1], widths, axis=1)) * SLOTS
    share //= np.repeat(np.diff(before), widths, axis=1)
    share += np.repeat(SLOTS * np.arange(len(widths)), widths)
    counts = np.diff(share, axis=1, prepend=0)
    small = np.min_scalar_type(-weights.shape[1])
    columns = np.tile(np.arange(weights.shape[1], dtype=small), len(weights))
    return np.repeat(columns, counts.ravel()).reshape(len(weights), len(widths), SLOTS)
