"""Functions of dates and times."""

import datetime as dt

import pytest
from pyairtable import formulas as F  # noqa: N812 - as its documentation names it

from tests.services.airtable.formulas.evaluation import BLANK, WHEN, check, check_error

CASES = [
    (F.CREATED_TIME(), "2025-12-22T00:59:00.000Z"),
    (F.DATEADD(WHEN, 1, "months"), "2024-01-01T12:34:56.789Z"),
    (F.DATEADD("2024-01-31", 1, "month"), "2024-02-29T00:00:00.000Z"),
    (F.DATEADD(WHEN, -90, "m"), "2023-12-01T11:04:56.789Z"),
    (F.DATEADD(WHEN, 2, "quarters"), "2024-06-01T12:34:56.789Z"),
    (F.DATESTR(WHEN), "2023-12-01"),
    (F.DATETIME_DIFF("2024-01-01", "2023-12-01", "days"), 31),
    (F.DATETIME_DIFF("2023-12-01", "2024-01-01", "hours"), -744),
    (F.DATETIME_DIFF("2024-03-01", "2023-01-31", "M"), 13),
    (F.DATETIME_DIFF("2024-03-01", "2023-01-31", "years"), 1),
    (F.DATETIME_FORMAT(WHEN, "YYYY-MM-DD HH:mm:ss.SSS"), "2023-12-01 12:34:56.789"),
    (
        F.DATETIME_FORMAT(WHEN, "dddd, MMMM Do [at] h a; DDD E Q W"),
        "Friday, December 1st at 12 pm; 335 5 4 48",
    ),
    (F.DATETIME_FORMAT(WHEN, "LLL"), "December 1, 2023 12:34 PM"),
    (F.DATETIME_FORMAT(WHEN, "X Z ZZ d dd"), "1701434096 +00:00 +0000 5 Fr"),
    (F.DATETIME_FORMAT(WHEN), "2023-12-01T12:34:56+00:00"),
    (F.DATETIME_FORMAT(F.SET_TIMEZONE(WHEN, "Asia/Shanghai"), "HH:mm Z"), "20:34 +08:00"),
    (F.DATETIME_FORMAT(F.SET_LOCALE(WHEN, "zh-cn"), "MMMM dddd"), "十二月 星期五"),
    (F.DATETIME_PARSE(WHEN), WHEN),
    (F.to_formula(dt.date(2023, 12, 1)), "2023-12-01T00:00:00.000Z"),
    (F.to_formula(dt.datetime(2023, 12, 1, 1, 2, 3, tzinfo=dt.UTC)), "2023-12-01T01:02:03.000Z"),
    (F.DATETIME_PARSE("4 Mar 2017 23:00", "D MMM YYYY HH:mm"), "2017-03-04T23:00:00.000Z"),
    (F.DAY(WHEN), 1),
    (F.FROMNOW("2025-12-25T01:00:00Z"), "3 days"),
    (F.HOUR(WHEN), 12),
    (F.IS_AFTER(WHEN, "2023-01-01"), True),
    (F.IS_AFTER(BLANK, "2023-01-01"), False),
    (F.IS_BEFORE(WHEN, "2023-01-01"), False),
    (F.IS_BEFORE("2023-01-01", BLANK), False),
    (F.NOT(F.IS_BEFORE(BLANK, "2023-01-01")), True),
    (F.IS_SAME(BLANK, BLANK, "day"), False),
    (F.IS_SAME(WHEN, "2023-12-01T23:00:00Z", "day"), True),
    (F.IS_SAME(WHEN, "2023-12-01T23:00:00Z", "hour"), False),
    (F.LAST_MODIFIED_TIME(), "2025-12-22T00:59:59.000Z"),
    (F.MINUTE(WHEN), 34),
    (F.MONTH(WHEN), 12),
    (F.NOW(), "2025-12-22T01:00:00.000Z"),
    (F.SECOND(WHEN), 56),
    (F.TIMESTR(WHEN), "12:34:56"),
    (F.TODAY(), "2025-12-22T00:00:00.000Z"),
    (F.TONOW("2025-12-21T23:00:00Z"), "2 hours"),
    (F.WEEKDAY("2025-12-22"), 1),
    (F.WEEKDAY("2025-12-22", "Monday"), 0),
    (F.WEEKNUM("2025-01-05"), 2),
    (F.WEEKNUM("2025-01-05", "Monday"), 1),
    (F.WORKDAY("2025-12-19", 2), "2025-12-23T00:00:00.000Z"),
    (F.WORKDAY("2025-12-19", 2, "2025-12-22"), "2025-12-24T00:00:00.000Z"),
    (F.WORKDAY("2025-12-22", -1), "2025-12-19T00:00:00.000Z"),
    (F.WORKDAY("2025-12-20", 1), "2025-12-22T00:00:00.000Z"),
    (F.WORKDAY("2025-12-20", -1), "2025-12-19T00:00:00.000Z"),
    (F.WORKDAY("2025-12-20", 0), "2025-12-20T00:00:00.000Z"),
    (F.WORKDAY("2025-12-19T10:00:00+08:00", -5, "2025-12-18,2025-12-18"), "2025-12-11T02:00:00.000Z"),
    (F.WORKDAY_DIFF("2025-12-23", "2025-12-19"), -3),
    (F.WORKDAY_DIFF("2025-12-20", "2025-12-21"), 0),
    (F.WORKDAY_DIFF("2025-12-19", "2025-12-23"), 3),
    (F.WORKDAY_DIFF("2025-12-19", "2025-12-30", "2025-12-25, 2025-12-26"), 6),
    (F.YEAR(WHEN), 2023),
]


@pytest.mark.parametrize(("formula", "value"), CASES, ids=[str(formula) for formula, _ in CASES])
def test_function(formula, value):
    """Each function returns what Airtable documents."""
    check(formula, value)


@pytest.mark.parametrize(
    "formula",
    [
        F.YEAR("today"),
        F.YEAR(BLANK),
        F.DATEADD(WHEN, 10**7, "years"),
        F.DATEADD(WHEN, 1, "fortnights"),
        F.DATETIME_PARSE("x", "YYYY"),
        F.SET_TIMEZONE(WHEN, "Mars/Olympus"),
        F.SET_LOCALE(WHEN, "xx-yy"),
        F.WORKDAY(WHEN, 10**9),
        F.WORKDAY("9999-12-31", 1),
        F.WORKDAY(WHEN, 1, "2025-12-25," * 1001),
        F.DATETIME_FORMAT(WHEN, "Y" * 201),
        F.DATETIME_PARSE("2023", "Y" * 201),
        F.DATETIME_PARSE("2" * 1001, "YYYY"),
    ],
    ids=str,
)
def test_errors(formula):
    """A value that Airtable shows as #ERROR! selects no record, and ISERROR detects it."""
    check_error(formula)
