"""Relations that need the right figures."""

import json
from datetime import date, timedelta

import pytest

from mockcbs.examining.client import Function
from mockcbs.examining.exam import Exam
from mockcbs.examining.relations.figures import RELATIONS
from tests.examining.clients import COZE, coze_days, coze_total
from tests.examining.relations.shown import check, shown_by


@pytest.mark.parametrize("name", shown_by(relation.name for relation in RELATIONS))
def test_a_fault_is_shown_by_its_relation(name):
    """The relation that a fault breaks is reported with the smallest case, its calls, and the output."""
    check(name)


def _verdict(read, relation="service-figures"):
    finding = Exam(Function(read, COZE), cases=2).examine(relation)
    return finding.verdict, finding.reason


def test_printed_means_may_be_rounded():
    """Rates with two digits and whole milliseconds are right figures."""

    def rounded(words):
        total = coze_total(words)
        rate, mean = total["success_rate"], total["avg_response_time_ms"]
        return json.dumps({**total, "success_rate": round(rate, 2), "avg_response_time_ms": round(mean)})

    assert _verdict(rounded) == ("kept", "")


def test_weeks_are_not_compared_with_days():
    """A client that prints one row for a week, with its Monday, is not compared with figures of Mondays."""

    def weeks(words):
        calls = {}
        for row in coze_days(words):
            day = date.fromisoformat(row["date"])
            monday = str(day - timedelta(days=day.weekday()))
            calls[monday] = calls.get(monday, 0) + row["total_calls"]
        return [{"date": monday, "total_calls": count} for monday, count in calls.items()]

    assert _verdict(weeks) == ("kept", "")


def test_a_client_may_reject_long_ranges():
    """The report says that long ranges were not examined, and why."""

    def cautious(words):
        if date.fromisoformat(words.end) - date.fromisoformat(words.start) > timedelta(days=31):
            raise ValueError("at most 31 days")
        return coze_days(words)

    assert _verdict(cautious, "long-ranges") == ("not examined", "the client rejects a range of 100 days")
