"""Sends deliveries: to several endpoints in parallel, to each endpoint one at a time, with retries."""

import asyncio
import json
import logging
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx

from mockcbs.backend.base import Entry
from mockcbs.core.clock import real_now
from mockcbs.faults.scenario import WEBHOOK
from mockcbs.state import State
from mockcbs.webhooks.deliveries import Attempt, Deliveries, Delivery, Queue
from mockcbs.webhooks.subscriptions import Subscription, Subscriptions
from mockcbs.webhooks.trouble import Trouble, Troubles

log = logging.getLogger("mockcbs")

TIMEOUT = 3.0
"""The time in which an endpoint must respond, in s (contract coze 1.5.2)."""
JSON = "application/json; charset=utf-8"

BATCH = 10
"""The number of deliveries to one endpoint that are claimed together."""

_ROUND = 0.25
"""The time that one round waits for running attempts, in s."""
_EXCERPT = 500
_COUNTED = WEBHOOK, f"{WEBHOOK}.deliver"
"""The status of attempts in the metrics; 0 means no response."""
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
        self, mock: State, subscriptions: Subscriptions, deliveries: Deliveries, troubles: Troubles
    ) -> None:
        self._mock, self._subscriptions, self._deliveries = mock, subscriptions, deliveries
        self._troubles = troubles
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
        return self._loop.run_until_complete(self._round())

    def check_url(self, subscription: Subscription) -> str:
        """Send the challenge to a URL. Return why the check failed; empty if it succeeded."""
        value, event_id = secrets.token_hex(16), secrets.token_hex(16)
        header = {"event_type": "url_verification", "event_id": event_id, "created_at": real_now()}
        body = json.dumps({"header": header, "event": {"challenge": value}}, separators=(",", ":")).encode()
        headers = {"Content-Type": JSON, **subscription.signer.headers(event_id, body, real_now())}
        try:
            response = httpx.post(
                subscription.url, content=body, headers=headers, timeout=TIMEOUT, trust_env=False
            )
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return f"{type(error).__name__}: {error}"
        if response.status_code != httpx.codes.OK:
            return f"expected 200, found {response.status_code}"
        try:
            echoed = json.loads(response.text).get("challenge")
        except (ValueError, AttributeError):
            echoed = None
        return (
            "" if echoed == value else f'expected {{"challenge": "{value}"}}, found {response.text[:100]!r}'
        )

    def close(self) -> None:
        """Close the connections. Running attempts are repeated later."""
        if self._loop is None:
            return
        for task in self._busy.values():
            task.cancel()
        # In a thread, as the caller may be a coroutine, and a thread has at most one running event loop.
        closing = threading.Thread(target=self._close_connections, args=(self._loop, self._client))
        closing.start()
        closing.join()
        self._loop, self._client = None, None
        self._busy.clear()

    @staticmethod
    def _close_connections(loop: asyncio.AbstractEventLoop, client: httpx.AsyncClient | None) -> None:
        if client:
            loop.run_until_complete(client.aclose())
        loop.close()

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
        for queue in self._deliveries.queues_of(subscription.id):
            now = self._mock.clock_of(queue.scope or None).now()
            if entries := self._deliveries.claim(queue, now, BATCH):
                made = self._make_all(subscription, queue, entries)
                self._busy[subscription.id] = asyncio.get_running_loop().create_task(made)
                return

    async def _make_all(self, subscription: Subscription, queue: Queue, entries: list[Entry]) -> None:
        """Make attempts in order, one after the other, except for a burst of a scenario."""
        parallel = asyncio.Semaphore(self._troubles.parallel(queue.scope))

        async def make(entry: Entry) -> None:
            async with parallel:
                await self._make(subscription, queue, entry)

        await asyncio.gather(*map(make, entries))

    async def _make(self, subscription: Subscription, queue: Queue, entry: Entry) -> None:
        delivery = self._deliveries.find(entry.body["delivery"], queue.scope)
        if delivery is None or delivery.state != "pending":
            self._deliveries.done(entry)
            return
        now = self._mock.clock_of(queue.scope or None).now()
        trouble = self._troubles.choose(subscription, delivery, now) if not entry.body["met"] else None
        if trouble and trouble.delay_ms is not None:
            self._deliveries.postpone(entry, now + trouble.delay_ms, {**entry.body, "met": True})
            return
        if trouble and trouble.loses:
            self._note(delivery, Attempt(now, None, 0, "", trouble.reason), "dropped")
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
            self._note(delivery, attempt, "delivered")
            return None
        if outcome.status == _GONE and subscription.profile == "standard":
            log.warning("webhook %s answers 410 Gone and is switched off", subscription.url)
            self._subscriptions.switch_off(subscription)
            self._note(delivery, attempt, "failed")
            return None
        if retry >= len(subscription.retries):
            log.warning("webhook %s: %s is given up: %s", subscription.url, delivery.event_id, attempt.reason)
            self._note(delivery, attempt, "failed")
            return None
        self._note(delivery, attempt, "pending")
        asked = outcome.retry_after if subscription.profile == "standard" else None
        return int(max(subscription.retries[retry], asked or 0.0) * 1000)

    def _note(self, delivery: Delivery, attempt: Attempt, state: Any) -> None:
        self._deliveries.save(replace(delivery, state=state, attempts=(*delivery.attempts, attempt)))

    async def _send(
        self, subscription: Subscription, delivery: Delivery, trouble: Trouble | None
    ) -> list[Outcome]:
        """Send once, or everything that a scenario sends; the last result counts."""
        if trouble is None:
            body = delivery.body.encode()
            right = subscription.signer.headers(delivery.event_id, body, real_now())
            return [await self._post(subscription.url, right, body)]
        return [
            await self._post(subscription.url, headers, body)
            for headers, body in trouble.attempts(subscription, delivery)
        ]

    async def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        if self._client is None:
            self._client = _client()
        return await _post(self._client, url, headers, body)


def _client() -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100, keepalive_expiry=4)
    return httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False, trust_env=False, limits=limits)


async def _post(client: httpx.AsyncClient, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    began = time.perf_counter()
    try:
        async with asyncio.timeout(TIMEOUT):  # httpx limits each read, not the whole response
            response = await client.post(url, content=body, headers={"Content-Type": JSON, **headers})
    except TimeoutError:
        return Outcome(None, f"no answer within {TIMEOUT:g} s", _since(began))
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return Outcome(None, f"{type(error).__name__}: {error}", _since(began))
    wait = (
        response.headers.get("Retry-After", "") if response.status_code in {_TOO_MANY, _UNAVAILABLE} else ""
    )
    retry_after = float(wait) if wait.isascii() and wait.isdigit() else None
    return Outcome(response.status_code, response.text[:_EXCERPT], _since(began), retry_after)


def _since(began: float) -> int:
    return int((time.perf_counter() - began) * 1000)
