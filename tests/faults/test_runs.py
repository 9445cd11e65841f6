"""Which scenario is played where."""

from mockcbs.core.clock import Clock
from mockcbs.faults.runs import Stage
from mockcbs.faults.scenario import Scenario

OPENING, OURS, SHORT = Scenario("opening"), Scenario("ours"), Scenario("short", ttl_seconds=1.0)


def played(stage, scope=None):
    run = stage.run(scope)
    return run and run.scenario.name


def test_a_scope_has_its_own_scenario():
    """A project with a scenario of its own does not see everybody's, nor others its."""
    stage = Stage(OPENING, lambda _: Clock())
    stage.play(OURS, "p")

    assert (played(stage), played(stage, "p"), played(stage, "q")) == ("opening", "ours", "opening")


def test_reset_brings_back_the_opening():
    """A scenario that was stopped or replaced is back after a reset."""
    stage = Stage(OPENING, lambda _: Clock())
    stage.stop()
    before = played(stage)
    stage.play(OURS, "p")

    stage.reset()

    assert (before, played(stage), played(stage, "p")) == (None, "opening", "opening")


def test_reset_of_one_scope_leaves_the_others():
    """A test that cleans up after itself disturbs nobody."""
    stage = Stage(None, lambda _: Clock())
    stage.play(OURS, "p")
    stage.play(OURS, "q")

    stage.reset("p")

    assert (played(stage, "p"), played(stage, "q")) == (None, "ours")


def test_a_scenario_ends_by_itself():
    """After its time to live everybody's scenario is back."""
    clock = Clock()
    stage = Stage(OPENING, lambda _: clock)
    stage.play(SHORT, "p")
    before = played(stage, "p")

    clock.advance(1000)

    assert (before, played(stage, "p")) == ("short", "opening")


def test_a_preferred_scenario_counts_on():
    """Requests that ask for a scenario share one run in each scope, until it is reset."""
    stage = Stage(None, lambda _: Clock())

    one, same, other = stage.preferred(OURS, "p"), stage.preferred(OURS, "p"), stage.preferred(OURS, "q")
    stage.reset("p")

    assert one is same
    assert one is not other
    assert stage.preferred(OURS, "p") is not one
