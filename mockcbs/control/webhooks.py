"""``/_mockcbs/webhooks``: subscriptions and deliveries, which can be repeated."""

import re
from typing import Any

from flask import Response, current_app
from marshmallow import ValidationError, validates_schema

from mockcbs.control.schemas import ScopeQuery, whole
from mockcbs.control.views import blp
from mockcbs.core.errors import UserError
from mockcbs.core.files import Instant, StrictSchema, one_of, text
from mockcbs.web import context
from mockcbs.web.problems import Problem
from mockcbs.webhooks import service
from mockcbs.webhooks.deliveries import STATES, Delivery
from mockcbs.webhooks.schema import SubscriptionSchema
from mockcbs.webhooks.service import Webhooks
from mockcbs.webhooks.subscriptions import EVERYBODY, Subscription

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SHANGHAI = 8 * 3_600_000
"""The offset of Shanghai's time from UTC, in ms."""


class DeliveriesQuery(ScopeQuery):
    """The deliveries to show."""

    webhook = text(64, 1)
    event_id = text(256, 1)
    event_type = text(64, 1)
    bot_id = text(64, 1)
    state = one_of(*STATES)
    limit = whole(1, 1000, load_default=100)
    after = text(512, 1, metadata={"description": "The `next` of the previous page."})


class InstantOrDay(Instant):
    """An instant, or a date: the start of that day in Shanghai, like the days of the analytics call."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        at = super()._deserialize(value, attr, data, **kwargs)
        is_day = isinstance(value, str) and _DATE.fullmatch(value.strip())
        return at - _SHANGHAI if is_day else at


class PastSchema(StrictSchema):
    """The bot and the period of the events to deliver."""

    bot_id = text(64, 1, required=True)
    since = InstantOrDay(data_key="from", required=True)
    until = InstantOrDay(data_key="to", required=True)

    @validates_schema(skip_on_field_errors=True)
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["since"] >= data["until"]:
            raise ValidationError("from is not before to", "from")


def _webhooks() -> Webhooks:
    return service.of(current_app)


@blp.get("/webhooks")
@blp.arguments(ScopeQuery, location="query")
@blp.answers(200, "events.WebhookList")
def list_webhooks(query: dict[str, Any]) -> dict[str, Any]:
    """The subscriptions."""
    found = _webhooks().subscriptions.of(query["scope"] or EVERYBODY)
    return {"webhooks": [one.as_dict() for one in found]}


@blp.post("/webhooks")
@blp.arguments(ScopeQuery, location="query")
@blp.arguments(SubscriptionSchema, location="json")
@blp.answers(201, "events.Webhook")
@blp.refuses(422, "The URL did not answer the challenge correctly.")
def subscribe(query: dict[str, Any], subscription: Subscription) -> tuple[dict[str, Any], int]:
    """Subscribe an endpoint; with profile coze its URL must first answer a challenge."""
    try:
        saved = _webhooks().subscribe(subscription, query["scope"] or EVERYBODY)
    except UserError as error:
        raise Problem(422, "Unprocessable Content", str(error)) from error
    return saved.as_dict(), 201


@blp.delete("/webhooks/<webhook_id>")
@blp.arguments(ScopeQuery, location="query")
@blp.answers(204)
@blp.refuses(404, "There is no such subscription that can be deleted.")
def unsubscribe(query: dict[str, Any], webhook_id: str) -> Response:
    """Delete a subscription that a request added. Those of flags and datasets cannot be deleted."""
    if not _webhooks().unsubscribe(webhook_id, query["scope"] or EVERYBODY):
        raise Problem(404, "Not Found", f"there is no webhook {webhook_id!r} that can be deleted")
    return Response(status=204)


@blp.post("/webhooks/send")
@blp.arguments(ScopeQuery, location="query")
@blp.arguments(PastSchema, location="json")
@blp.answers(200, "events.SentPast")
def send_past(query: dict[str, Any], past: dict[str, Any]) -> dict[str, Any]:
    """Deliver the events of a bot between two times (the end is exclusive), also those delivered before.

    A date is the start of that day in Shanghai.
    """
    wanted = past["bot_id"], past["since"], past["until"], query["scope"]
    count = _webhooks().send(*wanted)
    return {"events": count} if count else {"events": 0, "reason": _webhooks().reason_for_none(*wanted)}


@blp.get("/webhooks/deliveries")
@blp.arguments(DeliveriesQuery, location="query")
@blp.answers(200, "events.DeliveryPage")
def list_deliveries(query: dict[str, Any]) -> dict[str, Any]:
    """Deliveries with their attempts, newest first; `next` is the parameter `after` of the next page."""
    names = ("webhook", "event_id", "event_type", "bot_id", "state")
    where = {name: query[name] for name in names if name in query}
    found, more = _webhooks().page(query["scope"], where, query.get("after"), query["limit"])
    causes = _causes(found)
    return {
        "deliveries": [{**delivery.as_dict(), "cause": causes.get(delivery.id)} for delivery in found],
        "next": found[-1].id if more else None,
        "dropped": _webhooks().total(query["scope"], "dropped"),
    }


@blp.post("/webhooks/deliveries/<delivery_id>/redeliver")
@blp.arguments(ScopeQuery, location="query")
@blp.answers(202, "events.WebhookDelivery")
@blp.refuses(404, "There is no such delivery.")
@blp.refuses(409, "The subscription was deleted or is switched off.")
def redeliver(query: dict[str, Any], delivery_id: str) -> tuple[dict[str, Any], int]:
    """Deliver again, with the same body and event_id."""
    try:
        delivery = _webhooks().redeliver(delivery_id, query["scope"])
    except UserError as error:
        raise Problem(409, "Conflict", str(error)) from error
    if delivery is None:
        raise Problem(404, "Not Found", f"there is no delivery {delivery_id!r}")
    return {**delivery.as_dict(), "cause": _causes([delivery]).get(delivery.id)}, 202


def _causes(deliveries: list[Delivery]) -> dict[str, int]:
    """The ids of the journal entries of the requests that caused deliveries, if the journal still has
    them.
    """
    if not deliveries:
        return {}
    names = {name for one in deliveries for name in (one.id, one.turn) if name}
    found = context.mock().journal.causes(names)
    causes = {one.id: found.get(one.id, found.get(one.turn)) for one in deliveries}
    return {delivery: cause for delivery, cause in causes.items() if cause is not None}
