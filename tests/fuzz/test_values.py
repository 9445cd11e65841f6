"""Values that no client means, in every parameter and member of every operation: never a bug.

In process, seeded (`MOCKCBS_FUZZ_SEED`): over `VALUES` values, or as many as fit in
`MOCKCBS_FUZZ_SECONDS`, if that is set.
"""

import json
import logging
import os
import random
import re
import time

import pytest
from marshmallow import fields

from mockcbs import Settings, create_app
from tests.conftest import BOT, NOW, PROJECT

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(1800)]

SEED = int(os.environ.get("MOCKCBS_FUZZ_SEED", "1"))
SECONDS = float(os.environ.get("MOCKCBS_FUZZ_SECONDS", "inf"))
VALUES = 100_000
PARTS = {"project_id": PROJECT, "qabot_id": BOT}
TEXTS = (
    *(
        "",
        " ",
        "0",
        "-1",
        "1",
        "10",
        "1.0",
        "1e3",
        "1e999",
        "NaN",
        "null",
        "true",
        "yes",
        "١٢",
        "１２",
        "1_000",
    ),
    *("day", "week", "2025-12-15", "2025-02-30", "0001-01-01", "9999-12-31", "1613720965417", "1613720965"),
    *("99999999999999999999", "+08:00", "+19:00", "Asia/Shanghai", "%", "%00", "a" * 600, "中" * 200, "\x00"),
    *("\ufeff", "\u202e", "😀", "'; DROP TABLE turns; --", "{name}", "%s", "../../etc/passwd", "a,b;c", "[]"),
    *(
        '{"a":1}',
        '{"a":',
        "7342866812345678901",
        BOT,
        PROJECT,
        "{{}}",
        "__class__",
        "\r\nX: y",
        "user",
        "text",
    ),
)
OTHERS = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        10,
        2**31,
        2**63,
        2**64,
        10**400,
        0.5,
        -0.0,
        1e308,
        1.0,
        [],
        {},
        [[]],
        [{}],
    ),
    *([None], ["a"], [1, "a", None], {"a": {"b": {}}}, {"": ""}, {"role": "user"}, [{"role": "user"}] * 3),
)


def nasty(chance: random.Random):
    return chance.choice(TEXTS) if chance.random() < 0.5 else chance.choice(OTHERS)


def filled(chance: random.Random, schema, depth: int = 0) -> dict:
    """A body for *schema*: some members left out, some right in kind, most of them nasty."""
    body = {}
    for name, field in schema.fields.items():
        if chance.random() < 0.3:
            continue
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested) and depth < 3 and chance.random() < 0.6:
            value = filled(chance, inner.schema, depth + 1)
            value = [value] if isinstance(field, fields.List) else value
        else:
            value = nasty(chance)
        body[field.data_key or name] = value
    if chance.random() < 0.1:
        body[chance.choice(TEXTS)] = nasty(chance)
    return body


def count(value) -> int:
    if isinstance(value, dict):
        return sum(map(count, value.values()))
    return sum(map(count, value)) if isinstance(value, list) else 1


def operations(app):
    """Every operation: method, path rule, and its schemas by where they are read."""
    for rule in app.rules():
        documented = getattr(app.view_functions[rule.endpoint], "_apidoc", {}).get("arguments", {})
        schemas = {}
        for one in documented.get("parameters", []):
            if "schema" in one and one["in"] in {"query", "json"}:
                made = one["schema"]() if callable(one["schema"]) else one["schema"]
                schemas[one["in"]] = made if hasattr(made, "fields") else None
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule.rule, schemas


def sent(chance: random.Random, rule: str, schemas) -> tuple[str, dict, dict]:
    path = re.sub(
        r"<(?:\w+:)?(\w+)>",
        lambda found: (
            PARTS.get(found[1], "7342866812345678901")
            if chance.random() < 0.9
            else re.sub(r"[^\w-]", "x", chance.choice(TEXTS)) or "x"
        ),
        rule,
    )
    given = filled(chance, schemas["query"]) if schemas.get("query") else {}
    query = {name: [str(value)] * chance.choice((1, 1, 2)) for name, value in given.items()}
    return path, query, filled(chance, schemas["json"]) if schemas.get("json") else {}


class Bugs(logging.Handler):
    """Keeps what was logged with a traceback."""

    def __init__(self):
        super().__init__()
        self.found = []

    def emit(self, record):
        if record.exc_info:
            self.found.append(self.format(record))


def test_no_value_is_a_bug():
    """No value causes an exception in the log or a response that shows a bug."""
    chance, began = random.Random(SEED), time.monotonic()
    logging.getLogger("mockcbs").addHandler(bugs := Bugs())
    app = create_app(Settings(now=NOW))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client, known, values = app.test_client(), list(operations(app)), 0
    tokens = {"X-Auth-Token": "any", "Authorization": "Bearer pat_mockcbs"}

    try:
        while values < VALUES and time.monotonic() - began < SECONDS:
            for method, rule, schemas in known:
                path, query, body = sent(chance, rule, schemas)
                text = json.dumps(body, ensure_ascii=chance.random() < 0.5)
                answer = client.open(
                    path.partition("?")[0],
                    method=method,
                    query_string=query,
                    data=text.encode("utf-8", "surrogatepass") if body else None,
                    headers={"Content-Type": "application/json", **tokens},
                    buffered=True,
                )
                values += 1 + count(query) + count(body)
                assert not bugs.found, f"{method} {path} {query} {text}\n{bugs.found[0]}"
                assert answer.status_code < 600
    finally:
        logging.getLogger("mockcbs").removeHandler(bugs)

    assert values >= VALUES or float("inf") > SECONDS
