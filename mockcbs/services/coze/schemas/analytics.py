"""Queries of the analytics calls (contract 1.4.2)."""

import re
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from mockcbs.core.fields import Field
from mockcbs.services.coze.schemas.fields import (
    CommaList,
    Query,
    QueryWhole,
    choice,
    messages,
    page_number,
    word,
)
from mockcbs.services.coze.usage import STATUSES, TYPES

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EPOCH = date(1970, 1, 1).toordinal()
EARLIEST_DAY = date(2023, 1, 1)
LONGEST_RANGE = {"day": 180, "hour": 31}
"""The maximum number of days in a response, by granularity."""
LONGEST_LOGS = 180
"""The maximum number of days in a range of raw events."""


class _Day(Field[int]):
    """``YYYY-MM-DD``, as a number of days since 1970."""

    def __init__(self) -> None:
        super().__init__(required=True, error_messages=messages("a date in YYYY-MM-DD format"))

    def documented(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        return {"type": "string", "format": "date"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        del attr, data, kwargs
        if _DATE.fullmatch(value) is None:
            raise self.make_error("invalid")
        try:
            return date.fromisoformat(value).toordinal() - _EPOCH
        except ValueError:
            missing = f"there is no day {value}"
            raise ValidationError(f"{self.error_messages['invalid']}; {missing}") from None


class _TrafficQuery(Query):
    """The part of the log that a request selects."""

    start_date = _Day()
    end_date = _Day()
    session_id = word(64)
    conversation_id = word(64)
    user_id = word(256)
    connector_id = fields.String(
        load_default="",
        validate=validate.Regexp(r"[0-9]{0,20}\Z", error="must be a decimal id"),
        error_messages=messages("a string"),
    )

    @validates_schema(skip_on_field_errors=True)
    def _range_and_session(self, data: dict[str, Any], **_: Any) -> None:
        first, last = data["start_date"], data["end_date"]
        if first < EARLIEST_DAY.toordinal() - _EPOCH:
            raise ValidationError(f"start_date lies before {EARLIEST_DAY}")
        if last < first:
            raise ValidationError("end_date lies before start_date")
        days, why = self._longest(data)
        if last - first >= days:
            raise ValidationError(f"the range holds {last - first + 1} days; the limit {why} is {days}")
        if data["session_id"] and data["conversation_id"] not in {"", data["session_id"]}:
            raise ValidationError("session_id and conversation_id differ")

    def _longest(self, data: dict[str, Any]) -> tuple[int, str]:
        """The maximum number of days in a range, and the reason of that limit."""
        granularity = data["granularity"]
        return LONGEST_RANGE[granularity], f"for granularity={granularity}"

    @post_load
    def _one_session(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "session_id": data["session_id"] or data["conversation_id"]}


class AnalyticsQuery(_TrafficQuery):
    """Query of the analytics calls."""

    granularity = choice("day", "hour", load_default="day")


class LogsQuery(_TrafficQuery):
    """Query of the raw events (contract 1.4.5)."""

    event_type = CommaList(*TYPES)
    status = CommaList(*STATUSES)
    page_num = page_number()
    page_size = QueryWhole(1, 100, load_default=20)

    def _longest(self, data: dict[str, Any]) -> tuple[int, str]:
        del data
        return LONGEST_LOGS, "for raw events"
