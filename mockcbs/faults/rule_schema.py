"""The schemas of one rule of a scenario, and of the calls that it applies to."""

import json
from typing import Any, get_args

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from mockcbs.core import clock
from mockcbs.core.bounds import Entries, Items
from mockcbs.core.files import Instant, StrictSchema, number, one_of, real, text
from mockcbs.core.patterns import Pattern
from mockcbs.faults.scenario import (
    Answer,
    Damage,
    DamageKind,
    Latency,
    Per,
    Ramp,
    Rule,
    Then,
    Throttle,
    WebhookTrouble,
    When,
    Wire,
)

_MAX_DELAY = 600_000
"""The maximum latency, ms."""


class _Sent(fields.String):
    """A value of a request or response, which travels as text; a number may be written as one."""

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"oneOf": [{"type": "string"}, {"type": "number"}]}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        del attr, data, kwargs
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValidationError(f"{value!r} is neither text nor a number")
        return str(value)


def _texts() -> fields.Dict:
    return Entries(keys=text(256), values=_Sent(validate=validate.Length(max=4096)))


def _printable(characters: str = r"[ -~]*", **kwargs: Any) -> fields.String:
    """A string that is valid in a header."""
    return fields.String(validate=_in_header(characters), **kwargs)


def _in_header(characters: str = r"[ -~]*") -> list[validate.Validator]:
    fits = validate.Regexp(rf"(?:{characters})\Z", error="{input!r} is not possible in a header")
    return [fits, validate.Length(max=4096)]


def _headers() -> fields.Dict:
    return Entries(keys=_printable("[!#$%&'*+.^_`|~0-9A-Za-z-]+"), values=_Sent(validate=_in_header()))


class AnswerSchema(StrictSchema):
    """A response that replaces the correct one."""

    error = text(64)
    status = number(200, 599)
    body = fields.Raw()
    content_type = _printable()
    headers = _headers()

    @validates_schema(skip_on_field_errors=True)
    def _one_way(self, data: dict[str, Any], **_: Any) -> None:
        if not {"error", "status"} & {*data}:
            raise ValidationError("give error, a code, or status with body and headers")
        if "error" in data and {"body", "content_type"} & {*data}:
            raise ValidationError("an error has its own body; leave out body and content_type")
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
    uniform_ms = Items(
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
    headers = _headers()

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
    damage = Items(fields.Nested(DamageSchema), validate=validate.Length(1, error="names no damage"))
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
