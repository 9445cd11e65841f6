"""Faults of deliveries that a scenario injects."""

import json
import secrets
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mockcbs.core.clock import real_now
from mockcbs.core.patterns import Call
from mockcbs.faults.scenario import WEBHOOK, WebhookTrouble
from mockcbs.state import State
from mockcbs.webhooks.deliveries import Delivery
from mockcbs.webhooks.signatures import signer
from mockcbs.webhooks.subscriptions import Subscription

BURST = 50
"""The number of deliveries that a burst sends at the same time."""

_LATE_MS = 5 * 60_000
_OLD_MS = 10 * 60_000


class Trouble(NamedTuple):
    """The fault of one delivery."""

    kind: WebhookTrouble
    scenario: str

    @property
    def reason(self) -> str:
        """The fault in words, for the log of deliveries."""
        return f"scenario {self.scenario}: {self.kind}"

    @property
    def delay_ms(self) -> int | None:
        """The delay in ms of mockcbs's clock; `None` without delay."""
        return {"late": _LATE_MS, "reordered": 0}.get(self.kind)

    @property
    def loses(self) -> bool:
        """Whether the delivery is never sent."""
        return self.kind == "lost"

    def attempts(
        self, subscription: Subscription, delivery: Delivery
    ) -> Iterator[tuple[Mapping[str, str], bytes]]:
        """The headers and bodies that are sent instead of one correct attempt; the last response counts."""
        body, now, event_id = delivery.body.encode(), real_now(), delivery.event_id
        right = subscription.signer.headers(event_id, body, now)
        another = f"whsec_{secrets.token_hex(16)}"
        if self.kind == "duplicate":
            yield right, body
            yield subscription.signer.headers(event_id, body, now), body
        elif self.kind == "replayed":
            yield subscription.signer.headers(event_id, body, now - _OLD_MS), body
            yield right, body
        elif self.kind == "bad-signature":
            yield signer(subscription.profile, [another]).headers(event_id, body, now), body
        elif self.kind == "reserialised":
            yield right, json.dumps(json.loads(body), indent=1).encode()
        elif self.kind == "rotated-secret":
            yield (
                signer(subscription.profile, [another, *subscription.secrets]).headers(event_id, body, now),
                body,
            )
        else:
            yield right, body


class Troubles:
    """Chooses the fault of each delivery from the scenario of its scope."""

    def __init__(self, mock: State) -> None:
        self._mock = mock

    def choose(self, subscription: Subscription, delivery: Delivery, now: int) -> Trouble | None:
        """The fault of the first attempt of *delivery* at *now* (ms UTC)."""
        run = self._mock.scenarios.run(delivery.scope or None)
        if run is None:
            return None
        call = Call(
            "POST",
            subscription.url,
            WEBHOOK,
            f"{WEBHOOK}.deliver",
            bot=delivery.bot_id,
            body=delivery.body,
        )
        fault = run.fault(call, now, {})
        return Trouble(fault.then.webhook, fault.scenario) if fault and fault.then.webhook else None

    def parallel(self, scope: str) -> int:
        """The number of deliveries to one endpoint that are sent at the same time."""
        run = self._mock.scenarios.run(scope or None)
        rules = run.scenario.rules if run else ()
        return BURST if any(rule.then.webhook == "burst" for rule in rules) else 1
