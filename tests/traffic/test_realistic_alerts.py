"""The alerts of docs/traffic.md fire on the dataset `incident` and stay silent on `quiet`."""

from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import pytest

from mockcbs.datasets.load import load
from mockcbs.traffic.amounts import calendar
from mockcbs.traffic.amounts.calendar import Kind
from mockcbs.traffic.bots import ANY
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.turns import Turns
from tests.traffic.worlds import CBS, COZE, EIGHT_HOURS, KNOWLEDGE, SEEDS, begins, failed, made

HOUR, WEEK = 3_600_000, 7 * 24
LAST = 20_775
"""2026-11-18."""
FIRST = LAST - 90
LOCAL = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=24 * FIRST + 8)


def ninety_days(dataset: str) -> list[Turns]:
    """Ninety days of some bots of the dataset."""
    profile = load(dataset).bots[ANY].profile
    return [
        Generator(seed, bot, profile, KNOWLEDGE).turns_of(range(FIRST, LAST + 1))[0]
        for seed in SEEDS
        for bot in (CBS[0], COZE[0])
    ]


@pytest.fixture(scope="module")
def worlds():
    """`ninety_days`, made once for the tests of this module, and not kept longer."""
    return cache(ninety_days)


def by_hour(at: np.ndarray) -> np.ndarray:
    """A number for each UTC hour of the days."""
    count = 24 * (LAST + 1 - FIRST)
    return np.bincount(at // HOUR - 24 * FIRST, minlength=count)[:count]


def many_failures(turns: Turns) -> np.ndarray:
    """The hours with at least 20 runs of which more than 5 % failed."""
    runs, bad = by_hour(turns.at), by_hour(turns.at[failed(turns)])
    return np.flatnonzero((runs >= 20) & (bad > 0.05 * runs))


def slow_answers(turns: Turns) -> np.ndarray:
    """The hours with at least 40 runs whose 95th percentile is above four times the week's median."""
    hour = turns.at // HOUR - 24 * FIRST
    high = np.zeros(hour.max() + 1)
    for one in np.flatnonzero(np.bincount(hour) >= 40):
        high[one] = np.quantile(turns.latency[hour == one], 0.95)
    weeks = {one: high[max(0, one - WEEK) : one] for one in np.flatnonzero(high)}
    return np.array([
        one
        for one, week in weeks.items()
        if np.count_nonzero(week) >= 5 and high[one] > 4 * np.median(week[week > 0])
    ])  # fmt: skip


def few_sessions(turns: Turns) -> np.ndarray:
    """The hours that begin two in which fewer than a quarter of at least 30 expected sessions began, but not
    on public holidays and the days before them, on which fewer are expected.
    """
    sessions = by_hour(begins(turns) - EIGHT_HOURS)
    two = sessions[:-1] + sessions[1:]
    rows = np.arange(4 * WEEK, len(two))
    usual = np.mean([two[rows - number * WEEK] for number in range(1, 5)], axis=0)
    day = (rows * HOUR + EIGHT_HOURS) // DAY + FIRST
    expects = np.isin([calendar.kinds(day), calendar.kinds(day + 1)], [Kind.ORDINARY, Kind.WORKED]).all(
        axis=0
    )
    return rows[expects & (usual >= 30) & (two[rows] < usual / 4)]


@pytest.mark.parametrize(
    ("alert", "expected"),
    [
        (many_failures, {"11-18 10", "11-18 11"}),
        (slow_answers, {"11-18 10"}),
        (few_sessions, {"11-17 14"}),
    ],
)
def test_alerts_fire_on_the_incident_only(worlds, alert, expected):
    """Each alert fires in the hours of its incident, or just beside them, and never on `quiet`."""
    near = {
        f"{datetime.strptime(f'2026-{one}', '%Y-%m-%d %H') + timedelta(hours=by):%m-%d %H}"  # noqa: DTZ007
        for one in expected
        for by in (-1, 0, 1)
    }

    for turns in worlds("incident"):
        fired = {f"{LOCAL + timedelta(hours=int(hour)):%m-%d %H}" for hour in alert(turns)}
        assert expected <= fired <= near | expected
    for turns in worlds("quiet"):
        assert len(alert(turns)) == 0


def test_the_incident_has_the_chinese_calendar(worlds):
    """Few users come on National Day and many on the Saturday worked for it, as in `everyday`; `quiet` has
    no holidays.
    """
    holiday, worked = {}, {}
    for dataset in ("incident", "quiet"):
        for turns in worlds(dataset):
            day = np.bincount(begins(turns) // DAY - FIRST)
            first, *thursdays = day[_day("1001") - FIRST + 7 * np.array([0, -1, 1, 2])]
            holiday.setdefault(dataset, []).append(first / np.mean(thursdays))
            tenth, *saturdays = day[_day("1010") - FIRST + 7 * np.arange(5)]
            worked.setdefault(dataset, []).append(tenth / np.mean(saturdays))

    assert np.mean(holiday["incident"]) < 0.15
    assert max(holiday["incident"]) < 1 / 3 < 2 / 3 < min(holiday["quiet"])
    assert max(worked["quiet"]) < 1.8 < min(worked["incident"])


def _day(date: str) -> int:
    """A date of 2026 as a number of days since 1970."""
    return int(np.datetime64(f"2026-{date[:2]}-{date[2:]}", "D").astype(int))


def test_bots_do_not_fail_in_the_same_minute(worlds):
    """The incident of the dataset begins some minutes later on one bot than on another."""
    first = []
    for turns in worlds("incident"):
        bad = turns.at[failed(turns) & (turns.at >= LAST * DAY)]
        first.append(int(bad.min()) // 60_000)

    assert max(first) - min(first) >= 4


def test_answers_that_come_in_an_incident_are_slow(worlds):
    """Not only timeouts are slow: half of the answers that succeed take three times as long as usual."""
    for turns in worlds("incident"):
        came, hour = ~failed(turns), (turns.at - LAST * DAY) // HOUR
        usual = np.median(turns.latency[came & (hour < 0)])

        assert np.median(turns.latency[came & (hour == 2)]) > 3 * usual


def test_some_hours_are_slow_although_nothing_fails():
    """A bot with incidents has some hours in which answers take 1.5 to 3.5 times as long."""
    slow = {}
    for days in (None, 0):
        slow[days] = 0
        for seed in range(8):
            turns = made(seed, COZE[0], incident_days=days, sessions_per_day=400)
            hour = turns.at // HOUR - turns.at.min() // HOUR
            usual = np.median(turns.latency)
            for one in np.flatnonzero(np.bincount(hour) >= 40):
                here = hour == one
                if failed(turns)[here].mean() < 0.02:
                    slow[days] += np.median(turns.latency[here]) > 2.2 * usual

    assert slow[None] > 20 > 4 * slow[0]
