"""Who wants which events: subscriptions of flags and datasets, and those that clients make."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from mockcbs.backend.documents import Documents
from mockcbs.core.errors import UserError
from mockcbs.settings import WebhookProfile
from mockcbs.webhooks.signatures import Signer, signer

EVENT_TYPES = (
    "session.started",
    "message.sent",
    "execution.completed",
    "execution.failed",
    "bot.published",
    "bot.unpublished",
    "bot.deleted",
)
"""What can be subscribed to (contract coze 1.5.3 and 3.13.2)."""

USAGE = EVENT_TYPES[:4]
"""What a subscription gets that names no events."""

RETRIES = (10.0, 60.0, 300.0)
"""Seconds of mockcbs's clock between two attempts (contract coze 1.5.2); after the last one it gives up."""

EVERYBODY = ""
"""The scope of subscriptions that get the events of all scopes."""

_KIND = "webhook"
_INDEX = "webhook.index"
"""Which subscriptions there are in what scope."""


@dataclass(frozen=True)
class Subscription:
    """One endpoint and what it wants."""

    id: str
    url: str
    secrets: tuple[str, ...]
    """The newest first; profile coze signs with that one alone."""
    profile: WebhookProfile = "coze"
    events: tuple[str, ...] = USAGE
    bots: tuple[str, ...] = ()
    """Ids of bots and workflows; empty for all."""
    scope: str = EVERYBODY
    challenge: bool = True
    """Whether its URL is checked when it is saved, and when the mock starts."""
    retries: tuple[float, ...] = RETRIES
    active: bool = True

    def wants(self, event_type: str, bot_id: str, scope: str) -> bool:
        """Whether it gets an event of that kind and bot that belongs to *scope*."""
        return (
            self.active
            and event_type in self.events
            and (not self.bots or bot_id in self.bots)
            and self.scope in {EVERYBODY, scope}
        )

    @property
    def signer(self) -> Signer:
        """What signs its deliveries."""
        return signer(self.profile, self.secrets)

    def as_dict(self) -> dict[str, Any]:
        """It as JSON, without its secrets."""
        shown = {name: value for name, value in asdict(self).items() if name != "secrets"}
        return {**shown, "secret": "****"}


class Subscriptions:
    """All subscriptions of a mock."""

    def __init__(
        self,
        documents: Documents,
        flags: Sequence[Subscription],
        stated: Callable[[], Sequence[Subscription]] = tuple,
    ) -> None:
        """*flags* are those of ``serve --webhook``; *stated* returns those of the present dataset."""
        self._documents = documents
        self._flags, self._stated = tuple(flags), stated
        self._off: set[Subscription] = set()

    @property
    def lasting(self) -> list[Subscription]:
        """Those of flags and the dataset, which no reset removes."""
        lasting = (*self._flags, *self._stated())
        return [replace(one, active=False) if one in self._off else one for one in lasting]

    def all(self) -> list[Subscription]:
        """Those of every scope."""
        return [*self.lasting, *self._made()]

    def of(self, scope: str) -> list[Subscription]:
        """Those that can get events of *scope*."""
        return [one for one in self.all() if one.scope in {EVERYBODY, scope}]

    def find(self, subscription_id: str, scope: str) -> Subscription | None:
        """The one of that id, if *scope* can see it."""
        return next((one for one in self.of(scope) if one.id == subscription_id), None)

    def save(self, subscription: Subscription) -> None:
        """Keep a new or changed one."""
        self._documents.put(_KIND, subscription.scope, subscription.id, asdict(subscription))
        self._documents.put(_INDEX, "", subscription.id, {"id": subscription.id, "scope": subscription.scope})

    def remove(self, subscription_id: str, scope: str) -> bool:
        """Delete one that a client made, in *scope* or from everywhere; whether there was one."""
        made = list(self._made())
        found = (one for one in made if one.id == subscription_id and scope in {EVERYBODY, one.scope})
        return any(self._documents.delete(_KIND, one.scope, one.id) for one in found)

    def switch_off(self, subscription: Subscription) -> None:
        """Send it nothing more: its endpoint is gone."""
        if subscription in self.lasting:
            self._off.add(subscription)
        else:
            self.save(replace(subscription, active=False))

    def _made(self) -> Iterator[Subscription]:
        """Those that clients have made. A reset of their scope deletes them, and leaves them in the index."""
        for entry in self._documents.select(_INDEX, ""):
            if document := self._documents.get(_KIND, entry["scope"], entry["id"]):
                yield _restored(document)
            else:
                self._documents.delete(_INDEX, "", entry["id"])


def _restored(document: dict[str, Any]) -> Subscription:
    lists = ("secrets", "events", "bots", "retries")
    return Subscription(**{**document, **{name: tuple(document[name]) for name in lists}})


def new_id() -> str:
    """An id for a subscription that a client makes."""
    return f"wh_{secrets.token_hex(8)}"


def from_flags(
    urls: Iterable[str], secret: str, profile: WebhookProfile, *, challenge: bool
) -> list[Subscription]:
    """The subscriptions of ``serve --webhook``; raises `UserError` for what is no URL."""
    return [
        Subscription(f"flag-{place}", checked_url(url), (secret,), profile, challenge=challenge)
        for place, url in enumerate(urls, 1)
    ]


def checked_url(url: str) -> str:
    """*url*, if events can be delivered there; raises `UserError`."""
    try:
        parts = urlsplit(url)
        right = (
            parts.scheme in {"http", "https"} and parts.hostname and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        right = False
    if not right or not url.isprintable() or " " in url:
        raise UserError(f"webhook URL {url[:200]!r} is not an http or https URL")
    return url
