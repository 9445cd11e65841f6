"""Deliveries: one event to one endpoint, with all attempts; their log and their queues."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from mockcbs.backend.base import Entry, Outbox
from mockcbs.backend.documents import NEWEST_FIRST, Condition, Documents
from mockcbs.webhooks.subscriptions import Subscription

State = Literal["pending", "delivered", "failed", "dropped"]
"""The states of a delivery: waiting, delivered, given up, or dropped because too many waited or a scenario
dropped it.
"""

STATES: tuple[State, ...] = get_args(State)

MAX_WAITING = 20_000
"""The maximum number of waiting deliveries in one scope; further ones are dropped and counted."""
MAX_KEPT = 20_000
"""The maximum number of deliveries in the log of one scope; the oldest finished ones are deleted first."""

CLAIM_SECONDS = 35.0
"""The time for ten claimed attempts of 3 s each, after which another worker may make them, in s."""

_KIND = "webhook.delivery"
_QUEUES = "webhook.queue"


@dataclass(frozen=True)
class Attempt:
    """One attempt of a delivery."""

    at: int
    """The time of the attempt by mockcbs's clock, ms UTC."""
    status: int | None
    """The status of the response; `None` without a response in time or without a connection."""
    duration_ms: int
    answer: str = ""
    """The first part of the body of the response."""
    reason: str = ""
    """Why the attempt failed, or what a scenario did."""


@dataclass(frozen=True)
class Delivery:
    """One event to one endpoint."""

    id: str
    event_id: str
    event_type: str
    bot_id: str
    webhook: str
    """The id of the subscription."""
    url: str
    scope: str
    body: str
    """The body of every attempt, as JSON."""
    state: State = "pending"
    attempts: tuple[Attempt, ...] = ()
    number: int = 0
    """A number that increases with each delivery."""

    def as_dict(self) -> dict[str, Any]:
        """The delivery as JSON, with its body as it is sent."""
        return {name: value for name, value in asdict(self).items() if name not in {"scope", "number"}}


@dataclass(frozen=True)
class Queue:
    """The waiting deliveries of one subscription for the clock of one scope."""

    webhook: str
    scope: str

    @property
    def name(self) -> str:
        """Its name in the outbox."""
        return f"webhook/{self.webhook}/{self.scope}"


class Deliveries:
    """The log of deliveries, and the queues."""

    def __init__(self, documents: Documents, outbox: Outbox) -> None:
        self._documents, self._outbox = documents, outbox

    def add(
        self,
        subscription: Subscription,
        event: Mapping[str, Any],
        *,
        due: int,
        scope: str,
        body: Mapping[str, Any] | None = None,
    ) -> Delivery | None:
        """Add the delivery of *event* at *due* (ms UTC by the clock of *scope*). Return `None` if it was
        added before.

        *body* is sent instead of *event* if it is given.
        """
        bot_id = event.get("bot_id") or event.get("workflow_id") or ""
        delivery = Delivery(
            f"{event['event_id']}.{subscription.id}",
            event["event_id"],
            event["event_type"],
            bot_id,
            subscription.id,
            subscription.url,
            scope,
            json.dumps(body or event, ensure_ascii=False, separators=(",", ":")),
            number=time.time_ns(),
        )
        with self._documents.transaction():
            if self._documents.get(_KIND, scope, delivery.id):
                return None
            if self._documents.count(_KIND, scope, [("state", "=", "pending")]) >= MAX_WAITING:
                delivery = replace(delivery, state="dropped")
            else:
                self._enqueue(delivery, due)
            self.save(delivery)
            self._forget_oldest(scope)
        return delivery

    def scopes(self) -> list[str]:
        """The scopes that have deliveries."""
        found = (document["scope"] for document in self._documents.select(_QUEUES, ""))
        return list(dict.fromkeys(found))

    def again(self, delivery: Delivery, now: int) -> None:
        """Deliver again, in any state."""
        with self._documents.transaction():
            self.save(replace(delivery, state="pending"))
            self._enqueue(delivery, now)

    def find(self, delivery_id: str, scope: str) -> Delivery | None:
        """The delivery of that id in *scope*."""
        document = self._documents.get(_KIND, scope, delivery_id)
        return _restored(document) if document else None

    def save(self, delivery: Delivery) -> None:
        """Store the state of the delivery."""
        self._documents.put(_KIND, delivery.scope, delivery.id, asdict(delivery))

    def select(
        self,
        scope: str,
        where: Sequence[Condition] = (),
        *,
        after: str | None = None,
        limit: int | None = None,
    ) -> list[Delivery]:
        """The deliveries of *scope* that meet all conditions, newest first."""
        found = self._documents.select(_KIND, scope, where=where, sort=NEWEST_FIRST, after=after, limit=limit)
        return [_restored(document) for document in found]

    def count(self, scope: str, state: State) -> int:
        """The number of deliveries of *scope* in that state."""
        return self._documents.count(_KIND, scope, [("state", "=", state)])

    def queues_of(self, webhook: str) -> Iterator[Queue]:
        """The queues of one subscription."""
        for document in self._documents.select(_QUEUES, "", where=[("webhook", "=", webhook)]):
            yield Queue(document["webhook"], document["scope"])

    def claim(self, queue: Queue, now: int, limit: int) -> list[Entry]:
        """The next entries that are due at *now*."""
        return self._outbox.claim(queue.name, now, seconds=CLAIM_SECONDS, limit=limit)

    def done(self, entry: Entry) -> None:
        """Remove an entry from its queue."""
        self._outbox.ack(entry.number)

    def postpone(self, entry: Entry, due: int, body: dict[str, Any] | None = None) -> None:
        """Schedule an entry again at *due*."""
        self._outbox.postpone(entry.number, due, body)

    def next_due(self, queue: Queue) -> int | None:
        """The time at which the first entry of a queue is due; `None` if the queue is empty."""
        first = self._outbox.peek(queue.name, 1)
        return first[0].due if first else None

    def _enqueue(self, delivery: Delivery, due: int) -> None:
        queue = Queue(delivery.webhook, delivery.scope)
        if not self._documents.get(_QUEUES, "", queue.name):
            self._documents.put(_QUEUES, "", queue.name, asdict(queue))
        self._outbox.append(
            queue.name, {"delivery": delivery.id, "retry": 0, "met": False}, due=due, scope=delivery.scope
        )

    def _forget_oldest(self, scope: str) -> None:
        if self._documents.count(_KIND, scope) <= MAX_KEPT:
            return
        done = self._documents.select(_KIND, scope, where=[("state", "!=", "pending")], limit=MAX_KEPT // 10)
        for document in done:
            self._documents.delete(_KIND, scope, document["id"])


def _restored(document: dict[str, Any]) -> Delivery:
    return Delivery(**{**document, "attempts": tuple(Attempt(**one) for one in document["attempts"])})
