"""The emulated services: their routes, hosts and paths, and how they refuse what no route knows."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any, Protocol, cast

from flask import Blueprint, Request, Response

from mockcbs.core import masking
from mockcbs.core.errors import ErrorSpec
from mockcbs.faults.scenario import Failure
from mockcbs.faults.scenario_file import Vocabulary
from mockcbs.services.cbs import errors as cbs_errors
from mockcbs.services.cbs import views as cbs
from mockcbs.services.coze import accounts
from mockcbs.services.coze import errors as coze_errors
from mockcbs.services.coze import views as coze
from mockcbs.services.coze.guard import CozeGuard
from mockcbs.services.gateway import errors as gateway
from mockcbs.services.gateway.hooks import Gateway
from mockcbs.services.iam import errors as iam_errors
from mockcbs.services.iam import views as iam
from mockcbs.state import State
from mockcbs.web import context
from mockcbs.web.context import WireProblem
from mockcbs.web.wsgi import Application

WIRE_HINTS: Mapping[WireProblem, str] = {
    "malformed request": "this is not HTTP/1.1; is everything beyond ASCII in the URL percent-encoded?",
    "body too large": "the body is larger than the service accepts",
    "URI too large": "the URI is longer than 32 KB",
    "headers too large": "one header is longer than 32 KB, or all are longer than 128 KB",
}


class Guard(Protocol):
    """What a service does to every call."""

    def admit(self) -> None:
        """Check the caller's credentials before the call; raises `mockcbs.core.errors.ApiError`."""

    def stamp(self, response: Response) -> Response:
        """Put the headers on an answer that every answer carries."""


@dataclass(frozen=True)
class FailureAnswer:
    """How a service answers when it fails in a way that every service can."""

    spec: ErrorSpec
    message: str | None = None
    """In place of the wire text of `spec`; may hold {limit}, {window}, {wait} (seconds) and {now}."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent beside it; values as `message`."""


@dataclass(frozen=True)
class Service:
    """One emulated service."""

    name: str
    title: str
    blueprint: Blueprint
    hosts: tuple[str, ...]
    """Real hosts that are its own; ``*`` stands for a region."""
    paths: re.Pattern[str]
    """Paths that are its own on any other host."""
    unknown_path: ErrorSpec
    unknown_method: ErrorSpec
    wire_problems: Mapping[WireProblem, ErrorSpec]
    """How it refuses a request that is no good HTTP."""
    most_body: int
    """The largest body accepted, in bytes."""
    failures: Mapping[Failure, FailureAnswer]
    """How it fails when a scenario says so."""
    catalogue: tuple[ErrorSpec, ...]
    """Every error a scenario can make it answer."""
    guard: Callable[[State], Guard]
    """Makes what admits its callers and stamps its answers; services may share one."""
    project: re.Pattern[str] | None = None
    """Where a path names the project (group 1); without it, calls belong to the token they bear."""
    only_bearer: bool = False
    """Whether its callers' token stands in Authorization and nowhere else."""
    open_endpoints: frozenset[str] = frozenset()
    """Endpoints that need no credentials."""

    @cached_property
    def host_pattern(self) -> re.Pattern[str]:
        """What its real hosts fit."""
        return re.compile("|".join(re.escape(host).replace(r"\*", "[a-z0-9-]+") for host in self.hosts))

    @cached_property
    def codes(self) -> dict[str, list[ErrorSpec]]:
        """The rows of its catalogue by code; of several, the first is meant unless a status is given."""
        found: dict[str, list[ErrorSpec]] = {failure: [row.spec] for failure, row in self.failures.items()}
        for row in self.catalogue:
            found.setdefault(row.code, []).append(row)
        return found


_GATEWAY_FAILURES: dict[Failure, FailureAnswer] = {
    "unavailable": FailureAnswer(gateway.UNAVAILABLE),
    "throttled": FailureAnswer(
        gateway.THROTTLED,
        "The throttling threshold has been reached: policy user over ratelimit,limit:{limit},time:{window}",
    ),
    "token-expired": FailureAnswer(
        gateway.AUTHENTICATION_FAILED, f"{gateway.AUTHENTICATION}: token expires, expires_at: {{now}}"
    ),
}

_BEHIND_GATEWAY: dict[str, Any] = {
    "unknown_path": gateway.API_NOT_PUBLISHED,
    "unknown_method": gateway.METHOD_NOT_FOUND,
    "wire_problems": {
        "malformed request": gateway.MALFORMED,
        "body too large": gateway.BODY_TOO_LARGE,
        "URI too large": gateway.URI_TOO_LARGE,
        "headers too large": gateway.HEADERS_TOO_LARGE,
    },
    "most_body": 12 * 2**20,
    "guard": Gateway,
}

_COZE_FAMILIES = (
    "api_apps|apps|audio|bots?|commerce|connectors|conversations?|datasets|enterprises|entities|files|folders"
    "|loop|organizations|space|templates|users|variables|workflows?|workspaces"
)

SERVICES = (
    Service(
        name="coze",
        title="Coze",
        blueprint=coze.blp,
        hosts=("api.coze.cn", "api.coze.com", "www.coze.cn", "www.coze.com"),
        paths=re.compile(rf"/v1/({_COZE_FAMILIES})(/|$)|/v3/chat(/|$)|/api/permission/oauth2/|/open_api/"),
        unknown_path=coze_errors.UNKNOWN_PATH,
        unknown_method=coze_errors.UNKNOWN_METHOD,
        wire_problems={
            "malformed request": coze_errors.PARAMETER,
            "body too large": coze_errors.BODY_TOO_LARGE,
            "URI too large": coze_errors.PARAMETER,
            "headers too large": coze_errors.PARAMETER,
        },
        most_body=20 * 2**20,
        failures={
            "server-error": FailureAnswer(coze_errors.INTERNAL),
            "unavailable": FailureAnswer(replace(coze_errors.INTERNAL, status=502)),
            "throttled": FailureAnswer(coze_errors.THROTTLED, headers={"Retry-After": "{wait}"}),
            "token-expired": FailureAnswer(coze_errors.TOKEN_INVALID),
        },
        catalogue=coze_errors.CATALOGUE,
        guard=CozeGuard,
        only_bearer=True,
    ),
    Service(
        name="iam",
        title="Huawei Cloud IAM",
        blueprint=iam.blp,
        hosts=("iam.myhuaweicloud.com", "iam.*.myhuaweicloud.com"),
        paths=re.compile(r"/v3/"),
        open_endpoints=frozenset({"iam.create_token"}),
        failures={**_GATEWAY_FAILURES, "server-error": FailureAnswer(iam_errors.INTERNAL)},
        catalogue=(*iam_errors.CATALOGUE, *gateway.CATALOGUE),
        **_BEHIND_GATEWAY,
    ),
    Service(
        name="cbs",
        title="Huawei Cloud CBS",
        blueprint=cbs.blp,
        hosts=("cbs-ext.*.myhuaweicloud.com",),
        paths=re.compile(r"/v1/[^/]+/"),
        failures={**_GATEWAY_FAILURES, "server-error": FailureAnswer(cbs_errors.INTERNAL)},
        catalogue=(*cbs_errors.CATALOGUE, *gateway.CATALOGUE),
        project=re.compile(r"/v1/([^/]+)/"),
        **_BEHIND_GATEWAY,
    ),
)

_BY_NAME = {service.name: service for service in SERVICES}

DEFAULT = _BY_NAME["cbs"]
"""Who answers a request too broken to tell whom it was for."""


def service_of(endpoint: str | None, host: str, path: str) -> Service | None:
    """The service a request belongs to: by its route, else by host, else by path."""
    if endpoint and (service := _BY_NAME.get(endpoint.partition(".")[0])):
        return service
    name = host.partition(":")[0].lower()
    for service in SERVICES:
        if service.host_pattern.fullmatch(name):
            return service
    return next((service for service in SERVICES if service.paths.match(path)), None)


def named(name: str | None) -> Service:
    """The service with this *name*."""
    return _BY_NAME[name or DEFAULT.name]


def service() -> Service | None:
    """The service of the current request; `None` if it is for mockcbs itself."""
    return cast("Service | None", context.current().service)


def service_at(request: Request) -> Service | None:
    """The service of *request*; its host is worked out only if its route does not tell."""
    return service_of(request.endpoint, "", "") or service_of(None, request.host, request.path)


def scope_of(service: Service, request: Request) -> tuple[str | None, str | None]:
    """The project the path of *request* names; and whose the call is: that project's, else a token's."""
    named = service.project.match(request.path) if service.project else None
    project = named[1] if named else None
    token = masking.token(request.environ, only_bearer=service.only_bearer)
    return project, project or scope_of_token(token)


def scope_of_token(token: str) -> str | None:
    """What calls that bear *token*, and name no project, belong to; `None` if there is no token."""
    return accounts.scope_of(token, context.mock().settings.secret) if token else None


@cache
def vocabulary() -> Vocabulary:
    """The names that scenarios may use: codes, services, and operations as ``mockcbs routes`` prints them."""
    bare = Application("mockcbs.vocabulary", static_folder=None)
    for service in SERVICES:
        bare.register_blueprint(service.blueprint)
    statuses: dict[str, set[int]] = {}
    for service in SERVICES:
        for code, rows in service.codes.items():
            statuses.setdefault(code, set()).update(row.status for row in rows)
    return Vocabulary(
        statuses,
        frozenset(_BY_NAME),
        frozenset(rule.endpoint for rule in bare.url_map.iter_rules()),
    )


class Guards:
    """The guards of one application, each made once."""

    def __init__(self, mock: State) -> None:
        self._made = {guard: guard(mock) for guard in {service.guard for service in SERVICES}}

    def admit(self) -> None:
        """Let the service of the request at hand check who is calling."""
        asked, called = context.with_request()[0], service()
        if called and asked.endpoint and asked.endpoint not in called.open_endpoints:
            self._made[called.guard].admit()

    def stamp(self, response: Response) -> Response:
        """Let the service of the request at hand put its headers on the answer."""
        called = service()
        return self._made[called.guard].stamp(response) if called else response
