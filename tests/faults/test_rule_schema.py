"""One rule of a scenario."""

import pytest

from mockcbs.faults.scenario import Answer, Latency
from mockcbs.faults.scenario_file import ScenarioError, parse
from mockcbs.services.registry import vocabulary
from tests.faults.rules import rules


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({}, "rules[0]: does not state what happens; add one of answer, throttle, latency,"),
        ({"wire": "snap"}, "rules[0].wire: 'snap' is not one of reset, empty-reply,"),
        ({"wires": "reset"}, "rules[0].wires: unknown key; accepted here: when, answer,"),
        ({"answer": {"error": "CBS.0"}}, "rules[0].answer.error: 'CBS.0' is not one of server-error,"),
        ({"answer": {}}, "rules[0].answer: give error, a code, or status with body"),
        ({"answer": {"error": "CBS.0031", "body": "x"}}, "rules[0].answer: an error has its own body"),
        ({"answer": {"status": 100}}, "rules[0].answer.status: 100 is not between 200 and 599"),
        ({"answer": {"status": 503, "headers": {"a b": "c"}}}, "'a b' is not possible in a header"),
        ({"answer": {"status": 503, "headers": {"a": "忙"}}}, "'忙' is not possible in a header"),
        ({"answer": {"status": 503, "content_type": "a\n"}}, r"'a\n' is not possible in a header"),
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
            "rules[0].when.operation: 'cbs.keywords' is not one of the ",
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


def test_a_body_written_as_an_object_is_sent_as_json():
    """An answer's body may be text or an object."""
    (text,) = rules({"answer": {"status": 503, "body": "busy"}})
    (json_,) = rules({"answer": {"status": 503, "body": {"a": ["忙"]}}})

    assert text.then.answer == Answer(status=503, body="busy")
    assert json_.then.answer == Answer(status=503, body='{"a":["忙"]}', content_type="application/json")


def test_one_row_of_several_with_one_code():
    """A status beside a code selects one of the rows with that code."""
    (rule,) = rules({"answer": {"error": "APIG.0201", "status": 504}})

    assert rule.then.answer == Answer("APIG.0201", 504)


def test_latencies():
    """All three kinds of latency are read."""
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
