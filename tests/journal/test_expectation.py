"""What a failed expectation says about the calls in the journal."""

import pytest

from mockcbs.control.schemas import expectation
from mockcbs.core.patterns import Pattern
from mockcbs.journal.expectation import Expectation
from tests.journal.calls import FACTS, journal


@pytest.mark.parametrize(
    ("numbers", "calls", "fine"),
    [
        ({}, 0, False),
        ({}, 1, True),
        ({}, 5, True),
        ({"count": 2}, 2, True),
        ({"count": 2}, 3, False),
        ({"count": 0}, 0, True),
        ({"count": 0}, 1, False),
        ({"at_most": 1}, 0, True),
        ({"at_most": 1}, 2, False),
        ({"at_least": 2, "at_most": 3}, 3, True),
        ({"at_least": 2, "at_most": 3}, 4, False),
    ],
)
def test_how_many(numbers, calls, fine):
    """Without a number, at least one call is expected; the number may be zero."""
    made = journal(*["/a"] * calls, "/b")

    shortfall = expectation({"path": "/a"}, **numbers).shortfall(made)

    assert (shortfall is None) == fine


def test_nearest_misses_are_explained():
    """The most similar calls come first, each with all its reasons."""
    made = journal("/far", "/a")
    pattern = Pattern(path="/a", status=404, query={"interval": "day"})

    message = Expectation(pattern).shortfall(made)

    wanted = "wanted at least 1 like path='/a', query={'interval': 'day'}, status=404, found 0"
    assert message.splitlines()[0] == wanted
    assert message.splitlines()[1].startswith("nearest: 200 GET /a?")
    assert message.splitlines()[2] == "    status: wanted 404, was 200"
    assert "    path: wanted '/a', was '/far'" in message


def test_equal_misses_are_stated_once():
    """A line gives their number; a call that differs or misses for other reasons has a line too."""
    made = journal("/a", "/b", "/b", "/b", duration_ms=2.0)
    made.add(**{**FACTS, "path": "/b", "duration_ms": 7.0})
    made.add(**{**FACTS, "path": "/b", "bot": "other"})

    message = Expectation(Pattern(method="GET", path="/c", bot="b")).shortfall(made)

    assert [line for line in message.splitlines() if not line.startswith(" ")] == [
        "wanted at least 1 like method='GET', path='/c', bot='b', found 0",
        "nearest, 4 times: 200 GET /b?interval=day&access_token=***",
        "nearest: 200 GET /a?interval=day&access_token=***",
        "nearest: 200 GET /b?interval=day&access_token=***",
    ]
    assert message.endswith("    path: wanted '/c', was '/b'\n    bot: wanted 'b', was 'other'")


@pytest.mark.parametrize(
    "pattern",
    [
        Pattern(path="/c"),
        Pattern(method="POST", path="*/c", status=404),
        Pattern(operation="iam.*", query={"top": "1"}, header={"X-Nothing": "*"}, body="x"),
    ],
)
def test_what_shares_nothing_is_not_near(pattern):
    """A call that meets no condition is counted, but is not a near miss."""
    message = Expectation(pattern).shortfall(journal("/a", "/a", "/b"))

    assert message.splitlines()[1:] == ["there was no similar call; other calls: 3"]


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (Pattern(query={"interval": "week"}), "query 'interval': wanted 'week', was 'day'"),
        (
            Pattern(header={"Authorization": "none"}),
            "header 'authorization': wanted 'none', was 'Bearer ***'",
        ),
        (Pattern(method="GET", path="/c"), "path: wanted '/c', was '/a'"),
        (Pattern(query={"interval": "day", "top": "1"}), "query 'top': wanted '1', was not sent"),
    ],
)
def test_what_shares_something_is_near(pattern, reason):
    """A call that meets one condition, or has a parameter or header of that name, is a near miss."""
    message = Expectation(pattern).shortfall(journal("/a"))

    assert message.splitlines()[1].startswith("nearest: 200 GET /a?")
    assert message.splitlines()[2:] == [f"    {reason}"]


def test_a_path_of_similar_spelling_is_near():
    """A similar path is enough, even if the pattern has no other condition."""
    message = Expectation(Pattern(path="*/session_stats")).shortfall(
        journal("/v1/p/session-stats", "/v1/p/hots")
    )

    assert [line.partition("?")[0] for line in message.splitlines()[1:]] == [
        "nearest: 200 GET /v1/p/session-stats",
        "    path: wanted '*/session_stats', was '/v1/p/session-stats'",
    ]


def test_among_those_that_fit_others_are_near():
    """If too few calls fit, those that fit are not listed as near misses."""
    message = expectation({"path": "/a"}, count=2).shortfall(journal("/a"))

    assert message == "wanted 2 calls like path='/a', found 1\nthere were no other calls"


def test_an_empty_journal():
    """The message states that there were no calls."""
    assert Expectation(Pattern()).shortfall(journal()).endswith("there were no other calls")
