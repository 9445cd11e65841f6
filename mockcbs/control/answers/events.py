"""Responses about what mockcbs sends: webhooks, deliveries and daily reports."""

from marshmallow import fields

from mockcbs.control.answers.base import Answer, words
from mockcbs.settings import WEBHOOK_PROFILES


class Webhook(Answer):
    """A subscription; its secret is never shown."""

    id = fields.String()
    url = fields.String()
    secret = fields.String()
    profile = words(*WEBHOOK_PROFILES)
    events = fields.List(fields.String())
    bots = fields.List(fields.String(), metadata={"description": "An empty list means all."})
    scope = fields.String(metadata={"description": "An empty text means the events of all scopes."})
    challenge = fields.Boolean()
    retries = fields.List(fields.Float(), metadata={"description": "Seconds between attempts."})
    active = fields.Boolean()


class WebhookList(Answer):
    """The subscriptions."""

    webhooks = fields.List(fields.Nested(Webhook))


class DeliveryAttempt(Answer):
    """One attempt of a delivery."""

    at = fields.Integer(metadata={"description": "The time of mockcbs's clock, ms UTC."})
    status = fields.Integer(allow_none=True, metadata={"description": "Null if there was no response."})
    duration_ms = fields.Integer()
    answer = fields.String()
    reason = fields.String(metadata={"description": "Why the attempt failed, or what a scenario did."})


class WebhookDelivery(Answer):
    """One event to one endpoint."""

    id = fields.String()
    event_id = fields.String()
    event_type = fields.String()
    bot_id = fields.String()
    webhook = fields.String()
    url = fields.String()
    body = fields.String(metadata={"description": "The body of every attempt."})
    state = words("pending", "delivered", "failed", "dropped")
    attempts = fields.List(fields.Nested(DeliveryAttempt))
    cause = fields.Integer(
        allow_none=True,
        metadata={"description": "The id of the journal entry of the request that caused it."},
    )


class DeliveryPage(Answer):
    """Deliveries, newest first."""

    deliveries = fields.List(fields.Nested(WebhookDelivery))
    next = fields.String(allow_none=True, metadata={"description": "The parameter `after` of the next page."})
    dropped = fields.Integer(
        metadata={"description": "The number of deliveries dropped, since too many waited or by a scenario."}
    )


class SentPast(Answer):
    """The number of events to deliver; 0 if no subscription wants any."""

    OPTIONAL = ("reason",)

    events = fields.Integer()
    reason = fields.String(metadata={"description": "Why there are none; absent if there are some."})


class DailyReport(Answer):
    """A daily report; secrets are never shown."""

    id = fields.String()
    name = fields.String()
    at = fields.String(metadata={"description": "Time of day."})
    zone = fields.String()
    workflows = fields.List(fields.String(), metadata={"description": "An empty list means all."})
    format = words("text", "card")
    to = fields.Dict()


class ReportList(Answer):
    """The daily reports."""

    reports = fields.List(fields.Nested(DailyReport))
