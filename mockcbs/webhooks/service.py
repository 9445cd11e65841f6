"""The webhooks of one mock: subscriptions, events and deliveries."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import Flask

from mockcbs.backend.documents import Condition
from mockcbs.core.errors import UserError
from mockcbs.journal.entry import Entry
from mockcbs.services import registry
from mockcbs.services.settling import Settling
from mockcbs.state import State as Mock
from mockcbs.traffic.knowledge import Turn
from mockcbs.traffic.outside import outside
from mockcbs.web import context
from mockcbs.webhooks.deliveries import Deliveries, Delivery, State
from mockcbs.webhooks.publisher import Publisher
from mockcbs.webhooks.subscriptions import Subscription, Subscriptions, checked_url, from_flags, new_id
from mockcbs.webhooks.trouble import Troubles

if TYPE_CHECKING:
    from mockcbs.webhooks.sender import Sender

log = logging.getLogger("mockcbs")

JOB = "webhooks"
SECTION = "webhooks"
"""The section of a dataset for subscriptions."""
_IDLE = 1.0
"""The time between two checks of the clock without subscriptions or due deliveries, in s."""
_WATCHFUL = 0.2
_ROUND_SECONDS = 3.0


class Webhooks:
    """All webhooks of one mock. One worker sends in a job; every worker can subscribe and publish."""

    def __init__(self, mock: Mock, settling: Settling) -> None:
        settings = mock.settings
        flags = from_flags(
            settings.webhook, settings.webhook_secret, settings.webhook_profile, challenge=settings.challenge
        )
        self._mock, self._settling = mock, settling
        self.subscriptions = Subscriptions(mock.documents, mock.backend.live, flags, self._stated)
        self.deliveries = Deliveries(mock.documents, mock.backend.outbox)
        self.publisher = Publisher(mock, self.subscriptions, self.deliveries)
        self._checked: set[Subscription] = set()
        mock.callbacks = self
        mock.log.subscribe(self._recorded)
        mock.jobs.add(JOB, self.work, self._close)
        mock.followers.append(self)

    def _stated(self) -> list[Subscription]:
        """The subscriptions of the dataset."""
        secrets = (self._mock.settings.webhook_secret,)
        return [
            replace(one, id=f"dataset-{place}", secrets=one.secrets or secrets)
            for place, one in enumerate(self._mock.dataset.services.get(SECTION, ()), 1)
        ]

    def work(self) -> float:
        """One round of the job. Return the seconds until the next round."""
        if not self.subscriptions.all():
            return _IDLE
        self._check_urls()
        deadline = time.monotonic() + _ROUND_SECONDS
        busy = True
        while busy and time.monotonic() < deadline:
            self._settling.work()
            more = self.publisher.passed()
            busy = self.sender.round() or more
        return 0.0 if busy else _WATCHFUL

    def begin(self) -> None:
        """Note the time of the clock, so that events after it are delivered."""
        for scope in {one.scope for one in self.subscriptions.lasting}:
            self.publisher.begin(scope)

    def catch_up(self) -> None:
        """Let the job send what is due by the clock; nobody waits for its end."""
        self.wake()

    def wake(self) -> None:
        """Let the job check for due deliveries at once."""
        self._mock.jobs.wake(JOB)

    def wait(self, done: Callable[[], bool], seconds: float) -> bool:
        """Work in this thread until *done* is true or so many seconds have passed. Return whether it is
        done.
        """
        deadline = time.monotonic() + seconds
        while not done():
            if time.monotonic() > deadline:
                return False
            self._mock.jobs.run(JOB)
            time.sleep(0.01)
        return True

    def _close(self) -> None:
        if "sender" in vars(self):
            self.sender.close()

    def subscribe(self, subscription: Subscription, scope: str) -> Subscription:
        """Save a subscription for *scope*. Raises `UserError` if its URL does not answer the challenge."""
        secrets = subscription.secrets or (self._mock.settings.webhook_secret,)
        subscription = replace(subscription, id=new_id(), secrets=secrets, scope=scope)
        checks = subscription.challenge and subscription.profile == "coze"
        if checks and (problem := self.sender.check_url(subscription)):
            raise UserError(f"webhook {subscription.url} does not pass the check of its URL: {problem}")
        self._save(subscription)
        return subscription

    def _save(self, subscription: Subscription) -> None:
        """Save a subscription, which gets only events from now on."""
        if any(one.scope == subscription.scope for one in self.subscriptions.all()):
            self.publisher.passed()
        else:
            self.publisher.skip(subscription.scope)
        self.subscriptions.save(subscription)
        self.wake()

    def unsubscribe(self, subscription_id: str, scope: str) -> bool:
        """Delete a subscription that a client created, in *scope* or in any scope, and give up its waiting
        deliveries. Return whether there was one.
        """
        if not self.subscriptions.remove(subscription_id, scope):
            return False
        self.deliveries.abandon(subscription_id, "the subscription was deleted", self._now)
        return True

    def _now(self, scope: str) -> int:
        return self._mock.clock_of(scope or None).now()

    def check(self, url: str, secret: str) -> str:
        """Why *url* does not answer the challenge; empty if it does."""
        try:
            return self.sender.check_url(Subscription("", checked_url(url), (secret,)))
        except UserError as error:
            return str(error)

    def save(self, endpoint_id: str, url: str, secret: str, scope: str) -> None:
        """Deliver the events of a service for that endpoint to *url*."""
        self._save(Subscription(endpoint_id, url, (secret,), events=(), scope=scope))

    def remove(self, endpoint_id: str, scope: str) -> None:
        """Stop deliveries to that endpoint."""
        self.unsubscribe(endpoint_id, scope)

    def has_endpoints(self, scope: str) -> bool:
        """Whether any subscription can get events of *scope*."""
        return bool(self.subscriptions.of(scope))

    def deliver(self, body: dict[str, Any], scope: str, endpoint_id: str | None = None) -> None:
        """Deliver *body*, an event in an envelope, to one endpoint, or to all that want such events."""
        kind = body["header"]["event_type"]
        bot_id = str(body["event"].get("bot_id", ""))
        event = {"event_id": body["header"]["event_id"], "event_type": kind, "bot_id": bot_id}
        now = self._mock.clock_of(scope).now()
        for subscription in self.subscriptions.of(scope):
            is_meant = (
                subscription.id == endpoint_id if endpoint_id else subscription.wants(kind, bot_id, scope)
            )
            if not is_meant:
                continue
            delivery = self.deliveries.add(subscription, event, due=now, scope=scope, body=body)
            if delivery and context.is_present():
                context.current().deliveries.append(delivery.id)
        self.wake()

    def send(self, bot_id: str, since: int, until: int, scope: str | None) -> int:
        """Deliver past events of a bot. Return their number."""
        count = self.publisher.send(
            bot_id, since, until, scope or registry.default_scope(bot_id, self._mock.settings)
        )
        self.wake()
        return count

    def reason_for_none(self, bot_id: str, since: int, until: int, scope: str | None) -> str:
        """Why `send` with these arguments delivers nothing."""
        where = scope or registry.default_scope(bot_id, self._mock.settings)
        if not any(not one.bots or bot_id in one.bots for one in self.subscriptions.of(where)):
            return f"no subscription wants events of {bot_id}"
        now = self._mock.clock_of(where).now()
        remark = outside(self._mock.log, bot_id, where, (since, until - 1), now)
        return remark or f"{bot_id} has no event in this range that a subscription wants"

    def page(
        self, scope: str | None, where: Mapping[str, str], after: str | None, limit: int
    ) -> tuple[list[Delivery], bool]:
        """The deliveries of one scope or of all, newest first, and whether there are more.

        After a delivery that the log no longer has, there are none, as the log forgets the oldest first.
        """
        conditions: list[Condition] = [(name, "=", value) for name, value in where.items()]
        if after is not None:
            if (last := self._find(after, scope)) is None:
                return [], False
            conditions.append(("number", "<", last.number))
        found: list[Delivery] = []
        for one in self._scopes(scope):
            found += self.deliveries.select(one, conditions, limit=limit + 1)
        found.sort(key=lambda delivery: -delivery.number)
        return found[:limit], len(found) > limit

    def total(self, scope: str | None, state: State) -> int:
        """The number of deliveries in that state, also of those that the log no longer has."""
        return sum(self.deliveries.total(one, state) for one in self._scopes(scope))

    def caused_by(self, entry: Entry) -> list[str]:
        """The ids of the deliveries that a call caused, at once or when what it began had ended."""
        ends = self.deliveries.ends_of(entry.records, entry.scope) if entry.records and entry.scope else ()
        return list(dict.fromkeys([*entry.deliveries, *ends]))

    def redeliver(self, delivery_id: str, scope: str | None) -> Delivery | None:
        """Deliver again; `None` if there is no such delivery. Raises `UserError` if its endpoint gets no
        deliveries any more.
        """
        delivery = self._find(delivery_id, scope)
        if delivery is None:
            return None
        subscription = self.subscriptions.find(delivery.webhook, delivery.scope)
        if subscription is None:
            raise UserError(f"webhook {delivery.webhook} was deleted and gets no more deliveries")
        if not subscription.active:
            raise UserError(f"webhook {delivery.webhook} answered 410 and is switched off")
        self.deliveries.again(delivery, self._now(delivery.scope))
        self.wake()
        return delivery._replace(state="pending")

    def _find(self, delivery_id: str, scope: str | None) -> Delivery | None:
        found = (self.deliveries.find(delivery_id, one) for one in self._scopes(scope))
        return next((delivery for delivery in found if delivery), None)

    def _scopes(self, scope: str | None) -> list[str]:
        return self.deliveries.scopes() if scope is None else [scope]

    @cached_property
    def sender(self) -> "Sender":
        """The sender. It is created with the first subscription, as its HTTP client is slow to import."""
        from mockcbs.webhooks.sender import Sender  # noqa: PLC0415

        return Sender(
            self._mock, self.subscriptions, self.deliveries, Troubles(self._mock), self.publisher.horizon
        )

    def _check_urls(self) -> None:
        """Send the challenge to the URLs of flags and dataset. Events are sent there even if the check
        fails.
        """
        unchecked = [
            one
            for one in self.subscriptions.lasting
            if one.active and one.challenge and one.profile == "coze" and one not in self._checked
        ]
        self._checked.update(unchecked)
        for subscription, problem in self.sender.check_urls(unchecked):
            if problem:
                log.warning(
                    "webhook %s does not pass the check of its URL (--no-challenge leaves it out): %s",
                    subscription.url,
                    problem,
                )

    def _recorded(self, turn: Turn, scope: str, before: Turn | None) -> None:
        if self.subscriptions.of(scope):  # waking a thread costs as much as half a question
            self.publisher.recorded(turn, scope, before)
            self._settling.note(turn, scope, before)
            self.wake()


def of(app: Flask) -> Webhooks:
    """The webhooks of an application."""
    found: Webhooks = app.extensions["mockcbs.webhooks"]
    return found
