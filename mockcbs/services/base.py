"""The properties of a service; docs/design.md shows a new service in twenty lines."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, get_args

from flask import Blueprint, Response
from marshmallow import Schema

from mockcbs.core.errors import ApiError, ErrorSpec
from mockcbs.core.queries import Rule
from mockcbs.core.secret_names import Secrets
from mockcbs.faults.scenario import FAILURES, Failure, Throttle
from mockcbs.samples.request import Request
from mockcbs.services.shown import MadeBot, ObjectShelf, Totals
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.traffic.ids import UUIDS, IdForm
from mockcbs.traffic.knowledge import Turn
from mockcbs.traffic.table import Executions
from mockcbs.web.context import WireProblem
from mockcbs.web.proofs import Signature

if TYPE_CHECKING:
    from mockcbs.tables.dialect import Dialect

WIRE_STATUS: Mapping[WireProblem, int] = {
    "malformed request": 400,
    "body too large": 413,
    "URI too large": 414,
    "headers too large": 431,
}
"""The statuses of mockcbs's own responses to requests that are not acceptable HTTP."""

WIRE_HINTS: Mapping[WireProblem, str] = {
    "malformed request": "this is not HTTP/1.1; is everything beyond ASCII in the URL percent-encoded?",
    "body too large": "the body is larger than the service accepts",
    "URI too large": "the URI is longer than 32 KB",
    "headers too large": "one header is longer than 32 KB, or all are longer than 128 KB",
}


class Guard(Protocol):
    """The checks and headers that a service adds to every request, before and after the view."""

    def admit(self) -> None:
        """Check the caller's credentials; raises `mockcbs.core.errors.ApiError`."""

    def stamp(self, response: Response) -> Response:
        """Add the headers of every response of the service."""


_NO_SECRETS = Secrets()
_DEFAULT_LIMIT = Throttle(calls=100, seconds=1.0)


class OpenGuard:
    """Accepts every caller and adds no header."""

    def __init__(self, mock: State) -> None:
        del mock

    def admit(self) -> None:
        """Accept the request."""

    def stamp(self, response: Response) -> Response:
        """Return *response* unchanged."""
        return response


@dataclass(frozen=True)
class FailureAnswer:
    """The response of a service to a failure that every service can have."""

    spec: ErrorSpec
    message: str | None = None
    """Replaces the message of `spec`; may hold {limit}, {window}, {wait} (seconds) and {now}."""
    by_endpoint: Mapping[str, ErrorSpec] = field(default_factory=dict)
    """The error of single endpoints, where it differs from `spec`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Extra headers; their values may hold the same placeholders as `message`."""


class Bots(NamedTuple):
    """The bots (or workflows, agents …) with dialogues that a service shows."""

    ids: IdForm
    """The form of the service's bot ids."""
    max_id: int = 1024
    """The maximum length of a user or session id in a call, in characters."""
    max_question: int = 512
    """The maximum length of a question in a call, in characters."""
    executions: Executions | None = None
    """The ids of a turn in an export; `None` if the service shows none."""
    members: tuple[str, ...] = ("bot_id",)
    """The names under which a path or a JSON body contains the id of a bot."""


ANY_BOTS = Bots(UUIDS)
"""The limits of bots that belong to no service."""


@dataclass(frozen=True)
class Example:
    """A request that succeeds on a newly started mock; `mockcbs serve` prints it as a curl line."""

    path: str
    """The path with its query."""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: str = ""


def bearer(environ: Mapping[str, str]) -> str:
    """The token after ``Bearer`` in Authorization, or else the whole value; empty without the header."""
    return environ.get("HTTP_AUTHORIZATION", "").strip().removeprefix("Bearer ").strip()


def _unchanged(row: ErrorSpec, settings: Settings) -> ErrorSpec:
    del settings
    return row


@dataclass(frozen=True, eq=False)
class Service:
    """An emulated service.

    Raises `ValueError` if the response to a failure or to a wire problem is missing.
    """

    name: str
    """The name in scenarios, in the journal and in ``mockcbs routes``; also the name of its blueprint."""
    title: str
    """The name in documents."""
    views: Blueprint | str
    """The blueprint of its views, or the module whose `blp` it is; imported by the first request."""
    hosts: tuple[str, ...]
    """The hosts of the real service; ``*`` matches one label, such as a region."""
    paths: re.Pattern[str]
    """The prefixes of its paths.

    They decide which service a request belongs to if neither the route nor the host does. Each of its
    routes begins with one of them, unless the service `recognises` its requests.
    """

    host_labels: tuple[str, ...] = field(default=("region",), kw_only=True)
    """The names of the labels that ``*`` stands for in its hosts; a host with fewer has the last of them."""
    retired: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    """Retired paths of the vendor, each with the route (method and path) that replaced it."""
    recognises: Callable[[Mapping[str, Any]], bool] | None = field(default=None, kw_only=True)
    """Whether a request (a WSGI environment) belongs to this service by its host or credentials.

    The path does not matter. The routes of such a service match only its own requests (the blueprint's
    `subdomain` is the service's name). The function runs for every request, so it must be fast.
    """
    routed_path: Callable[[Mapping[str, Any]], str] | None = field(default=None, kw_only=True)
    """The path to route a recognised request by, if it differs from the path of its URL."""
    answers_head: bool = field(default=False, kw_only=True)
    """Whether it answers HEAD; otherwise HEAD is an unknown method."""
    checksums: tuple[str, ...] = field(default=(), kw_only=True)
    """The response headers with checksums of the content; a scenario can make them wrong."""
    render: Callable[[ErrorSpec, ApiError, str], Response] | None = field(default=None, kw_only=True)
    """Renders an error that is not JSON, from the catalogue row, the error and the request id."""
    unknown_path: ErrorSpec
    unknown_method: ErrorSpec
    wire_problems: Mapping[WireProblem, ErrorSpec]
    """The errors for requests that are invalid HTTP or too large."""
    too_large: Mapping[str, ErrorSpec] = field(default_factory=dict, kw_only=True)
    """The errors for bodies that are too large, on paths where they differ."""
    failures: Mapping[Failure, FailureAnswer]
    """Its responses to the failures of scenarios."""
    catalogue: tuple[ErrorSpec, ...]
    """Its error catalogue; a scenario can provoke each row."""
    shared_catalogues: Mapping[str, tuple[ErrorSpec, ...]] = field(default_factory=dict)
    """The catalogues that it shares with other services, by name; a scenario can provoke their rows, too."""
    other_catalogues: Mapping[str, tuple[ErrorSpec, ...]] = field(default_factory=dict)
    """The catalogues of errors that a scenario cannot provoke, by name."""
    adjust: Callable[[ErrorSpec, Settings], ErrorSpec] = _unchanged
    """Adapts an error to the settings, for example its prefix."""
    rate_limit: Throttle = _DEFAULT_LIMIT
    """The limit of the real service; a scenario's ``throttled`` uses it unless it sets a limit."""
    max_body: int = 10 * 2**20
    """The maximum size of a body, in bytes."""
    max_bodies: Mapping[str, int] = field(default_factory=dict)
    """The maximum size of a body on paths where it differs, in bytes."""

    not_emulated: Callable[[str, str], str | None] = lambda method, path: None  # noqa: ARG005
    """Describes a published operation that mockcbs does not emulate, by method and routed path."""

    check: Callable[[Settings], None] = lambda settings: None  # noqa: ARG005
    """Checks the settings when a mock is made; raises `mockcbs.core.errors.UserError`."""
    guard: Callable[[State], Guard] = OpenGuard
    """Makes the guard, which checks callers and stamps responses; services may share one."""
    cross_origin: bool = False
    """Whether web pages of other origins may call it (CORS)."""
    open_endpoints: frozenset[str] = frozenset()
    """The endpoints that need no credentials."""
    token: Callable[[Mapping[str, str]], str] = bearer
    """The token or access key of the caller, from a WSGI environment; empty without credentials."""
    project: re.Pattern[str] | None = None
    """The place of the project in a path (group 1); without a project, the token decides the scope."""
    grant: Callable[[str, str], str | None] | None = None
    """The grant that a token was issued for, given the secret of the mock.

    All tokens of a grant share a scope. `None` for tokens that the service did not issue.
    """
    secrets: Secrets = _NO_SECRETS
    """The names to mask, in addition to those that `mockcbs.core.masking` always masks."""

    signature: Signature | None = None
    """How clients sign their requests, if responses to `by_query` views can be sent after a check of the
    signature only (`mockcbs.web.cache.caching.proved_by`).
    """
    bots: Bots | None = None
    dataset: Callable[[], Schema] | None = None
    """The schema of the service's part of a dataset (a subclass of `mockcbs.core.files.StrictSchema`).

    The service reads that part from ``Dataset.services``.
    """
    tables: "Dialect | str | None" = None
    """Its kind of tables, or the module whose `DIALECT` it is; imported on demand.

    `None` if it has no tables. The control API reads and writes them.
    """
    rows: str | None = None
    """The module whose `ROWS` (a `mockcbs.services.reporting.RowWriter`) writes the rows of reporting nodes.

    `None` if a reporting node cannot write to its tables. Imported on demand, as are all of these modules.
    """
    messenger: str | None = None
    """The module whose `MESSENGER` (a `mockcbs.services.reporting.Messenger`) sends daily reports."""
    explains: str | None = None
    """The module whose `EXPLAINERS` explain the figures of its statistics; imported on demand.

    `EXPLAINERS` maps operations to `mockcbs.services.explaining.Explainer`.
    """
    documentation: str | None = None
    """The module whose `DOCUMENTATION` completes its OpenAPI document; imported on demand.

    `DOCUMENTATION` is a `mockcbs.services.documentation.Documentation`. The module also imports the schemas
    that views refer to by name.
    """
    default_scope: Callable[[Settings], str] | None = None
    """The default scope of traffic: a project, or the scope of the configured token."""
    credentials: Callable[[Settings], Sequence[str]] = lambda _: ()
    """The lines with its credentials in the output of `mockcbs serve`."""
    variables: Callable[[Settings, str], Mapping[str, str]] = lambda *_: {}
    """The environment variables that its SDKs read, for a base URL of the mock."""
    variable_settings: tuple[str, ...] = ()
    """The names of the settings that `variables` reads; flags of `mockcbs env` change them."""
    example: Callable[[State], Example] | None = None
    authorize: Callable[[State, Request], Request] | None = None
    """Adds working credentials to a request; `None` if its calls need none."""
    samples: str | None = None
    """The module whose `SDK` (a `mockcbs.samples.sdk.Sdk`) writes sample code; imported on demand."""

    events: Callable[[State, Turn, str | None], list[dict[str, Any]]] | None = None
    """The usage events of a turn for webhooks, in order of time; `None` without webhooks.

    The last argument is the scope of a recorded turn, or `None` for a generated one.
    """
    totals: Callable[[State, str, tuple[int, int], int, str], Totals] | None = None
    """The figures of a bot in a span of time (ms UTC, end excluded).

    Calls that take longer than the given limit (ms) count as slow. The last argument is the scope of recorded
    calls; an empty one is the default scope.
    """
    objects: Callable[[State], ObjectShelf] | None = None
    """Its buckets, if it stores objects; the control API shows them."""
    made_bots: Callable[[State, str], Iterable[MadeBot]] | None = None
    """The bots and workflows that clients created in a scope."""
    settle: Callable[[], None] | None = None
    """Ends everything that is due by the clock of the current scope, as a request would do."""

    def __post_init__(self) -> None:
        for member, accepted in (("failures", FAILURES), ("wire_problems", get_args(WireProblem))):
            if missing := [key for key in accepted if key not in getattr(self, member)]:
                raise ValueError(f"service {self.name}: {member} does not state {', '.join(missing)}")
        if isinstance(self.views, Blueprint):
            self._check(self.views)

    def _check(self, views: Blueprint) -> None:
        if self.recognises and views.subdomain != self.name:
            raise ValueError(f"service {self.name}: the subdomain of its blueprint is not its name")
        if views.name != self.name:
            raise ValueError(f"service {self.name}: its blueprint is named {views.name!r}")

    @cached_property
    def blueprint(self) -> Blueprint:
        """The blueprint of its views."""
        if isinstance(self.views, Blueprint):
            return self.views
        views: Blueprint = import_module(self.views).blp
        self._check(views)
        return views

    @property
    def dialect(self) -> "Dialect | None":
        """Its kind of tables."""
        if not isinstance(self.tables, str):
            return self.tables
        dialect: Dialect = import_module(self.tables).DIALECT
        return dialect

    def concerns(self, host: str, path: str) -> bool:
        """Whether a request might belong to it, by its host or its path."""
        return bool(self.paths.match(path) or self.host_pattern.fullmatch(host.partition(":")[0].lower()))

    @cached_property
    def host_pattern(self) -> re.Pattern[str]:
        """The pattern of its real hosts."""
        return re.compile("|".join(re.escape(host).replace(r"\*", "[a-z0-9-]+") for host in self.hosts))

    def labels_of(self, host: str) -> tuple[str, ...]:
        """The names of the labels that ``*`` stands for in *host*; without a name, ``label1`` and so on."""
        count = host.count("*")
        names = [*(f"label{number}" for number in range(1, count + 1)), *self.host_labels]
        return tuple(names[len(names) - count :])

    @property
    def unavailable(self) -> ErrorSpec:
        """The error for a backend that is full or cannot be reached: that of the failure ``unavailable``.

        Its status is 503, unless the service reports every error with 200.
        """
        row = self.failures["unavailable"].spec
        return replace(row, status=503) if row.status >= 500 else row

    @cached_property
    def codes(self) -> dict[str, list[ErrorSpec]]:
        """The errors that a scenario can provoke, by code; a code without a status is its first row."""
        found: dict[str, list[ErrorSpec]] = {failure: [row.spec] for failure, row in self.failures.items()}
        for rows in (self.catalogue, *self.shared_catalogues.values()):
            for row in rows:
                found.setdefault(row.code, []).append(row)
        return found

    @property
    def catalogues(self) -> dict[str, tuple[ErrorSpec, ...]]:
        """All its errors, by the name of the catalogue."""
        return {self.name: self.catalogue, **self.shared_catalogues, **self.other_catalogues}

    @property
    def used_value(self) -> Rule:
        """The value that it uses of a repeated query parameter."""
        return getattr(getattr(self.blueprint, "ARGUMENTS_PARSER", None), "USED_VALUE", "first")

    def max_body_at(self, path: str) -> int:
        """The maximum size of a body on *path*, in bytes."""
        return self.max_bodies.get(path.rstrip("/"), self.max_body)

    def project_in(self, path: str) -> str | None:
        """The project in *path*."""
        found = self.project.match(path) if self.project else None
        return found[1] if found else None


class Guards:
    """The guards of one application; each is made once, for the first request that needs it."""

    def __init__(self, mock: State) -> None:
        self._mock = mock
        self._made: dict[Callable[[State], Guard], Guard] = {}

    def admit(self, service: Service | None, endpoint: str | None) -> None:
        """Let *service* check the caller of *endpoint*; raises `mockcbs.core.errors.ApiError`."""
        if service and endpoint and endpoint not in service.open_endpoints:
            self._of(service).admit()

    def stamp(self, service: Service | None, response: Response) -> Response:
        """Let *service* add its headers to *response*."""
        return self._of(service).stamp(response) if service else response

    def _of(self, service: Service) -> Guard:
        if service.guard not in self._made:
            self._made.setdefault(service.guard, service.guard(self._mock))
        return self._made[service.guard]
