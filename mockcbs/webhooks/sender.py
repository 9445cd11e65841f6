"""Sends deliveries: to several endpoints in parallel, to each endpoint one at a time, with retries."""

import asyncio
import json
import logging
import random
import secrets
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import httpx
from werkzeug.http import parse_date

from mockcbs.backend.base import Entry
from mockcbs.core.clock import real_now
from mockcbs.faults.scenario import WEBHOOK
from mockcbs.state import State
from mockcbs.webhooks.deliveries import Attempt, Deliveries, Delivery, Queue
from mockcbs.webhooks.subscriptions import Subscription, Subscriptions
from mockcbs.webhooks.trouble import Trouble, Troubles

log = logging.getLogger("mockcbs")

T = TypeVar("T")

TIMEOUT = 3.0
"""The time in which an endpoint must respond, in s (contract coze 1.5.2)."""
TIMEOUTS = {"bot.published": 10.0}
"""Other times by event type, in s (contract coze 3.13.3)."""
MAX_RETRY_AFTER = 86_400.0
"""The maximum time that an endpoint can ask to wait, in s."""
MAX_CHECKS = 20
"""The maximum number of URLs that are checked at the same time."""
JSON = "application/json; charset=utf-8"

BATCH = 10
"""The number of deliveries to one endpoint that are claimed together."""

_ROUND = 0.25
"""The time that one round waits for running attempts, in s."""
_EXCERPT = 500
_COUNTED = WEBHOOK, f"{WEBHOOK}.deliver"
"""The status of attempts in the metrics; 0 means no response."""
_IS_OFF = "the endpoint answered 410 and is switched off"
_GONE, _TOO_MANY, _UNAVAILABLE = 410, 429, 503


@dataclass(frozen=True)
class Outcome:
    """The result of one attempt."""

    status: int | None
    answer: str
    took_ms: int
    retry_after: float | None = None
    """The time that the endpoint asks to wait, in s."""

    @property
    def reason(self) -> str:
        """Why the attempt failed; empty if it succeeded."""
        if self.status == httpx.codes.OK:
            return ""
        return f"expected 200, found {self.status}" if self.status else self.answer

    def attempt(self, at: int, reason: str) -> Attempt:
        """The attempt for the log of deliveries. *at* is its time by mockcbs's clock, ms UTC."""
        return Attempt(at, self.status, self.took_ms, self.answer[:_EXCERPT], reason)


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
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: httpx.AsyncClient | None = None
        self._busy: dict[str, asyncio.Task[None]] = {}
        """The running attempts, by subscription."""

    def round(self) -> bool:
        """Start the attempts that are due, and wait a short time for running ones. Return whether there
        may be more.
        """
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        return _run(self._loop, self._round())

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
        """Close the connections. Running attempts are repeated later."""
        if self._loop is None:
            return
        for task in self._busy.values():
            task.cancel()
        if self._client:
            _run(self._loop, self._client.aclose())
        self._loop.close()
        self._loop, self._client = None, None
        self._busy.clear()

    async def _round(self) -> bool:
        for subscription in self._subscriptions.all():
            self._begin(subscription)
        if not self._busy:
            return False
        done, _ = await asyncio.wait(self._busy.values(), timeout=_ROUND, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()  # a bug in mockcbs is logged
        return True

    def _begin(self, subscription: Subscription) -> None:
        """Start the next attempts at one endpoint, unless some are running."""
        running = self._busy.get(subscription.id)
        if running and not running.done():
            return
        self._busy.pop(subscription.id, None)
        queues = list(self._deliveries.queues_of(subscription.id))
        random.shuffle(queues)  # so that no scope has to wait for another one to end
        for queue in queues:
            parallel = self._troubles.parallel(queue.scope)
            if entries := self._deliveries.claim(queue, self._horizon(queue.scope), max(BATCH, parallel)):
                made = self._make_all(subscription, queue, entries, parallel)
                self._busy[subscription.id] = asyncio.get_running_loop().create_task(made)
                return

    async def _make_all(
        self, subscription: Subscription, queue: Queue, entries: list[Entry], parallel: int
    ) -> None:
        """Make attempts in order, one after the other, except for a burst of a scenario."""
        free = asyncio.Semaphore(parallel)

        async def make(entry: Entry) -> None:
            async with free:
                await self._make(subscription, queue, entry)

        await asyncio.gather(*map(make, entries))

    async def _make(self, subscription: Subscription, queue: Queue, entry: Entry) -> None:
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
        *copies, outcome = await self._send(subscription, delivery, trouble)
        for sent in (*copies, outcome):
            self._mock.tally.count_of(_COUNTED, sent.status or 0).add(sent.took_ms / 1000)
        wanted = trouble.reason if trouble else ""
        made = tuple(copy.attempt(now, wanted) for copy in copies)
        delivery = replace(delivery, attempts=(*delivery.attempts, *made))
        reason = "; ".join(part for part in (outcome.reason, wanted) if part)
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
        if outcome.status == httpx.codes.OK:
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

    async def _send(
        self, subscription: Subscription, delivery: Delivery, trouble: Trouble | None
    ) -> list[Outcome]:
        """Send once, or everything that a scenario sends; the last result counts."""
        if self._client is None:
            self._client = _client()
        seconds = TIMEOUTS.get(delivery.event_type, TIMEOUT)
        if trouble is None:
            body = delivery.body.encode()
            right = subscription.signer.headers(delivery.event_id, body, real_now())
            return [await _post(self._client, subscription.url, right, body, seconds)]
        return [
            await _post(self._client, subscription.url, headers, body, seconds)
            for headers, body in trouble.attempts(subscription, delivery)
        ]


def _run(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> T:
    """Run *work* in *loop* and return its result. A coroutine may call this: its thread already has a running
    event loop and cannot run a second one, so the work is done in another thread.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return loop.run_until_complete(work)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(loop.run_until_complete, work).result()


def _client() -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100, keepalive_expiry=4)
    return httpx.AsyncClient(
        timeout=max(TIMEOUTS.values()), follow_redirects=False, trust_env=False, limits=limits
    )


async def _post(
    client: httpx.AsyncClient, url: str, headers: Mapping[str, str], body: bytes, seconds: float
) -> Outcome:
    began = time.perf_counter()
    try:
        async with asyncio.timeout(seconds):  # httpx limits each read, not the whole response
            response = await client.post(url, content=body, headers={"Content-Type": JSON, **headers})
    except TimeoutError:
        return Outcome(None, f"no answer within {seconds:g} s", _since(began))
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return Outcome(None, f"{type(error).__name__}: {error}", _since(began))
    return Outcome(response.status_code, response.text, _since(began), _retry_after(response))


def _retry_after(response: httpx.Response) -> float | None:
    """The time that a busy endpoint asks to wait, in s: a number of seconds or an HTTP date."""
    if response.status_code not in {_TOO_MANY, _UNAVAILABLE}:
        return None
    value = response.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), MAX_RETRY_AFTER)
    moment = parse_date(value)
    return None if moment is None else min(max(0.0, moment.timestamp() - real_now() / 1000), MAX_RETRY_AFTER)


def _check(subscription: Subscription) -> str:
    """Send the challenge to the URL of *subscription*. Return why the check failed; empty if it
    succeeded.
    """
    value, event_id = secrets.token_hex(16), secrets.token_hex(16)
    header = {"event_type": "url_verification", "event_id": event_id, "created_at": real_now()}
    body = json.dumps({"header": header, "event": {"challenge": value}}, separators=(",", ":")).encode()

    async def send() -> Outcome:
        headers = subscription.signer.headers(event_id, body, real_now())
        async with _client() as client:
            return await _post(client, subscription.url, headers, body, TIMEOUT)

    outcome = asyncio.run(send())
    if outcome.reason:
        return outcome.reason
    try:
        echoed = json.loads(outcome.answer).get("challenge")
    except (ValueError, AttributeError):
        echoed = None
    return "" if echoed == value else f'expected {{"challenge": "{value}"}}, found {outcome.answer[:100]!r}'


def _since(began: float) -> int:
    return int((time.perf_counter() - began) * 1000)
