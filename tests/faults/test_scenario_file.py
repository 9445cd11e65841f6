"""Scenario files: accepted content, and errors."""

import json

import pytest
import yaml

from mockcbs.core.files import shipped
from mockcbs.faults.scenario import Answer, Latency
from mockcbs.faults.scenario_file import MAX_RULES, ScenarioError, load, parse
from mockcbs.services.registry import vocabulary

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


def rules(*rules):
    return parse({"rules": list(rules)}, vocabulary()).rules


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
    ("rule", "sentence"),
    [
        ({}, "rules[0]: does not state what happens; add one of answer, throttle, latency,"),
        ({"wire": "snap"}, "rules[0].wire: 'snap' is not one of reset, empty-reply,"),
        ({"wires": "reset"}, "rules[0].wires: unknown key; accepted here: when, answer,"),
        ({"answer": {"error": "CBS.0"}}, "rules[0].answer.error: 'CBS.0' is not one of server-error,"),
        ({"answer": {}}, "rules[0].answer: give error, a code, or status with body"),
        ({"answer": {"error": "CBS.0031", "body": "x"}}, "rules[0].answer: an error has a body of its own"),
        ({"answer": {"status": 100}}, "rules[0].answer.status: 100 is not between 200 and 599"),
        ({"answer": {"status": 503, "headers": {"a b": "c"}}}, "'a b' cannot stand in a header"),
        ({"answer": {"status": 503, "headers": {"a": "忙"}}}, "'忙' cannot stand in a header"),
        ({"answer": {"status": 503, "content_type": "a\n"}}, r"'a\n' cannot stand in a header"),
        ({"answer": {"status": 204, "body": "x"}}, "rules[0].answer.body: a response 204 has no body"),
        (
            {"when": {"nth": 3, "first": 1}, "wire": "reset"},
            "rules[0].when: no call is all of these at once: nth: 3, first: 1",
        ),
        (
            {"answer": {"error": "throttled", "status": 404}},
            "rules[0].answer.status: throttled has the status 200 or 429 or 503, not 404",
        ),
        (
            {"answer": {"error": "4101", "status": 418}},
            "rules[0].answer.status: 4101 has the status 200 or 403, not 418",
        ),
        ({"damage": []}, "rules[0].damage: names no damage"),
        (
            {"when": {"operation": "cbs.keywords", "service": "coze"}, "wire": "reset"},
            "rules[0].when.operation: 'cbs.keywords' is not one of coze.",
        ),
        ({"when": {"nth": 5, "after": 5}, "wire": "reset"}, "rules[0].when: no call is all of these at once"),
        (
            {"when": {"first": 5, "after": 5}, "wire": "reset"},
            "rules[0].when: no call is all of these at once",
        ),
        (
            {"when": {"every": 3, "first": 2}, "wire": "reset"},
            "rules[0].when: no call is all of these at once",
        ),
        ({"when": {"every": 3, "nth": 4}, "wire": "reset"}, "rules[0].when: no call is all of these at once"),
        (
            {"when": {"since": 5000, "until": 5000}, "wire": "reset"},
            "rules[0].when.since: 1970-01-01T00:00:05.000Z is not before until",
        ),
        ({"when": {"method": "GTE"}, "wire": "reset"}, "rules[0].when.method: 'GTE' is not one of CONNECT, "),
        ({"latency": {"median_ms": 5}}, "rules[0].latency: give fixed_ms, or uniform_ms, or median_ms and"),
        ({"latency": {"median_ms": 5, "p99_ms": 4}}, "rules[0].latency.p99_ms: is less than median_ms"),
        ({"latency": {"uniform_ms": [2, 1]}}, "rules[0].latency.uniform_ms: the first is larger"),
        ({"latency": {"fixed_ms": -1}}, "rules[0].latency.fixed_ms: -1 is not between 0 and 600000"),
        ({"damage": [{"kind": "odd"}]}, "rules[0].damage[0].kind: 'odd' is not one of missing-member,"),
        ({"when": {"service": "cb"}, "wire": "reset"}, "rules[0].when.service: 'cb' is not one of"),
        ({"when": {"operation": "x"}, "wire": "reset"}, "rules[0].when.operation: 'x' is not one of"),
        ({"when": {"probability": 2}, "wire": "reset"}, "rules[0].when.probability: 2.0 is not between 0"),
        ({"when": {"since": "noon"}, "wire": "reset"}, "rules[0].when.since: 'noon' is neither epoch mil"),
        ({"when": {"per": "day"}, "wire": "reset"}, "rules[0].when.per: 'day' is not one of all, operation"),
        ({"throttle": {"seconds": 1}}, "rules[0].throttle.calls: is missing"),
        (
            {"throttle": {"calls": 1}, "answer": {"status": 500}},
            "rules[0]: a throttle sends its own response; leave out answer or throttle",
        ),
    ],
)
def test_mistakes_are_told(rule, sentence):
    """The error names the key and what is accepted there."""
    with pytest.raises(ScenarioError) as caught:
        rules(rule)

    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("rule", "meant"),
    [
        ({"answer": {"error": "server_error"}}, "server-error"),
        ({"when": {"service": "cb"}, "wire": "reset"}, "cbs"),
        ({"when": {"operation": "cbs.keyword"}, "wire": "reset"}, "cbs.keywords"),
    ],
)
def test_what_was_meant(rule, meant):
    """A name that is near one that exists is an error that says which."""
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
    """A story may end where no rule waits, begin in the middle, and be told from another beginning."""
    assert parse({"rules": rules}, vocabulary(), begins).rules


def test_a_long_story_is_read_at_once():
    """Each state is looked at once, however many there are."""
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


def test_an_unknown_name_lists_the_known():
    """So does a name that is no file."""
    with pytest.raises(ScenarioError, match=r"no scenario 'x': .*flaky-once, .*garbage"):
        load("x", vocabulary())


def test_no_name_is_no_folder():
    """Not even the one that mockcbs runs in."""
    with pytest.raises(ScenarioError, match="no scenario '': give a YAML file or one of empty-reply,"):
        load("", vocabulary())


def test_a_folder_is_called_one(tmp_path):
    """It is there, but it is no file."""
    with pytest.raises(
        ScenarioError, match=r" is a folder: give a YAML file or one of empty-reply,"
    ) as caught:
        load(str(tmp_path), vocabulary())

    assert str(caught.value).startswith(str(tmp_path))


def test_a_client_cannot_name_a_file():
    """What comes over HTTP is a shipped name or a whole content, never a path."""
    with pytest.raises(ScenarioError, match="no scenario '/etc/passwd'"):
        parse("/etc/passwd", vocabulary())


def test_a_body_written_as_an_object_is_sent_as_json():
    """An answer's body may be text or an object."""
    (text,) = rules({"answer": {"status": 503, "body": "busy"}})
    (json_,) = rules({"answer": {"status": 503, "body": {"a": ["忙"]}}})

    assert text.then.answer == Answer(status=503, body="busy")
    assert json_.then.answer == Answer(status=503, body='{"a":["忙"]}', content_type="application/json")


def test_one_row_of_several_with_one_code():
    """A status beside a code picks among the rows that share the code."""
    (rule,) = rules({"answer": {"error": "APIG.0201", "status": 504}})

    assert rule.then.answer == Answer("APIG.0201", 504)


def test_latencies():
    """All three kinds are read."""
    found = rules(
        {"latency": {"fixed_ms": 5}},
        {"latency": {"uniform_ms": [1, 2]}},
        {"latency": {"median_ms": 1, "p99_ms": 2}},
    )

    assert [rule.then.latency for rule in found] == [
        Latency(fixed_ms=5),
        Latency(uniform_ms=(1, 2)),
        Latency(median_ms=1, p99_ms=2),
    ]


def test_numbers_may_be_written_as_numbers():
    """A header or parameter of a scenario is a text or a number: both travel as text."""
    rule = {
        "when": {"query": {"top": 5}, "header": {"X-Try": 2}},
        "answer": {"status": 429, "headers": {"Retry-After": 7}},
    }

    made = parse({"rules": [rule]}, vocabulary()).rules[0]

    assert made.then.answer.headers == {"Retry-After": "7"}
    wrong = {"answer": {"status": 200, "headers": {"A": True}}}
    with pytest.raises(ScenarioError, match="True is neither text nor a number"):
        parse({"rules": [wrong]}, vocabulary())
