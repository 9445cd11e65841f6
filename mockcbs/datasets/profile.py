"""The schema of a bot's `profile`: how its generated traffic behaves."""

from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from mockcbs.core.bounds import Entries, Items
from mockcbs.core.fields import Field
from mockcbs.core.files import Instant, StrictSchema, number, one_of, text
from mockcbs.traffic.amounts.characters import CHARACTERS
from mockcbs.traffic.bots import Campaign, Incident
from mockcbs.traffic.periods import offset

_EPOCH = date(1970, 1, 1)
_HOURS = 24


class Zone(Field[int]):
    """``UTC`` or an offset, loaded as ms ahead of UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        del attr, data, kwargs
        try:
            return offset(str(value))
        except ValueError as error:
            raise ValidationError(f"{error}; quote an offset in YAML") from error


class Day(Field[int]):
    """A date, loaded as a number of days since 1970."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        del attr, data, kwargs
        try:
            return (date.fromisoformat(str(value)) - _EPOCH).days
        except ValueError:
            raise ValidationError(f"{value!r} is not a date such as 2026-11-11") from None


class IncidentSchema(StrictSchema):
    """A span in which the bot fails."""

    at = Instant(required=True)
    minutes = number(1, 1440)
    failure_percent = number(0, 100)
    traffic_percent = number(0, 2_000)
    latency_percent = number(10, 10_000)
    question = text(512)
    stagger_minutes = number(0, 120)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Incident:
        return Incident(**data)


class CampaignSchema(StrictSchema):
    """Days with more or fewer sessions."""

    first = Day(required=True)
    last = Day()
    percent = number(0, 2_000, required=True)

    @validates_schema(skip_on_field_errors=True)
    def _ends_after_its_begin(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("last", data["first"]) < data["first"]:
            raise ValidationError("lies before first", "last")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Campaign:
        return Campaign(data["first"], data.get("last", data["first"]), data["percent"])


def _hours() -> Field[Any]:
    return Items(
        number(0, 1_000_000),
        validate=validate.Length(equal=_HOURS),
    )


class ProfileSchema(StrictSchema):
    """How a bot's generated traffic behaves."""

    character = one_of(*CHARACTERS)
    hours = _hours()
    free_hours = _hours()
    calendar = one_of("china", "none")
    holiday_percent = number(0, 1_000)
    variation_percent = number(0, 60)
    wave_percent = number(0, 80)
    growth_percent = number(-50, 100)
    growth_since = Day()
    release_percent = number(0, 80)
    campaign_days = number(0, 3_650)
    campaigns = Items(fields.Nested(CampaignSchema))
    burst_percent = number(0, 30)
    incident_days = number(0, 3_650)
    incidents = Items(fields.Nested(IncidentSchema))
    stay_days = number(0, 36_500)
    rounds = fields.Float(validate=validate.Range(1, 10))
    drift_percent = number(0, 100)
    engine = one_of("rules", "model", "workflow")
    median_ms = number(1, 60_000)
    slow_permille = number(0, 500)
    failure_permille = number(0, 1_000)
    channels = Entries(keys=text(64, least=1), values=number(0, 1_000_000), validate=validate.Length(min=1))

    @validates_schema(skip_on_field_errors=True)
    def _something_happens(self, data: dict[str, Any], **_: Any) -> None:
        for name in ("hours", "free_hours"):
            if name in data and not sum(data[name]):
                raise ValidationError("at least one hour needs a number above 0", name)
        if "channels" in data and not sum(data["channels"].values()):
            raise ValidationError("at least one channel needs a weight above 0", "channels")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        made = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
        if "rounds" in made:
            made["rounds"] = round(10 * data["rounds"])
        return made
