"""The emulated services: their routes, hosts and paths, and how they refuse what no route knows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Literal

from flask import Blueprint, Flask, Request

from mockcbs import masking
from mockcbs.cbs import errors as cbs_errors
from mockcbs.cbs import views as cbs
from mockcbs.errors import ErrorSpec
from mockcbs.faults.scenario import Failure
from mockcbs.faults.scenario_file import Vocabulary
from mockcbs.gateway import errors as gateway
from mockcbs.iam import errors as iam_errors
from mockcbs.iam import views as iam

WireProblem = Literal["malformed request", "body too large", "URI too large", "headers too large"]

WIRE_HINTS: Mapping[WireProblem, str] = {
    "malformed request": "this is not HTTP/1.1; is everything beyond ASCII in the URL percent-encoded?",
    "body too large": "the body is larger than the service accepts",
    "URI too large": "the URI is longer than 32 KB",
    "headers too large": "one header is longer than 32 KB, or all are longer than 128 KB",
}

WIRE_PROBLEM = "mockcbs.wire_problem"
"""Key of the WSGI environment under which the front door reports a `WireProblem`."""


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
    hosts: re.Pattern[str]
    """Real hosts that are its own."""
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
    project: re.Pattern[str] | None = None
    """Where a path names the project (group 1); without it, calls belong to the token they bear."""
    behind_gateway: bool = False
    """Whether the API gateway admits its callers and stamps its answers."""
    open_endpoints: frozenset[str] = frozenset()
    """Endpoints that need no credentials."""

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
    "behind_gateway": True,
}

SERVICES = (
    Service(
        name="iam",
        title="Huawei Cloud IAM",
        blueprint=iam.blp,
        hosts=re.compile(r"iam(\.[a-z0-9-]+)?\.myhuaweicloud\.com"),
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
        hosts=re.compile(r"cbs-ext\.[a-z0-9-]+\.myhuaweicloud\.com"),
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
        if service.hosts.fullmatch(name):
            return service
    return next((service for service in SERVICES if service.paths.match(path)), None)


def scope_of(service: Service, request: Request) -> tuple[str | None, str | None]:
    """The project the path of *request* names; and whose the call is: that project's, else a token's."""
    named = service.project.match(request.path) if service.project else None
    project = named[1] if named else None
    return project, project or masking.credential(request.environ)


@cache
def vocabulary() -> Vocabulary:
    """The names that scenarios may use: codes, services, and operations as ``mockcbs routes`` prints them."""
    bare = Flask("mockcbs.vocabulary", static_folder=None)
    for service in SERVICES:
        bare.register_blueprint(service.blueprint)
    return Vocabulary(
        frozenset(code for service in SERVICES for code in service.codes),
        frozenset(_BY_NAME),
        frozenset(rule.endpoint for rule in bare.url_map.iter_rules()),
    )
