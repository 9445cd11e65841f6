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
from mockcbs.services import registry
from mockcbs.services.settling import Settling
from mockcbs.state import State
from mockcbs.traffic.knowledge import Turn
from mockcbs.webhooks.deliveries import Deliveries, Delivery
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

    def __init__(self, mock: State, settling: Settling) -> None:
        settings = mock.settings
        flags = from_flags(
            settings.webhook, settings.webhook_secret, settings.webhook_profile, challenge=settings.challenge
        )
        self._mock, self._settling = mock, settling
        self.subscriptions = Subscriptions(mock.documents, flags, self._stated)
        self.deliveries = Deliveries(mock.documents, mock.backend.outbox)
        self.publisher = Publisher(mock, self.subscriptions, self.deliveries)
        self._checked: set[Subscription] = set()
        mock.callbacks = self
        mock.log.subscribe(self._recorded)
        mock.jobs.add(JOB, self.work, self._close)

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

    def wake(self) -> None:
        """Let the job check at once what is due."""
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
        self.subscriptions.save(subscription)
        self.publisher.passed()  # only events from now on
        self.wake()
        return subscription

    def check(self, url: str, secret: str) -> str:
        """Why *url* does not answer the challenge; empty if it does."""
        try:
            return self.sender.check_url(Subscription("", checked_url(url), (secret,)))
        except UserError as error:
            return str(error)

    def save(self, endpoint_id: str, url: str, secret: str, scope: str) -> None:
        """Deliver the events of a service for that endpoint to *url*."""
        self.subscriptions.save(Subscription(endpoint_id, url, (secret,), events=(), scope=scope))

    def remove(self, endpoint_id: str, scope: str) -> None:
        """Stop deliveries to that endpoint."""
        self.subscriptions.remove(endpoint_id, scope)

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
            if is_meant:
                self.deliveries.add(subscription, event, due=now, scope=scope, body=body)
        self.wake()

    def send(self, bot_id: str, since: int, until: int, scope: str | None) -> int:
        """Deliver past events of a bot. Return their number."""
        count = self.publisher.send(
            bot_id, since, until, scope or registry.default_scope(bot_id, self._mock.settings)
        )
        self.wake()
        return count

    def page(
        self, scope: str | None, where: Mapping[str, str], after: str | None, limit: int
    ) -> tuple[list[Delivery], bool]:
        """The deliveries of one scope or of all, newest first, and whether there are more."""
        conditions: list[Condition] = [(name, "=", value) for name, value in where.items()]
        found: list[Delivery] = []
        for one in self._scopes(scope):
            found += self.deliveries.select(one, conditions)
        found.sort(key=lambda delivery: -delivery.number)
        ids = [delivery.id for delivery in found]
        start = ids.index(after) + 1 if after in ids else 0
        return found[start : start + limit], len(found) > start + limit

    def dropped(self, scope: str | None) -> int:
        """The number of dropped deliveries."""
        return sum(self.deliveries.count(one, "dropped") for one in self._scopes(scope))

    def redeliver(self, delivery_id: str, scope: str | None) -> Delivery | None:
        """Deliver again; `None` if there is no such delivery."""
        for one in self._scopes(scope):
            if delivery := self.deliveries.find(delivery_id, one):
                self.deliveries.again(delivery, self._mock.clock_of(one or None).now())
                self.wake()
                return delivery
        return None

    def _scopes(self, scope: str | None) -> list[str]:
        return self.deliveries.scopes() if scope is None else [scope]

    @cached_property
    def sender(self) -> "Sender":
        """The sender. It is created with the first subscription, as its HTTP client is slow to import."""
        from mockcbs.webhooks.sender import Sender  # noqa: PLC0415

        return Sender(self._mock, self.subscriptions, self.deliveries, Troubles(self._mock))

    def _check_urls(self) -> None:
        """Send the challenge to the URLs of flags and dataset. Events are sent there even if the check
        fails.
        """
        for subscription in self.subscriptions.lasting:
            if not subscription.challenge or subscription.profile != "coze" or subscription in self._checked:
                continue
            self._checked.add(subscription)
            if problem := self.sender.check_url(subscription):
                log.warning(
                    "webhook %s does not pass the check of its URL (--no-challenge leaves it out): %s",
                    subscription.url,
                    problem,
                )

    def _recorded(self, turn: Turn, scope: str, before: Turn | None) -> None:
        self.publisher.recorded(turn, scope, before)
        if self.subscriptions.of(scope):
            self._settling.note(turn, scope, before)
        self.wake()


def of(app: Flask) -> Webhooks:
    """The webhooks of an application."""
    found: Webhooks = app.extensions["mockcbs.webhooks"]
    return found
