"""What views state for the response cache."""

import json
import re
from dataclasses import dataclass
from itertools import count

import pytest
from flask import request
from marshmallow import Schema, fields

from mockcbs.core.errors import ApiError, ErrorSpec
from mockcbs.faults.scenario import FAILURES
from mockcbs.services import registry
from mockcbs.services.base import WIRE_HINTS, FailureAnswer, Service
from mockcbs.testing.controls import Controls
from mockcbs.testing.exchange import exchange
from mockcbs.web import context
from mockcbs.web.arguments import Blueprint, Parser
from mockcbs.web.cache import caching

NOW = 1_795_305_600_000


class _ToyError(ErrorSpec):
    def body(self, message, request_id):
        del request_id
        return {"text": message}


@dataclass
class Toys:
    """A client of the toys."""

    controls: Controls
    guard: type

    def __call__(self, query=""):
        path = f"size{query}" if query else "bear"
        return exchange(self.controls.cache, "GET", f"https://api.toys.example/toys/{path}", [], b"").body

    @property
    def checks(self):
        """How often the guard checked the caller."""
        return self.guard.checks


UNKNOWN = _ToyError(404, "toy_unknown", "No such toy.", when="always")


class _Size(Schema):
    size = fields.Integer()


class _Parser(Parser):
    def refuse(self, schema, problems):
        del schema
        raise ApiError(UNKNOWN, str(problems))


class _Toys(Blueprint):
    ARGUMENTS_PARSER = _Parser()


class _Guard:
    """A guard that counts its checks."""

    def __init__(self, mock):
        del mock

    checks = 0

    def admit(self):
        type(self).checks += 1

    def stamp(self, response):
        return response


@pytest.fixture
def ask(request):
    """Call a view that makes the statement of the test; what it responds counts how often it ran."""
    blp, numbers, state = _Toys("toys", __name__), count(1), request.param
    guard = type("Guard", (_Guard,), {})

    @blp.get("/toys/bear")
    def read_toy():
        state()
        return {"run": next(numbers)}

    @blp.get("/toys/size")
    @blp.arguments(_Size, location="query")
    @caching.by_query
    def read_size(query):
        state()
        return query

    service = Service(
        name="toys",
        title="Toys",
        views=blp,
        hosts=("api.toys.example",),
        paths=re.compile("/toys/"),
        unknown_path=UNKNOWN,
        unknown_method=UNKNOWN,
        wire_problems=dict.fromkeys(WIRE_HINTS, UNKNOWN),
        failures=dict.fromkeys(FAILURES, FailureAnswer(UNKNOWN)),
        catalogue=(UNKNOWN,),
        guard=guard,
    )
    with registry.registered(service):
        controls = Controls(now=NOW)

        yield Toys(controls, guard)


def never():
    caching.depends_on()
    caching.never()


def until():
    caching.depends_on()
    caching.expires(NOW + 2000)
    caching.expires(None)
    caching.expires(NOW + 1000)
    caching.expires(NOW + 3000)


@pytest.mark.parametrize("ask", [lambda: None, never, lambda: caching.expires(NOW + 1000)], indirect=True)
def test_a_view_that_states_nothing_is_not_cached(ask):
    """A response without a statement, with `never`, or with only an expiry is not cached."""
    assert [ask() for _ in range(4)] == [b'{"run":%d}' % run for run in (1, 2, 3, 4)]


@pytest.mark.parametrize("ask", [lambda: caching.depends_on(("toys",))], indirect=True)
def test_a_response_is_kept_until_a_key_changes(ask):
    """Keys of others leave it alone."""
    runs = [ask() for _ in range(3)]
    ask.controls.state.changes.bump("others")
    runs.append(ask())

    ask.controls.state.changes.bump("toys")

    assert [*runs, ask()] == [b'{"run":%d}' % run for run in (1, 2, 2, 2, 3)]


@pytest.mark.parametrize("ask", [until], indirect=True)
def test_the_earliest_end_counts(ask):
    """A response is given while it is true by the clock of the mock, and not later."""
    runs = [ask() for _ in range(2)]
    ask.controls.clock.advance(milliseconds=999)
    runs.append(ask())

    ask.controls.clock.advance(milliseconds=1)

    assert [*runs, ask()] == [b'{"run":%d}' % run for run in (1, 2, 2, 3)]


@pytest.mark.parametrize(
    "ask", [lambda: (caching.depends_on(), caching.differs("run", lambda at, _: str(at)))], indirect=True
)
def test_a_text_that_differs_is_made_for_each_response(ask):
    """A text that differs is computed at the instant at which the response is sent."""
    kept = [ask() for _ in range(2)][-1]

    ask.controls.clock.advance(milliseconds=5)

    assert ask() == kept.replace(b"run", b"%d" % (NOW + 5))


@pytest.mark.parametrize(
    "ask", [lambda: (caching.depends_on(("a",)), caching.depends_on(("b",)))], indirect=True
)
@pytest.mark.parametrize("key", ["a", "b"])
def test_all_stated_keys_count(ask, key):
    """A response that depends on two keys is computed anew after either changed."""
    runs = [ask() for _ in range(3)]

    ask.controls.state.changes.bump(key)

    assert [*runs, ask()] == [b'{"run":%d}' % run for run in (1, 2, 2, 3)]


@pytest.mark.parametrize(
    ("ask", "checks"),
    [
        (caching.depends_on, 3),
        (lambda: (caching.depends_on(), request.path), 8),
        (lambda: (caching.depends_on(), caching.never()), 8),
        (lambda: (caching.depends_on(), context.current().near_misses.append("surprising")), 8),
        (lambda: None, 8),
    ],
    ids=["nothing but the query", "the request", "not cached", "a remark", "no statement"],
    indirect=["ask"],
)
def test_other_queries_of_a_known_caller_need_few_checks(ask, checks):
    """After two requests, the view alone is called for other queries, if it reads nothing else and is cached.

    A wrong query is always left to the application.
    """
    sizes = [1, 2, 3, 4, 5, 6, 7]

    found = [ask(f"?size={size}") for size in [*sizes, "x"]]

    assert [json.loads(body).get("size") for body in found] == [*sizes, None]
    assert ask.checks == checks


@pytest.mark.parametrize("ask", [caching.depends_on], indirect=True)
def test_a_caller_is_checked_again_after_a_reset(ask):
    """A reset may change what a caller may do."""
    for size in range(3):
        ask(f"?size={size}")
    before = ask.checks

    ask.controls.reset()

    assert json.loads(ask("?size=9"))["size"] == 9
    assert ask.checks == before + 1
