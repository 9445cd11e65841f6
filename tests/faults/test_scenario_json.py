"""Scenarios as JSON."""

import json
from pathlib import Path

import pytest

from mockcbs.core.patterns import Pattern
from mockcbs.faults import scenario_file, scenario_json
from mockcbs.faults.scenario import Answer, Damage, Latency, Ramp, Rule, Scenario, Then, Throttle, When
from mockcbs.services import registry

NAMES = sorted(file.stem for file in (Path(__file__).parents[2] / "fixtures" / "scenarios").glob("*.yaml"))


def again(scenario: Scenario) -> Scenario:
    return scenario_json.decoded(json.loads(json.dumps(scenario_json.encoded(scenario))))


def test_every_member_comes_back():
    """A scenario is equal to the one read from its JSON."""
    when = When(Pattern(method="get", query={"a": "*"}), "bot", "down", 1, 2, 3, 4, 0.5, 6, 7)
    then = Then(
        Answer("CBS.0031", 400, "body", "text/html", {"X": "y"}),
        Throttle(3, 1.5),
        Latency(uniform_ms=(1, 2)),
        10.0,
        20.0,
        (Damage("swapped", "a.b"), Damage("garbage")),
        "reset",
        5,
        "up",
    )
    scenario = Scenario("all", (Rule(when, then, Ramp(5.0, 0.1, 0.9)), Rule()), "words", 7, 3.5)

    assert again(scenario) == scenario


@pytest.mark.parametrize("name", NAMES)
def test_every_named_scenario_comes_back(name):
    """Each shipped scenario is equal after conversion to JSON and back."""
    scenario = scenario_file.load(name, registry.vocabulary())

    assert again(scenario) == scenario
