"""The queries and bodies of the control API."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from mockcbs.core.bounds import MAX_PROJECT, MAX_TOKEN
from mockcbs.core.clock import LATEST, iso, utc_day
from mockcbs.core.fields import Field
from mockcbs.core.files import Instant, StrictSchema, dotted, flat, number, one_of, text
from mockcbs.core.patterns import Pattern
from mockcbs.faults import rule_schema, scenario_file
from mockcbs.journal.expectation import Expectation
from mockcbs.services import registry
from mockcbs.web import context

_YEAR = 31_536_000
_CENTURY_MS = 100 * _YEAR * 1000


def whole(low: int, high: int, **kwargs: Any) -> fields.Integer:
    """A whole number in a query, where all values are texts."""
    told = f"{{input!r}} is not a whole number from {low} to {high}"
    bounds = validate.Range(low, high, error=told)
    return fields.Integer(validate=bounds, error_messages={"invalid": told}, **kwargs)


class ScopeQuery(StrictSchema):
    """The scope of a request: a project, a token, or without both all scopes."""

    project = text(MAX_PROJECT, 1, metadata={"description": "Only this project, where paths name one."})
    token = text(
        MAX_TOKEN,
        1,
        metadata={"description": "Only this token, where paths name no project."},
    )

    @validates_schema
    def _one(self, data: dict[str, Any], **_: Any) -> None:
        if {"project", "token"} <= {*data}:
            raise ValidationError("give a project or a token, not both")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Remove the token, and add the scope of the project or the token."""
        token = data.pop("token", None)
        secret = context.mock().settings.secret
        return {**data, "scope": registry.scope_of_token(token, secret) if token else data.get("project")}


class UtcDay(Field[int]):
    """A date, as a number of days since 1970."""

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"type": "string", "format": "date"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        del attr, data, kwargs
        try:
            return utc_day(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class ExportQuery(ScopeQuery):
    """The turns to export, and the format."""

    bot = text(64, required=True)
    first = UtcDay(data_key="from", load_default=None)
    last = UtcDay(data_key="to", load_default=None)
    form = one_of("csv", "jsonl", data_key="format", load_default="csv")
    zone = text(64, 1, load_default="UTC")
    bom = fields.Boolean(load_default=False, truthy={"true", "1"}, falsy={"false", "0"})


class JournalQuery(ScopeQuery):
    """The journal entries to show."""

    service = text(64, 1)
    operation = text(128, 1)
    status = whole(100, 599)
    since = Instant(metadata={"description": "Only requests from this time on: ISO 8601 or epoch ms."})
    until = Instant(metadata={"description": "Only requests before this time."})
    scenario = text(256, 1, metadata={"description": "Only requests whose response this scenario changed."})
    limit = whole(0, 1000, load_default=50)
    before = whole(0, 2**63, metadata={"description": "Only requests older than the one with this id."})

    @validates_schema(skip_on_field_errors=True)
    def _known(self, data: dict[str, Any], **_: Any) -> None:
        _check_names(Pattern(service=data.get("service"), operation=data.get("operation")))
        if data.get("since", 0) >= data.get("until", LATEST + 1):
            raise ValidationError(f"{iso(data['since'])} is not before until", "since")


class PatternSchema(rule_schema.PatternSchema):
    """What a request must match; texts may hold * and ?."""

    status = number(100, 599)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Pattern:
        pattern = Pattern(**data)
        _check_names(pattern)
        return pattern


def _check_names(pattern: Pattern) -> None:
    """Reject names that no request can have. Raises `ValidationError`."""
    for name, sentence in scenario_file.strange_names(pattern, registry.vocabulary()):
        raise ValidationError(sentence, name)


class ExpectationSchema(StrictSchema):
    """The number of requests that must match; by default at least one."""

    pattern = fields.Nested(PatternSchema, load_default=Pattern)
    count = number(0, 1_000_000_000)
    at_least = number(0, 1_000_000_000)
    at_most = number(0, 1_000_000_000)

    @validates_schema(skip_on_field_errors=True)
    def _agrees(self, data: dict[str, Any], **_: Any) -> None:
        if "count" in data and {"at_least", "at_most"} & {*data}:
            raise ValidationError("give count, or at_least and at_most")
        if data.get("at_least", 0) > data.get("at_most", data.get("at_least", 0)):
            raise ValidationError(f"{data['at_least']} is more than at_most, {data['at_most']}", "at_least")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Expectation:
        if (count := data.get("count")) is not None:
            return Expectation(data["pattern"], count, count)
        least = data.get("at_least", int("at_most" not in data))
        return Expectation(data["pattern"], least, data.get("at_most"))


def expectation(pattern: Mapping[str, Any], **numbers: Any) -> Expectation:
    """The expectation that *pattern* states in the API's format. Raises `ValueError`."""
    try:
        expected: Expectation = _expectations().load({"pattern": pattern, **numbers})
    except ValidationError as error:
        told = (f"{dotted(keys).removeprefix('pattern.')}{message}" for keys, message in flat(error.messages))
        raise ValueError(f"verify: {'; '.join(told)}") from error
    return expected


@cache
def _expectations() -> ExpectationSchema:
    return ExpectationSchema()


class ScenarioChoice(StrictSchema):
    """The scenario to play: a name, or the content of a scenario file."""

    scenario = fields.Raw(
        required=True,
        metadata={"description": "A name, or the content of a file."},
        error_messages={"null": "null is neither a name nor the content of a scenario file"},
    )
    ttl_seconds = scenario_file.ttl(metadata={"description": "Seconds until the scenario ends by itself."})
    state = text(
        64, 1, load_default=None, metadata={"description": "The state in which the scenario starts."}
    )


class _InstantOrHere(Instant):
    """A time, or true for the present time of the clock."""

    default_error_messages = {  # noqa: RUF012 - marshmallow's way
        "null": "null is neither a time nor true, which means the present time",
        "false": "false is neither a time nor true, which means the present time",
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if value is False:
            raise self.make_error("false")
        return True if value is True else super()._deserialize(value, attr, data, **kwargs)


class ClockChange(StrictSchema):
    """Exactly one way to change the clock."""

    freeze = _InstantOrHere(
        metadata={"description": "true: stop the clock now; a time: stop it at that time."}
    )
    tick = _InstantOrHere(
        metadata={"description": "true: let the clock run from now; a time: let it run from that time."}
    )
    advance_ms = number(
        -_CENTURY_MS,
        _CENTURY_MS,
        metadata={"description": "Move the clock by this much; a negative value moves it back."},
    )
    real = fields.Boolean(
        validate=validate.Equal(True, error="false is not accepted; give true, or another way"),
        error_messages={"invalid": "{input!r} is not true", "null": "null is not true"},
    )

    @validates_schema(skip_on_field_errors=True)
    def _one(self, data: dict[str, Any], **_: Any) -> None:
        if len(data) != 1:
            raise ValidationError(f"give exactly one of {', '.join(self.fields)}")
