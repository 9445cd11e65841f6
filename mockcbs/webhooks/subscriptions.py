"""Subscriptions: those of flags and datasets, and those that clients create."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from mockcbs.backend.documents import Documents
from mockcbs.core import masking
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
"""The event types that can be subscribed to (contract coze 1.5.3 and 3.13.2)."""

USAGE = EVENT_TYPES[:4]
"""The event types of a subscription that names none."""

RETRIES = (10.0, 60.0, 300.0)
"""The times between attempts in seconds of mockcbs's clock (contract coze 1.5.2); after the last attempt
the delivery is given up.
"""

EVERYBODY = ""
"""The scope of subscriptions to the events of all scopes."""

_KIND = "webhook"
_INDEX = "webhook.index"
"""The key of the index of subscriptions and their scopes."""
_OFF = "webhook.off"
"""The subscriptions of flags and dataset that are switched off, by id."""
_SERVER = "webhook.server"
"""The name of the running server. A mark of an earlier server does not count: whoever starts a server with
an URL wants its deliveries.
"""


@dataclass(frozen=True)
class Subscription:
    """One endpoint and the events that it subscribes to."""

    id: str
    url: str
    secrets: tuple[str, ...]
    """The secrets, newest first; profile coze signs only with the newest."""
    profile: WebhookProfile = "coze"
    events: tuple[str, ...] = USAGE
    bots: tuple[str, ...] = ()
    """The ids of bots and workflows; an empty tuple means all."""
    scope: str = EVERYBODY
    challenge: bool = True
    """Whether its URL is checked when it is saved and when the mock starts."""
    retries: tuple[float, ...] = RETRIES
    active: bool = True

    def wants(self, event_type: str, bot_id: str, scope: str) -> bool:
        """Whether it subscribes to events of that type and bot in *scope*."""
        return (
            self.active
            and event_type in self.events
            and (not self.bots or bot_id in self.bots)
            and self.scope in {EVERYBODY, scope}
        )

    @property
    def signer(self) -> Signer:
        """The signer of its deliveries."""
        return signer(self.profile, self.secrets)

    def as_dict(self) -> dict[str, Any]:
        """The subscription as JSON, without its secrets."""
        shown = {name: value for name, value in asdict(self).items() if name != "secrets"}
        return {**shown, "url": masking.text(self.url), "secret": "****"}


class Subscriptions:
    """All subscriptions of a mock."""

    def __init__(
        self,
        documents: Documents,
        live: Documents,
        flags: Sequence[Subscription],
        stated: Callable[[], Sequence[Subscription]] = tuple,
    ) -> None:
        """*live* are documents that end with the server. *flags* are the subscriptions of ``serve
        --webhook``; *stated* returns those of the current dataset.
        """
        self._documents, self._live = documents, live
        self._flags, self._stated = tuple(flags), stated

    @property
    def lasting(self) -> list[Subscription]:
        """The subscriptions of flags and dataset, which a reset does not remove."""
        lasting = (*self._flags, *self._stated())
        return [replace(one, active=False) if self._is_off(one) else one for one in lasting]

    def all(self) -> list[Subscription]:
        """The subscriptions of all scopes."""
        return [*self.lasting, *self._made()]

    def of(self, scope: str) -> list[Subscription]:
        """The subscriptions that can get events of *scope*."""
        return [one for one in self.all() if one.scope in {EVERYBODY, scope}]

    def find(self, subscription_id: str, scope: str) -> Subscription | None:
        """The subscription with that id, if it belongs to *scope* or to all scopes."""
        return next((one for one in self.of(scope) if one.id == subscription_id), None)

    def save(self, subscription: Subscription) -> None:
        """Store a new or changed subscription."""
        self._documents.put(_KIND, subscription.scope, subscription.id, asdict(subscription))
        self._documents.put(_INDEX, "", subscription.id, {"id": subscription.id, "scope": subscription.scope})

    def remove(self, subscription_id: str, scope: str) -> bool:
        """Delete a subscription that a client created, in *scope* or in any scope. Return whether there
        was one.
        """
        made = list(self._made())
        found = (one for one in made if one.id == subscription_id and scope in {EVERYBODY, one.scope})
        return any(self._documents.delete(_KIND, one.scope, one.id) for one in found)

    def is_active(self, subscription: Subscription) -> bool:
        """Whether *subscription* exists and was not switched off since it was read."""
        if made := self._documents.get(_KIND, subscription.scope, subscription.id):
            active: bool = made["active"]
            return active
        return any(one.id == subscription.id and one.active for one in self.lasting)

    def switch_off(self, subscription: Subscription) -> None:
        """Stop deliveries to a subscription whose endpoint is gone."""
        if any(subscription.id == one.id for one in self.lasting):
            mark = {"url": subscription.url, "server": self._server()}
            self._documents.put(_OFF, "", subscription.id, mark)
        else:
            self.save(replace(subscription, active=False))

    def _is_off(self, subscription: Subscription) -> bool:
        mark = self._documents.get(_OFF, "", subscription.id)
        return mark is not None and mark == {"url": subscription.url, "server": self._server()}

    def _server(self) -> str:
        with self._live.transaction():
            known = self._live.get(_SERVER, "", "") or {"name": secrets.token_hex(8)}
            self._live.put(_SERVER, "", "", known)
        name: str = known["name"]
        return name

    def _made(self) -> Iterator[Subscription]:
        """The subscriptions that clients created. A reset of a scope deletes them but leaves the index."""
        for entry in self._documents.select(_INDEX, ""):
            if document := self._documents.get(_KIND, entry["scope"], entry["id"]):
                yield _restored(document)
            else:
                self._documents.delete(_INDEX, "", entry["id"])


def _restored(document: dict[str, Any]) -> Subscription:
    lists = ("secrets", "events", "bots", "retries")
    return Subscription(**{**document, **{name: tuple(document[name]) for name in lists}})


def new_id() -> str:
    """A new id for a subscription."""
    return f"wh_{secrets.token_hex(8)}"


def from_flags(
    urls: Iterable[str], secret: str, profile: WebhookProfile, *, challenge: bool
) -> list[Subscription]:
    """The subscriptions of ``serve --webhook``. Raises `UserError` for an invalid URL."""
    return [
        Subscription(f"flag-{place}", checked_url(url), (secret,), profile, challenge=challenge)
        for place, url in enumerate(urls, 1)
    ]


def checked_url(url: str) -> str:
    """*url*. Raises `UserError` if it is not an http or https URL."""
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
