"""Patterns that calls fit or miss."""

from dataclasses import replace

import pytest

from mockcbs.core.patterns import Call, Pattern

CALL = Call(
    "GET",
    "/v1/p/qabots/b/requests/session-stats",
    "cbs",
    "cbs.session-stats",
    "p",
    "b",
    query={"interval": "day"},
    headers={"accept": "application/json"},
    body='{"a": 1}',
    status=200,
)


@pytest.mark.parametrize(
    "pattern",
    [
        Pattern(),
        Pattern(method="get"),
        Pattern(path="*/session-stats", service="c?s"),
        Pattern(operation="cbs.*", project="p", bot="b", status=200),
        Pattern(query={"interval": "d*"}),
        Pattern(header={"Accept": "*json"}),
        Pattern(body='"a"'),
    ],
)
def test_what_fits(pattern):
    """Wildcards fit any text, methods and names of headers in either case."""
    assert pattern.fits(CALL)
    assert list(pattern.misses(CALL)) == []
    assert pattern.fits_plain(CALL)


@pytest.mark.parametrize(
    ("pattern", "miss"),
    [
        (Pattern(method="POST"), "method: wanted 'POST', was 'GET'"),
        (Pattern(path="/v1"), "path: wanted '/v1', was '/v1/p/qabots/b/requests/session-stats'"),
        (Pattern(status=404), "status: wanted 404, was 200"),
        (Pattern(query={"top": "1"}), "query 'top': wanted '1', was not sent"),
        (Pattern(query={"interval": "week"}), "query 'interval': wanted 'week', was 'day'"),
        (Pattern(header={"X": "1"}), "header 'x': wanted '1', was not sent"),
        (Pattern(body="b"), "body: 'b' is not in it"),
    ],
)
def test_what_misses(pattern, miss):
    """A miss names the fact, the pattern's value and the call's value."""
    assert not pattern.fits(CALL)
    assert list(pattern.misses(CALL)) == [miss]


def test_an_unknown_fact_misses():
    """A call without a bot fits no pattern with one, not even a wildcard."""
    assert list(Pattern(bot="*").misses(replace(CALL, bot=None))) == ["bot: wanted '*', was None"]


def test_conditions():
    """A pattern has only the conditions that are set."""
    assert Pattern(method="get", query={"a": "b"}).conditions == {"method": "GET", "query": {"a": "b"}}
    assert Pattern().conditions == {}
