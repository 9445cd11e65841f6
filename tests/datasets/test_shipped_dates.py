"""Years, leap days, midnights and milliseconds in the datasets that come with mockcbs."""

import pytest

from mockcbs.core.clock import instant
from tests.datasets.shipped import ask, outcomes, session_counts, sessions

MILLISECOND_BEFORE_13_JUNE = instant("2024-06-12T23:59:59.999Z")
JUNE_13 = instant("2024-06-13T00:00:00Z")


def question_counts(dataset, **query):
    """Questions by the start of their period."""
    intervals = ask(dataset, "requests/reply-rates", **query)["intervals"]
    return {interval["start"]: interval["question_count"] for interval in intervals}


def test_iso_weeks_at_the_year_boundary():
    """Weeks around New Year begin on Monday: 28 December 2020 is in week 53, 30 December 2024 in week 1."""
    assert session_counts("year-boundary", interval="week") == {
        "2020-12-21": 1,
        "2020-12-28": 20,
        "2021-01-04": 1,
        "2024-12-23": 1,
        "2024-12-30": 20,
        "2025-01-06": 1,
    }


def test_new_year_is_in_the_week_of_the_old_year():
    """1 January 2021 alone, in a weekly response has the label of Monday 28 December 2020."""
    new_year = {
        "start_time": instant("2021-01-01T00:00:00Z"),
        "end_time": instant("2021-01-01T23:59:59.999Z"),
        "interval": "week",
    }

    assert sessions("year-boundary", **new_year) == [("2020-12-28", 7, 3, 1.286, 17142.857)]
    assert question_counts("year-boundary", **new_year) == {"2020-12-28": 10}


@pytest.mark.parametrize(
    ("zone", "old", "new"),
    [
        ("+14:00", 4, 18),
        ("+08:00", 7, 15),
        ("+05:45", 10, 12),
        ("UTC", 13, 9),
        ("-05:00", 16, 6),
        ("-11:00", 19, 3),
    ],
)
def test_the_year_changes_at_local_midnight(zone, old, new):
    """Each zone further west counts three more sessions in the old year: those at its neighbour's
    midnight.
    """
    assert session_counts("year-boundary", interval="year", time_zone=zone) == {
        "2020-01-01": old,
        "2021-01-01": new,
        "2024-01-01": old,
        "2025-01-01": new,
    }


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("+14:00", {"2020-12-31": 2, "2021-01-01": 13, "2021-01-02": 3}),
        ("UTC", {"2020-12-31": 11, "2021-01-01": 7}),
        ("-11:00", {"2020-12-30": 3, "2020-12-31": 14, "2021-01-01": 1}),
    ],
)
def test_days_at_the_year_boundary(zone, expected):
    """The same eighteen sessions fall on two days in UTC and on three at the ends of the earth."""
    counts = session_counts(
        "year-boundary",
        start_time=instant("2020-12-30T00:00:00Z"),
        end_time=instant("2021-01-02T00:00:00Z"),
        time_zone=zone,
    )

    assert counts == expected


def test_29_february_is_a_day_of_its_own():
    """2024 has a 29 February between 28 February and 1 March; 2023 has none."""
    assert sessions("leap-day") == [
        ("2023-02-28", 2, 2, 2.0, 25000.0),
        ("2023-03-01", 1, 1, 1.0, 0.0),
        ("2024-02-28", 2, 2, 1.5, 10000.0),
        ("2024-02-29", 2, 2, 2.5, 45000.0),
        ("2024-03-01", 1, 1, 1.0, 0.0),
    ]


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ("week", {"2023-02-27": 3, "2024-02-26": 5}),
        ("month", {"2023-02-01": 2, "2023-03-01": 1, "2024-02-01": 4, "2024-03-01": 1}),
        ("year", {"2023-01-01": 3, "2024-01-01": 5}),
    ],
)
def test_29_february_in_longer_periods(interval, expected):
    """29 February belongs to February and to the week that ends in March."""
    assert session_counts("leap-day", interval=interval) == expected


def test_questions_on_29_february():
    """Questions after midnight count on their own day though their session began the day before."""
    rates = ask("leap-day", "requests/reply-rates", start_time=instant("2024-02-28T00:00:00Z"))

    leap_day, march_first = rates["intervals"][1:]
    assert leap_day["start"] == "2024-02-29"
    assert outcomes(leap_day) == {"direct": 2, "recommend": 1, "chat": 1, "dialog": 1}
    assert march_first["start"] == "2024-03-01"
    assert outcomes(march_first) == {"direct": 1, "invalid": 1}


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (
            "UTC",
            [
                ("2024-06-11", 3, 2, 1.0, 0.0),
                ("2024-06-12", 6, 2, 1.833, 20333.333),
                ("2024-06-13", 1, 1, 2.0, 0.0),
            ],
        ),
        (
            "+08:00",
            [
                ("2024-06-11", 1, 1, 1.0, 0.0),
                ("2024-06-12", 5, 2, 1.4, 12200.0),
                ("2024-06-13", 4, 2, 2.0, 15250.0),
            ],
        ),
    ],
)
def test_sessions_at_midnight(zone, expected):
    """A session belongs to the local day of its first question, to the millisecond."""
    assert sessions("midnight", time_zone=zone) == expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", {"2024-06-11": 3, "2024-06-12": 9, "2024-06-13": 4}),
        ("+08:00", {"2024-06-11": 1, "2024-06-12": 5, "2024-06-13": 10}),
    ],
)
def test_questions_at_midnight(zone, expected):
    """A question belongs to the local day of its own time, to the millisecond."""
    assert question_counts("midnight", time_zone=zone) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (MILLISECOND_BEFORE_13_JUNE, ("2024-06-12", 1, 1, 2.0, 1000.0)),
        (JUNE_13, ("2024-06-13", 1, 1, 2.0, 0.0)),
    ],
)
def test_short_sessions_in_whole_seconds(at, expected):
    """One millisecond across a full second lasts one second, 999 ms within a second last nothing."""
    assert sessions("midnight", start_time=at, end_time=at) == [expected]


def test_ranges_end_on_the_millisecond():
    """Though durations are cut to seconds, a range holds what was asked in its first and last millisecond."""
    before = question_counts("midnight", start_time=JUNE_13 - 1, end_time=JUNE_13 - 1)
    both = question_counts("midnight", start_time=JUNE_13 - 1, end_time=JUNE_13)

    assert before == {"2024-06-12": 1}
    assert both == {"2024-06-12": 1, "2024-06-13": 2}
