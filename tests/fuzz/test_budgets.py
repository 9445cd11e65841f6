"""Bodies made to be slow, for every operation that reads one: none takes more than its processor time.

In process, in an order that `MOCKCBS_FUZZ_SEED` decides; as many as fit in `MOCKCBS_FUZZ_SECONDS`, if set.
"""

import random
import re
import time

import pytest

from mockcbs import Settings, create_app
from tests.conftest import BOT, NOW, PROJECT
from tests.fuzz.test_values import SECONDS, SEED

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(1800)]

BUDGET = 0.15
"""Seconds of processor time: three times what `docs/limits.md` says, as machines differ."""
PARTS = {"project_id": PROJECT, "qabot_id": BOT, "base_id": "app00000000000001", "app_token": "bascnMock1"}
MEMBERS = (
    *(b"fields", b"records", b"filter", b"conditions", b"messages", b"additional_messages", b"data"),
    *(b"tool_outputs", b"content", b"parameters", b"identity", b"scope", b"methods", b"auth", b"name"),
)
SIZE = 4 * 2**20 - 1000


def everywhere(value: bytes) -> bytes:
    """A body with *value* in many members."""
    return b"{" + b",".join(b'"%b":%b' % (name, value) for name in MEMBERS) + b"}"


BODIES = {
    "wide lists": everywhere(b"[" + b",".join([b"1"] * 3_000) + b"]"),
    "lists of objects": everywhere(b"[" + b",".join([b"{}"] * 3_000) + b"]"),
    "many members": b"{" + b",".join(b'"k%d":%d' % (number, number) for number in range(24_000)) + b"}",
    "long strings": everywhere(b'"' + b"a" * (SIZE // len(MEMBERS) - 100) + b'"'),
    "characters of four bytes": b'{"content":"' + "\U0001f600".encode() * 640_000 + b'"}',
    "escapes": b'{"content":"' + b"\\u4e2d" * 690_000 + b'"}',
    "quotes": b'{"a":"' + b'\\"' * (SIZE // 2) + b'"}',
    "depth": everywhere(b'{"conditions":[' * 30 + b"1" + b"]}" * 30),
    "too much depth": b"[" * SIZE,
    "long numbers": b"[" + b",".join([b"9" * 309] * (SIZE // 310)) + b"]",
    "longer numbers": everywhere(b"[" + b",".join([b"9" * 4_300] * 60) + b"]"),
    "spaces": b" " * SIZE + b"{}",
}


def calls(app):
    """Each operation of a service with each body."""
    for rule in app.rules():
        service = rule.endpoint.partition(".")[0]
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda one: PARTS.get(one[1], "7342866812345678901"), rule.rule)
        token = "patmockcbs.mockcbs" if service == "airtable" else "pat_mockcbs"
        for method in sorted((rule.methods or set()) & {"POST", "PUT", "PATCH"}):
            if not path.startswith("/_mockcbs"):
                yield from ((method, path, token, name) for name in BODIES)


def test_no_body_takes_long():
    """A response takes no more than the budget, and is no failure of the mock."""
    began = time.monotonic()
    app = create_app(Settings(now=NOW, journal_size=20))
    client, known = app.test_client(), list(calls(app))
    random.Random(SEED).shuffle(known)

    for method, path, token, name in known:
        if time.monotonic() - began > SECONDS:
            break
        best = BUDGET + 1
        for _ in range(3):
            started = time.process_time()
            response = client.open(
                path,
                method=method,
                data=BODIES[name],
                headers={"Authorization": f"Bearer {token}", "X-Auth-Token": "any"},
                content_type="application/json",
                buffered=True,
            )
            best = min(best, time.process_time() - started)
            if best < BUDGET:
                break
        assert best < BUDGET, f"{method} {path} with {name}: {best:.3f} s"
        assert response.status_code < 500
