"""Deliveries: one event to one endpoint, with all attempts; their log and their queues."""

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, get_args

from mockcbs.backend.base import Entry, Outbox
from mockcbs.backend.documents import NEWEST_FIRST, Condition, Documents
from mockcbs.core import masking
from mockcbs.webhooks.subscriptions import Subscription

log = logging.getLogger("mockcbs")

State = Literal["pending", "delivered", "failed", "dropped"]
"""The states of a delivery: waiting, delivered, given up, or dropped because too many waited or a scenario
dropped it.
"""

STATES: tuple[State, ...] = get_args(State)

MAX_WAITING = 20_000
"""The maximum number of waiting deliveries in one queue; further ones are dropped and counted."""
MAX_FINISHED = 20_000
"""The maximum number of finished deliveries in the log of one scope; the oldest ones are deleted."""

CLAIM_SECONDS = 14.0
"""The time after which another worker may make claimed attempts, in s: longer than a turn of an endpoint, and
less than the 15 s in which another worker continues the work of one that has died.
"""

_KIND = "webhook.delivery"
_QUEUES = "webhook.queue"
_COUNTS = "webhook.counts"
"""The numbers of deliveries of each queue by state, so that nothing has to count the log."""
_FORGOTTEN = "forgotten"
"""Counts the finished deliveries that are no longer in the log."""
_ENDS = "webhook.ends"
"""The ids of the deliveries that a turn caused after the request that recorded it, by turn."""


class Attempt(NamedTuple):
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


class Delivery(NamedTuple):
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
    turn: str = ""
    """The key of the turn whose end it reports, if a client caused the turn; otherwise empty."""

    @property
    def queue(self) -> "Queue":
        """The queue in which it waits."""
        return Queue(self.webhook, self.scope)

    def as_dict(self) -> dict[str, Any]:
        """The delivery as JSON, with its body as it is sent; secrets in its URL and in answers are masked."""
        shown = {name: value for name, value in self._asdict().items() if name not in _INTERNAL}
        attempts = [
            {**one._asdict(), "answer": masking.text(one.answer), "reason": masking.text(one.reason)}
            for one in self.attempts
        ]
        return {**shown, "url": masking.text(self.url), "attempts": attempts}


_INTERNAL = {"scope", "number", "turn"}


class Queue(NamedTuple):
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
        self._last_number = 0

    def add(
        self,
        subscription: Subscription,
        event: Mapping[str, Any],
        *,
        due: int,
        scope: str,
        body: Mapping[str, Any] | None = None,
        turn: str = "",
    ) -> Delivery | None:
        """Add the delivery of *event* at *due* (ms UTC by the clock of *scope*). Return `None` if it was
        added before.

        *body* is sent instead of *event* if it is given; *turn* is the member of the `Delivery`.
        """
        key = delivery_id(subscription, event)
        with self._documents.transaction():
            if self._documents.get(_KIND, scope, key):
                return None
            delivery = Delivery(
                key,
                event["event_id"],
                event["event_type"],
                event.get("bot_id") or event.get("workflow_id") or "",
                subscription.id,
                subscription.url,
                scope,
                json.dumps(body or event, ensure_ascii=False, separators=(",", ":")),
                number=self._next_number(),
                turn=turn,
            )
            if self.count(delivery.queue, "pending") >= MAX_WAITING:
                delivery = delivery._replace(state="dropped")
                self._warn(delivery)
            else:
                self._enqueue(delivery, due)
            self._put(delivery)
            self._move(delivery.queue, None, delivery.state)
            self._note_end(delivery)
            self._forget_oldest(scope)
        return delivery

    def scopes(self) -> list[str]:
        """The scopes that have deliveries."""
        found = (document["scope"] for document in self._documents.select(_QUEUES, ""))
        return list(dict.fromkeys(found))

    def again(self, delivery: Delivery, now: int) -> None:
        """Deliver again, in any state."""
        with self._documents.transaction():
            self.change(delivery, "pending")
            self._enqueue(delivery, now)

    def find(self, delivery_id: str, scope: str) -> Delivery | None:
        """The delivery of that id in *scope*."""
        document = self._documents.get(_KIND, scope, delivery_id)
        return _restored(document) if document else None

    def change(self, delivery: Delivery, state: State, *attempts: Attempt) -> None:
        """Store a new state of *delivery*, and more *attempts*."""
        with self._documents.transaction():
            held = self._documents.get(_KIND, delivery.scope, delivery.id)
            if held is None:  # a reset deleted it
                return
            self._put(delivery._replace(state=state, attempts=(*delivery.attempts, *attempts)))
            self._move(delivery.queue, held["state"], state)

    def select(
        self, scope: str, where: Sequence[Condition] = (), *, limit: int | None = None
    ) -> list[Delivery]:
        """The deliveries of *scope* that meet all conditions, newest first."""
        found = self._documents.select(_KIND, scope, where=where, sort=NEWEST_FIRST, limit=limit)
        return [_restored(document) for document in found]

    def count(self, queue: Queue, state: State) -> int:
        """The number of deliveries of *queue* that are in that state, or were before the log forgot them."""
        counts = self._documents.get(_COUNTS, queue.scope, queue.webhook) or {}
        number: int = counts.get(state, 0)
        return number

    def total(self, scope: str, *states: str) -> int:
        """The number of deliveries of *scope* in these states, in all queues, also forgotten ones."""
        every = self._documents.select(_COUNTS, scope)
        return sum(counts.get(state, 0) for counts in every for state in states)

    def ends_of(self, turns: Iterable[str], scope: str) -> Iterator[str]:
        """The ids of the deliveries that report the ends of *turns* (keys of turns)."""
        for turn in turns:
            yield from (self._documents.get(_ENDS, scope, turn) or {}).get("ids", ())

    def queues_of(self, webhook: str) -> Iterator[Queue]:
        """The queues of one subscription."""
        for document in self._documents.select(_QUEUES, "", where=[("webhook", "=", webhook)]):
            yield Queue(document["webhook"], document["scope"])

    def abandon(self, webhook: str, reason: str, now: Callable[[str], int]) -> None:
        """Give up all waiting deliveries of a subscription that gets no more; *now* is the time by the
        clock of a scope, ms UTC.
        """
        for queue in self.queues_of(webhook):
            while entries := self._outbox.peek(queue.name):
                for entry in entries:
                    delivery = self.find(entry.body["delivery"], queue.scope)
                    if delivery and delivery.state == "pending":
                        self.change(delivery, "failed", Attempt(now(queue.scope), None, 0, "", reason))
                    self.done(entry)

    def claim(self, queue: Queue, now: int, limit: int) -> list[Entry]:
        """The next entries that are due at *now*."""
        return self._outbox.claim(queue.name, now, seconds=CLAIM_SECONDS, limit=limit)

    def release(self, entries: Iterable[Entry]) -> None:
        """Give claimed entries back, so that they are next."""
        for entry in entries:
            self._outbox.postpone(entry.number, entry.due)

    def done(self, entry: Entry) -> None:
        """Remove an entry from its queue."""
        self._outbox.ack(entry.number)

    def postpone(self, entry: Entry, due: int, body: dict[str, Any] | None = None) -> None:
        """Schedule an entry again at *due*."""
        self._outbox.postpone(entry.number, due, body)

    def _enqueue(self, delivery: Delivery, due: int) -> None:
        queue = delivery.queue
        if not self._documents.get(_QUEUES, "", queue.name):
            self._documents.put(_QUEUES, "", queue.name, queue._asdict())
        self._outbox.append(
            queue.name, {"delivery": delivery.id, "retry": 0, "met": False}, due=due, scope=delivery.scope
        )

    def _warn(self, delivery: Delivery) -> None:
        """Log the first dropped delivery of a queue, and every thousandth."""
        before = self.count(delivery.queue, "dropped")
        if before % 1000 == 0:
            message = "webhook %s: %d deliveries wait; further ones are dropped (%d so far)"
            log.warning(message, delivery.url, MAX_WAITING, before + 1)

    def _put(self, delivery: Delivery) -> None:
        document = {**delivery._asdict(), "attempts": [one._asdict() for one in delivery.attempts]}
        self._documents.put(_KIND, delivery.scope, delivery.id, document)

    def _move(self, queue: Queue, before: State | None, after: State) -> None:
        """Count a delivery in its new state instead of that *before*."""
        if before != after:
            self._add_counts(queue, {str(after): 1, **({before: -1} if before else {})})

    def _add_counts(self, queue: Queue, more: Mapping[str, int]) -> None:
        counts = self._documents.get(_COUNTS, queue.scope, queue.webhook) or {}
        changed = {name: max(0, counts.get(name, 0) + number) for name, number in more.items()}
        self._documents.put(_COUNTS, queue.scope, queue.webhook, {**counts, **changed})

    def _note_end(self, delivery: Delivery) -> None:
        if delivery.turn:
            ids = (self._documents.get(_ENDS, delivery.scope, delivery.turn) or {}).get("ids", ())
            self._documents.put(_ENDS, delivery.scope, delivery.turn, {"ids": [*ids, delivery.id]})

    def _forget_oldest(self, scope: str) -> None:
        finished = self.total(scope, "delivered", "failed", "dropped")
        if finished - self.total(scope, _FORGOTTEN) <= MAX_FINISHED:
            return
        is_done: Condition = ("state", "!=", "pending")
        done = self._documents.select(_KIND, scope, where=[is_done], limit=MAX_FINISHED // 10)
        for delivery in map(_restored, done):
            self._documents.delete(_KIND, scope, delivery.id)
            self._documents.delete(_ENDS, scope, delivery.turn)
            self._add_counts(delivery.queue, {_FORGOTTEN: 1})

    def _next_number(self) -> int:
        self._last_number = max(self._last_number + 1, time.time_ns())
        return self._last_number


def delivery_id(subscription: Subscription, event: Mapping[str, Any]) -> str:
    """The id of the delivery of *event* to the endpoint of *subscription*."""
    return f"{event['event_id']}.{subscription.id}"


def _restored(document: dict[str, Any]) -> Delivery:
    return Delivery(**{**document, "attempts": tuple(Attempt(**one) for one in document["attempts"])})
