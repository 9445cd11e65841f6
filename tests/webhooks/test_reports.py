"""The SQL of reports, in each database."""

from dataclasses import replace

from mockcbs.webhooks.incoming import Event
from mockcbs.webhooks.reports import GROUPS, dialect_of, report


def test_the_report_of_nothing(table):
    """An empty table has zeros, and the rates that the API gives for no executions."""
    (figures,) = table.rows(report(dialect_of(table.dialect)))

    assert {name: float(value) for name, value in figures.items()} == {
        "total_calls": 0,
        "total_messages": 0,
        "total_sessions": 0,
        "unique_users": 0,
        "success_rate": 1,
        "error_rate": 0,
        "avg_response_time_ms": 0,
    }


def test_the_report(table):
    """Figures as the analytics call defines them, of all and by bot, channel and period."""
    asked = Event(
        "m1",
        "message.sent",
        role="user",
        bot_id="1",
        session_id="s1",
        execution="x1",
        user_id="a",
        connector_id="999",
        trigger_time=1_766_419_199_999,
    )
    events = [
        asked,
        replace(asked, event_id="m2", role="assistant"),
        replace(asked, event_id="c1", event_type="execution.completed", role="", duration_ms=1000),
        replace(
            asked, event_id="m3", execution="x2", user_id="b", session_id="s2", trigger_time=1_766_419_200_000
        ),
        replace(
            asked,
            event_id="f1",
            event_type="execution.failed",
            role="",
            execution="x2",
            user_id="b",
            session_id="s2",
            duration_ms=2001,
            trigger_time=1_766_419_200_000,
        ),
        replace(asked, event_id="m4", execution="x3", bot_id="2", session_id="s3", user_id=""),
    ]
    for event in reversed(events):
        table.add(event)
    dialect = dialect_of(table.dialect)

    (whole,) = table.rows(report(dialect))
    by = {group: table.rows(report(dialect, group)) for group in GROUPS}

    assert {name: float(value) for name, value in whole.items()} == {
        "total_calls": 3,
        "total_messages": 4,
        "total_sessions": 3,
        "unique_users": 2,
        "success_rate": 0.5,
        "error_rate": 0.5,
        "avg_response_time_ms": 1500.5,
    }
    assert [(row["bot"], row["total_calls"]) for row in by["bot"]] == [("1", 2), ("2", 1)]
    assert [(row["channel"], row["total_calls"]) for row in by["channel"]] == [("999", 3)]
    assert [(str(row["period"]), row["total_calls"]) for row in by["period"]] == [
        ("2025-12-22", 2),
        ("2025-12-23", 1),
    ]
