"""The members of a response are held against each other, against the request, and against the time."""

import pytest

from mockcbs.contract import coze_agreement as agreement
from mockcbs.contract.targets import Call, Number
from tests.conftest import NOW
from tests.contract.kits import response_to

ROW = {
    "date": "2026-11-01",
    "timestamp": 1_793_462_400,
    "total_messages": 4,
    "total_calls": 2,
    "unique_users": 2,
    "total_sessions": 1,
    "success_rate": Number("0.5"),
    "error_rate": Number("0.5"),
    "avg_response_time_ms": 800,
}
DATA = {
    "start_date": "2026-11-01",
    "end_date": "2026-11-01",
    "granularity": "day",
    "timezone": "Asia/Shanghai",
    "metrics": [ROW],
    "summary": {name: value for name, value in ROW.items() if name not in {"date", "timestamp"}},
}


@pytest.mark.parametrize(
    ("query", "found", "is_wrong"),
    [
        ("", {"items": [1, 2], "total": 2}, False),
        ("", {"items": [1, 2], "total": 3}, True),
        ("", {"items": [1, 2], "total": 1}, True),
        ("page_size=2", {"items": [1, 2], "total": 3}, False),
        ("page_num=2", {"items": [1], "total": 21}, False),
        ("page_num=1&page_size=1", {"items": [1], "total": 2, "has_more": True}, False),
        ("", {"items": [1], "total": 1, "has_more": True}, True),
        ("", {"items": [1], "total": 2, "has_more": False}, True),
        ("", {"workspaces": [], "total_count": 1}, True),
        ("", {"items": [1]}, False),
        ("", "nothing", False),
    ],
)
def test_totals(query, found, is_wrong):
    """A total counts all items, and has_more says whether they are all there."""
    answer = response_to(Call("GET", "/v1/bots", query), {})

    assert bool(agreement.counted(answer, found)) == is_wrong


@pytest.mark.parametrize(
    ("value", "is_wrong"), [(0, False), (600, False), (28_800, True), ("28800", True), (-99_999, False)]
)
def test_times(value, is_wrong):
    """A time in the future is wrong, as a number or as a text; the clocks may differ a little."""
    at = NOW // 1000 + int(value)

    found = {"items": [{"created_at": str(at) if isinstance(value, str) else at}], "expires_at": at + 10**6}

    assert bool(agreement.later(found, NOW)) == is_wrong


@pytest.mark.parametrize(
    ("call", "shape", "found", "is_wrong"),
    [
        (Call("GET", "/v1/bots/71"), "bot", {"bot_id": "71"}, False),
        (Call("GET", "/v1/bots/71"), "bot", {"bot_id": "72"}, True),
        (Call("GET", "/v1/bots/71"), "bot", {"items": [{"bot_id": "72"}]}, False),
        (Call("GET", "/v3/chat/retrieve", "chat_id=5"), "chat", {"id": "6"}, True),
        (Call("PUT", "/v1/conversations/5"), "conversation", {"id": "5"}, False),
        (Call("POST", "/x", "", {}, b'{"bot_id":"71"}'), "made-bot", {"bot_id": "72"}, True),
        (Call("POST", "/x", "", {}, b'{"chat_id":null}'), "message", {"chat_id": "72"}, False),
        (Call("POST", "/x", "", {}, b'{"bot_id":"71"}'), "message", {"bot_id": ""}, False),
        (Call("POST", "/x", "", {}, b"{"), "message", {"bot_id": "71"}, False),
    ],
)
def test_ids(call, shape, found, is_wrong):
    """What the request has named has the same id in the response."""
    assert bool(agreement.misnamed(response_to(call, {}), shape, found)) == is_wrong


def test_statistics_that_agree():
    """Nothing is wrong with statistics of the requested range."""
    answer = response_to(Call("GET", "/x", "start_date=2026-11-01&granularity=day"), {})

    assert list(agreement.disagreeing(answer, DATA)) == []
    assert list(agreement.disagreeing(answer, {**DATA, "metrics": []})) == []


@pytest.mark.parametrize(
    "change",
    [
        {"end_date": "2026-11-02"},
        {"timezone": "UTC"},
        {"metrics": [{**ROW, "timestamp": ROW["timestamp"] + 28_800}]},
        {"summary": {**DATA["summary"], "total_calls": 3}},
        {"summary": {**DATA["summary"], "unique_users": 3}},
        {"summary": {**DATA["summary"], "avg_response_time_ms": 801}},
        {"summary": {**DATA["summary"], "error_rate": Number("0.6")}},
    ],
    ids=str,
)
def test_statistics_that_do_not_agree(change):
    """A range, a zone, a timestamp, a sum, a number of people, a mean or a rate is another."""
    answer = response_to(Call("GET", "/x", "end_date=2026-11-01"), {})

    assert list(agreement.disagreeing(answer, {**DATA, **change}))
