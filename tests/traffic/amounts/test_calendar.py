"""Chinese holidays and worked weekends."""

from datetime import date, timedelta

import holidays
import numpy as np
import pytest

from mockcbs.traffic.amounts import calendar
from mockcbs.traffic.amounts.calendar import Kind

EPOCH = date(1970, 1, 1)


def kind(day: date) -> int:
    return int(calendar.kinds(np.array([(day - EPOCH).days]))[0])


@pytest.mark.parametrize("year", range(2021, 2027))
def test_years_with_a_notice_agree_with_the_library(year):
    """Every day off and every worked weekend day is the one that `holidays` knows."""
    known = holidays.country_holidays("CN", years=range(2020, 2028))
    days = [date(year, 1, 1) + timedelta(n) for n in range(365)]

    for day in days:
        if day in known:
            assert kind(day) in {Kind.HOLIDAY, Kind.SPRING_FESTIVAL}, day
        if day in known.weekend_workdays:
            assert kind(day) == Kind.WORKED, day
        if kind(day) in {Kind.HOLIDAY, Kind.SPRING_FESTIVAL}:
            assert day in known or day.weekday() > 4, day


@pytest.mark.parametrize("year", range(2027, 2036))
def test_years_without_a_notice_have_the_days_of_the_law(year):
    """The days on which the festivals fall are days off; no weekend is worked."""
    known = holidays.country_holidays("CN", years=year)

    for day, name in known.items():
        if "observed" not in name and "substituted" not in name:
            assert kind(day) in {Kind.HOLIDAY, Kind.SPRING_FESTIVAL}, (day, name)
    assert kind(date(year, 10, 1)) == Kind.HOLIDAY


def test_days_outside_the_table_are_ordinary():
    """Days long before and long after the table are ordinary."""
    assert kind(date(1999, 10, 1)) == Kind.ORDINARY
    assert kind(date(2099, 10, 1)) == Kind.ORDINARY
