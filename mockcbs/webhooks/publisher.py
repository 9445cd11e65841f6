"""Creates deliveries from turns: recorded turns, and generated turns that the clock passes."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from flask import has_request_context

from mockcbs.services import registry
from mockcbs.state import State
from mockcbs.traffic.knowledge import Turn
from mockcbs.web import context
from mockcbs.webhooks.deliveries import Deliveries
from mockcbs.webhooks.subscriptions import Subscription, Subscriptions

_CURSOR = "webhooks"
_MAX_TURNS = 500
"""The maximum number of passed turns that are handled in one round."""


class Publisher:
    """Creates one delivery of each event for each subscription that wants it."""

    def __init__(self, mock: State, subscriptions: Subscriptions, deliveries: Deliveries) -> None:
        self._mock, self._subscriptions, self._deliveries = mock, subscriptions, deliveries
        self._cursor = mock.cursor(_CURSOR)

    def recorded(self, turn: Turn, scope: str, before: Turn | None) -> None:
        """Add the new events of a turn that was recorded in *scope*, or that replaced *before*. They are
        due now.
        """
        wanting = self._subscriptions.of(scope)
        if not wanting:
            return
        now = self._mock.clock_of(scope).now()
        for event in self._events(turn, scope):
            is_end = event["timestamp"] != turn.at_ms or event["event_type"].startswith("execution")
            if before is None or is_end:
                self._add(wanting, event, now, scope)

    def passed(self) -> bool:
        """Add the events of turns that clocks passed since the last call. Return whether there are more."""
        by_scope: dict[str, list[Subscription]] = {}
        for subscription in self._subscriptions.all():
            by_scope.setdefault(subscription.scope, []).append(subscription)
        more = [
            self._cursor.advance(scope, self._bots(scope), partial(self._passed, wanting, scope), _MAX_TURNS)
            for scope, wanting in by_scope.items()
        ]
        return any(more)

    def send(self, bot_id: str, since: int, until: int, scope: str) -> int:
        """Deliver the events of *bot_id* from *since* up to *until* (ms UTC, exclusive). Return their
        number.
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
                self._add(wanting, event, now, scope)
                count += 1
        return count

    def _passed(self, wanting: Iterable[Subscription], scope: str, turn: Turn) -> None:
        for event in self._events(turn, None):
            self._add(wanting, event, event["timestamp"], scope)

    def _events(self, turn: Turn, scope: str | None) -> Iterator[dict[str, Any]]:
        service = registry.with_bot(turn.bot_id)
        if service and service.events:
            yield from service.events(self._mock, turn, scope)

    def _add(self, wanting: Iterable[Subscription], event: dict[str, Any], due: int, scope: str) -> None:
        bot_id = event.get("bot_id") or event.get("workflow_id") or ""
        for subscription in wanting:
            if not subscription.wants(event["event_type"], bot_id, scope):
                continue
            delivery = self._deliveries.add(subscription, event, due=due, scope=scope)
            if delivery and has_request_context():
                context.current().deliveries.append(delivery.id)

    def _bots(self, scope: str) -> list[str]:
        return [
            bot for bot in self._mock.bots(scope) if (service := registry.with_bot(bot)) and service.events
        ]
