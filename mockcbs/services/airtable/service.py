"""The properties of Airtable as a service."""

import re

from marshmallow import fields

from mockcbs.core.files import StrictSchema
from mockcbs.core.masking import digest
from mockcbs.samples.request import Request
from mockcbs.services.airtable import errors
from mockcbs.services.airtable.guard import AirtableGuard
from mockcbs.services.airtable.limits import RATE
from mockcbs.services.airtable.tables import DEFAULT_BASE, DIALECT
from mockcbs.services.airtable.views import blp
from mockcbs.services.base import Example, FailureAnswer, Service
from mockcbs.state import State
from mockcbs.tables.stated import stated_schema


class Said(StrictSchema):
    """The part of a dataset for Airtable."""

    tables = fields.List(fields.Nested(stated_schema(DIALECT)), load_default=[])


def _example(mock: State) -> Example:
    path = "meta/whoami" if mock.settings.strict else f"{DEFAULT_BASE}/Reports"
    return Example(f"/v0/{path}", {"Authorization": f"Bearer {mock.settings.airtable_token}"})


def _authorize(mock: State, request: Request) -> Request:
    """*request* with the configured token in its headers."""
    return request.with_headers(Authorization=f"Bearer {mock.settings.airtable_token}")


SERVICE = Service(
    name="airtable",
    title="Airtable",
    blueprint=blp,
    hosts=("api.airtable.com",),
    paths=re.compile(r"/v0/(app[0-9A-Za-z]+|meta)(/|$)"),
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
    guard=AirtableGuard,
    dataset=Said,
    tables=DIALECT,
    default_scope=lambda settings: digest(settings.airtable_token),
    credentials=lambda settings: [f"Airtable token {settings.airtable_token}"],
    variables=lambda settings, url: {
        "AIRTABLE_API_KEY": settings.airtable_token,
        "AIRTABLE_ENDPOINT_URL": url,
    },
    example=_example,
    documentation="mockcbs.services.airtable.documentation",
    authorize=_authorize,
    samples="mockcbs.services.airtable.samples",
)
