"""No body takes much more time or memory than reading it, wherever it is sent (law 6)."""

import re
import sys
import tracemalloc
from collections.abc import Iterator
from itertools import cycle, islice

import pytest
from flask import Flask
from marshmallow import Schema, fields
from werkzeug.test import Client

from mockcbs import Settings, create_app
from tests.conftest import BOT, NOW, PROJECT

MIB = 2**20
MAX_MEMORY = 20 * MIB
"""Bytes beyond the size of the body."""
MAX_STEPS = 60_000
"""Calls of functions: a measure of time that is the same on every machine; a million take about 0.1 s."""

PARTS = {"project_id": PROJECT, "qabot_id": BOT}
SHAPES = {
    "numbers": lambda size: b"[" + b"0," * (size // 2) + b"0]",
    "objects": lambda size: b"[" + b"{}," * (size // 3) + b"{}]",
    "text": lambda size: b'"' + b"\\u0041" * (size // 6) + b'"',
    "levels": lambda size: b"[" * size,
    "members": lambda size: b"{" + b",".join(b'"%d":0' % n for n in range(size // 11)) + b"}",
    "accepted numbers": lambda size: b"[" + b"0," * min(size // 2, 49_000) + b"0]",
    "accepted objects": lambda size: (
        b"[" + b'{"role":0,"when":[],"output":0},' * min(size // 33, 7_000) + b"0]"
    ),
    "a hundred objects": lambda _: b"[" + b'{"role":0,"when":[],"content":{}},' * 99 + b"{}]",
}


def places(schema: Schema, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where lists and objects may stand in a body, down to three levels; and one that nobody knows."""
    yield (*path, "unknown")
    for name, field in schema.fields.items():
        inside = (*path, field.data_key or name)
        if isinstance(field, fields.List | fields.Dict | fields.Nested | fields.Raw):
            yield inside
        if isinstance(field, fields.Nested) and len(path) < 3:
            yield from places(field.schema, inside)


def operations(app: Flask) -> Iterator[tuple[str, str, list[tuple[str, ...]]]]:
    """Every operation that takes a body: method, path, and the places of its schema."""
    for rule in app.rules():
        path = re.sub(r"<(\w+)>", lambda found: PARTS.get(found[1], "7342866812345678901"), rule.rule)
        read = getattr(app.view_functions[rule.endpoint], "_apidoc", {}).get("arguments", {})
        schemas = [one["schema"] for one in read.get("parameters", []) if one["in"] == "json"]
        for method in sorted((rule.methods or set()) & {"POST", "PUT", "PATCH"}):
            found = {
                place for schema in schemas for place in places(schema() if callable(schema) else schema)
            }
            yield method, path, sorted(found) or [("unknown",)]


VALUES = {shape: make(MIB) for shape, make in SHAPES.items()}
APP = create_app(Settings(now=NOW))
OPERATIONS = list(operations(APP))


def body(place: tuple[str, ...], value: bytes) -> bytes:
    for name in reversed(place):
        value = b'{"%s":%s}' % (name.encode(), value)
    return value


def send(method: str, path: str, content: bytes) -> int:
    """The status of the answer to this body."""
    bearer = {"X-Auth-Token": "any"} if PROJECT in path else {"Authorization": "Bearer pat_mockcbs"}
    headers = {"Content-Type": "application/json", **bearer}
    return Client(APP).open(path, method=method, data=content, headers=headers).status_code


def steps_of(method: str, path: str, content: bytes) -> tuple[int, int]:
    """Status and calls of functions that a request with this body takes."""
    steps = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal steps
        steps += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        status = send(method, path, content)
    finally:
        sys.setprofile(None)
    return status, steps


def test_operations_are_found():
    """The list of operations below is not empty."""
    known = {(method, path): found for method, path, found in OPERATIONS}

    assert len(known) > 30
    assert ("auth", "identity", "methods") in known["POST", "/v3/auth/tokens"]
    assert ("additional_messages",) in known["POST", "/v3/chat"]


def check_time(method, path, place, shapes):
    send(method, path, b"{}")  # the first request makes what later ones use
    for shape in shapes:
        status, steps = steps_of(method, path, body(place, VALUES[shape]))

        assert status < 500, (place, shape, status)
        assert steps < MAX_STEPS, (place, shape, steps)


@pytest.mark.parametrize("number", range(len(OPERATIONS)), ids=lambda number: str(OPERATIONS[number])[:80])
def test_no_body_takes_much_time(number):
    """A list, object, text or depth without end, at every place of every body; the shapes take turns."""
    method, path, places = OPERATIONS[number]
    turns = islice(cycle(SHAPES), number % len(SHAPES), None)

    for place in places:
        check_time(method, path, place, islice(turns, 2))


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path", "places"), OPERATIONS, ids=lambda value: str(value)[:60])
def test_no_body_of_any_shape_takes_much_time(method, path, places):
    """No shape of a body takes much time at any place."""
    for place in places:
        check_time(method, path, place, SHAPES)


@pytest.mark.parametrize("size", [MIB, pytest.param(4 * MIB - 1024, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/v3/auth/tokens", ("auth", "identity", "methods")),
        ("/v3/chat", ("additional_messages",)),
        ("/api/permission/oauth2/token", ("grant_type",)),
        (f"/v1/{PROJECT}/qabots/{BOT}/chat", ("query_types",)),
    ],
)
def test_no_body_takes_much_memory(path, place, size):
    """No body takes much memory beside itself and its text."""
    for shape, make in SHAPES.items():
        content = body(place, make(size))
        send("POST", path, content)

        tracemalloc.start()
        send("POST", path, content)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

        assert peak < len(content) + MAX_MEMORY, (shape, peak)
