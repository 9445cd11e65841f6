"""The knowledge base of a bot: question-answer pairs, small talk, skills, and questions of its users."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple, TypeVar, get_args

from mockcbs.traffic import default_words
from mockcbs.traffic.gaps import gaps_of, without_gaps
from mockcbs.traffic.turns import Outcome

Failure = Literal["internal", "timeout", "throttled", "too_long", "refused", "unanswerable"]
FAILURES: tuple[Failure, ...] = get_args(Failure)
"""The reasons of a failed answer; each service has its own codes for them."""

_T = TypeVar("_T")

_STORY_PARTS = 3
"""The minimum number of kinds of parts in a long story."""

Occasion = Literal["idle", "greeting", "thanks", "complaint", "human"]
OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)
"""When users make a remark of small talk: at any time, at the begin, when they are satisfied, after a wrong
answer, or to request a human."""

Spans = tuple[tuple[int, ...], ...]
"""Spans of every year, in numbers of four digits such as 1111 for 11 November: the first and the last day of
high interest, or the first day of interest, the day of its peak and the last day.
"""


def uuid_from(text: str) -> str:
    """A dashed UUID (version 4) that depends only on *text*."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
    variant = "89ab"[int(digest[16], 16) & 3]
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"


@lru_cache(10_000)
def derived_id(kind: str, text: str) -> str:
    """An id for an entry without one, derived from its text; the same text always gives the same id."""
    return uuid_from(f"{kind}/{text}")


@dataclass(frozen=True)
class Pair:
    """A question-answer pair (问答对), and how it has changed since questions were logged."""

    question: str
    domain: str | None = None
    variants: tuple[str, ...] = ()
    answer: str = ""
    labels: tuple[str, ...] = ()
    id: str = ""
    formerly: str | None = None
    """The former wording of the standard question, if it was edited after the logged questions."""
    deleted: bool = False
    """Whether the pair was deleted after the logged questions."""
    weight: int = 100
    """How often users ask it, in percent of the usual at its place among the pairs of its category."""
    about: str = ""
    """What users call it who do not say what they want, such as 访客网络; by default one of its keywords."""
    errors: tuple[str, ...] = ()
    """The error codes that users state with it, without keywords."""

    def __hash__(self) -> int:
        """The hash of the standard question; that of all members would take long."""
        return hash(self.question)

    @property
    def pair_id(self) -> str:
        """``qa_pair_id``: the given id, or one derived from the standard question."""
        return self.id or derived_id("pair", self.question)


class SmallTalk(NamedTuple):
    """A remark of small talk, and the bot's reply."""

    question: str
    variants: tuple[str, ...] = ()
    answer: str = ""
    when: Occasion = "idle"


class SlotValue(NamedTuple):
    """A value of a slot, and other words for it."""

    word: str
    variants: tuple[str, ...] = ()


class Slot(NamedTuple):
    """A value that a skill needs before it can complete."""

    name: str
    ask: str
    """What the bot says to request the value."""
    values: tuple[SlotValue, ...] = ()
    """The values that the slot accepts; an empty tuple accepts any words."""
    examples: tuple[str, ...] = ()
    """What users say if it accepts any words."""


class Skill(NamedTuple):
    """A multi-round task, and the utterances that start it."""

    name: str
    utterances: tuple[str, ...] = ()
    intention: str = ""
    """Its name in the vendor's member ``intention``; if empty, `name` is used."""
    slots: tuple[Slot, ...] = ()
    replies: tuple[str, ...] = ()
    """What the bot says at the end; a slot's name in braces is replaced by its value."""

    @property
    def skill_id(self) -> str:
        """``skill_id``, derived from the name."""
        return derived_id("skill", self.name)


class Fact(NamedTuple):
    """One attribute of an entity: of the knowledge graph, or a cell of a table."""

    entity: str
    attribute: str
    value: str
    table_id: str = ""


class Table(NamedTuple):
    """A table; its first column names the entity of each row."""

    id: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def cells(self) -> Iterator[Fact]:
        """The values of all columns except the first."""
        for entity, *values in self.rows:
            for column, value in zip(self.columns[1:], values, strict=True):
                yield Fact(entity, column, value, self.id)


class Document(NamedTuple):
    """A text that can contain answers."""

    id: str
    title: str
    paragraphs: tuple[str, ...] = ()


class Utterance(NamedTuple):
    """A question and its outcome. A tuple, because thousands are made and hashed at the start."""

    template: str
    outcome: Outcome
    pair: Pair | None = None
    """The pair that was the answer or was recommended."""
    domain: str | None = None
    failed: bool = False
    """Whether the answer failed (an execution with status ``failed``)."""
    has_gaps: bool = False
    """Whether names fill the gaps of the template."""
    unfinished: bool = False
    """Whether there is no answer, because the execution is still running or was canceled."""
    failure: Failure | None = None
    """Why the answer failed; `None` if that is not known."""
    is_tapped: bool = False
    """Whether the user has tapped on a recommended question, and so wrote no words."""
    is_more: bool = False
    """Whether it says more about what was just answered, so that no greeting comes before it."""
    phrased: str = ""
    """The text in the words of one user; empty for the plain text."""

    def in_words(self, text: str) -> "Utterance":
        """The same with *text* as `phrased`."""
        return Utterance(*self[:-1], text)

    def failing(self, failure: Failure) -> "Utterance":
        """The same text, whose answer failed: only the start of a skill is then logged with a match."""
        outcome: Outcome = "dialog" if self.outcome == "dialog" else "notmatch"
        return Utterance(
            self.template,
            outcome,
            failed=True,
            has_gaps=self.has_gaps,
            failure=failure,
            is_tapped=self.is_tapped,
        )

    @property
    def question(self) -> str:
        """The text of the question, as the user phrased it."""
        return self.phrased or self.bare

    @property
    def bare(self) -> str:
        """The text without phrasing and names, in which keywords are found: names are not keywords."""
        return without_gaps(self.template) if self.has_gaps else self.template

    @property
    def status(self) -> Literal["running", "failed", "success"]:
        """The state of its answer."""
        if self.unfinished:
            return "running"
        return "failed" if self.failed else "success"


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer with all members, as an export shows it."""

    bot_id: str
    session_id: str
    user_id: str
    """Empty for an anonymous user."""
    at_ms: int
    """The time of the question, ms UTC."""
    said: Utterance
    latency_ms: int = 0

    @property
    def key(self) -> str:
        """Its bot, session and time, by which a journal entry names it."""
        return f"{self.bot_id}/{self.session_id}/{self.at_ms}"


@dataclass(frozen=True)
class KnowledgeBase:
    """Everything that one bot knows."""

    pairs: tuple[Pair, ...] = ()
    small_talk: tuple[SmallTalk, ...] = ()
    skills: tuple[Skill, ...] = ()
    invalid: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    rephrasings: tuple[str, ...] = default_words.REPHRASINGS
    """What users say after a question had no match; ``{question}`` is that question."""
    vague: tuple[str, ...] = default_words.VAGUE
    """Wordings of a pair's question that the bot does not match; ``{keyword}`` is a keyword of the pair."""
    fragments: tuple[str, ...] = default_words.FRAGMENTS
    """What users say after another question, and what makes sense only there; the bot does not match it."""
    denials: tuple[str, ...] = default_words.DENIALS
    """What users say after the answer to another question than they meant; the bot does not match it."""
    follow_ups: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """What users say after questions about pairs: by domain, or by words of the standard question."""
    in_full: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict, hash=False)
    """The same so that each of these remarks can stand alone: 费用怎么算 is 扩容一块云硬盘怎么收费. The bot
    answers such a sentence like a question about the pair.
    """
    logs: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """The lines of logs that users paste with a question that has a word, in their order."""
    circumstances: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """What users tell in one line with a question, such as 昨天在家还好好的, by domain or by words of the
    standard question.
    """
    details: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """What users add who say whose or which thing it is, such as 工号00######, by domain or by words of the
    standard question.
    """
    outages: tuple[str, ...] = default_words.OUTAGES
    """What users say when the bot is slow or fails, in incidents."""
    recoveries: tuple[str, ...] = default_words.RECOVERIES
    """What users say just after an incident; the first of them most often."""
    names: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """What fills the gaps of questions, by kind, instead of `default_words.NAMES` or beside them."""
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """Parts of long questions, which fill gaps like `names`; each user of each bot has another combination.
    Instead of `default_words.PARTS` or beside them.
    """
    scraps: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """Messages without words, such as ``[图片]``, which the bot does not match, each with what users say
    next; the first of them most often.
    """
    keywords: tuple[str, ...] = ()
    """Words that are always keywords; of overlapping ones, the longest wins."""
    domain_ids: dict[str, str] = field(default_factory=dict, hash=False)
    seasons: dict[str, Spans] = field(default_factory=dict, hash=False)
    """Words of which users speak only in these spans of the year; see `mockcbs.traffic.words.seasons`."""
    on_site: tuple[str, ...] = ()
    """Words for what users ask about only at work, such as 打印机: hardly at night and on days off."""
    busy_hours: dict[str, tuple[int, ...]] = field(default_factory=dict, hash=False)
    """The hours of the week, from Monday, 0:00, in which users ask more about a question category."""
    characters: tuple[str, ...] = ()
    """The characters that fit this knowledge: a bot without a stated character draws one of them; empty for
    all.
    """
    greeting: str = "HI,我是您配置的机器人,现在可以跟我说话啦。"
    """What the bot says at the start of a session."""
    facts: tuple[Fact, ...] = ()
    tables: tuple[Table, ...] = ()
    documents: tuple[Document, ...] = ()

    def domain_id(self, name: str) -> str:
        """The id of a question category: the given one, or one derived from its name."""
        return self.domain_ids.get(name) or derived_id("domain", name)

    def joined(self, other: "KnowledgeBase") -> "KnowledgeBase":
        """One with the entries of both: those of *other* come last, and its greeting and remarks stay."""
        return replace(
            other,
            pairs=(*self.pairs, *(pair for pair in other.pairs if pair.question not in self.by_question)),
            small_talk=(*self.small_talk, *other.small_talk),
            skills=tuple({skill.name: skill for skill in (*other.skills, *self.skills)}.values()),
            domain_ids=other.domain_ids | self.domain_ids,
            in_full=self.in_full | other.in_full,
            seasons=self.seasons | other.seasons,
            on_site=(*self.on_site, *other.on_site),
            busy_hours=self.busy_hours | other.busy_hours,
            facts=(*self.facts, *other.facts),
            tables=(*self.tables, *other.tables),
            documents=(*self.documents, *other.documents),
        )

    def stated_for(self, stated: Mapping[str, _T], pair: Pair) -> list[_T]:
        """What is *stated* for *pair*: by its domain, and by words of its question."""
        return [
            value
            for key, value in stated.items()
            if key == pair.domain or (key not in self._domains and key in pair.question)
        ]

    def said_in_full(self, pair: Pair) -> dict[str, tuple[str, ...]]:
        """What users say instead of each remark after *pair*, so that the bot understands it alone."""
        return {remark: full for said in self.stated_for(self.in_full, pair) for remark, full in said.items()}

    def is_story(self, template: str) -> bool:
        """Whether *template* is that of a long story, which consists of parts."""
        kinds = gaps_of(template) - default_words.DEEDS.keys()
        return sum(kind in self.parts or kind in default_words.PARTS for kind in kinds) >= _STORY_PARTS

    @cached_property
    def by_question(self) -> dict[str, Pair]:
        """The pairs, by each of their wordings."""
        return {text: pair for pair in self.pairs for text in _texts(pair)}

    @cached_property
    def _domains(self) -> frozenset[str | None]:
        return frozenset(pair.domain for pair in self.pairs)

    @cached_property
    def cells(self) -> tuple[Fact, ...]:
        """The values of all tables."""
        return tuple(cell for table in self.tables for cell in table.cells())

    @cached_property
    def lexicon(self) -> tuple[str, ...]:
        """All words that are keywords: the stated ones, and the values of slots."""
        values = (value for skill in self.skills for slot in skill.slots for value in slot.values)
        said = (word for value in values for word in (value.word, *value.variants) if len(word) > 1)
        return tuple(dict.fromkeys((*self.keywords, *said)))


def with_all_domains(bases: Sequence[KnowledgeBase]) -> KnowledgeBase:
    """The first of *bases*, with the ids of the question categories of all."""
    first, *others = bases
    stated = {name: one for base in others for name, one in base.domain_ids.items()}
    return replace(first, domain_ids=stated | first.domain_ids) if stated else first


def _texts(entry: Pair) -> tuple[str, ...]:
    return (entry.question, *entry.variants)
