"""Scenario files: accepted content, and errors."""

import json

import pytest
import yaml

from mockcbs.core.files import shipped
from mockcbs.faults.scenario_file import MAX_RULES, ScenarioError, load, parse
from mockcbs.services.registry import vocabulary
from tests.faults.rules import rules

NAMES = {
    "server-error",
    "flaky-once",
    "outage",
    "throttled",
    "token-expired",
    "html-gateway",
    "slow",
    "no-answer",
    "slow-body",
    "slow-upload",
    "reset",
    "empty-reply",
    "truncated-body",
    "garbage",
    "malformed-json",
    "missing-member",
    "wrong-types",
    "stale",
    "webhook-duplicate",
    "webhook-reordered",
    "webhook-late",
    "webhook-replayed",
    "webhook-bad-signature",
    "webhook-reserialised",
    "webhook-rotated-secret",
    "webhook-burst",
    "webhook-lost",
    "full-hour",
}


def test_the_shipped_scenarios():
    """Every promised name is there, with a sentence about it."""
    loaded = {name: load(name, vocabulary()) for name in shipped("scenarios")}

    assert set(loaded) == NAMES
    assert all(scenario.description.endswith(".") for scenario in loaded.values())


@pytest.mark.parametrize("name", sorted(NAMES))
def test_json_and_yaml_say_the_same(name):
    """The content of a file may be given to the control API as JSON."""
    content = yaml.safe_load(shipped("scenarios")[name].read_text("utf-8"))

    given = parse(json.loads(json.dumps({"name": name, **content})), vocabulary())

    assert given == load(name, vocabulary())


@pytest.mark.parametrize(
    ("rule", "meant"),
    [
        ({"answer": {"error": "server_error"}}, "server-error"),
        ({"when": {"service": "cb"}, "wire": "reset"}, "cbs"),
        ({"when": {"operation": "cbs.keyword"}, "wire": "reset"}, "cbs.keywords"),
    ],
)
def test_what_was_meant(rule, meant):
    """The error for a misspelt name suggests the similar name."""
    with pytest.raises(ScenarioError) as caught:
        rules(rule)

    assert str(caught.value).endswith(f"; did you mean {meant!r}?")


def story(*steps):
    """Rules that lead from state to state."""
    return [{"when": {"state": before}, "state": after} for before, after in steps]


@pytest.mark.parametrize(
    ("content", "begins", "sentence"),
    [
        ({"rules": []}, "start", "rules: give 1 to 1,000 rules"),
        (
            {"rules": [*story(("start", "down")), {"when": {"state": "dwon"}, "wire": "reset"}]},
            "start",
            "rules[1].when.state: 'dwon' is never reached; reached are down, start; did you mean 'down'?",
        ),
        (
            {"rules": story(("up", "down"), ("down", "up"))},
            "start",
            "rules[0].when.state: 'up' is never reached; reached are start",
        ),
        (
            {"rules": story(("start", "down"))},
            "dwon",
            "state: 'dwon' is not one of start, down; did you mean 'down'?",
        ),
        ("outage", "down", "state: 'down' is not one of start"),
        ({"rules": [{"state": ""}]}, "start", "rules[0].state: must have 1 to 64 characters"),
        ({"rules": [{"when": {"state": ""}, "wire": "reset"}]}, "start", "rules[0].when.state: must have 1"),
    ],
)
def test_what_can_never_happen_is_refused(content, begins, sentence):
    """No rule at all; a state no rule knows, or that no way leads to from where the scenario begins."""
    with pytest.raises(ScenarioError) as caught:
        parse(content, vocabulary(), begins)

    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("rules", "begins"),
    [
        ([{"wire": "reset"}], "start"),
        ([{"when": {"nth": 3}, "state": "down"}, {"when": {"state": "down"}, "wire": "reset"}], "start"),
        (story(("start", "ended")), "ended"),
        (story(("start", "low"), ("low", "down"), ("down", "start")), "start"),
        (story(("start", "low"), ("low", "down")), "down"),
        (story(("up", "down"), ("down", "up")), "up"),
    ],
    ids=["no states", "from any state", "an end", "a circle", "in the middle", "beside the start"],
)
def test_what_may_happen_is_accepted(rules, begins):
    """A scenario may end in a state without rules, and may begin in any of its states."""
    assert parse({"rules": rules}, vocabulary(), begins).rules


def test_a_long_story_is_read_at_once():
    """Each state is visited once, so that long scenarios are checked quickly."""
    steps = [("start", "0"), *((str(place), str(place + 1)) for place in range(MAX_RULES - 1))]

    assert len(parse({"rules": story(*reversed(steps))}, vocabulary()).rules) == MAX_RULES


def test_a_file_tells_the_line(tmp_path):
    """The error in a file also names the line."""
    file = tmp_path / "mine.yaml"
    file.write_text("description: x\nrules:\n  - when: {}\n    wire: snap\n")

    with pytest.raises(ScenarioError, match=r"mine\.yaml:4: rules\[0\]\.wire: 'snap' is not one of"):
        load(str(file), vocabulary())
    file.write_text("rules:\n  - wire: reset\n    when:\n      state: down\n")
    with pytest.raises(ScenarioError, match=r"mine\.yaml:4: rules\[0\]\.when\.state: 'down' is never"):
        load(str(file), vocabulary())


def test_a_file_is_named_after_itself(tmp_path):
    """A user's own file works like a shipped scenario."""
    file = tmp_path / "mine.yaml"
    file.write_text("rules: [{wire: reset}]")

    assert load(str(file), vocabulary()).name == "mine"


def test_an_unknown_name_says_what_lists_the_known():
    """The error for an unknown name names the command that lists the known ones."""
    with pytest.raises(ScenarioError, match=r"no scenario 'x': .* the \d+ that `mockcbs scenarios` lists$"):
        load("x", vocabulary())


def test_no_name_is_no_folder():
    """An empty name does not mean the current folder."""
    with pytest.raises(ScenarioError, match="no scenario '': give a YAML file or one of the "):
        load("", vocabulary())


def test_a_folder_is_called_one(tmp_path):
    """The error for a folder states that it is not a file."""
    with pytest.raises(ScenarioError, match=r" is a folder: give a YAML file or one of the ") as caught:
        load(str(tmp_path), vocabulary())

    assert str(caught.value).startswith(str(tmp_path))


def test_a_client_cannot_name_a_file():
    """Over HTTP a scenario is a shipped name or a complete content, never a path."""
    with pytest.raises(ScenarioError, match="no scenario '/etc/passwd'"):
        parse("/etc/passwd", vocabulary())
