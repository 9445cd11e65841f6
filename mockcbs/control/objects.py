"""``/_mockcbs/objects``: the content of the buckets of object stores."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from flask import Response
from marshmallow import fields

from mockcbs.control.schemas import whole
from mockcbs.control.views import blp
from mockcbs.core.files import StrictSchema, text
from mockcbs.core.spelling import not_one_of
from mockcbs.services import registry
from mockcbs.services.shown import ObjectShelf
from mockcbs.web import context
from mockcbs.web.json import PacedStream
from mockcbs.web.problems import Problem

_BINARY = {"type": "string", "format": "binary"}


class BucketQuery(StrictSchema):
    """One bucket."""

    service = text(64, 1, required=True)
    scope = text(256, 1, required=True, metadata={"description": "As the list of buckets shows it."})
    bucket = text(63, 1, required=True)


class ObjectsQuery(BucketQuery):
    """The objects to show."""

    prefix = text(1023, load_default="")
    after = fields.String(load_default="", metadata={"description": "The `next` of the previous page."})
    limit = whole(1, 1000, load_default=100)


class ContentQuery(BucketQuery):
    """One object."""

    key = text(1023, 1, required=True)
    limit = whole(
        1, 2**40, load_default=None, metadata={"description": "The number of bytes; by default all."}
    )


@blp.get("/objects")
@blp.answers(200, "stores.BucketList")
def list_buckets() -> dict[str, Any]:
    """The buckets of all accounts that sent requests."""
    found = []
    for service in registry.services():
        if service.objects:
            shelf = service.objects(context.mock())
            names = [(scope, one) for scope in shelf.scopes() for one in shelf.buckets(scope)]
            found += [{"service": service.name, "scope": scope, **asdict(one)} for scope, one in names]
    return {"buckets": found}


@blp.get("/objects/list")
@blp.arguments(ObjectsQuery, location="query")
@blp.answers(200, "stores.ObjectPage")
def list_objects(query: dict[str, Any]) -> dict[str, Any]:
    """The objects of a bucket by their keys; `next` is the `after` of the next page."""
    limit = query["limit"]
    found = _shelf(query).objects(query["scope"], query["bucket"], query["prefix"], query["after"], limit + 1)
    return {
        "objects": [one._asdict() for one in found[:limit]],
        "next": found[limit - 1].key if len(found) > limit else None,
    }


@blp.get("/objects/content")
@blp.arguments(ContentQuery, location="query")
@blp.answers(200, _BINARY, "application/octet-stream")
@blp.refuses(404, "There is no such object.")
def read_object(query: dict[str, Any]) -> Response:
    """The bytes of an object, or the first of them."""
    found = _shelf(query).content(query["scope"], query["bucket"], query["key"])
    if found is None:
        raise Problem(404, "Not Found", f"bucket {query['bucket']} has no object {query['key']!r}")
    one, pieces = found
    size = one.size if query["limit"] is None else min(one.size, query["limit"])
    return _harmless(_first(pieces, size), size)


def _harmless(pieces: Iterator[bytes], size: int) -> Response:
    """A response that no browser runs as a page of mockcbs, whatever the object contains."""
    body = PacedStream(pieces, length=size)
    response = Response(body, mimetype="application/octet-stream", direct_passthrough=True)
    response.content_length = size
    response.headers["Content-Disposition"] = "attachment"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _first(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    for piece in pieces:
        if size <= 0:
            return
        yield piece[:size]
        size -= len(piece)


def _shelf(query: dict[str, Any]) -> ObjectShelf:
    stores = {service.name: service.objects for service in registry.services() if service.objects}
    make = stores.get(query["service"])
    if make is None:
        raise Problem(400, "Bad Request", f"service: {not_one_of(query['service'], stores)}")
    return make(context.mock())
