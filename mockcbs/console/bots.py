"""The bots and workflows that the console can show."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from mockcbs.services import registry
from mockcbs.services.base import Service
from mockcbs.services.shown import MadeBot
from mockcbs.state import State
from mockcbs.traffic.bots import ANY, Bot


@dataclass(frozen=True)
class Shown:
    """A bot or workflow in the list."""

    id: str
    name: str
    kind: str
    """``bot``, ``workflow`` or ``chatflow``."""
    service: str
    scope: str
    """The scope of the traffic: a project, or the digest of a token."""
    project: str | None
    """The project in paths of its API; `None` if its service has no projects."""


def listed(mock: State) -> list[dict[str, Any]]:
    """The bots of the dataset, those that clients created, and those that they used, in every scope."""
    seen = mock.journal.scopes()
    found: dict[tuple[str, str], Shown] = {}
    for service in registry.services():
        if service.bots is None or service.default_scope is None:
            continue
        default = service.default_scope(mock.settings)
        named = [bot_id for bot_id in mock.dataset.bots if bot_id != ANY]
        for scope in dict.fromkeys([default, *(one for one in seen if _may_own(service, one))]):
            ids = mock.used_bots(scope) if scope != default else [*named, *mock.used_bots(scope)]
            for bot in _shown(mock, service, scope, ids):
                found.setdefault((bot.scope, bot.id), bot)
    return [asdict(bot) for bot in found.values()]


def _may_own(service: Service, scope: str) -> bool:
    """Whether *scope* can belong to that service: a project, or the digest of a token."""
    return scope.startswith("token:") is (service.project is None)


def _shown(mock: State, service: Service, scope: str, ids: Iterable[str]) -> Iterator[Shown]:
    made = {one.id: one for one in service.made_bots(mock, scope)} if service.made_bots else {}
    for bot_id in dict.fromkeys([*ids, *made]):
        if registry.with_bot(bot_id) is not service:
            continue
        stated = mock.dataset.bot(bot_id) if mock.dataset.names(bot_id) else Bot(bot_id)
        one = made.get(bot_id) or MadeBot(bot_id, stated.name, stated.card.kind)
        yield Shown(bot_id, one.name, one.kind, service.name, scope, scope if service.project else None)
