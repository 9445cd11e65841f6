"""Statistics of one bot for any query, for the response cache."""

import pytest

from mockcbs import Mock
from mockcbs.services.cbs import schemas, statistics
from mockcbs.services.cbs.reading import Reading
from mockcbs.traffic.knowledge import Turn, Utterance
from tests.conftest import BOT, NOW, PROJECT

HOUR = 3_600_000


@pytest.fixture(scope="module")
def mock():
    return Mock(now=NOW).state


@pytest.fixture
def reading(mock):
    return Reading(mock, PROJECT, BOT, schemas.SessionStatsQuery, statistics.session_stats)


@pytest.mark.parametrize(
    "raw",
    ["interval=decade", "interval=day&end_time=x", f"interval=day&start_time={NOW // 1000}"],
    ids=["refused", "no number", "in seconds"],
)
def test_only_plain_successes_are_cached(reading, raw):
    """A refusal, and a response with a remark, are computed by the view each time."""
    assert reading.parse("interval=day") is not None
    assert reading.parse(raw) is None


def test_a_range_without_traffic_has_a_remark(reading):
    """A range without traffic, and a time in seconds, cause a remark."""
    whole = {"start_time": None, "end_time": None}

    assert reading.remarks(whole, NOW) == []
    (outside,) = reading.remarks({**whole, "start_time": 0, "end_time": HOUR}, NOW)
    (seconds,) = reading.remarks({**whole, "start_time": NOW // 1000}, NOW)

    assert "seconds" in seconds
    assert "seconds" not in outside


def test_a_response_holds_until_its_range_moves(reading):
    """The response for a fixed past range is cached for longer than one for a range that ends now."""
    past = reading.parse(f"interval=day&start_time={NOW - 48 * HOUR}&end_time={NOW - 24 * HOUR}")
    present = reading.parse("interval=day")

    body, fixed = reading.answer(past, NOW)
    _, moving = reading.answer(present, NOW)

    assert body["endutc"] == NOW - 24 * HOUR
    assert fixed.fresh == {}
    assert list(moving.fresh) == [f'"endutc":{NOW}']
    assert NOW < moving.until <= fixed.until


def test_a_question_makes_a_response_stale():
    """A question to a bot changes the figures of the bot."""
    mock = Mock(now=NOW).state
    reading = Reading(mock, PROJECT, BOT, schemas.SessionStatsQuery, statistics.session_stats)
    query = reading.parse("interval=day")
    before, validity = reading.answer(query, NOW)
    assert not mock.changes.changed(validity.watched)

    mock.log.record(Turn(BOT, "s", "u", NOW - 1000, Utterance("x", "direct"), 5), PROJECT)

    assert mock.changes.changed(validity.watched)
    after, _ = reading.answer(query, NOW)
    assert after["total"]["session_count"] == before["total"]["session_count"] + 1
