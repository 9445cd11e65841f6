"""The properties of Airtable as a service."""

import re

from mockcbs.core.masking import digest
from mockcbs.core.on_demand import OnDemand
from mockcbs.samples.request import Request
from mockcbs.services.airtable import errors
from mockcbs.services.airtable.limits import RATE
from mockcbs.services.base import Example, FailureAnswer, Service
from mockcbs.state import State

DEFAULT_BASE = "appMockcbsReports"
"""The base that is listed while no other base is used."""
_PACKAGE = "mockcbs.services.airtable"


def _example(mock: State) -> Example:
    path = "meta/whoami" if mock.settings.strict else f"{DEFAULT_BASE}/Reports"
    return Example(f"/v0/{path}", {"Authorization": f"Bearer {mock.settings.airtable_token}"})


def _authorize(mock: State, request: Request) -> Request:
    """*request* with the configured token in its headers."""
    return request.with_headers(Authorization=f"Bearer {mock.settings.airtable_token}")


SERVICE = Service(
    name="airtable",
    title="Airtable",
    views=f"{_PACKAGE}.views",
    hosts=("api.airtable.com",),
    paths=re.compile(r"/v0/(app[0-9A-Za-z]+|meta)(/|$)|/v0/[^/]+/[^/]"),
    unknown_path=errors.NOT_FOUND,
    unknown_method=errors.NOT_FOUND,
    wire_problems={
        "malformed request": errors.INVALID_REQUEST,
        "body too large": errors.TOO_LARGE,
        "URI too large": errors.INVALID_REQUEST,
        "headers too large": errors.INVALID_REQUEST,
    },
    failures={
        "server-error": FailureAnswer(errors.INTERNAL),
        "unavailable": FailureAnswer(errors.UNAVAILABLE),
        "throttled": FailureAnswer(errors.THROTTLED, headers={"Retry-After": "{wait}"}),
        "token-expired": FailureAnswer(errors.UNAUTHENTICATED),
    },
    catalogue=errors.CATALOGUE,
    rate_limit=RATE,
    guard=OnDemand(f"{_PACKAGE}.guard", "AirtableGuard"),
    dataset=OnDemand(f"{_PACKAGE}.tables", "AirtableSection"),
    tables=f"{_PACKAGE}.tables",
    rows=f"{_PACKAGE}.reporting",
    default_scope=lambda settings: digest(settings.airtable_token),
    credentials=lambda settings: [f"Airtable token {settings.airtable_token}"],
    variable_settings=("airtable_token",),
    variables=lambda settings, url: {
        "AIRTABLE_API_KEY": settings.airtable_token,
        "AIRTABLE_ENDPOINT_URL": url,
    },
    example=_example,
    documentation=f"{_PACKAGE}.documentation",
    authorize=_authorize,
    samples=f"{_PACKAGE}.samples",
)
