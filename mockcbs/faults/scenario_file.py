"""Reading and checking scenarios from YAML files and JSON.

`docs/scenarios.md` describes the format for users.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import filter as fitting
from functools import cache
from http import HTTPMethod
from pathlib import Path
from typing import Any, get_args

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from mockcbs.core import clock
from mockcbs.core.files import (
    FileError,
    Instant,
    StrictSchema,
    dotted,
    flat,
    locate,
    number,
    one_of,
    read,
    real,
    shipped,
    text,
)
from mockcbs.core.patterns import Pattern
from mockcbs.core.spelling import meant, not_one_of
from mockcbs.faults.counters import START
from mockcbs.faults.scenario import (
    FAILURES,
    Answer,
    Damage,
    DamageKind,
    Latency,
    Per,
    Ramp,
    Rule,
    Scenario,
    Then,
    Throttle,
    WebhookTrouble,
    When,
    Wire,
)

SCENARIOS = "scenarios"

_METHODS = [method.value for method in HTTPMethod]
_MAX_DELAY = 600_000
"""The maximum latency, ms."""


class ScenarioError(FileError):
    """A scenario is not valid; the message names the key and the accepted values."""


@dataclass(frozen=True)
class Vocabulary:
    """The names that scenarios may use."""

    codes: Mapping[str, Collection[int]] = field(hash=False)
    """The error codes, each with the statuses of its rows."""
    services: Collection[str]
    operations: Collection[str]


class _Sent(fields.String):
    """A value of a request or response, which travels as text; a number may be written as one."""

    def documented(self) -> dict[str, Any]:
        """As OpenAPI says it."""
        return {"oneOf": [{"type": "string"}, {"type": "number"}]}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        del attr, data, kwargs
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValidationError(f"{value!r} is neither text nor a number")
        return str(value)


def _texts() -> fields.Dict:
    return fields.Dict(keys=text(256), values=_Sent(validate=validate.Length(max=4096)))


def _printable(characters: str = r"[ -~]*", **kwargs: Any) -> fields.String:
    """A string that is valid in a header."""
    return fields.String(validate=_in_header(characters), **kwargs)


def _in_header(characters: str = r"[ -~]*") -> list[validate.Validator]:
    fits = validate.Regexp(rf"(?:{characters})\Z", error="{input!r} cannot stand in a header")
    return [fits, validate.Length(max=4096)]


def ttl(**kwargs: Any) -> fields.Float:
    """The seconds after which a scenario ends; `None` means never."""
    return real(0.001, 31_536_000, load_default=None, allow_none=True, **kwargs)


class AnswerSchema(StrictSchema):
    """A response in place of the correct one."""

    error = text(64)
    status = number(200, 599)
    body = fields.Raw()
    content_type = _printable()
    headers = fields.Dict(keys=_printable("[!#$%&'*+.^_`|~0-9A-Za-z-]+"), values=_Sent(validate=_in_header()))

    @validates_schema(skip_on_field_errors=True)
    def _one_way(self, data: dict[str, Any], **_: Any) -> None:
        if not {"error", "status"} & {*data}:
            raise ValidationError("give error, a code, or status with body and headers")
        if "error" in data and {"body", "content_type"} & {*data}:
            raise ValidationError("an error has a body of its own; leave out body and content_type")
        if data.get("status") in {204, 304} and data.get("body", "") != "":
            raise ValidationError(f"a response {data['status']} has no body", "body")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Answer:
        body = data.get("body", "")
        if isinstance(body, str):
            return Answer(**data)
        written = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return Answer(**{"content_type": "application/json", **data, "body": written})


class LatencySchema(StrictSchema):
    """The latency of a response."""

    fixed_ms = number(0, _MAX_DELAY)
    uniform_ms = fields.List(
        number(0, _MAX_DELAY), validate=validate.Length(equal=2, error="give two numbers: [low, high]")
    )
    median_ms = number(1, _MAX_DELAY)
    p99_ms = number(1, _MAX_DELAY)

    @validates_schema(skip_on_field_errors=True)
    def _one_way(self, data: dict[str, Any], **_: Any) -> None:
        if {*data} not in ({"fixed_ms"}, {"uniform_ms"}, {"median_ms", "p99_ms"}):
            raise ValidationError("give fixed_ms, or uniform_ms, or median_ms and p99_ms")
        if data.get("p99_ms", 0) < data.get("median_ms", 0):
            raise ValidationError("is less than median_ms", "p99_ms")
        if data.get("uniform_ms", [0]) != sorted(data.get("uniform_ms", [0])):
            raise ValidationError("the first is larger than the second", "uniform_ms")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Latency:
        if "uniform_ms" in data:
            data["uniform_ms"] = tuple(data["uniform_ms"])
        return Latency(**data)


class ThrottleSchema(StrictSchema):
    """A number of calls in a number of seconds."""

    calls = number(0, 1_000_000, required=True)
    seconds = real(0.001, 86_400, load_default=1.0)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Throttle:
        return Throttle(**data)


class DamageSchema(StrictSchema):
    """Damage to a response."""

    kind = one_of(*get_args(DamageKind), required=True)
    member = text(256)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Damage:
        return Damage(**data)


class RampSchema(StrictSchema):
    """Growth over time."""

    seconds = real(0.001, 86_400, required=True)
    low = real(0, 1_000, load_default=0.0)
    high = real(0, 1_000, load_default=1.0)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Ramp:
        return Ramp(**data)


class PatternSchema(StrictSchema):
    """The properties of a call."""

    service = text(64)
    operation = text(128)
    method = text(16)
    path = text(4096)
    project = text(256)
    bot = text(256)
    query = _texts()
    header = _texts()
    body = text(4096)


class WhenSchema(PatternSchema):
    """The calls that a rule applies to."""

    per = one_of(*get_args(Per))
    state = text(64, 1)
    nth = number(1, 1_000_000_000)
    every = number(1, 1_000_000_000)
    first = number(1, 1_000_000_000)
    after = number(0, 1_000_000_000)
    probability = real(0, 1)
    since = Instant()
    until = Instant()

    @validates_schema(skip_on_field_errors=True)
    def _can_be(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse conditions that no call can meet."""
        every, least, most = data.get("every", 1), data.get("after", 0) + 1, data.get("first")
        number = data.get("nth", -(-least // every) * every)
        if number < least or number % every or (most is not None and number > most):
            given = ", ".join(
                f"{key}: {data[key]}" for key in ("nth", "every", "first", "after") if key in data
            )
            raise ValidationError(f"no call is all of these at once: {given}")
        if "until" in data and data.get("since", data["until"] - 1) >= data["until"]:
            raise ValidationError(f"{clock.iso(data['since'])} is not before until", "since")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> When:
        pattern = Pattern(**{name: data.pop(name) for name in Pattern.__dataclass_fields__ if name in data})
        return When(pattern, **data)


class RuleSchema(StrictSchema):
    """Calls, and what happens to them."""

    when = fields.Nested(WhenSchema, load_default=When)
    answer = fields.Nested(AnswerSchema)
    throttle = fields.Nested(ThrottleSchema)
    latency = fields.Nested(LatencySchema)
    bytes_per_second = real(0.1, 1e9)
    upload_bytes_per_second = real(0.1, 1e9)
    damage = fields.List(fields.Nested(DamageSchema), validate=validate.Length(1, error="names no damage"))
    wire = one_of(*get_args(Wire))
    webhook = one_of(*get_args(WebhookTrouble))
    stale_ms = number(1, 36_500 * 86_400_000)
    state = text(64, 1)
    ramp = fields.Nested(RampSchema, load_default=None)

    @validates_schema(skip_on_field_errors=True)
    def _agrees(self, data: dict[str, Any], **_: Any) -> None:
        if not {*data} - {"when", "ramp"}:
            raise ValidationError(f"does not state what happens; add one of {', '.join(_FATES)}")
        if "answer" in data and "throttle" in data:
            raise ValidationError("a throttle sends its own response; leave out answer or throttle")
        if "webhook" in data and (others := sorted({*data} - {"when", "ramp", "webhook", "state"})):
            raise ValidationError(f"webhook is about deliveries, {others[0]} about requests; give one")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Rule:
        when, ramp = data.pop("when"), data.pop("ramp")
        data["damage"] = tuple(data.get("damage", ()))
        return Rule(when, Then(**data), ramp)


_FATES = [name for name in RuleSchema().fields if name not in {"when", "ramp"}]


MAX_RULES = 1_000
"""Rules of one scenario: every request in its scope is compared with each of them."""


class ScenarioSchema(StrictSchema):
    """A whole scenario."""

    name = text(64)
    description = text(512, load_default="")
    seed = number(0, 2**63 - 1, load_default=0)
    ttl_seconds = ttl()
    rules = fields.List(
        fields.Nested(RuleSchema),
        required=True,
        validate=validate.Length(1, MAX_RULES, error=f"give 1 to {MAX_RULES:,} rules"),
    )

    def __init__(self, vocabulary: Vocabulary, name: str, begins: str = START, **kwargs: Any) -> None:
        """*begins* is the state in which the scenario starts."""
        super().__init__(**kwargs)
        self._vocabulary = vocabulary
        self._name = name
        self._begins = begins

    @validates_schema(skip_on_field_errors=True)
    def _names_exist(self, data: dict[str, Any], **_: Any) -> None:
        for place, rule in enumerate(data["rules"]):
            for where, sentence in _strange_names(rule, self._vocabulary):
                outer, inner = where
                raise ValidationError({"rules": {place: {outer: {inner: [sentence]}}}})
        _check_states(data["rules"], self._begins)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Scenario:
        return Scenario(**{"name": self._name, **data, "rules": tuple(data["rules"])})


def _strange_names(rule: Rule, known: Vocabulary) -> Iterator[tuple[tuple[str, str], str]]:
    """Names in *rule* that do not exist: the key, and a message with the accepted names."""
    answer, pattern = rule.then.answer, rule.when.pattern
    if answer and answer.error and answer.error not in known.codes:
        accepted = f"{', '.join(FAILURES)}, or a code that `mockcbs errors` lists"
        yield ("answer", "error"), f"{answer.error!r} is not one of {accepted}{meant(answer.error, FAILURES)}"
    elif answer and answer.error and answer.status not in {None, *known.codes[answer.error]}:
        accepted = " or ".join(map(str, sorted(known.codes[answer.error])))
        yield ("answer", "status"), f"{answer.error} has the status {accepted}, not {answer.status}"
    for name, sentence in strange_names(pattern, known):
        yield ("when", name), sentence


def strange_names(pattern: Pattern, known: Vocabulary) -> Iterator[tuple[str, str]]:
    """Names in *pattern* that no call has: the member, and a message with the accepted names."""
    for name, accepted in (
        ("service", known.services),
        ("operation", fitting(known.operations, f"{pattern.service or '*'}.*")),
        ("method", _METHODS),
    ):
        wanted = getattr(pattern, name)
        if wanted is not None and not fitting(accepted, wanted):
            yield name, not_one_of(wanted, sorted(accepted))


def _check_states(rules: Sequence[Rule], begins: str) -> None:
    """Refuse to start in an unknown state, and rules for a state that is never reached.

    A state without rules is a valid end of a scenario. A scenario that starts in a later state may have rules
    for earlier ones. Raises `ValidationError`.
    """
    named = (state for rule in rules for state in (rule.when.state, rule.then.state) if state)
    known = dict.fromkeys([START, *named])
    if begins not in known:
        raise ValidationError({"state": [not_one_of(begins, known)]})
    reached = _reached(rules, {START, begins})
    for place, rule in enumerate(rules):
        if rule.when.state is not None and rule.when.state not in reached:
            states = f"reached are {', '.join(sorted(reached))}{meant(rule.when.state, reached)}"
            message = f"{rule.when.state!r} is never reached; {states}"
            raise ValidationError({"rules": {place: {"when": {"state": [message]}}}})


def _reached(rules: Iterable[Rule], begins: set[str]) -> set[str]:
    """The states *begins*, and all states that can follow them."""
    leads: dict[str | None, set[str]] = defaultdict(set)
    for rule in rules:
        if rule.then.state:
            leads[rule.when.state].add(rule.then.state)
    reached: set[str] = set()
    new = begins | leads[None]
    while new:
        reached |= new
        new = {state for known in new for state in leads[known]} - reached
    return reached


def load(name_or_file: str, vocabulary: Vocabulary) -> Scenario:
    """Read a scenario of mockcbs by its name, or a file of the user; raises `ScenarioError`."""
    path = locate(SCENARIOS, name_or_file, ScenarioError)
    return _read(path, vocabulary)


@cache
def _by_name(name: str, vocabulary: Vocabulary) -> Scenario:
    return _read(shipped(SCENARIOS)[name], vocabulary)


def _read(path: Path, vocabulary: Vocabulary) -> Scenario:
    scenario: Scenario = read(path, ScenarioSchema(vocabulary, path.stem), ScenarioError)
    return scenario


def parse(content: Any, vocabulary: Vocabulary, begins: str = START) -> Scenario:
    """A scenario given as JSON, a shipped name or the content of a file; raises `ScenarioError`.

    *begins* is the state in which it starts.
    """
    if isinstance(content, str) and content not in shipped(SCENARIOS):
        names = shipped(SCENARIOS)
        raise ScenarioError(f"no scenario {content!r}: name one of {', '.join(names)}{meant(content, names)}")
    if not isinstance(content, str | Mapping):
        raise ScenarioError(
            f"scenario: {content!r:.80} is not a name; the content of a file must be a mapping of keys "
            "to values"
        )
    scenario: Scenario
    try:
        if isinstance(content, str):
            scenario = _by_name(content, vocabulary)
            _check_states(scenario.rules, begins)
        else:
            scenario = ScenarioSchema(vocabulary, "unnamed", begins).load(content)
    except ValidationError as error:
        problems = [f"{dotted(keys)}{message}" for keys, message in flat(error.messages)]
        raise ScenarioError("\n".join(problems[:10])) from error
    return scenario


def with_ttl(scenario: Scenario, seconds: float | None) -> Scenario:
    """*scenario* with an end after so many seconds; raises `ScenarioError`."""
    try:
        seconds = _TTL.deserialize(seconds)
    except ValidationError as error:
        raise ScenarioError(f"ttl_seconds: {' '.join(error.messages)}") from error
    return scenario if seconds is None else replace(scenario, ttl_seconds=seconds)


_TTL = ttl()
