"""What a service states about itself; docs/design.md shows a new one in twenty lines."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, get_args

from flask import Blueprint, Response
from marshmallow import Schema

from mockcbs.core.errors import ApiError, ErrorSpec
from mockcbs.core.masking import Secrets
from mockcbs.core.queries import Rule
from mockcbs.faults.scenario import FAILURES, Failure, Throttle
from mockcbs.samples.request import Request
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.tables.dialect import Dialect
from mockcbs.traffic.ids import UUIDS, IdForm
from mockcbs.traffic.knowledge import Turn
from mockcbs.traffic.table import Execution
from mockcbs.web.context import WireProblem

WIRE_HINTS: Mapping[WireProblem, str] = {
    "malformed request": "this is not HTTP/1.1; is everything beyond ASCII in the URL percent-encoded?",
    "body too large": "the body is larger than the service accepts",
    "URI too large": "the URI is longer than 32 KB",
    "headers too large": "one header is longer than 32 KB, or all are longer than 128 KB",
}


class Guard(Protocol):
    """What a service does to every request, before and after the view."""

    def admit(self) -> None:
        """Check the caller's credentials; raises `mockcbs.core.errors.ApiError`."""

    def stamp(self, response: Response) -> Response:
        """Add the headers that every response of the service has."""


_NO_SECRETS = Secrets()
_DEFAULT_LIMIT = Throttle(calls=100, seconds=1.0)


class OpenGuard:
    """Accepts every caller and adds no header."""

    def __init__(self, mock: State) -> None:
        del mock

    def admit(self) -> None:
        """Accept the request."""

    def stamp(self, response: Response) -> Response:
        """*response* unchanged."""
        return response


@dataclass(frozen=True)
class FailureAnswer:
    """How a service answers when it fails in a way that every service can."""

    spec: ErrorSpec
    message: str | None = None
    """Replaces the message of `spec`; may hold {limit}, {window}, {wait} (seconds) and {now}."""
    by_endpoint: Mapping[str, ErrorSpec] = field(default_factory=dict)
    """Endpoints that fail with another error."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent with it; their values may hold the same as `message`."""


@dataclass(frozen=True)
class Bots:
    """The bots (or workflows, agents …) whose dialogues a service shows."""

    ids: IdForm
    """Which bot ids are the service's own."""
    max_id: int = 1024
    """The longest id of a user or session that a call accepts, in characters."""
    max_question: int = 512
    """The longest question that a call accepts, in characters."""
    execution: Execution | None = None
    """The ids that an export shows of a turn; `None` if the service shows none."""


@dataclass(frozen=True)
class ShownBucket:
    """A bucket of an object store."""

    name: str
    created: int
    """ms UTC."""
    acl: str
    count: int
    """How many objects it has."""


@dataclass(frozen=True)
class ShownObject:
    """An object without its content."""

    key: str
    size: int
    """Bytes."""
    type: str
    """Its media type."""
    etag: str
    modified: int
    """ms UTC."""
    headers: Mapping[str, str]
    """The other headers that come back with it."""


class ObjectShelf(Protocol):
    """The buckets of an object store, for whoever shows them."""

    def scopes(self) -> list[str]:
        """The scopes that have buckets."""

    def buckets(self, scope: str) -> list[ShownBucket]:
        """The buckets of a scope, by name."""

    def objects(self, scope: str, bucket: str, prefix: str, after: str, limit: int) -> list[ShownObject]:
        """Objects by their keys, those after *after*."""

    def content(self, scope: str, bucket: str, key: str) -> tuple[ShownObject, Iterator[bytes]] | None:
        """An object and its bytes in pieces; `None` if there is none of that key."""


@dataclass(frozen=True)
class MadeBot:
    """A bot or workflow that a client created."""

    id: str
    name: str
    kind: str
    """bot, workflow or chatflow."""


ANY_BOTS = Bots(UUIDS)
"""The limits for bots of no service."""


@dataclass(frozen=True)
class Totals:
    """What happened to a bot or workflow in a span of time."""

    calls: int = 0
    ended: int = 0
    """Calls that were completed or failed."""
    failed: int = 0
    spent_ms: int = 0
    """Their durations, summed."""
    slow: int = 0
    """Those of them that took longer than the caller's limit."""
    users: frozenset[str] = frozenset()

    @property
    def mean_ms(self) -> float:
        """Their mean duration; 0 if there were none."""
        return self.spent_ms / self.ended if self.ended else 0.0

    @property
    def error_rate(self) -> float:
        """The share of them that failed, 0 to 1."""
        return self.failed / self.ended if self.ended else 0.0

    def plus(self, other: "Totals") -> "Totals":
        """Both together; a user of both counts once."""
        return Totals(
            self.calls + other.calls,
            self.ended + other.ended,
            self.failed + other.failed,
            self.spent_ms + other.spent_ms,
            self.slow + other.slow,
            self.users | other.users,
        )


@dataclass(frozen=True)
class Example:
    """A request that succeeds on a mock just started; `mockcbs serve` prints it as a curl line."""

    path: str
    """With its query."""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: str = ""


def bearer(environ: Mapping[str, str]) -> str:
    """What stands behind ``Bearer`` in Authorization, or all of it; empty if there is none."""
    return environ.get("HTTP_AUTHORIZATION", "").strip().removeprefix("Bearer ").strip()


def _unchanged(row: ErrorSpec, settings: Settings) -> ErrorSpec:
    del settings
    return row


@dataclass(frozen=True, eq=False)
class Service:
    """One emulated service.

    Raises `ValueError` if it leaves out a failure or a wire problem.
    """

    name: str
    """As scenarios, the journal and ``mockcbs routes`` name it; also the name of its blueprint."""
    title: str
    """As documents for readers name it."""
    blueprint: Blueprint
    hosts: tuple[str, ...]
    """Hosts of the real service; ``*`` stands for one label, such as a region."""
    paths: re.Pattern[str]
    """The beginnings of its paths: they tell whose a request is that no route and no host tells."""

    retired: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    """Paths that the vendor gave up, and the route (method and path) that took their place."""
    recognises: Callable[[Mapping[str, Any]], bool] | None = field(default=None, kw_only=True)
    """Whether a request (a WSGI environment) is its own by host or credentials, whatever the path. The routes
    of a service that states this are matched with its own requests only (the blueprint's `subdomain` is its
    name), and never with those of other services. Called for every request, so it must be quick."""
    routed_path: Callable[[Mapping[str, Any]], str] | None = field(default=None, kw_only=True)
    """The path by which a recognised request is routed, if it is not its own; it is no URL."""
    answers_head: bool = field(default=False, kw_only=True)
    """Whether it answers HEAD; otherwise that is an unknown method."""
    checksums: tuple[str, ...] = field(default=(), kw_only=True)
    """The headers of its responses with checksums of contents, which a scenario can make wrong."""
    render: Callable[[ErrorSpec, ApiError, str], Response] | None = field(default=None, kw_only=True)
    """Makes the response of an error that is not JSON: of the row, the error and the request's id."""
    unknown_path: ErrorSpec
    unknown_method: ErrorSpec
    wire_problems: Mapping[WireProblem, ErrorSpec]
    """How it refuses requests that are no valid HTTP, or too large."""
    too_large: Mapping[str, ErrorSpec] = field(default_factory=dict, kw_only=True)
    """Paths that refuse a body that is too large with an error of their own."""
    failures: Mapping[Failure, FailureAnswer]
    """Its responses to the failures of scenarios."""
    catalogue: tuple[ErrorSpec, ...]
    """Its own errors; a scenario can make it answer with each."""
    shared_catalogues: Mapping[str, tuple[ErrorSpec, ...]] = field(default_factory=dict)
    """Catalogues it shares with other services, by name; a scenario can use them too."""
    other_catalogues: Mapping[str, tuple[ErrorSpec, ...]] = field(default_factory=dict)
    """Errors that no scenario can ask for, by the name of their catalogue."""
    adjust: Callable[[ErrorSpec, Settings], ErrorSpec] = _unchanged
    """An error as the settings want it, such as with another prefix."""
    rate_limit: Throttle = _DEFAULT_LIMIT
    """The real service's limit: what a scenario's ``throttled`` speaks of if it sets no limit itself."""
    max_body: int = 10 * 2**20
    """The largest body it accepts, in bytes."""
    max_bodies: Mapping[str, int] = field(default_factory=dict)
    """Paths that accept a larger or smaller one."""

    not_emulated: Callable[[str, str], str | None] = lambda method, path: None  # noqa: ARG005
    """What a published operation does that mockcbs does not emulate, by method and routed path."""

    guard: Callable[[State], Guard] = OpenGuard
    """Makes what admits its callers and stamps its responses; services may share one."""
    cross_origin: bool = False
    """Whether pages of any other origin may call it (CORS)."""
    open_endpoints: frozenset[str] = frozenset()
    """Endpoints that need no credentials."""
    token: Callable[[Mapping[str, str]], str] = bearer
    """The caller's token or access key in a WSGI environment; empty if none was sent."""
    project: re.Pattern[str] | None = None
    """Where a path names the project a call belongs to (group 1); otherwise it belongs to its token."""
    grant: Callable[[str, str], str | None] | None = None
    """The grant that a token was issued for under the mock's secret: tokens of one grant share a scope.
    `None` for tokens that the service did not issue."""
    secrets: Secrets = _NO_SECRETS
    """What must never be shown, beside the names that `mockcbs.core.masking` always masks."""

    bots: Bots | None = None
    dataset: type[Schema] | None = None
    """What a dataset may say under the service's name (a `mockcbs.core.files.StrictSchema`); the service
    finds it in ``Dataset.services``."""
    tables: Dialect | None = None
    """What its tables look like, if it has tables; the control API shows and sets them."""
    explains: str | None = None
    """The module whose `EXPLAINERS` (a mapping from operations to `mockcbs.services.explaining.Explainer`)
    explain the figures of its statistics; imported when one is wanted."""
    documentation: str | None = None
    """The module whose `DOCUMENTATION` (`mockcbs.services.documentation.Documentation`) completes documents;
    it also imports the schemas that views only name."""
    default_scope: Callable[[Settings], str] | None = None
    """The default scope of traffic: a project, or the scope of the configured token."""
    credentials: Callable[[Settings], Sequence[str]] = lambda _: ()
    """The lines about its credentials that `mockcbs serve` prints."""
    variables: Callable[[Settings, str], Mapping[str, str]] = lambda *_: {}
    """The variables of the environment that its SDKs read, for a mock with that base URL."""
    example: Callable[[State], Example] | None = None
    authorize: Callable[[State, Request], Request] | None = None
    """Adds working credentials to a request; `None` if its calls need none."""
    samples: str | None = None
    """The module whose `SDK` (a `mockcbs.samples.sdk.Sdk`) writes code; imported when code is wanted."""

    events: Callable[[State, Turn, str | None], list[dict[str, Any]]] | None = None
    """The usage events of a turn that webhooks deliver, in order of time; the scope in which the turn was
    recorded, or `None` for one that was not. `None`: the service has no webhooks."""
    totals: Callable[[State, str, tuple[int, int], int, str], Totals] | None = None
    """What happened to a bot in a span (ms UTC, its end excluded): calls slower than a limit (ms) are slow;
    the last argument is the scope of what was recorded, empty for the default one."""
    objects: Callable[[State], ObjectShelf] | None = None
    """Its buckets, if it stores objects; the control API shows them."""
    made_bots: Callable[[State, str], Iterable[MadeBot]] | None = None
    """The bots and workflows that clients created in a scope, for whoever shows a list of them."""
    settle: Callable[[], None] | None = None
    """Ends what has ended by the clock of the current scope, as a request would that looks at it."""

    def __post_init__(self) -> None:
        for member, accepted in (("failures", FAILURES), ("wire_problems", get_args(WireProblem))):
            if missing := [key for key in accepted if key not in getattr(self, member)]:
                raise ValueError(f"service {self.name}: {member} does not state {', '.join(missing)}")
        if self.recognises and self.blueprint.subdomain != self.name:
            raise ValueError(f"service {self.name}: the subdomain of its blueprint is not its name")
        if self.blueprint.name != self.name:
            raise ValueError(f"service {self.name}: its blueprint is named {self.blueprint.name!r}")

    @cached_property
    def host_pattern(self) -> re.Pattern[str]:
        """What its real hosts match."""
        return re.compile("|".join(re.escape(host).replace(r"\*", "[a-z0-9-]+") for host in self.hosts))

    @cached_property
    def codes(self) -> dict[str, list[ErrorSpec]]:
        """The errors a scenario can ask for, by code; without a status it gets the first."""
        found: dict[str, list[ErrorSpec]] = {failure: [row.spec] for failure, row in self.failures.items()}
        for rows in (self.catalogue, *self.shared_catalogues.values()):
            for row in rows:
                found.setdefault(row.code, []).append(row)
        return found

    @property
    def catalogues(self) -> dict[str, tuple[ErrorSpec, ...]]:
        """All its errors, by the name of their catalogue."""
        return {self.name: self.catalogue, **self.shared_catalogues, **self.other_catalogues}

    @property
    def used_value(self) -> Rule:
        """Which value of a repeated query parameter it uses."""
        return getattr(getattr(self.blueprint, "ARGUMENTS_PARSER", None), "USED_VALUE", "first")

    def max_body_at(self, path: str) -> int:
        """The largest body that *path* accepts, in bytes."""
        return self.max_bodies.get(path.rstrip("/"), self.max_body)

    def project_in(self, path: str) -> str | None:
        """The project that *path* names."""
        found = self.project.match(path) if self.project else None
        return found[1] if found else None


class Guards:
    """The guards of one application, each made once."""

    def __init__(self, mock: State, services: Iterable[Service]) -> None:
        made = {guard: guard(mock) for guard in {service.guard for service in services}}
        self._of = {service: made[service.guard] for service in services}

    def admit(self, service: Service | None, endpoint: str | None) -> None:
        """Let *service* check who calls *endpoint*; raises `mockcbs.core.errors.ApiError`."""
        if service and endpoint and endpoint not in service.open_endpoints:
            self._of[service].admit()

    def stamp(self, service: Service | None, response: Response) -> Response:
        """Let *service* add its headers to *response*."""
        return self._of[service].stamp(response) if service else response
