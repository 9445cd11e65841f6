"""Scenarios that two workers play together count each call once."""

import threading

import pytest

from mockcbs.backend.runs import DocumentRuns
from mockcbs.core.clock import Clock
from mockcbs.core.patterns import Call
from mockcbs.faults.counters import START
from mockcbs.faults.runs import Scenarios
from mockcbs.faults.scenario import Answer, Rule, Scenario, Then, Throttle, When

FAILS = Then(answer=Answer(status=500))
OPENING = Scenario("opening", (Rule(When(first=1), FAILS),))
SLOW = Scenario("slow", (Rule(then=Then(upload_bytes_per_second=1.0)),))


def call(credential="token:a"):
    return Call("GET", "/", "cbs", "cbs.hots", "p", "b", credential, {}, {}, "")


@pytest.fixture
def clock():
    return Clock(0)


@pytest.fixture
def workers(stores, databases, clock):
    """The scenarios as two workers have it."""
    changes = databases[0].changes
    return [
        Scenarios(
            lambda: None, lambda _: clock, lambda watch, store=store: DocumentRuns(store, changes, watch)
        )
        for store in stores
    ]


def fault(scenarios, scope=None, **who):
    return scenarios.run(scope).fault(call(**who), 0, {"throttled": ()})


def test_both_play_what_one_began(workers):
    """Playing, stopping and resetting on one worker is so on the other."""
    first, second = workers
    assert second.run("p") is None

    first.play(Scenario("all"))
    second.play(Scenario("ours"), "p")

    assert [scenarios.run("p").scenario.name for scenarios in workers] == ["ours", "ours"]
    assert [scenarios.run("q").scenario.name for scenarios in workers] == ["all", "all"]
    first.stop("p")
    assert second.run("p").scenario.name == "all"
    second.reset()
    assert first.run() is None


def test_both_know_whether_uploads_may_be_slow(workers):
    """Both workers know it, whichever worker and scope began the scenario, until the last one ends."""
    first, second = workers
    known = []
    for change in (
        lambda: None,
        lambda: first.play(SLOW, "p"),
        lambda: second.play(SLOW),
        lambda: second.play(OPENING, "p"),
        first.stop,
        lambda: first.play(SLOW, "q"),
        second.reset,
    ):
        change()
        known.append((first.concerns_uploads, second.concerns_uploads))

    assert known == [(slow, slow) for slow in (False, True, True, True, False, True, False)]


def test_each_call_is_counted_once(workers):
    """If calls are spread over two workers, exactly those fail that should."""
    workers[0].play(Scenario("flaky", (Rule(When(first=25), FAILS), Rule(When(nth=60), FAILS))))
    failed = []

    def ask(scenarios):
        failed.extend(fault(scenarios) is not None for _ in range(50))

    threads = [threading.Thread(target=ask, args=(scenarios,)) for scenarios in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(failed) == 100
    assert sum(failed) == 26


def test_a_throttle_holds_for_both_together(workers, clock):
    """Calls that one worker accepts count at the other; each caller has a separate window."""
    first, second = workers
    first.play(Scenario("throttled", (Rule(When(per="token"), Then(throttle=Throttle(2, 10.0))),)))

    passed = [fault(scenarios).then.answer is None for scenarios in (first, second, first, second)]

    assert passed == [True, True, False, False]
    assert fault(second, credential="token:b").then.answer is None
    clock.advance(10_000)
    assert fault(second).then.answer is None


def test_states_are_those_of_the_scenario_not_of_a_worker(workers):
    """Both workers share the state of a scenario, and its counts begin anew in each state."""
    first, second = workers
    rules = (
        Rule(When(state=START, nth=2), Then(state="down")),
        Rule(When(state="down", first=2), FAILS),
        Rule(When(state="down", nth=3), Then(state=START)),
    )
    first.play(Scenario("outage", rules))

    states = []
    for scenarios in (first, second, first, second, first, second, first):
        fault(scenarios)
        states.append((first.run().state, second.run().state))

    assert states == [(state, state) for state in (START, "down", "down", "down", START, START, "down")]
    second.run().enter("elsewhere")
    assert first.run().state == "elsewhere"


def test_a_preferred_scenario_counts_on_at_the_other(workers):
    """Runs for requests that choose for themselves are shared, too."""
    first, second = workers

    found = [scenarios.preferred(OPENING, "p").fault(call(), 0, {}) for scenarios in (first, second)]

    assert [fate is not None for fate in found] == [True, False]
    first.reset("p")
    assert second.preferred(OPENING, "p").fault(call(), 0, {}) is not None


def test_a_run_ends_for_both(workers, clock):
    """When the time to live of a scenario has passed, neither worker plays it."""
    first, second = workers
    first.play(Scenario("brief", ttl_seconds=5.0))
    assert second.run().elapsed in range(1000)

    clock.advance(5_000)

    assert first.run() is None
    assert second.run() is None


def test_playing_again_forgets_the_counts(workers, stores):
    """A scenario that is played again begins at its start, without earlier counts."""
    first, second = workers
    for _ in range(2):
        first.play(OPENING)
        assert fault(second) is not None
        assert fault(first) is None

    first.stop()

    assert stores[0]._db("SELECT kind FROM documents WHERE kind LIKE 'counters%'") == []


def test_what_nobody_plays_costs_no_look(workers, monkeypatch):
    """A worker that knows that nothing is played asks no more."""
    first, second = workers
    second.play(OPENING, "p")
    assert first.run("q") is None

    monkeypatch.setattr(
        "mockcbs.backend.sqlite.documents.SqliteDocuments.get", lambda *_: pytest.fail("a look")
    )

    assert first.run("q") is None
