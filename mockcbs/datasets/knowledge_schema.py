"""The schemas of knowledge bases: pairs, small talk, skills, and the sources of other answers."""

import re
from itertools import pairwise
from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema

from mockcbs.core.bounds import Entries, Items
from mockcbs.core.fields import Field, List
from mockcbs.core.files import StrictSchema, number, one_of, text
from mockcbs.traffic.amounts.characters import CHARACTERS
from mockcbs.traffic.knowledge import (
    OCCASIONS,
    Document,
    Fact,
    KnowledgeBase,
    Pair,
    Skill,
    Slot,
    SlotValue,
    SmallTalk,
    Spans,
    Table,
)
from mockcbs.traffic.words.rhythms import hours_of

_DATE = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_SPAN = re.compile(f"{_DATE}(?:-{_DATE}){{1,2}}")


def _texts(most: int = 512) -> List[str]:
    return Items(text(most), load_default=[])


def _is_kind(name: str) -> None:
    if not re.fullmatch("[a-z_]{1,16}", name):
        raise ValidationError(f"{name!r} is not the name of a gap: up to 16 small letters")


def tuples(data: dict[str, Any]) -> dict[str, Any]:
    """Return *data* with each list replaced by a tuple."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}


def refuse_repeated(key: str, values: list[str]) -> None:
    """Raise `ValidationError` for the first value of *values* that is given twice."""
    ordered = sorted((value, place) for place, value in enumerate(values))
    for (value, _), (again, place) in pairwise(ordered):
        if value == again:
            raise ValidationError({key: {place: [f"{value!r} occurs twice"]}})


class PairSchema(StrictSchema):
    """One question-answer pair."""

    id = text(64, load_default="")
    question = text(512, required=True)
    domain = text(64, load_default=None)
    variants = _texts()
    answer = text(20_000, load_default="")
    labels = _texts(64)
    formerly = text(512, load_default=None)
    deleted = fields.Boolean(load_default=False)
    weight = number(1, 1_000, load_default=100)
    about = text(64, load_default="")
    errors = _texts(64)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Pair:
        return Pair(**tuples(data))


class SmallTalkSchema(StrictSchema):
    """One remark of small talk."""

    question = text(512, required=True)
    variants = _texts()
    answer = text(20_000, load_default="")
    when = one_of(*OCCASIONS, load_default="idle")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> SmallTalk:
        return SmallTalk(**tuples(data))


class SlotSchema(StrictSchema):
    """One slot of a skill; *values* maps each value to its synonyms; without any, users say *examples*."""

    name = text(64, least=1, required=True)
    ask = text(512, required=True)
    values = Entries(keys=text(64, least=1), values=_texts(64), load_default={})
    examples = _texts(64)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Slot:
        values = tuple(SlotValue(word, tuple(variants)) for word, variants in data["values"].items())
        return Slot(data["name"], data["ask"], values, tuple(data["examples"]))


class SkillSchema(StrictSchema):
    """One skill."""

    name = text(64, required=True)
    utterances = _texts()
    intention = text(64, load_default="")
    slots = Items(fields.Nested(SlotSchema), load_default=[])
    replies = _texts(20_000)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Skill:
        return Skill(**tuples(data))


class FactSchema(StrictSchema):
    """One value of the knowledge graph."""

    entity = text(64, least=1, required=True)
    attribute = text(64, least=1, required=True)
    value = text(20_000, required=True)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Fact:
        return Fact(**data)


class TableSchema(StrictSchema):
    """One table; the first column names the entity of each row."""

    id = text(64, least=1, required=True)
    columns = _texts(64)
    rows = Items(_texts(), load_default=[])

    @validates_schema(skip_on_field_errors=True)
    def _rows_fit(self, data: dict[str, Any], **_: Any) -> None:
        for place, row in enumerate(data["rows"]):
            if not row or len(row) != len(data["columns"]):
                reason = f"has {len(row)} values for {len(data['columns'])} columns"
                raise ValidationError({"rows": {place: [reason]}})

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Table:
        return Table(data["id"], tuple(data["columns"]), tuple(map(tuple, data["rows"])))


class DocumentSchema(StrictSchema):
    """One text that can contain answers."""

    id = text(64, least=1, required=True)
    title = text(512, load_default="")
    paragraphs = _texts(20_000)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Document:
        return Document(**tuples(data))


def spans(value: object) -> Spans:
    """The spans of the year in a text such as ``1012-1114 0501-0503-0509``; other words are left out."""
    found = (one for one in str(value).split() if _SPAN.fullmatch(one))
    return tuple(tuple(map(int, one.split("-"))) for one in found)


class Season(Field[Spans]):
    """Spans of every year, such as ``1012-1114`` or ``1015-1111-1121``, separated by blanks."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        del attr, data, kwargs
        found = spans(value)
        if len(found) != len(str(value).split()) or not found:
            raise ValidationError(
                f"{value!r} is not a span of the year such as '1012-1114'; quote it in YAML"
            )
        return found


class BusyHours(Field[tuple[int, ...]]):
    """Hours of the week, such as ``mon:8-11 19-23``, separated by blanks."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        del attr, data, kwargs
        try:
            return hours_of(str(value))
        except ValueError as error:
            raise ValidationError(f"{error}; quote it in YAML") from error


class KnowledgeSchema(StrictSchema):
    """A knowledge base, in a file or inside a dataset."""

    description = text(512, load_default="")
    greeting = text(512, load_default=KnowledgeBase.greeting)
    characters = Items(one_of(*CHARACTERS), load_default=[])
    pairs = Items(fields.Nested(PairSchema), load_default=[])
    small_talk = Items(fields.Nested(SmallTalkSchema), load_default=[])
    skills = Items(fields.Nested(SkillSchema), load_default=[])
    invalid = _texts()
    unmatched = _texts()
    rephrasings = Items(text(512), load_default=[*KnowledgeBase.rephrasings])
    fragments = Items(text(512), load_default=[*KnowledgeBase.fragments])
    denials = Items(text(512), load_default=[*KnowledgeBase.denials])
    outages = Items(text(512), load_default=[*KnowledgeBase.outages])
    recoveries = Items(text(512), load_default=[*KnowledgeBase.recoveries])
    follow_ups = Entries(keys=text(64), values=_texts(), load_default={})
    in_full = Entries(keys=text(64), values=Entries(keys=text(512), values=_texts()), load_default={})
    logs = Entries(keys=text(64, least=1), values=Items(text(256)), load_default={})
    circumstances = Entries(keys=text(64), values=_texts(), load_default={})
    details = Entries(keys=text(64), values=Items(text(64)), load_default={})
    vague = Items(text(512), load_default=[*KnowledgeBase.vague])
    keywords = _texts(64)
    names = Entries(keys=fields.String(validate=_is_kind), values=Items(text(128, least=1)), load_default={})
    parts = Entries(keys=fields.String(validate=_is_kind), values=Items(text(128)), load_default={})
    scraps = Entries(keys=text(64, least=1), values=_texts(), load_default={})
    domain_ids = Entries(keys=text(64), values=text(64), load_default={})
    seasons = Entries(keys=text(64, least=1), values=Season(), load_default={})
    on_site = _texts(64)
    busy_hours = Entries(keys=text(64, least=1), values=BusyHours(), load_default={})
    facts = Items(fields.Nested(FactSchema), load_default=[])
    tables = Items(fields.Nested(TableSchema), load_default=[])
    documents = Items(fields.Nested(DocumentSchema), load_default=[])

    @validates_schema(skip_on_field_errors=True)
    def _questions_differ(self, data: dict[str, Any], **_: Any) -> None:
        refuse_repeated("pairs", [pair.question for pair in data["pairs"]])

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> KnowledgeBase:
        del data["description"]
        for key in ("names", "parts", "follow_ups", "circumstances", "details", "logs"):
            data[key] = {kind: tuple(words) for kind, words in data[key].items() if words}
        data["in_full"] = {
            key: {remark: tuple(full) for remark, full in said.items()}
            for key, said in data["in_full"].items()
        }
        data["scraps"] = {said: tuple(next_) for said, next_ in data["scraps"].items()}
        return KnowledgeBase(**tuples(data))
