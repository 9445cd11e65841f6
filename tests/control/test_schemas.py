"""What the control API reads."""

import pytest

from tests.conftest import BOT


@pytest.mark.parametrize(
    "change", [{}, {"freeze": True, "tick": True}, {"freeze": "noon"}, {"real": False}, {"x": 1}]
)
def test_a_bad_clock_is_refused(client, change):
    """A clock is set in exactly one of the known ways."""
    assert client.put("/_mockcbs/clock", json=change).status_code == 400


@pytest.mark.parametrize(
    ("path", "body", "detail"),
    [
        ("clock", {"real": False}, "real: false is not accepted; give true, or another way"),
        ("clock", {"real": "maybe"}, "real: 'maybe' is not true"),
        (
            "clock",
            {"freeze": False},
            "freeze: false is neither a time nor true, which means the present time",
        ),
        ("clock", {"tick": None}, "tick: null is neither a time nor true, which means the present time"),
        ("clock", {"freeze": "2026-02-30"}, "freeze: '2026-02-30': there is no day 2026-02-30"),
        (
            "scenario",
            {"scenario": 5},
            "scenario: 5 is not a name; the content of a file must be a mapping of",
        ),
        (
            "scenario",
            {"scenario": [1]},
            "scenario: [1] is not a name; the content of a file must be a mapping",
        ),
        ("scenario", {"scenario": None}, "scenario: null is neither a name nor the content of a scenario"),
        (
            "scenario",
            {"scenario": "outage", "ttl_seconds": 0},
            "ttl_seconds: 0.0 is not between 0.001 and 31536000",
        ),
        (
            "scenario",
            {"scenario": "outage", "ttl_seconds": "x"},
            "ttl_seconds: 'x' is not a number between 0.001 and 31536000",
        ),
        (
            "scenario",
            {"scenario": {"name": "x", "rules": [{"answer": {"headers": {"Retry-After": [7]}}}]}},
            "rules[0].answer.headers.Retry-After: [7] is neither text nor a number",
        ),
    ],
)
def test_a_mistake_names_key_and_value(client, path, body, detail):
    """An error names the wrong key and the accepted values."""
    answer = client.put(f"/_mockcbs/{path}", json=body)

    assert answer.status_code == 400
    assert answer.json["detail"].startswith(detail)


def test_accepted_keys_are_those_that_are_read(client):
    """An error lists the keys of the request, not the names of attributes."""
    answer = client.get(f"/_mockcbs/export?bot={BOT}&frm=2026-01-02")

    assert "accepted here: project, token, bot, from, to, format, zone, bom" in answer.json["detail"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "bot=nope",
        f"bot={BOT}&from=now",
        f"bot={BOT}&from=2026-01-02&to=2026-01-01",
        f"bot={'a' * 65}",
        f"bot={BOT}&format=xml",
        f"bot={BOT}&b=y",
    ],
)
def test_export_refuses_what_it_cannot_read(client, query):
    """A bad parameter is named."""
    answer = client.get(f"/_mockcbs/export?{query}")

    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
