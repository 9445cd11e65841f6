"""The figures that a receiver has stored."""

import pytest

from mockcbs.core.errors import UserError
from mockcbs.webhooks.examiner.requirements import Findings
from mockcbs.webhooks.examiner.stored import StoredFigures
from mockcbs.webhooks.examiner.traffic import ExamTraffic, Run
from tests.conftest import NOW


@pytest.fixture
def traffic():
    traffic = ExamTraffic(NOW)
    traffic.session([Run(traffic.user("a"), 900), Run(traffic.user("a"), 1100)])
    return traffic


@pytest.fixture
def findings():
    return Findings()


def test_right_figures_keep_the_requirements(traffic, findings):
    """The receiver stores the figures of the traffic."""
    stored = StoredFigures(traffic.figures, traffic, findings)

    stored.compare_first()
    stored.compare("unicode")

    assert {findings.rows[name].verdict for name in ("stores", "rates", "unicode")} == {"kept"}


def test_a_part_is_not_blamed_for_an_earlier_one(traffic, findings):
    """After a difference, figures that stay wrong by as much break nothing more."""
    stored = StoredFigures(
        lambda day: {**traffic.figures(day), "total_messages": traffic.figures(day)["total_messages"] + 1},
        traffic,
        findings,
    )

    stored.compare("deduplicates")
    stored.compare("unicode")
    stored.excuse()

    assert [findings.rows[name].verdict for name in ("deduplicates", "unicode")] == ["broken", "kept"]


def test_a_wrong_day_is_named(traffic, findings):
    """The reason has the day and the figure."""
    stored = StoredFigures(lambda _: {"total_calls": 7}, traffic, findings)

    stored.compare_days([traffic.today - 2])

    assert findings.rows["days"].reason == "2 days before today: total_calls is 7, should be 0"


def test_a_used_database_is_refused(traffic, findings):
    """An exam begins with an empty database."""
    with pytest.raises(UserError, match="begin with an empty database"):
        StoredFigures(lambda _: {"total_calls": 1}, traffic, findings).refuse_used_database()


def test_without_a_source_nothing_is_compared(traffic, findings):
    """The requirements are not examined."""
    stored = StoredFigures(None, traffic, findings)

    stored.compare("unicode")

    assert (stored.are_known, findings.rows["unicode"].verdict) == (False, "not examined")
