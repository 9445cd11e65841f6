"""The schema of datasets, which checks their YAML."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar, overload

from marshmallow import Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from mockcbs.core.bounds import Entries, Items
from mockcbs.core.fields import Field
from mockcbs.core.files import (
    Instant,
    StrictSchema,
    Text,
    is_shipped,
    locate,
    number,
    one_of,
    read,
    read_text,
    shipped,
    text,
)
from mockcbs.core.numbers import compact
from mockcbs.core.spelling import meant
from mockcbs.datasets.errors import DatasetError
from mockcbs.datasets.knowledge_schema import KnowledgeSchema, refuse_repeated, tuples
from mockcbs.datasets.profile import ProfileSchema, Zone
from mockcbs.datasets.shipped_knowledge import knowledge_of
from mockcbs.traffic.bots import ANY, Bot, Card, ClientTool, Profile, StatedSession, StatedTurn
from mockcbs.traffic.ids import accepted, form_of
from mockcbs.traffic.knowledge import (
    KnowledgeBase,
    Pair,
    Utterance,
)
from mockcbs.traffic.turns import OUTCOMES

_KNOWLEDGE = "knowledge"
_TRADES = ("office", "office", "office", "shop", "shop", "campus", "clinic")
"""The shipped knowledge bases from which bots draw their trade, each entry equally likely."""

_reading = Lock()
"""Held while a trade is read, so that all bots of a trade share one knowledge base."""

Section = type[Schema] | Callable[[], Field[Any]]
"""The schema of a service's key, or a function that returns its field."""

OF_BOT = "bot."
"""The prefix of keys that belong to each bot, not to the dataset, such as ``bot.report``."""

Sections = tuple[tuple[str, Section], ...]
"""The keys that services add to a dataset, each with its schema."""


class TrafficSchema(StrictSchema):
    """How much generated traffic a bot has."""

    sessions_per_day = number(0, 1_000_000)
    users = number(1, 10_000_000)
    outcomes = Entries(keys=one_of(*OUTCOMES), values=number(0, 1_000_000))
    anonymous_percent = number(0, 100)
    weekend_percent = number(0, 1_000)
    time_zone = Zone(attribute="utc_offset")
    retention_days = number(0, 36_500, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def _something_happens(self, data: dict[str, Any], **_: Any) -> None:
        if "outcomes" in data and not sum(data["outcomes"].values()):
            raise ValidationError("at least one outcome needs a weight above 0", "outcomes")


_SECONDS = range(10**9, 10**10)
"""Numbers of ten digits: read as milliseconds they lie early in 1970, read as seconds after 2001."""


def _in_milliseconds(at: int) -> None:
    """Refuse a time in seconds."""
    if at in _SECONDS:
        raise ValidationError(f"{at} has the digits of seconds; write milliseconds: {at}000")


class TurnSchema(StrictSchema):
    """One stated turn."""

    at = Instant(required=True, validate=_in_milliseconds)
    outcome = one_of(*OUTCOMES, load_default="direct")
    question = text(512, load_default="")
    pair = text(512, load_default="")
    domain = text(64, load_default=None, allow_none=True)
    user = text(256)
    latency_ms = number(0, 86_400_000, load_default=0)
    status = one_of("success", "failed", "running", load_default="success")


class SessionSchema(StrictSchema):
    """One stated session."""

    id = text(64, least=1)
    user = text(256, load_default="")
    turns = Items(
        fields.Nested(TurnSchema),
        required=True,
        validate=validate.Length(min=1, error="a session needs at least one turn"),
    )


class ClientToolSchema(StrictSchema):
    """A plugin that the client of a bot runs."""

    name = text(64, least=1, required=True)
    arguments = Entries(keys=text(64), load_default=dict)
    when = text(512, load_default="")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> ClientTool:
        return ClientTool(data["name"], compact(data["arguments"]), data["when"])


class CardSchema(StrictSchema):
    """The properties of a bot or a workflow that do not belong to its traffic."""

    kind = one_of("bot", "workflow", "chatflow")
    description = text(500)
    published = fields.Boolean()
    owned = fields.Boolean()
    greeting = text(512)
    suggested = Items(text(512))
    output = Entries(keys=text(64))
    question = text(512)
    tools = Items(fields.Nested(ClientToolSchema))

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Card:
        return Card(**tuples(data))


def _check_bot_id(bot_id: str) -> None:
    if bot_id != ANY and form_of(bot_id) is None:
        raise ValidationError(f"{bot_id!r} is not {accepted()}, or '*'")


class BotSchema(StrictSchema):
    """One bot."""

    MORE: ClassVar[tuple[str, ...]] = ()
    """The keys of a bot that other parts of mockcbs read."""

    id = Text(required=True, validate=_check_bot_id)
    name = text(64, load_default="")
    traffic = fields.Nested(TrafficSchema, load_default=None, allow_none=True)
    profile = fields.Nested(ProfileSchema, load_default=None, allow_none=True)
    sessions = Items(fields.Nested(SessionSchema), load_default=[])
    card = fields.Nested(CardSchema, load_default=Card())
    knowledge = fields.Raw(load_default=None)

    @post_load
    def _gather(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "more": {name: data.pop(name) for name in self.MORE if name in data}}

    @pre_load
    def _lower_id(self, data: Any, **_: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("id"), str):
            return {**data, "id": data["id"].lower()}
        return data

    @validates_schema(skip_on_field_errors=True)
    def _sessions_differ(self, data: dict[str, Any], **_: Any) -> None:
        refuse_repeated("sessions", [session["id"] for session in data["sessions"] if "id" in session])


class DatasetSchema(StrictSchema):
    """A whole dataset file."""

    SECTIONS: ClassVar[tuple[str, ...]] = ()
    """The keys that services add."""
    OWN_FILES: ClassVar[bool] = True
    """Whether the knowledge base may be a file of the user."""

    description = text(512, load_default="")
    now = Instant()
    default_start = one_of("epoch", "week")
    knowledge = fields.Raw(load_default=None)
    bots = Items(fields.Nested(BotSchema), required=True)

    @validates_schema(skip_on_field_errors=True)
    def _bots_differ(self, data: dict[str, Any], **_: Any) -> None:
        refuse_repeated("bots", [bot["id"] for bot in data["bots"]])

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        stated = data["knowledge"]
        knowledge = _knowledge("office" if stated is None else stated, own_files=self.OWN_FILES)
        bots = {bot["id"]: _bot(bot, knowledge, own_files=self.OWN_FILES) for bot in data["bots"]}
        trades = _Trades() if stated is None and any(map(_has_trade, bots.values())) else ()
        services = {name: data.pop(name) for name in self.SECTIONS if name in data}
        return {**data, "knowledge": knowledge, "bots": bots, "trades": trades, "services": services}


def dataset_schema(sections: Sections, *, own_files: bool = True) -> DatasetSchema:
    """The schema of a dataset with the keys that services add.

    Without *own_files* the dataset can name only shipped knowledge bases.
    """
    nested = {
        name: fields.Nested(section) if isinstance(section, type) else section() for name, section in sections
    }
    of_bots = {name.removeprefix(OF_BOT): nested.pop(name) for name in [*nested] if name.startswith(OF_BOT)}
    bot = type("BotSchema", (BotSchema,), {**of_bots, "MORE": (*of_bots,)})
    bots = Items(fields.Nested(bot), required=True)
    members = {**nested, "SECTIONS": (*nested,), "OWN_FILES": own_files, "bots": bots}
    made: type[DatasetSchema] = type("DatasetSchema", (DatasetSchema,), members)
    return made()


def _knowledge(name_or_content: Any, *, own_files: bool) -> KnowledgeBase:
    if isinstance(name_or_content, str):
        if not own_files and name_or_content not in (names := shipped(_KNOWLEDGE)):
            accepted = f"name one of {', '.join(names)}, or give its content{meant(name_or_content, names)}"
            raise ValidationError(f"no knowledge base {name_or_content!r}: {accepted}", "knowledge")
        try:
            path = locate(_KNOWLEDGE, name_or_content, DatasetError)
            return _shipped(path) if is_shipped(_KNOWLEDGE, path) else _read(path)
        except DatasetError as error:
            raise ValidationError(str(error), "knowledge") from error
    try:
        return KnowledgeSchema().load(name_or_content)  # type: ignore[no-any-return]
    except ValidationError as error:
        raise ValidationError({"knowledge": error.messages}) from error


def _read(path: Path) -> KnowledgeBase:
    knowledge: KnowledgeBase = read(path, KnowledgeSchema(), DatasetError)
    return knowledge


@cache
def _shipped(path: Path) -> KnowledgeBase:
    """Read a shipped knowledge base; all datasets share the result."""
    return knowledge_of(read_text(path))


class _Trades(Sequence[KnowledgeBase]):
    """The knowledge bases of the trades, the more frequent ones repeatedly; each is read when it is used."""

    def __len__(self) -> int:
        return len(_TRADES)

    @overload
    def __getitem__(self, place: int) -> KnowledgeBase: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[KnowledgeBase]: ...

    def __getitem__(self, place: int | slice) -> KnowledgeBase | Sequence[KnowledgeBase]:
        if isinstance(place, slice):
            return [self[one] for one in range(len(self))[place]]
        with _reading:
            return _knowledge(_TRADES[place], own_files=False)


def _has_trade(bot: Bot) -> bool:
    """Whether the trade of a bot without a stated knowledge base may be another than `office`."""
    if bot.profile is None or bot.knowledge:
        return False
    return bot.profile.character in {"shop", "student"} or (
        bot.id == ANY and bot.profile.character != "office"
    )


def _bot(data: dict[str, Any], knowledge: KnowledgeBase, *, own_files: bool) -> Bot:
    stated = data["knowledge"]
    own = None if stated is None else _knowledge(stated, own_files=own_files)
    knowledge = own or knowledge
    sessions = tuple(
        StatedSession(
            session.get("id", f"session-{number:06d}"),
            tuple(_turn(turn, session["user"], knowledge) for turn in session["turns"]),
        )
        for number, session in enumerate(data["sessions"])
    )
    return Bot(data["id"], data["name"], _profile(data), sessions, data["card"], own, data["more"])


def _profile(bot: dict[str, Any]) -> Profile | None:
    """How much traffic a bot has, and how it behaves; `None` if neither is stated."""
    if bot["traffic"] is None and bot["profile"] is None:
        return None
    stated = {**(bot["traffic"] or {}), **(bot["profile"] or {})}
    if bot["card"].kind != "bot":
        stated.setdefault("engine", "workflow")
    return Profile(**stated)


def _turn(turn: dict[str, Any], user: str, knowledge: KnowledgeBase) -> StatedTurn:
    pair = None
    if turn["outcome"] in {"direct", "recommend"} and (hit := turn["pair"] or turn["question"]):
        pair = knowledge.by_question.get(hit) or Pair(hit, turn["domain"])
    said = Utterance(
        turn["question"],
        turn["outcome"],
        pair,
        turn["domain"] or (pair.domain if pair else None),
        failed=turn["status"] == "failed",
        unfinished=turn["status"] == "running",
    )
    return StatedTurn(turn["at"], said, turn.get("user", user) or None, turn["latency_ms"])
