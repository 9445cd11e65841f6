"""What views state for the response cache."""

import re
from itertools import count

import pytest

from mockcbs.core.errors import ErrorSpec
from mockcbs.faults.scenario import FAILURES
from mockcbs.services import registry
from mockcbs.services.base import WIRE_HINTS, FailureAnswer, Service
from mockcbs.testing.controls import Controls
from mockcbs.testing.exchange import exchange
from mockcbs.web import caching, context
from mockcbs.web.arguments import Blueprint

NOW = 1_795_305_600_000


class _ToyError(ErrorSpec):
    def body(self, message, request_id):
        del request_id
        return {"text": message}


UNKNOWN = _ToyError(404, "toy_unknown", "No such toy.", when="always")


@pytest.fixture
def ask(request):
    """Call a view that makes the statement of the test; what it responds counts how often it ran."""
    blp, numbers = Blueprint("toys", __name__), count(1)

    @blp.get("/toys/bear")
    def read_toy():
        request.param()
        return {"run": next(numbers)}

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
    )
    with registry.registered(service):
        controls = Controls(now=NOW)

        def ask():
            return exchange(controls.cache, "GET", "https://api.toys.example/toys/bear", [], b"").body

        ask.controls = controls
        yield ask


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


@pytest.mark.parametrize("ask", [lambda: caching.answer(Doubles(), {})], indirect=True)
def test_a_reading_states_its_own_validity(ask):
    """The cache uses the validity that the reading returns."""
    assert [ask() for _ in range(3)] == [b'{"run":%d}' % run for run in (1, 2, 2)]


class Doubles:
    """A reading that depends on nothing but the clock."""

    def parse(self, raw):
        del raw

    def answer(self, query, now):
        del query
        return {}, caching.Validity(now, until=context.now() + 1)
