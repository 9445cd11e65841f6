"""The schema of a subscription in a request or a dataset."""

from typing import Any

from marshmallow import ValidationError, fields, post_load

from mockcbs.core.bounds import Items
from mockcbs.core.errors import UserError
from mockcbs.core.fields import Field
from mockcbs.core.files import StrictSchema, number, one_of, text
from mockcbs.settings import WEBHOOK_PROFILES
from mockcbs.webhooks.subscriptions import EVENT_TYPES, RETRIES, USAGE, Subscription, checked_url


def stated_subscriptions() -> Field[Any]:
    """The field of a dataset for subscriptions."""
    return Items(fields.Nested(SubscriptionSchema))


class SubscriptionSchema(StrictSchema):
    """An endpoint and the events that it subscribes to. The caller adds the id and, if none is given, the
    secret.
    """

    url = text(2048, 1, required=True)
    secret = text(256, 1, load_default=None)
    profile = one_of(*WEBHOOK_PROFILES, load_default="coze")
    events = Items(one_of(*EVENT_TYPES), load_default=list(USAGE))
    bots = Items(text(64, 1), load_default=[])
    challenge = fields.Boolean(load_default=True)
    retries = Items(number(0, 86_400), load_default=list(RETRIES))

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Subscription:
        try:
            checked_url(data["url"])
        except UserError as error:
            raise ValidationError(str(error), "url") from error
        return Subscription(
            "",
            data["url"],
            (data["secret"],) if data["secret"] else (),
            data["profile"],
            tuple(data["events"]),
            tuple(data["bots"]),
            challenge=data["challenge"],
            retries=tuple(data["retries"]),
        )
