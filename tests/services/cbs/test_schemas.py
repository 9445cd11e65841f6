"""Parameters and responses of the statistics operations."""

import re

import pytest

from tests.conftest import NOW
from tests.services.cbs.requests import BASE, OPERATIONS, PARAMETER_ERROR, TOKEN

REASONS = {
    "/requests/session-stats?interval=hour": "interval 'hour' is not one of year, month, week, day",
    "/requests/session-stats?interval=DAY": "interval 'DAY' is not one of year, month, week, day",
    "/requests/session-stats": "interval is missing; accepted are year, month, week, day",
    "/requests/session-stats?interval=&time_zone=Mars": (
        "interval is missing; accepted are year, month, week, day; time_zone 'Mars' is neither"
    ),
    "/requests/reply-rates?time_zone=+08:00": (
        "time_zone ' 08:00': an unencoded + is read as a blank, send %2B08:00"
    ),
    "/requests/reply-rates?time_zone=Mars": "time_zone 'Mars' is neither UTC nor an offset such as +08:00",
    "/requests/session-stats?time_zone=%2B18:30": "time_zone '+18:30' is more than 18:00 from UTC",
    "/requests/session-stats?time_zone=-19:00": "time_zone '-19:00' is more than 18:00 from UTC",
    "/requests/session-stats?start_time=abc": "start_time 'abc' is not a whole number of milliseconds",
    "/requests/session-stats?start_time=-1": "start_time '-1' is not a whole number",
    "/requests/session-stats?end_time=1.5": "end_time '1.5' is not a whole number",
    "/requests/session-stats?end_time=9223372036854775808": "end_time '9223372036854775808' is not",
    "/requests/session-stats?start_time=%D9%A1": r"start_time '\u0661' is not a whole number",
    "/requests/session-stats?start_time=2&end_time=1&interval=day": "start_time 2 lies after end_time (1)",
    f"/requests/keywords?start_time={NOW + 1}": f"start_time {NOW + 1} lies after now, the default ({NOW})",
    "/requests/keywords?top=51": "top '51' is not a whole number from 0 to 50",
    "/requests/keywords?top=x": "top 'x' is not a whole number from 0 to 50",
    "/qa-pairs/hots?top=0": "top '0' is not a whole number from 1 to 20",
    "/qa-pairs/hots?top=21": "top '21' is not a whole number from 1 to 20",
    "/qa-pairs/hots?exclude=TRUE": "exclude 'TRUE' is neither true nor false",
    "/qa-pairs/hots?domain_id=" + ",".join("abcdefghijk"): "domain_id holds 11 ids, at most 10 are accepted",
}


@pytest.mark.parametrize("target", REASONS)
def test_a_bad_parameter_gets_the_documented_bytes_and_the_reason_beside_them(client, target):
    """The body does not name the wrong parameter; X-Mockcbs-Reason does."""
    response = client.get(BASE + target, headers=TOKEN)

    assert (response.status_code, response.data) == (400, PARAMETER_ERROR)
    assert response.headers["Content-Type"] == "application/json"
    assert REASONS[target] in response.headers["X-Mockcbs-Reason"]


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("start_time=&end_time=&interval=&time_zone=", ("day", "UTC", 0, NOW)),
        ("interval=week&interval=hour", ("week", "UTC", 0, NOW)),
        ("time_zone=uTc&foo=bar", ("day", "uTc", 0, NOW)),
        ("time_zone=%2B05%3A45&interval=year", ("year", "+05:45", 0, NOW)),
        (f"start_time={NOW}&end_time={2**63 - 1}", ("day", "UTC", NOW, 2**63 - 1)),
        ("start_time=0000000000000000001", ("day", "UTC", 1, NOW)),
        ("time_zone=-18%3A00", ("day", "-18:00", 0, NOW)),
    ],
)
def test_parameters_are_read_as_the_vendor_does(client, given_, expected):
    """Empty counts as absent, the first of several counts, unknown ones are ignored, the zone is echoed."""
    body = client.get(f"{BASE}/requests/reply-rates?{given_}", headers=TOKEN).json

    assert (body["interval"], body["time_zone"], body["startutc"], body["endutc"]) == expected


def test_the_default_zone_is_spelt_as_each_table_spells_it(client):
    """D-5: utc in session-stats, UTC in reply-rates."""
    spelt = [
        client.get(f"{BASE}/requests/{name}?interval=day", headers=TOKEN).json["time_zone"]
        for name in ("session-stats", "reply-rates")
    ]

    assert spelt == ["utc", "UTC"]


@pytest.mark.parametrize("path", OPERATIONS)
def test_answers_are_compact_json_of_their_schema(client, path):
    """Every answer validates, is one line of raw UTF-8, and carries the gateway's headers."""
    response = client.get(f"{BASE}{path}?interval=day", headers=TOKEN)

    text = response.get_data(as_text=True)
    assert OPERATIONS[path].validate(response.json) == {}
    assert not re.search(r"[:,] |\n|\\u", text)
    assert re.fullmatch("[0-9a-f]{32}", response.headers["X-Request-Id"])
    assert response.headers["Server"] == "api-gateway"
    assert not re.search(r'"(avg_\w+|\w+_rate)":\d+(\.\d{0,2})?[,}]', text), "three decimals"
    assert not re.search(r'"((?!avg)\w+_count|freq|startutc|endutc)":\d+\.', text), "whole numbers"


def test_top_limits_the_list(client):
    """Keywords take 0 to 50, hot questions 1 to 20; the default is 10."""
    sizes = [
        len(next(iter(client.get(f"{BASE}{path}", headers=TOKEN).json.values())))
        for path in (
            "/requests/keywords?top=0",
            "/requests/keywords",
            "/requests/keywords?top=50",
            "/qa-pairs/hots",
            "/qa-pairs/hots?top=1",
            "/qa-pairs/hots?top=20",
        )
    ]

    assert sizes == [0, 10, 50, 10, 1, 20]
