"""Sends deliveries: to several endpoints in parallel, to each endpoint one at a time, with retries."""

import json
import logging
import random
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import NamedTuple

from mockcbs.backend.base import Entry
from mockcbs.core.clock import real_now
from mockcbs.core.errors import BackendError
from mockcbs.faults.scenario import WEBHOOK
from mockcbs.state import State
from mockcbs.webhooks.deliveries import CLAIM_SECONDS, Attempt, Deliveries, Delivery, Queue
from mockcbs.webhooks.posting import Endpoint, Outcome
from mockcbs.webhooks.subscriptions import Subscription, Subscriptions
from mockcbs.webhooks.trouble import Trouble, Troubles

log = logging.getLogger("mockcbs")

TIMEOUT = 3.0
"""The time in which an endpoint must respond, in s (contract coze 1.5.2)."""
TIMEOUTS = {"bot.published": 10.0}
"""Other times by event type, in s (contract coze 3.13.3)."""
MAX_CHECKS = 20
"""The maximum number of URLs that are checked at the same time."""
MAX_TURNS = 256
"""The maximum number of endpoints that are sent to at the same time, each in a thread."""

BATCH = 10
"""The number of deliveries to one endpoint that are claimed together."""

_ROUND = 0.25
"""The time that one round waits for running attempts, in s."""
_TURN = 3.0
"""The time after which a turn of an endpoint begins no more attempts, in s."""
_CLOSE = 1.0
"""The time in which turns must end when the sender is closed, in s."""
_COUNTED = WEBHOOK, f"{WEBHOOK}.deliver"
"""The status of attempts in the metrics; 0 means no response."""
_IS_OFF = "the endpoint answered 410 and is switched off"
_OK, _GONE = 200, 410


class _Claim(NamedTuple):
    """Entries of a queue that one turn may work on."""

    queue: Queue
    entries: list[Entry]
    parallel: int
    """How many of them are sent at the same time."""


class Sender:
    """Makes the attempts that are due. One thread calls it round by round."""

    def __init__(
        self,
        mock: State,
        subscriptions: Subscriptions,
        deliveries: Deliveries,
        troubles: Troubles,
        horizon: Callable[[str], int],
    ) -> None:
        """*horizon* is the time by the clock of a scope, ms UTC, up to which deliveries are made now."""
        self._mock, self._subscriptions, self._deliveries = mock, subscriptions, deliveries
        self._troubles, self._horizon = troubles, horizon
        self._busy: dict[str, _Turn] = {}
        """The running turns, by subscription."""
        self._ended: SimpleQueue[_Turn] = SimpleQueue()
        self._is_closed = False

    def round(self) -> bool:
        """Start the attempts that are due, and wait a short time for running ones. Return whether there
        may be more.
        """
        subscriptions = self._subscriptions.all()
        random.shuffle(subscriptions)  # so that each has its turn if there are more than threads
        for subscription in subscriptions:
            if len(self._busy) >= MAX_TURNS or self._is_closed:
                break
            if subscription.id not in self._busy and (claim := self.claim(subscription)):
                turn = self._busy[subscription.id] = _Turn(self, subscription, claim, self._ended)
                turn.start()
        if not self._busy:
            return False
        with suppress(Empty):
            self._end(self._ended.get(timeout=_ROUND))
            while True:
                self._end(self._ended.get_nowait())
        return True

    def _end(self, turn: "_Turn") -> None:
        if self._busy.get(turn.subscription.id) is turn:
            del self._busy[turn.subscription.id]
        if turn.error:
            raise turn.error  # the job logs it: a bug, or an outage of the backend

    def check_url(self, subscription: Subscription) -> str:
        """Send the challenge to a URL. Return why the check failed; empty if it succeeded."""
        ((_, problem),) = self.check_urls([subscription])
        return problem

    def check_urls(self, subscriptions: Sequence[Subscription]) -> list[tuple[Subscription, str]]:
        """Send the challenge to several URLs at the same time. Return why each check failed, as
        `check_url` does.
        """
        if not subscriptions:
            return []
        with ThreadPoolExecutor(MAX_CHECKS) as pool:  # the caller may be a coroutine, which blocks its loop
            return list(zip(subscriptions, pool.map(_check, subscriptions), strict=True))

    def close(self) -> None:
        """End the running attempts and close the connections. These attempts are repeated later.

        What else was claimed is free for other workers at once.
        """
        self._is_closed = True
        deadline, turns = time.monotonic() + _CLOSE, [*self._busy.values()]
        for turn in turns:
            turn.stop()
        for turn in turns:
            turn.join(max(0.0, deadline - time.monotonic()))

    def claim(self, subscription: Subscription) -> _Claim | None:
        """The next attempts at one endpoint; `None` if none is due."""
        queues = list(self._deliveries.queues_of(subscription.id))
        random.shuffle(queues)  # so that no scope has to wait for another one to end
        for queue in queues:
            parallel = self._troubles.parallel(queue.scope)
            if entries := self._deliveries.claim(queue, self._horizon(queue.scope), max(BATCH, parallel)):
                return _Claim(queue, entries, parallel)
        return None

    def release(self, claim: _Claim) -> None:
        """Give back what is left of a claim; if the backend is unavailable, the claim ends by itself."""
        with suppress(BackendError):
            self._deliveries.release(claim.entries)

    def make(self, subscription: Subscription, queue: Queue, entry: Entry, endpoint: Endpoint) -> None:
        """Make an attempt and record its result, unless *endpoint* is aborted meanwhile."""
        delivery = self._deliveries.find(entry.body["delivery"], queue.scope)
        if delivery is None or delivery.state != "pending":
            self._deliveries.done(entry)
            return
        now = self._mock.clock_of(queue.scope or None).now()
        if not self._subscriptions.is_active(subscription):
            self._deliveries.change(delivery, "failed", Attempt(now, None, 0, "", _IS_OFF))
            self._deliveries.done(entry)
            return
        trouble = self._troubles.choose(subscription, delivery, now) if not entry.body["met"] else None
        if trouble and trouble.delay_ms is not None:
            self._deliveries.postpone(entry, now + trouble.delay_ms, {**entry.body, "met": True})
            return
        if trouble and trouble.loses:
            self._deliveries.change(delivery, "dropped", Attempt(now, None, 0, "", trouble.reason))
            self._deliveries.done(entry)
            return
        *copies, outcome = self._send(subscription, delivery, trouble, endpoint)
        if endpoint.is_aborted:
            return
        for sent in (*copies, outcome):
            self._mock.tally.count_of(_COUNTED, sent.status or 0).add(sent.took_ms / 1000)
        wanted = trouble.reason if trouble else ""
        made = tuple(copy.attempt(now, wanted) for copy in copies)
        delivery = delivery._replace(attempts=(*delivery.attempts, *made))
        reason = "; ".join(part for part in (outcome.reason, wanted) if part)
        with self._mock.documents.transaction():
            due = self._follow_up(subscription, entry, delivery, outcome.attempt(now, reason), outcome)
            if due is None:
                self._deliveries.done(entry)
            else:
                body = {**entry.body, "retry": entry.body["retry"] + 1, "met": True}
                self._deliveries.postpone(entry, self._mock.clock_of(queue.scope or None).now() + due, body)

    def _follow_up(
        self, subscription: Subscription, entry: Entry, delivery: Delivery, attempt: Attempt, outcome: Outcome
    ) -> int | None:
        """Record the result of an attempt. Return the time to the next attempt in ms, or `None` if there
        is none.
        """
        retry = entry.body["retry"]
        if outcome.status == _OK:
            self._deliveries.change(delivery, "delivered", attempt)
            return None
        if outcome.status == _GONE and subscription.profile == "standard":
            log.warning("webhook %s answers 410 Gone and is switched off", subscription.url)
            self._subscriptions.switch_off(subscription)
            self._deliveries.change(delivery, "failed", attempt)
            return None
        if retry >= len(subscription.retries):
            log.warning("webhook %s: %s is given up: %s", subscription.url, delivery.event_id, attempt.reason)
            self._deliveries.change(delivery, "failed", attempt)
            return None
        self._deliveries.change(delivery, "pending", attempt)
        asked = outcome.retry_after if subscription.profile == "standard" else None
        return int(max(subscription.retries[retry], asked or 0.0) * 1000)

    def _send(
        self, subscription: Subscription, delivery: Delivery, trouble: Trouble | None, endpoint: Endpoint
    ) -> list[Outcome]:
        """Send once, or everything that a scenario sends; the last result counts."""
        seconds = TIMEOUTS.get(delivery.event_type, TIMEOUT)
        if trouble is None:
            body = delivery.body.encode()
            right = subscription.signer.headers(delivery.event_id, body, real_now())
            return [endpoint.post(right, body, seconds)]
        attempts = trouble.attempts(subscription, delivery)
        return [endpoint.post(headers, body, seconds) for headers, body in attempts]


class _Turn(threading.Thread):
    """Makes the attempts at one endpoint that are due, one after the other, except for a burst of a
    scenario.
    """

    def __init__(
        self, sender: Sender, subscription: Subscription, claim: _Claim, ended: SimpleQueue["_Turn"]
    ) -> None:
        super().__init__(name=f"mockcbs webhook {subscription.id}", daemon=True)
        self.subscription = subscription
        self.error: Exception | None = None
        """The error that ended the turn."""
        self._sender, self._claim, self._ended = sender, claim, ended
        self._began = time.monotonic()
        self._is_stopped = False
        self._endpoints = [Endpoint(subscription.url)]
        """The first one is used except in a burst."""

    def run(self) -> None:
        """Make attempts until none is due or the time is over."""
        claim: _Claim | None = self._claim
        try:
            while claim:
                self._make_all(claim)
                claim = None if self._is_over else self._sender.claim(self.subscription)
        except Exception as error:  # noqa: BLE001 - the sender raises it
            self.error = error
        finally:
            for endpoint in self._endpoints:
                endpoint.close()
            self._ended.put(self)

    def stop(self) -> None:
        """End the turn now. The results of running attempts are not recorded."""
        self._is_stopped = True
        for endpoint in self._endpoints:
            endpoint.abort()

    @property
    def _is_over(self) -> bool:
        return self._is_stopped or time.monotonic() > self._began + _TURN

    def _make_all(self, claim: _Claim) -> None:
        make = partial(self._sender.make, self.subscription, claim.queue)
        if claim.parallel == 1:
            try:
                while claim.entries and not self._is_over:
                    make(claim.entries.pop(0), self._endpoints[0])
            finally:
                if claim.entries and time.monotonic() < self._began + CLAIM_SECONDS:
                    self._sender.release(claim)
            return
        burst = [Endpoint(self.subscription.url) for _ in claim.entries]
        self._endpoints += burst
        with ThreadPoolExecutor(claim.parallel) as pool:
            list(pool.map(make, claim.entries, burst))


def _check(subscription: Subscription) -> str:
    """Send the challenge to the URL of *subscription*. Return why the check failed; empty if it
    succeeded.
    """
    value, event_id = secrets.token_hex(16), secrets.token_hex(16)
    header = {"event_type": "url_verification", "event_id": event_id, "created_at": real_now()}
    body = json.dumps({"header": header, "event": {"challenge": value}}, separators=(",", ":")).encode()
    headers = subscription.signer.headers(event_id, body, real_now())
    with Endpoint(subscription.url) as endpoint:
        outcome = endpoint.post(headers, body, TIMEOUT)
    if outcome.reason:
        return outcome.reason
    try:
        echoed = json.loads(outcome.answer).get("challenge")
    except (ValueError, AttributeError):
        echoed = None
    return "" if echoed == value else f'expected {{"challenge": "{value}"}}, found {outcome.answer[:100]!r}'
