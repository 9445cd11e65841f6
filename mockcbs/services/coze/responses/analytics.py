"""The usage statistics and raw events (contract 1.4.3, 1.5.3)."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from mockcbs.services.coze.responses.fields import (
    Exact,
    Flag,
    Real,
    Whole,
    identifier,
    milliseconds,
    seconds,
    text,
)


class Figures(Exact):
    """The figures of one period or of the whole range."""

    total_messages = Whole(required=True)
    total_calls = Whole(required=True)
    unique_users = Whole(required=True)
    total_sessions = Whole(required=True)
    success_rate = Real(required=True)
    error_rate = Real(required=True)
    avg_response_time_ms = Real(required=True)


class Metric(Figures):
    """A row of the analytics."""

    date = fields.String(required=True, validate=validate.Regexp(r"\d{4}-\d\d-\d\d\Z", error="is not a date"))
    hour = Whole(validate=validate.Range(0, 23, error="is not an hour from 0 to 23"))
    timestamp = seconds(required=True)


class Analytics(Exact):
    """``data`` of the analytics of a bot or workflow."""

    bot_id = fields.String()
    workflow_id = fields.String()
    start_date = text()
    end_date = text()
    granularity = text()
    timezone = text()
    metrics = fields.List(fields.Nested(Metric), required=True)
    summary = fields.Nested(Figures, required=True)

    @validates_schema
    def _one_owner(self, data: dict[str, Any], **_: Any) -> None:
        if ("bot_id" in data) == ("workflow_id" in data):
            raise ValidationError("must have bot_id or workflow_id, and not both")


class LogEvent(Exact):
    """A raw event."""

    event_id = identifier()
    event_type = text()
    bot_id = fields.String()
    workflow_id = fields.String()
    session_id = identifier()
    chat_id = fields.String()
    execute_id = fields.String()
    message_id = fields.String()
    user_id = text()
    connector_id = identifier()
    trigger_time = milliseconds()
    timestamp = milliseconds()
    status = text()
    role = fields.String()
    duration_ms = Whole(validate=validate.Range(0, error="is negative"))
    error_code = Whole()
    error_message = fields.String()


class Logs(Exact):
    """``data`` of the raw events."""

    items = fields.List(fields.Nested(LogEvent), required=True)
    total = Whole(required=True)
    has_more = Flag(required=True)
