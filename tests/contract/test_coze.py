"""Reading Coze."""

import json
from datetime import date

import pytest

from mockcbs import Settings, create_app
from mockcbs.contract import coze as reading
from mockcbs.contract.coze import Coze
from mockcbs.contract.kit import NotReachedError
from tests.contract.coze_kits import kit_of


@pytest.fixture
def coze():
    return Coze.of(kit_of(create_app(Settings(dataset="coze-sample")), writes=False))


def test_a_repeated_request_is_sent_once(coze):
    """Analytics that were read are kept, unless fresh ones are wanted."""
    first = coze.days_of(date(2025, 12, 15), date(2025, 12, 15))
    calls = coze.kit.calls

    again = coze.days_of(date(2025, 12, 15), date(2025, 12, 15))
    kept = coze.kit.calls
    coze.analytics(start_date=date(2025, 12, 15), end_date=date(2025, 12, 15), fresh=True)

    assert again is first
    assert (kept - calls, coze.kit.calls - calls) == (0, 1)


def test_the_span_holds_the_days_with_calls(coze):
    """The kit reads those days of the past on which the bot was called."""
    assert coze.span == (date(2025, 12, 15), date(2025, 12, 16))


def coze_of(tmp_path, days):
    """The client of a bot whose calls in December are given as text by day: ``+`` succeeded, ``-`` failed."""
    turns = [
        {
            "at": f"2025-12-{day:02}T09:00:{second:02}+08:00",
            "question": "怎么申请桌面云",
            "status": "failed" if call == "-" else "success",
        }
        for day, calls in days.items()
        for second, call in enumerate(calls)
    ]
    sessions = [{"id": f"s-{number}", "user": "u", "turns": [turn]} for number, turn in enumerate(turns)]
    file = tmp_path / "calls.yaml"
    bots = [{"id": "7342866812345678901", "name": "bot", "sessions": sessions}]
    file.write_text(json.dumps({"now": "2025-12-22T09:00:00+08:00", "bots": bots}), "utf-8")
    return Coze.of(kit_of(create_app(Settings(dataset=str(file))), writes=False))


@pytest.mark.parametrize(
    ("days", "traced"),
    [
        pytest.param({10: "+", 11: "+", 12: "+", 13: "+"}, (11, 13), id="no failures: the last days"),
        pytest.param({10: "+", 11: "+", 12: "+", 13: "-"}, (11, 13), id="on the last day: those before it"),
        pytest.param({10: "+", 11: "-", 12: "+", 13: "+"}, (11, 13), id="the days after it"),
        pytest.param({10: "-", 11: "-", 12: "+", 13: "+", 14: "+"}, (11, 13), id="the latest of two"),
        pytest.param({10: "+", 11: "+", 12: "-", 13: "+"}, (11, 13), id="around it"),
        pytest.param({10: "-", 11: "+"}, (10, 11), id="at the begin of a short span"),
        pytest.param({10: "-", 11: "+" * 5, 12: "+"}, (10, 11), id="a second day with many events, no third"),
        pytest.param({10: "-", 11: "+" * 10, 12: "+"}, (10, 10), id="not a second day with too many events"),
        pytest.param({10: "-" * 6, 12: "+", 13: "+"}, (11, 13), id="its events are too many: the last days"),
        pytest.param({10: "-", 11: "-" * 6, 12: "+", 13: "+"}, (12, 13), id="the latest has too many"),
        pytest.param({10: "+" * 10, 11: "+" * 5}, (11, 11), id="a last day that can just be read"),
    ],
)  # fmt: skip
def test_the_traced_days(monkeypatch, tmp_path, days, traced):
    """The events of three days are read: those around the latest failure, unless they are too many; two days
    may have twice as many.
    """
    monkeypatch.setattr(reading, "_MAX_EVENTS", 16)

    coze = coze_of(tmp_path, days)

    assert coze.traced == tuple(date(2025, 12, day) for day in traced)


def test_too_many_events_to_trace(monkeypatch, tmp_path):
    """A bot with more events on its last day, and on the day with failures, than can be read."""
    monkeypatch.setattr(reading, "_MAX_EVENTS", 16)
    coze = coze_of(tmp_path, {10: "-" * 6, 11: "+" * 9})

    with pytest.raises(NotReachedError, match="too many events"):
        assert coze.traced
