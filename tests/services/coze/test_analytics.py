"""Usage statistics: the contract's vectors, and the laws they are instances of."""

import csv
import io
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs import Settings, create_app
from mockcbs.core.masking import digest
from mockcbs.core.numbers import compact
from mockcbs.services.coze.analytics import Question, answer, written
from mockcbs.services.coze.channels import PUBLISHED, of_session
from mockcbs.services.coze.envelope import API_CHANNEL
from mockcbs.state import State
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.traffic.periods import DAY
from tests.services.coze.calls import ask, data, look
from tests.services.coze.conftest import BOT, FOREIGN, TOKEN
from tests.services.coze.figures import SAMPLE, WEEK, figures, refusal, usage, usage_today
from tests.thoroughness import examples

ZEROS = (0, 0, 0, 0, 1.0, 0.0, 0)


@pytest.mark.parametrize("granularity", ["", "&granularity=day", "&granularity="])
def test_a1_a2_days(coze, granularity):
    """Every day of the range is there, with the figures of its executions; day is the default."""
    data = usage(coze, SAMPLE + WEEK + granularity)

    assert [(row["date"], row["timestamp"]) for row in data["metrics"]] == [
        ("2025-12-15", 1765728000),
        ("2025-12-16", 1765814400),
        ("2025-12-17", 1765900800),
    ]
    assert [figures(row) for row in data["metrics"]] == [
        (5, 3, 2, 2, 0.6667, 0.3333, 2000.0),
        (2, 1, 1, 1, 1.0, 0.0, 12000.0),
        ZEROS,
    ]
    assert figures(data["summary"]) == (7, 4, 3, 3, 0.75, 0.25, 4500.0)
    assert (data["bot_id"], data["granularity"], data["timezone"]) == (BOT, "day", "Asia/Shanghai")
    assert "hour" not in data["metrics"][0]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("user_id=u-001", (3, 2, 1, 1, 0.5, 0.5, 2400.0)),
        ("session_id=s-B", (2, 1, 1, 1, 1.0, 0.0, 1200.0)),
        ("conversation_id=s-B", (2, 1, 1, 1, 1.0, 0.0, 1200.0)),
        ("session_id=s-B&conversation_id=s-B", (2, 1, 1, 1, 1.0, 0.0, 1200.0)),
        ("session_id=nope", ZEROS),
        ("user_id=nope", ZEROS),
        ("session_id=&user_id=", (5, 3, 2, 2, 0.6667, 0.3333, 2000.0)),
    ],
)
def test_a3_a4_a5_filters(coze, filters, expected):
    """Filters select executions before they are counted; an unknown value is not an error."""
    data = usage(coze, f"{SAMPLE}{WEEK}&{filters}")

    assert figures(data["metrics"][0]) == expected
    assert figures(data["metrics"][2]) == ZEROS


def test_a6_hours(coze):
    """Each of the 24 buckets of a day has its hour."""
    rows = usage(coze, SAMPLE + "start_date=2025-12-15&end_date=2025-12-15&granularity=hour")["metrics"]

    assert [row["hour"] for row in rows] == list(range(24))
    assert (figures(rows[9]), rows[9]["timestamp"]) == ((4, 2, 2, 2, 1.0, 0.0, 1000.0), 1765760400)
    assert figures(rows[23]) == (1, 1, 1, 1, 0.0, 1.0, 4000.0)
    assert {figures(row) for row in rows if row["hour"] not in {9, 23}} == {ZEROS}


def test_a12_future(coze):
    """Buckets that have not begun are left out."""
    today = usage(coze, SAMPLE + "start_date=2025-12-22&end_date=2025-12-24")["metrics"]
    later = usage(coze, SAMPLE + "start_date=2026-12-22&end_date=2026-12-24")
    hours = usage(coze, SAMPLE + "start_date=2025-12-22&end_date=2025-12-22&granularity=hour")["metrics"]

    assert [row["date"] for row in today] == ["2025-12-22"]
    assert (later["metrics"], figures(later["summary"])) == ([], ZEROS)
    assert [row["hour"] for row in hours] == list(range(10))


@cache
def _everyday():
    return create_app(Settings()).extensions["mockcbs"]


@given(
    st.integers(0, 40),
    st.integers(0, 3),
    st.sampled_from(["day", "hour"]),
    st.booleans(),
    st.integers(0, DAY),
)
@settings(deadline=None)
def test_rows_that_are_kept_as_text_are_those_made_anew(before, days, granularity, silent, past):
    """In any range up to now, of a bot or of a workflow without messages; rows of other ranges are kept."""
    log, now = _everyday().log, 1_766_386_800_000 - past
    last = now // DAY - before
    asked = Question(BOT, last - days, last, now, granularity, silent=silent)

    assert compact(written(log.bot(BOT, now), asked)) == compact(answer(log.bot(BOT, now), asked))


@pytest.mark.parametrize(
    ("bot", "expected"),
    [("999", (404, 4200)), ("abc", (400, 4000)), ("1" * 21, (400, 4000)), (FOREIGN, (403, 4101))],
)
def test_a13_a14_bots(coze, bot, expected):
    """Unknown, malformed and other people's bots have different errors."""
    assert refusal(coze, f"/v1/bots/{bot}/analytics?{WEEK}") == expected


def test_a18_the_literal_query(coze):
    """The week everyone begins with has seven rows, and the minimal CSV is the documented one."""
    query = "start_date=2025-12-15&end_date=2025-12-21&granularity=day"
    columns = ["date", "total_messages", "success_rate", "avg_response_time_ms"]

    rows = usage(coze, SAMPLE + query)["metrics"]

    assert len(rows) == 7
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writerows(rows[:3])
    assert text.getvalue() == "2025-12-15,5,0.6667,2000.0\n2025-12-16,2,1.0,12000.0\n2025-12-17,0,1.0,0\n"


def test_wrong_method(coze):
    """The analytics allow only GET."""
    answer = coze.post(SAMPLE + WEEK)

    assert (answer.status_code, answer.json["code"], answer.headers["Allow"]) == (405, 4000, "GET")


LAST = date(2026, 11, 22)


# Against the log itself

EVERYDAY = "7342866812345679999"
NOW = 1_795_305_600_000
APP = create_app(Settings(now=NOW, dataset="everyday"))
MOCK: State = APP.extensions["mockcbs"]
SCOPE = digest("pat_mockcbs")


def _record(at, user, session, **said):
    turn = Turn(EVERYDAY, session, user, at, Utterance("x", "direct", **said), 700)
    MOCK.log.record(turn, SCOPE)


for number in range(40):
    _record(
        NOW - number * 7_000_000, f"user-{number % 7:05d}", f"79{number % 11:017d}", failed=number % 5 == 0
    )


_record(NOW - 1000, "someone", "running", unfinished=True)


def _rows():
    days = range((NOW - 60 * DAY) // DAY, NOW // DAY + 1)
    return [row for rows in MOCK.log.rows(EVERYDAY, days, NOW, SCOPE) for row in rows]


ROWS = _rows()
BEGUN: dict[str, int] = {}
for row in ROWS:
    BEGUN.setdefault(row.session_id, row.at_ms)
RECORDED = {row.session_id for row in ROWS if row.said.template == "x"}


def _channel(row):
    if row.session_id in RECORDED:
        return API_CHANNEL
    return of_session(MOCK.log, EVERYDAY, row.user_id, BEGUN[row.session_id], stated=False)


def _half_up(value, places):
    return float(Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def _recomputed(rows):
    """The figures of *rows*, by the words of the contract."""
    ended = [row for row in rows if not row.said.unfinished]
    good = [row for row in ended if not row.said.failed]
    success = _half_up(Decimal(len(good)) / len(ended), 4) if ended else 1.0
    return (
        sum(1 if row.said.failed or row.said.unfinished else 2 for row in rows),
        len(rows),
        len({row.user_id for row in rows if row.user_id}),
        len({row.session_id for row in rows}),
        success,
        _half_up(1 - Decimal(str(success)), 4),
        _half_up(Decimal(sum(row.latency_ms for row in ended)) / len(ended), 2) if ended else 0,
    )


def _asked(first, last, granularity, **filters):
    client = APP.test_client()
    query = {"start_date": first, "end_date": last, "granularity": granularity, **filters}
    answer = client.get(f"/v1/bots/{EVERYDAY}/analytics", query_string=query, headers=TOKEN)
    assert answer.json["code"] == 0, answer.text
    return answer.json["data"]


ranges = st.tuples(st.integers(0, 28), st.integers(0, 20)).map(
    lambda pair: (LAST - timedelta(sum(pair)), LAST - timedelta(pair[0]))
)
filters = st.one_of(
    st.just({}),
    st.sampled_from(sorted({row.user_id for row in ROWS if row.user_id})).map(lambda name: {"user_id": name}),
    st.sampled_from(sorted(BEGUN)).map(lambda session: {"session_id": session}),
    st.sampled_from(["1024", "999", "10000113", "5"]).map(lambda channel: {"connector_id": channel}),
)


@settings(max_examples=examples(25))
@given(ranges, st.sampled_from(["day", "hour"]), filters)
def test_every_figure_is_a_sum_over_the_log(span, granularity, picked):
    """Each bucket and the summary equal a simple count over the exported rows."""
    data = _asked(*span, granularity, **picked)

    by_bucket = defaultdict(list)
    for row in ROWS:
        local = datetime.fromtimestamp(row.at_ms // 1000, UTC) + timedelta(hours=8)
        wanted = {"user_id": row.user_id, "session_id": row.session_id, "connector_id": _channel(row)}
        if span[0] <= local.date() <= span[1] and picked.items() <= wanted.items():
            by_bucket[str(local.date()), local.hour if granularity == "hour" else None].append(row)
    assert [figures(row) for row in data["metrics"]] == [
        _recomputed(by_bucket[row["date"], row.get("hour")]) for row in data["metrics"]
    ]
    assert figures(data["summary"]) == _recomputed([row for rows in by_bucket.values() for row in rows])


@settings(max_examples=examples(8))
@given(ranges)
def test_hours_add_up_to_days(span):
    """The hours of a day have its messages and calls, and no more users than its sum, no fewer than one."""
    days, hours = (_asked(*span, granularity)["metrics"] for granularity in ("day", "hour"))

    for day in days:
        own = [hour for hour in hours if hour["date"] == day["date"]]
        for name in ("total_messages", "total_calls"):
            assert sum(hour[name] for hour in own) == day[name]
        for name in ("unique_users", "total_sessions"):
            assert max(hour[name] for hour in own) <= day[name] <= sum(hour[name] for hour in own)


@settings(max_examples=examples(6))
@given(ranges)
def test_channels_partition_the_calls(span):
    """Every call has exactly one channel."""
    parts = [_asked(*span, "day", connector_id=channel)["summary"] for channel in PUBLISHED]

    whole = _asked(*span, "day")["summary"]
    for name in ("total_messages", "total_calls", "total_sessions"):
        assert sum(part[name] for part in parts) == whole[name]


def test_generated_sessions_have_decimal_ids_that_ascend():
    """A Coze bot's sessions are named by 19 digits, each begun later having the greater number."""
    generated = {session: at for session, at in BEGUN.items() if session not in RECORDED}

    assert len(generated) > 1000
    assert all(len(session) == 19 and session.isdecimal() for session in generated)
    assert sorted(generated, key=int) == sorted(
        generated, key=lambda session: (generated[session], int(session))
    )


def test_other_bots_are_untouched(coze):
    """A question to one bot changes no figure of another bot."""
    look(coze, data(ask(coze, "桌面云打不开")))

    assert figures(usage_today(coze, "7000000000000000001")) == ZEROS
