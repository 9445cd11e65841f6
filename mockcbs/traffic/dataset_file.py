"""Reading and checking the YAML of datasets and knowledge bases."""

import difflib
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from mockcbs import clock
from mockcbs.traffic.bots import ANY, Bot, Card, Profile, StatedSession, StatedTurn
from mockcbs.traffic.dataset import DatasetError, shipped
from mockcbs.traffic.knowledge import KnowledgeBase, Pair, Skill, SmallTalk, Utterance
from mockcbs.traffic.periods import offset
from mockcbs.traffic.turns import OUTCOMES

_KINDS = {"datasets": "dataset", "knowledge": "knowledge base"}
_LARGEST_FILE = 32 * 2**20
_MOST_PROBLEMS = 3
_MOST_VALUES = 2_000_000
_LAST_INSTANT = clock.instant("2099-12-31T23:59:59.999Z")
_BOT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{16,20}|" + re.escape(ANY))


def locate(kind: str, name_or_file: str) -> Path:
    """The shipped file of that name, or the user's own file; raises `DatasetError`."""
    files = shipped(kind)
    if name_or_file in files:
        return files[name_or_file]
    path = Path(name_or_file)
    if path.is_file():
        return path
    if path.suffix or len(path.parts) > 1:
        raise DatasetError(f"{name_or_file}: no such file")
    near = difflib.get_close_matches(name_or_file, files, 1)
    meant = f"; did you mean {near[0]!r}?" if near else ""
    raise DatasetError(
        f"no {_KINDS[kind]} {name_or_file!r}: give a YAML file or one of {', '.join(files)}{meant}"
    )


def read(path: Path, schema: Schema) -> Any:
    """Load and check one file; raises `DatasetError` naming file, line, key and what is accepted."""
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise DatasetError(f"{path}: larger than {_LARGEST_FILE >> 20} MiB")
        text = path.read_text("utf-8")
        node = _compose(text)
        content = _Loader("").construct_document(node) if node else {}
        return schema.load(content)
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DatasetError(f"{path}: byte {error.start} is not UTF-8") from error
    except RecursionError:
        raise DatasetError(f"{path}: nested too deeply") from None
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise DatasetError(f"{path}{line}: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise DatasetError(f"{path}: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise DatasetError(f"{path}:{_problems(node, error)}") from error


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe YAML in which instants stay text, to be read as everywhere else in mockcbs."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own way
        first: [resolver for resolver in resolvers if resolver[0] != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _compose(text: str) -> yaml.Node | None:
    loader = _Loader(text)
    try:
        node: yaml.Node | None = loader.get_single_node()
    finally:
        loader.dispose()
    if node is not None:
        _check_node(node, {})
    return node


def _check_node(node: yaml.Node, sizes: dict[int, int]) -> int:
    """Refuse repeated keys, and aliases that unfold into more values than anyone writes."""
    if id(node) in sizes:
        return sizes[id(node)]
    sizes[id(node)] = _MOST_VALUES + 1  # what contains itself is too large
    children: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            if key.value in keys and isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem=f"{key.value!r} stands twice", problem_mark=key.start_mark)
            keys.add(str(key.value))
            children.append(value)
    elif isinstance(node, yaml.SequenceNode):
        children = node.value
    sizes[id(node)] = size = 1 + sum(_check_node(child, sizes) for child in children)
    if size > _MOST_VALUES:
        raise yaml.MarkedYAMLError(
            problem=f"more than {_MOST_VALUES} values, aliases counted in full", problem_mark=node.start_mark
        )
    return size


Keys = tuple[str | int, ...]


def _problems(node: yaml.Node | None, error: ValidationError) -> str:
    """What is wrong, in one line: misspelt keys first, then from the top of the file."""
    problems = sorted(
        (not message.startswith("unknown key"), _line(node, keys), f"{_dotted(keys)}{message}")
        for keys, message in _flat(error.messages)
    )
    shown = "; also line ".join(f"{line}: {text}" for _, line, text in problems[:_MOST_PROBLEMS])
    more = len(problems) - _MOST_PROBLEMS
    return f"{shown} (and {more} more)" if more > 0 else shown


def _flat(messages: Any, keys: Keys = ()) -> Iterator[tuple[Keys, str]]:
    """Marshmallow's nested messages as (where, what)."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _flat(inner, keys if key in {"_schema", "key", "value"} else (*keys, key))
    else:
        for message in messages:
            yield keys, str(message)


def _dotted(keys: Keys) -> str:
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).removeprefix(".")
    return f"{text}: " if text else ""


def _line(node: yaml.Node | None, keys: Keys) -> int:
    """The line of the innermost thing *keys* lead to, counted from 1."""
    line = 1
    for key in keys:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next(((name, value) for name, value in node.value if name.value == str(key)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            found = (node.value[key], node.value[key])
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line


class _StrictSchema(Schema):
    """Names the accepted keys when it meets another."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages = {
            **self.error_messages,
            "unknown": f"unknown key; accepted here: {', '.join(self.fields)}",
            "type": "must be a mapping of keys to values",
        }


class Instant(fields.Field[int]):
    """Epoch milliseconds or ISO 8601, as ms UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        del attr, data, kwargs
        try:
            at = clock.instant(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if not 0 <= at <= _LAST_INSTANT:
            raise ValidationError(f"{value!r} is not between 1970 and 2099")
        return at


class Zone(fields.Field[int]):
    """``UTC`` or an offset, as ms ahead of UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        del attr, data, kwargs
        try:
            return offset(str(value))
        except ValueError as error:
            raise ValidationError(f"{error}; quote an offset in YAML") from error


def _text(most: int, least: int = 0, **kwargs: Any) -> fields.String:
    length = validate.Length(least, most, error=f"must have {least} to {most} characters")
    return fields.String(
        validate=[length, _whole_characters], error_messages={"invalid": "not text; quote it"}, **kwargs
    )


def _whole_characters(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValidationError("holds half a character (a lone surrogate)") from error


def _texts(most: int = 512) -> fields.List[str]:
    return fields.List(_text(most), load_default=[])


def _number(low: int, high: int, **kwargs: Any) -> fields.Integer:
    bounds = validate.Range(low, high, error=f"{{input}} is not between {low} and {high}")
    return fields.Integer(
        strict=True,
        validate=bounds,
        error_messages={"invalid": f"{{input!r}} is not a whole number between {low} and {high}"},
        **kwargs,
    )


def _one_of(*accepted: str, **kwargs: Any) -> fields.String:
    choice = validate.OneOf(accepted, error="{input!r} is not one of {choices}")
    return fields.String(validate=choice, **kwargs)


class PairSchema(_StrictSchema):
    """One question-answer pair."""

    id = _text(64, load_default="")
    question = _text(512, required=True)
    domain = _text(64, load_default=None)
    variants = _texts()
    answer = _text(20_000, load_default="")
    labels = _texts(64)
    formerly = _text(512, load_default=None)
    deleted = fields.Boolean(load_default=False)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Pair:
        return Pair(**{**data, "variants": tuple(data["variants"]), "labels": tuple(data["labels"])})


class SmallTalkSchema(_StrictSchema):
    """One thing to chat about."""

    question = _text(512, required=True)
    variants = _texts()
    answer = _text(20_000, load_default="")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> SmallTalk:
        return SmallTalk(data["question"], tuple(data["variants"]), data["answer"])


class SkillSchema(_StrictSchema):
    """One skill."""

    name = _text(64, required=True)
    utterances = _texts()

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Skill:
        return Skill(data["name"], tuple(data["utterances"]))


class KnowledgeSchema(_StrictSchema):
    """A knowledge base, in a file of its own or inside a dataset."""

    description = _text(512, load_default="")
    greeting = _text(512, load_default="")
    pairs = fields.List(fields.Nested(PairSchema), load_default=[])
    small_talk = fields.List(fields.Nested(SmallTalkSchema), load_default=[])
    skills = fields.List(fields.Nested(SkillSchema), load_default=[])
    invalid = _texts()
    unmatched = _texts()
    keywords = _texts(64)
    domain_ids = fields.Dict(keys=_text(64), values=_text(64), load_default={})

    @validates_schema(skip_on_field_errors=True)
    def _questions_differ(self, data: dict[str, Any], **_: Any) -> None:
        _refuse_twice("pairs", [pair.question for pair in data["pairs"]])

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> KnowledgeBase:
        del data["description"]
        members: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in data.items()
        }
        return KnowledgeBase(**members)


class TrafficSchema(_StrictSchema):
    """How a bot's traffic is generated."""

    sessions_per_day = _number(0, 1_000_000)
    users = _number(1, 10_000_000)
    outcomes = fields.Dict(keys=_one_of(*OUTCOMES), values=_number(0, 1_000_000))
    anonymous_percent = _number(0, 100)
    weekend_percent = _number(0, 1_000)
    time_zone = Zone(attribute="utc_offset")
    retention_days = _number(0, 36_500, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def _something_happens(self, data: dict[str, Any], **_: Any) -> None:
        if "outcomes" in data and not sum(data["outcomes"].values()):
            raise ValidationError("at least one outcome needs a weight above 0", "outcomes")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Profile:
        return Profile(**data)


class TurnSchema(_StrictSchema):
    """One turn, word for word."""

    at = Instant(required=True)
    outcome = _one_of(*OUTCOMES, load_default="direct")
    question = _text(512, load_default="")
    pair = _text(512, load_default="")
    domain = _text(64, load_default=None, allow_none=True)
    user = _text(256)
    latency_ms = _number(0, 86_400_000, load_default=0)
    status = _one_of("success", "failed", load_default="success")


class SessionSchema(_StrictSchema):
    """One session, word for word."""

    id = _text(64, least=1)
    user = _text(256, load_default="")
    turns = fields.List(
        fields.Nested(TurnSchema),
        required=True,
        validate=validate.Length(min=1, error="a session needs at least one turn"),
    )


class CardSchema(_StrictSchema):
    """What is shown of a bot or workflow."""

    kind = _one_of("bot", "workflow", "chatflow")
    description = _text(500)
    published = fields.Boolean()
    owned = fields.Boolean()
    greeting = _text(512)
    suggested = fields.List(_text(512))
    output = fields.Dict(keys=_text(64))
    question = _text(512)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Card:
        return Card(**{**data, "suggested": tuple(data.get("suggested", ()))})


class BotSchema(_StrictSchema):
    """One bot."""

    id = fields.String(
        required=True,
        validate=validate.Regexp(_BOT_ID, error="{input!r} is not a UUID, 16 to 20 digits, or '*'"),
        error_messages={"invalid": "not text; quote it"},
    )
    name = _text(64, load_default="")
    traffic = fields.Nested(TrafficSchema, load_default=None, allow_none=True)
    sessions = fields.List(fields.Nested(SessionSchema), load_default=[])
    card = fields.Nested(CardSchema, load_default=Card())

    @pre_load
    def _lower_id(self, data: Any, **_: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("id"), str):
            return {**data, "id": data["id"].lower()}
        return data

    @validates_schema(skip_on_field_errors=True)
    def _sessions_differ(self, data: dict[str, Any], **_: Any) -> None:
        _refuse_twice("sessions", [session["id"] for session in data["sessions"] if "id" in session])


class DatasetSchema(_StrictSchema):
    """A whole dataset file."""

    description = _text(512, load_default="")
    now = Instant()
    default_start = _one_of("epoch", "week")
    knowledge = fields.Raw(load_default="office")
    bots = fields.List(fields.Nested(BotSchema), required=True)

    @validates_schema(skip_on_field_errors=True)
    def _bots_differ(self, data: dict[str, Any], **_: Any) -> None:
        _refuse_twice("bots", [bot["id"] for bot in data["bots"]])

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        knowledge = _knowledge(data["knowledge"])
        bots = {bot["id"]: _bot(bot, knowledge) for bot in data["bots"]}
        return {**data, "knowledge": knowledge, "bots": bots}


def _refuse_twice(key: str, values: list[str]) -> None:
    ordered = sorted((value, place) for place, value in enumerate(values))
    for (value, _), (again, place) in pairwise(ordered):
        if value == again:
            raise ValidationError({key: {place: [f"{value!r} stands twice"]}})


def _knowledge(name_or_content: Any) -> KnowledgeBase:
    if isinstance(name_or_content, str):
        try:
            return read(locate("knowledge", name_or_content), KnowledgeSchema())  # type: ignore[no-any-return]
        except DatasetError as error:
            raise ValidationError(str(error), "knowledge") from error
    try:
        return KnowledgeSchema().load(name_or_content)  # type: ignore[no-any-return]
    except ValidationError as error:
        raise ValidationError({"knowledge": error.messages}) from error


def _bot(data: dict[str, Any], knowledge: KnowledgeBase) -> Bot:
    sessions = tuple(
        StatedSession(
            session.get("id", f"session-{number:06d}"),
            tuple(_turn(turn, session["user"], knowledge) for turn in session["turns"]),
        )
        for number, session in enumerate(data["sessions"])
    )
    return Bot(data["id"], data["name"], data["traffic"], sessions, data["card"])


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
    )
    return StatedTurn(turn["at"], said, turn.get("user", user) or None, turn["latency_ms"])
