"""The table of events, in each database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from mockcbs.core.errors import UserError
from mockcbs.webhooks.event_table import EventTable, hidden
from mockcbs.webhooks.incoming import Event
from mockcbs.webhooks.reports import dialect_of, report

EVENT = Event(
    "e1",
    "execution.completed",
    bot_id="1",
    session_id="s1",
    execution="x1",
    user_id="用户👤",
    duration_ms=5,
    trigger_time=0,
    timestamp=5,
)


FINAL = {"clickhousedb": "events FINAL"}
"""How a table is read in which equal events may not be merged yet."""


def stored(table: EventTable) -> str:
    """What to select from, to see each event once."""
    return FINAL.get(table.dialect, "events")


def test_an_event_is_stored_once(table):
    """A redelivery changes nothing and is known to be one."""
    assert table.add(EVENT)
    assert not table.add(replace(EVENT, status="again"))

    (row,) = table.rows(f"SELECT event_id, user_id, status FROM {stored(table)}")
    assert row == {"event_id": "e1", "user_id": "用户👤", "status": ""}


def test_parallel_deliveries_of_one_event(table):
    """Of parallel deliveries of one event, one is new; in ClickHouse, which has no unique keys, more may
    be.
    """
    with ThreadPoolExecutor(8) as pool:
        new = list(pool.map(table.add, [EVENT] * 24))

    assert new.count(True) == 1 or (new.count(True) > 1 and table.dialect == "clickhousedb")
    assert len(table.rows(f"SELECT event_id FROM {stored(table)}")) == 1


def test_texts_are_stored_as_sent(table):
    """Ids are equal only if all their characters are; nothing is cut off or replaced."""
    users = ["Anna", "anna", "anna ", "änna", "👤", "👥", "a'\"\\%s:x\n\t", "x" * 512]
    for number, user in enumerate(users):
        for event_id in (user[:100], f"{user[:100]}-again"):
            assert table.add(replace(EVENT, event_id=event_id, user_id=user, body=user * (number + 1)))
    body = replace(EVENT, event_id="large", body='{"a":"' + "表" * 200_000 + '"}')
    table.add(body)

    rows = table.rows(f"SELECT event_id, user_id, body FROM {stored(table)}")
    (figures,) = table.rows(report(dialect_of(table.dialect)))

    assert len(rows) == 2 * len(users) + 1
    assert {row["user_id"] for row in rows} == {*users, EVENT.user_id}
    assert body.body in {row["body"] for row in rows}
    assert figures["unique_users"] == len(users) + 1


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "Could not parse"),
        ("sqlite:////no/such/folder/x.sqlite", "unable to open"),
        ("postgresql://u:hunter22@127.0.0.1:1/x", "u:\\*\\*\\*@"),
    ],
)
def test_a_database_that_cannot_be_used(url, words):
    """The message states the reason, and never shows the password."""
    with pytest.raises(UserError, match=words) as caught:
        EventTable(url)

    assert "hunter22" not in str(caught.value)
    assert hidden("postgresql://u:hunter22@h/x") == "postgresql://u:***@h/x"


def test_databases_that_are_not_supported():
    """The message names those that are, or the extra that is missing."""
    with pytest.raises(UserError, match=r"oracle is not supported; accepted are sqlite:///FILE, postgresql"):
        EventTable("oracle://h/x")
    with pytest.raises(UserError, match=r"'clickhousedb\+nothing://.*pip install 'mockcbs\[clickhouse\]'"):
        EventTable("clickhousedb+nothing://h/x")
