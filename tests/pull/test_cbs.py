"""The law of the pull: a file of CBS figures is the API and the export, figure for figure."""

import csv
import io
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockcbs.pull.cbs import HOT_QUESTIONS, KEYWORDS, OPERATIONS, REPLY_RATES, SESSION_STATS, Cbs
from mockcbs.pull.client import Client
from mockcbs.pull.days import ONE_DAY, epoch_ms, midnight
from mockcbs.pull.errors import PullError
from mockcbs.traffic.table import zone as zone_of
from tests.conftest import BOT, PROJECT
from tests.pull.conftest import TODAY
from tests.thoroughness import examples

URL = "https://cbs-ext.cn-north-4.myhuaweicloud.com"

bots = st.sampled_from([BOT, "11111111-2222-4333-8444-555555555555"])
zones = st.sampled_from(["UTC", "+08:00", "Asia/Shanghai", "-09:30", "America/New_York", "Europe/London"])
days = st.integers(1, 40).map(lambda ago: TODAY - timedelta(days=ago))


def rows(table, bot, day, zone):
    """What is pulled of one day, as a list of members by name."""
    source = Cbs(Client(URL, {"X-Auth-Token": "any-token"}), PROJECT, list(OPERATIONS.values()), zone)
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in source.rows(table, bot, [day])[day]]


@cache
def exported(mock, bot):
    """Every turn of the bot; nothing is asked while the law is tested."""
    query = {"bot": bot, "project": PROJECT}
    text = mock.app.test_client().get("/_mockcbs/export", query_string=query).text
    return [{**row, "at_ms": int(row["at_ms"])} for row in csv.DictReader(io.StringIO(text))]


def rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.001"), ROUND_HALF_UP)


@given(bot=bots, zone=zones, day=days)
@settings(
    max_examples=examples(7),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_files_are_the_export(mock, bot, zone, day):
    """Sessions, users, rounds, replies, hot questions and keywords of a day in any zone, from its turns."""
    where = zone_of(zone)
    low, high = epoch_ms(midnight(day, where)), epoch_ms(midnight(day + ONE_DAY, where))
    sessions = defaultdict(list)
    for turn in exported(mock, bot):
        sessions[turn["session_id"]].append(turn)
    begun = [turns for turns in sessions.values() if low <= turns[0]["at_ms"] < high]
    asked = [turn for turns in sessions.values() for turn in turns if low <= turn["at_ms"] < high]

    (stats,) = rows(SESSION_STATS, bot, day, where)
    (rates,) = rows(REPLY_RATES, bot, day, where)
    hots = rows(HOT_QUESTIONS, bot, day, where)
    words = rows(KEYWORDS, bot, day, where)

    count = len(begun)
    seconds = sum(turns[-1]["at_ms"] // 1000 - turns[0]["at_ms"] // 1000 for turns in begun)
    assert (stats["bot_id"], stats["date"], stats["session_count"]) == (bot, day, count)
    assert stats["user_count"] == len({turn["user_id"] for turns in begun for turn in turns} - {""})
    assert stats["avg_request_count"] == (rounded(Decimal(sum(map(len, begun))) / count) if count else 0)
    assert stats["avg_session_time"] == (rounded(Decimal(seconds * 1000) / count) if count else 0)
    outcomes = Counter(turn["outcome"] for turn in asked)
    assert rates["question_count"] == len(asked)
    for outcome in ("direct", "recommend", "notmatch", "chat", "invalid", "dialog"):
        assert rates[f"{outcome}_count"] == outcomes[outcome]
        assert rates[f"{outcome}_rate"] == (rounded(Decimal(outcomes[outcome]) / len(asked)) if asked else 0)
    hits = Counter(turn["qa_pair_id"] for turn in asked if turn["outcome"] == "direct")
    assert [hits[row["qa_pair_id"]] for row in hots] == sorted(hits.values(), reverse=True)[:20]
    spoken = Counter(word for turn in asked for word in turn["keywords"].split(";") if word)
    assert [row["freq"] for row in words] == sorted(spoken.values(), reverse=True)[:50]
    assert all(spoken[row["keyword"]] == row["freq"] for row in words)


def test_a_day_may_have_23_hours(mock):
    """The day on which daylight saving begins ends where the next begins."""
    day = date(2026, 3, 8)

    rows(SESSION_STATS, BOT, day, ZoneInfo("America/New_York"))

    query = mock.journal[-1].line
    assert f"start_time={1772946000000}" in query
    assert f"end_time={1772946000000 + 23 * 3_600_000 - 1}" in query


@pytest.mark.parametrize("member", ["total", "total.user_count"])
def test_responses_without_a_member_are_refused(mock, member):
    """The error names the missing member."""
    mock.scenario({"rules": [{"damage": [{"kind": "missing-member", "member": member}]}]})

    with pytest.raises(PullError, match=member.rpartition(".")[2]):
        rows(SESSION_STATS, BOT, TODAY, ZoneInfo("Asia/Shanghai"))
    mock.scenario(None)
