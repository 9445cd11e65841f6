"""The emulated services: their routes, hosts and paths, and how they refuse what no route knows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flask import Blueprint

from mockcbs.cbs import views as cbs
from mockcbs.errors import ErrorSpec
from mockcbs.gateway import errors as gateway
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
    behind_gateway: bool = False
    """Whether the API gateway admits its callers and stamps its answers."""
    open_endpoints: frozenset[str] = frozenset()
    """Endpoints that need no credentials."""


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
        **_BEHIND_GATEWAY,
    ),
    Service(
        name="cbs",
        title="Huawei Cloud CBS",
        blueprint=cbs.blp,
        hosts=re.compile(r"cbs-ext\.[a-z0-9-]+\.myhuaweicloud\.com"),
        paths=re.compile(r"/v1/[^/]+/"),
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
