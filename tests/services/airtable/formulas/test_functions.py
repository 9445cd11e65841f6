"""Every function of Airtable's formulas, as pyairtable builds them."""

import datetime as dt
import inspect

import pytest
from pyairtable import formulas as F  # noqa: N812 - as its documentation names it

from mockcbs.services.airtable.formulas.functions import FUNCTIONS
from mockcbs.services.airtable.formulas.grammar import parse
from mockcbs.services.airtable.formulas.values import CellError, Moment, Row

NOW = 1_766_365_200_000  # 2025-12-22T01:00:00Z, a Monday
BLANK = F.Field("empty")
WHEN = "2023-12-01T12:34:56.789Z"


def evaluate(formula):
    """What a formula of pyairtable gives for one record; dates as texts."""
    row = Row(
        "rec00000000000001", {"a": 5.0, "name": "Ann", "tags": ["x", "y"]}, NOW - 60_000, NOW - 1000, NOW
    )
    value = parse(F.to_formula_str(formula)).value(row)
    return value.iso if isinstance(value, Moment) else value


CASES = [
    (F.ABS(-3), 3),
    (F.AND(F.TRUE(), F.to_formula(1), F.to_formula("x")), True),
    (F.AND(F.TRUE(), F.to_formula(0)), False),
    (F.AVERAGE(1, 2, BLANK, 6), 3),
    (F.BLANK(), None),
    (F.CEILING(2.1), 3),
    (F.CEILING(21, 5), 25),
    (F.CONCATENATE("a", 1, True, BLANK), "a11"),
    (F.COUNT(1, "x", 2, BLANK), 2),
    (F.COUNTA(1, "x", "", BLANK), 2),
    (F.COUNTALL(1, "x", "", BLANK), 4),
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
    (F.ENCODE_URL_COMPONENT("a b&中"), "a%20b%26%E4%B8%AD"),
    (F.EVEN(1.5), 2),
    (F.EVEN(-1.5), -2),
    (F.EXP(0), 1),
    (F.FALSE(), False),
    (F.FIND("b", "abcb"), 2),
    (F.FIND("b", "abcb", 3), 4),
    (F.FIND("z", "abcb"), 0),
    (F.FLOOR(2.9), 2),
    (F.FLOOR(-2.5, 2), -4),
    (F.FROMNOW("2025-12-25T01:00:00Z"), "3 days"),
    (F.HOUR(WHEN), 12),
    (F.IF(True, "yes", F.ERROR()), "yes"),
    (F.IF(0, F.ERROR(), "no"), "no"),
    (F.INT(1.9), 1),
    (F.INT(-1.5), -2),
    (F.ISERROR(F.ERROR()), True),
    (F.ISERROR(1), False),
    (F.IS_AFTER(WHEN, "2023-01-01"), True),
    (F.IS_BEFORE(WHEN, "2023-01-01"), False),
    (F.IS_SAME(WHEN, "2023-12-01T23:00:00Z", "day"), True),
    (F.IS_SAME(WHEN, "2023-12-01T23:00:00Z", "hour"), False),
    (F.LAST_MODIFIED_TIME(), "2025-12-22T00:59:59.000Z"),
    (F.LEFT("abc", 2), "ab"),
    (F.LEN("中文"), 2),
    (F.LOG(1000), 3),
    (F.LOG(8, 2), 3),
    (F.LOWER("ABC"), "abc"),
    (F.MAX(1, 3, 2), 3),
    (F.MID("abcdef", 2, 3), "bcd"),
    (F.MIN(4, 3, BLANK), 3),
    (F.MINUTE(WHEN), 34),
    (F.MOD(7, 3), 1),
    (F.MOD(-7, 3), 2),
    (F.MONTH(WHEN), 12),
    (F.NOT(F.TRUE()), False),
    (F.NOW(), "2025-12-22T01:00:00.000Z"),
    (F.ODD(1.5), 3),
    (F.OR(F.FALSE(), F.to_formula(0), F.to_formula("")), False),
    (F.OR(F.FALSE(), F.to_formula("x")), True),
    (F.POWER(2, 10), 1024),
    (F.RECORD_ID(), "rec00000000000001"),
    (F.REGEX_EXTRACT("order 66", "[0-9]+"), "66"),
    (F.REGEX_EXTRACT("k=v", "k=(.)"), "v"),
    (F.REGEX_MATCH("abc", "^a.c$"), True),
    (F.REGEX_MATCH("abc", "^b"), False),
    (F.REGEX_REPLACE("a1b22", "([0-9]+)", "<$1>"), "a<1>b<22>"),
    (F.REPLACE("database", 2, 5, "o"), "dose"),
    (F.REPT("ab", 3), "ababab"),
    (F.RIGHT("abc", 2), "bc"),
    (F.ROUND(1.005, 2), 1.01),
    (F.ROUND(-2.5, 0), -3),
    (F.ROUND(1250, -2), 1300),
    (F.ROUNDDOWN(1.99, 1), 1.9),
    (F.ROUNDUP(1.01, 1), 1.1),
    (F.SEARCH("b", "abc"), 2),
    (F.SEARCH("z", "abc"), None),
    (F.SECOND(WHEN), 56),
    (F.SQRT(9), 3),
    (F.SUBSTITUTE("a-b-c", "-", "+"), "a+b+c"),
    (F.SUBSTITUTE("a-b-c", "-", "+", 2), "a-b+c"),
    (F.SUM(1, 2, BLANK, "x"), 3),
    (F.SWITCH(F.Field("a"), 4, "four", 5, "five"), "five"),
    (F.SWITCH(F.Field("a"), 4, "four", "other"), "other"),
    (F.T("x"), "x"),
    (F.T(1), None),
    (F.TIMESTR(WHEN), "12:34:56"),
    (F.TODAY(), "2025-12-22T00:00:00.000Z"),
    (F.TONOW("2025-12-21T23:00:00Z"), "2 hours"),
    (F.TRIM("  x "), "x"),
    (F.TRUE(), True),
    (F.UPPER("abc"), "ABC"),
    (F.VALUE("$1,234.5"), 1234.5),
    (F.WEEKDAY("2025-12-22"), 1),
    (F.WEEKDAY("2025-12-22", "Monday"), 0),
    (F.WEEKNUM("2025-01-05"), 2),
    (F.WEEKNUM("2025-01-05", "Monday"), 1),
    (F.WORKDAY("2025-12-19", 2), "2025-12-23T00:00:00.000Z"),
    (F.WORKDAY("2025-12-19", 2, "2025-12-22"), "2025-12-24T00:00:00.000Z"),
    (F.WORKDAY("2025-12-22", -1), "2025-12-19T00:00:00.000Z"),
    (F.WORKDAY_DIFF("2025-12-19", "2025-12-23"), 3),
    (F.WORKDAY_DIFF("2025-12-19", "2025-12-30", "2025-12-25, 2025-12-26"), 6),
    (F.XOR(True, True, True), True),
    (F.XOR(True, 1), False),
    (F.YEAR(WHEN), 2023),
]


@pytest.mark.parametrize(("formula", "value"), CASES, ids=[str(formula) for formula, _ in CASES])
def test_function(formula, value):
    """Each function gives what Airtable documents."""
    found = evaluate(formula)

    assert found == pytest.approx(value) if isinstance(value, float | int) else found == value
    assert isinstance(found, bool) is isinstance(value, bool)


def test_every_function_of_pyairtable():
    """Formulas may call whatever pyairtable can build, and each function has a case above."""
    built = {name for name, made in vars(F).items() if name.isupper() and inspect.isfunction(made)}
    tried = {str(formula).partition("(")[0] for formula, _ in CASES} | {"ERROR"}

    assert built == FUNCTIONS.known.keys()
    assert built - tried == {"SET_TIMEZONE", "SET_LOCALE"}


@pytest.mark.parametrize(
    "formula",
    [
        F.ERROR(),
        F.SQRT(-1),
        F.LOG(0),
        F.MOD(1, 0),
        F.POWER(10, 1000),
        F.VALUE("x"),
        F.REPT("x", 10**9),
        F.LEFT("x", -1),
        F.YEAR("today"),
        F.YEAR(BLANK),
        F.DATEADD(WHEN, 10**7, "years"),
        F.DATEADD(WHEN, 1, "fortnights"),
        F.DATETIME_PARSE("x", "YYYY"),
        F.SET_TIMEZONE(WHEN, "Mars/Olympus"),
        F.SET_LOCALE(WHEN, "xx-yy"),
        F.REGEX_MATCH("x", "("),
        F.AVERAGE("x"),
        F.WORKDAY(WHEN, 10**9),
        F.Formula("1/0"),
        F.Formula("'a'+1"),
    ],
    ids=str,
)
def test_errors(formula):
    """What Airtable shows as #ERROR! chooses no record, and ISERROR finds it."""
    assert evaluate(F.ISERROR(formula)) is True
    with pytest.raises(CellError):
        evaluate(formula)
