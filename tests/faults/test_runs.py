"""Which scenario is played where."""

from mockcbs.core.clock import Clock
from mockcbs.faults.runs import Scenarios
from mockcbs.faults.scenario import Scenario

OPENING, OURS, SHORT = Scenario("opening"), Scenario("ours"), Scenario("short", ttl_seconds=1.0)


def played(scenarios, scope=None):
    run = scenarios.run(scope)
    return run and run.scenario.name


def test_a_scope_has_its_own_scenario():
    """A project with its own scenario does not meet the mock's, and others do not meet the project's."""
    scenarios = Scenarios(lambda: OPENING, lambda _: Clock())
    scenarios.play(OURS, "p")

    assert (played(scenarios), played(scenarios, "p"), played(scenarios, "q")) == (
        "opening",
        "ours",
        "opening",
    )


def test_reset_brings_back_the_opening():
    """A scenario that was stopped or replaced is back after a reset."""
    scenarios = Scenarios(lambda: OPENING, lambda _: Clock())
    scenarios.stop()
    before = played(scenarios)
    scenarios.play(OURS, "p")

    scenarios.reset()

    assert (before, played(scenarios), played(scenarios, "p")) == (None, "opening", "opening")


def test_reset_of_one_scope_leaves_the_others():
    """A test that resets its scope does not disturb other tests."""
    scenarios = Scenarios(lambda: None, lambda _: Clock())
    scenarios.play(OURS, "p")
    scenarios.play(OURS, "q")

    scenarios.reset("p")

    assert (played(scenarios, "p"), played(scenarios, "q")) == (None, "ours")


def test_a_scenario_ends_by_itself():
    """After its time to live, the scenario of the mock applies again."""
    clock = Clock()
    scenarios = Scenarios(lambda: OPENING, lambda _: clock)
    scenarios.play(SHORT, "p")
    before = played(scenarios, "p")

    clock.advance(1000)

    assert (before, played(scenarios, "p")) == ("short", "opening")


def test_a_preferred_scenario_counts_on():
    """Requests that ask for a scenario share one run in each scope, until it is reset."""
    scenarios = Scenarios(lambda: None, lambda _: Clock())

    one, same, other = (
        scenarios.preferred(OURS, "p"),
        scenarios.preferred(OURS, "p"),
        scenarios.preferred(OURS, "q"),
    )
    scenarios.reset("p")

    assert one is same
    assert one is not other
    assert scenarios.preferred(OURS, "p") is not one
