"""Creates deliveries from turns: recorded turns, and generated turns that the clock passes."""

from collections.abc import Iterable, Iterator
from typing import Any

from mockcbs.services import registry
from mockcbs.state import State
from mockcbs.traffic.knowledge import Turn
from mockcbs.web import context
from mockcbs.webhooks.deliveries import Deliveries, Delivery, Queue, delivery_id
from mockcbs.webhooks.subscriptions import Subscription, Subscriptions

_CURSOR = "webhooks"
_MAX_TURNS = 500
"""The maximum number of passed turns that are handled in one round."""
ENOUGH = 2000
"""The number of waiting deliveries of an endpoint that keep it busy. Passed turns wait in the log until an
endpoint has less to do, so that a clock that moves by months fills no queue.
"""


class Publisher:
    """Creates one delivery of each event for each subscription to it."""

    def __init__(self, mock: State, subscriptions: Subscriptions, deliveries: Deliveries) -> None:
        self._mock, self._subscriptions, self._deliveries = mock, subscriptions, deliveries
        self._cursor = mock.cursor(_CURSOR)
        self._behind: dict[str, int] = {}
        """The scopes with passed turns that are not handled yet, and the time of the last handled one."""

    def recorded(self, turn: Turn, scope: str, before: Turn | None) -> None:
        """Add the new events of a turn that was recorded in *scope*, or that replaced *before*. They are
        due now.
        """
        wanting = self._subscriptions.of(scope)
        if not wanting:
            return
        now = self._mock.clock_of(scope).now()
        for event in self._events(turn, scope):
            if before is None:
                self._add(wanting, event, now, scope)
            elif event.get("role") == "assistant" or event["event_type"].startswith("execution"):
                self._add(wanting, event, now, scope, turn=turn.key)

    def passed(self) -> bool:
        """Add the events of turns that clocks passed since the last call. Return whether there are more
        that can be added now.
        """
        by_scope: dict[str, list[Subscription]] = {}
        for subscription in self._subscriptions.all():
            by_scope.setdefault(subscription.scope, []).append(subscription)
        more = [self._advance(scope, wanting) for scope, wanting in by_scope.items()]
        return any(more)

    def begin(self, scope: str) -> None:
        """Let the turns of *scope* begin now, unless they have begun before."""
        self._cursor.begin(scope)

    def skip(self, scope: str) -> None:
        """Leave out the turns of *scope* up to now, since nobody wanted their events."""
        self._cursor.skip(scope)

    def horizon(self, scope: str) -> int:
        """The time by the clock of *scope*, ms UTC, up to which events can be sent in order."""
        now = self._mock.clock_of(scope or None).now()
        return min(now, self._behind.get(scope, now))

    def send(self, bot_id: str, since: int, until: int, scope: str) -> int:
        """Deliver the events of *bot_id* from *since* up to *until* (ms UTC, exclusive), also those that
        were delivered before. Return the number of those that a subscription wants.
        """
        wanting = self._subscriptions.of(scope)
        now = self._mock.clock_of(scope).now()
        count = 0
        recording = self._mock.log.recordings.of(scope, bot_id)
        recorded = [turn for turn in (recording.turns if recording else ()) if since <= turn.at_ms < until]
        generated = self._mock.log.passed(since - 1, min(until - 1, now), [bot_id], now)
        pairs = [*((turn, None) for turn in generated), *((turn, scope) for turn in recorded)]
        for turn, where in sorted(pairs, key=lambda pair: pair[0].at_ms):
            for event in self._events(turn, where):
                count += self._add(wanting, event, now, scope, again=True)
        return count

    def _advance(self, scope: str, wanting: list[Subscription]) -> bool:
        waiting = [self._deliveries.count(Queue(one.id, scope), "pending") for one in wanting if one.active]
        if scope in self._behind and waiting and min(waiting) >= ENOUGH:
            return False
        last = 0

        def add(turn: Turn) -> None:
            nonlocal last
            last = turn.at_ms
            for event in self._events(turn, None):
                self._add(wanting, event, event["timestamp"], scope)

        more = self._cursor.advance(scope, self._bots(scope), add, _MAX_TURNS)
        if more:
            self._behind[scope] = last
        else:
            self._behind.pop(scope, None)
        return more

    def _events(self, turn: Turn, scope: str | None) -> Iterator[dict[str, Any]]:
        service = registry.with_bot(turn.bot_id)
        if service and service.events:
            yield from service.events(self._mock, turn, scope)

    def _add(
        self,
        wanting: Iterable[Subscription],
        event: dict[str, Any],
        due: int,
        scope: str,
        *,
        turn: str = "",
        again: bool = False,
    ) -> bool:
        """Add the deliveries of *event*. Return whether a subscription wants it."""
        bot_id = event.get("bot_id") or event.get("workflow_id") or ""
        found = [one for one in wanting if one.wants(event["event_type"], bot_id, scope)]
        for subscription in found:
            delivery = self._deliveries.add(subscription, event, due=due, scope=scope, turn=turn)
            if delivery is None and again:
                delivery = self._repeat(delivery_id(subscription, event), due, scope)
            if delivery and not turn and context.is_present():
                context.current().deliveries.append(delivery.id)
        return bool(found)

    def _repeat(self, delivery_id: str, due: int, scope: str) -> Delivery | None:
        delivery = self._deliveries.find(delivery_id, scope)
        if delivery and delivery.state != "pending":
            self._deliveries.again(delivery, due)
        return delivery

    def _bots(self, scope: str) -> list[str]:
        return [
            bot for bot in self._mock.bots(scope) if (service := registry.with_bot(bot)) and service.events
        ]
