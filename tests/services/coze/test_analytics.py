"""Usage statistics: the contract's vectors, and the laws they are instances of."""

import csv
import io
import json
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs import Settings, create_app
from mockcbs.core.masking import digest
from mockcbs.services.coze.channels import of_session
from mockcbs.services.coze.envelope import API_CHANNEL
from mockcbs.state import State
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.traffic.periods import DAY
from tests.services.coze.calls import ask, data, look
from tests.services.coze.conftest import BOT, DRAFT, FOREIGN, SAMPLE_NOW, TOKEN, caller

SAMPLE = f"/v1/bots/{BOT}/analytics?"
WEEK = "start_date=2025-12-15&end_date=2025-12-17"
ZEROS = (0, 0, 0, 0, 1.0, 0.0, 0)
FIGURES = (
    "total_messages",
    "total_calls",
    "unique_users",
    "total_sessions",
    "success_rate",
    "error_rate",
    "avg_response_time_ms",
)


def figures(element):
    return tuple(element[name] for name in FIGURES)


def usage(client, target):
    answer = client.get(target)
    assert (answer.status_code, answer.json["code"]) == (200, 0), answer.text
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["X-Tt-Logid"] == answer.json["detail"]["logid"]
    return answer.json["data"]


def refusal(client, target, **members):
    answer = client.get(target, **members)
    assert set(answer.json) == {"code", "msg", "detail"}
    assert answer.headers["X-Tt-Logid"] == answer.json["detail"]["logid"]
    return answer.status_code, answer.json["code"]


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
    """Filters pick executions before they are counted; an unknown value is no error."""
    data = usage(coze, f"{SAMPLE}{WEEK}&{filters}")

    assert figures(data["metrics"][0]) == expected
    assert figures(data["metrics"][2]) == ZEROS


def test_a6_hours(coze):
    """An hour's bucket tells its hour; all 24 of a day are there."""
    rows = usage(coze, SAMPLE + "start_date=2025-12-15&end_date=2025-12-15&granularity=hour")["metrics"]

    assert [row["hour"] for row in rows] == list(range(24))
    assert (figures(rows[9]), rows[9]["timestamp"]) == ((4, 2, 2, 2, 1.0, 0.0, 1000.0), 1765760400)
    assert figures(rows[23]) == (1, 1, 1, 1, 0.0, 1.0, 4000.0)
    assert {figures(row) for row in rows if row["hour"] not in {9, 23}} == {ZEROS}


@pytest.mark.parametrize(
    "query",
    [
        "start_date=2025-12-16&end_date=2025-12-15",
        "end_date=2025-12-21",
        "start_date=2025-12-21",
        "start_date=&end_date=2025-12-21",
        "start_date=2025-02-30&end_date=2025-03-01",
        "start_date=2025/12/15&end_date=2025-12-21",
        "start_date=2025-2-3&end_date=2025-12-21",
        "start_date=20251215&end_date=2025-12-21",
        "start_date=2025-12-15T00:00:00&end_date=2025-12-21",
        "start_date=2022-12-31&end_date=2023-01-01",
        "start_date=2025-01-01&end_date=2025-06-30",
        "start_date=2025-12-01&end_date=2026-01-01&granularity=hour",
        f"{WEEK}&granularity=week",
        f"{WEEK}&granularity=DAY",
        f"{WEEK}&session_id=s-A&conversation_id=s-B",
        f"{WEEK}&session_id={'x' * 65}",
        f"{WEEK}&user_id={'x' * 257}",
        f"{WEEK}&user_id=%00",
        f"{WEEK}&connector_id=web",
        f"{WEEK}&granularity=day&granularity=week",
    ],
)
def test_a7_to_a11_bad_parameters(coze, query):
    """Whatever is wrong with a parameter is 4000, also for a bot that is not there."""
    assert refusal(coze, SAMPLE + query) == (400, 4000)
    assert refusal(coze, f"/v1/bots/999/analytics?{query}") == (400, 4000)


@pytest.mark.parametrize(
    "query",
    [
        "start_date=2025-01-01&end_date=2025-06-29",
        "start_date=2025-12-01&end_date=2025-12-31&granularity=hour",
        f"{WEEK}&granularity=week&granularity=day",
        f"{WEEK}&unknown=1",
    ],
)
def test_longest_ranges_and_repeated_parameters_pass(coze, query):
    """180 days and 31 days of hours are allowed; of a repeated parameter the last one counts."""
    assert usage(coze, SAMPLE + query)["metrics"]


def test_a12_future(coze):
    """Buckets that have not begun are left out."""
    today = usage(coze, SAMPLE + "start_date=2025-12-22&end_date=2025-12-24")["metrics"]
    later = usage(coze, SAMPLE + "start_date=2026-12-22&end_date=2026-12-24")
    hours = usage(coze, SAMPLE + "start_date=2025-12-22&end_date=2025-12-22&granularity=hour")["metrics"]

    assert [row["date"] for row in today] == ["2025-12-22"]
    assert (later["metrics"], figures(later["summary"])) == ([], ZEROS)
    assert [row["hour"] for row in hours] == list(range(10))


@pytest.mark.parametrize(
    ("bot", "expected"),
    [("999", (404, 4200)), ("abc", (400, 4000)), ("1" * 21, (400, 4000)), (FOREIGN, (403, 4101))],
)
def test_a13_a14_bots(coze, bot, expected):
    """Unknown, malformed and other people's bots have different errors."""
    assert refusal(coze, f"/v1/bots/{bot}/analytics?{WEEK}") == expected


def test_a15_a16_a17_credentials():
    """No token, a wrong one, and one of another bot have different errors; all come before the parameters."""
    strict = caller(strict=True)

    def refused(**headers):
        return refusal(strict, f"{SAMPLE}{WEEK}", headers=headers)

    assert usage(strict, SAMPLE + WEEK)
    for header in ("", "wrong", "Bearer", "Bearer ", "Basic x"):
        assert refused(Authorization=header) == (401, 4100)
    assert refused(Authorization="Bearer wrong") == (401, 700012006)
    assert refused(Authorization="Bearer expired-token") == (401, 700012006)
    assert refused(Authorization=f"Bearer bot_{DRAFT}") == (403, 4101)
    assert strict.get(SAMPLE + WEEK, headers={"Authorization": f"Bearer bot_{BOT}"}).json["code"] == 0
    assert refusal(strict, SAMPLE, headers={"Authorization": "Bearer wrong"}) == (401, 700012006)


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
    """Only GET is allowed."""
    answer = coze.post(SAMPLE + WEEK)

    assert (answer.status_code, answer.json["code"], answer.headers["Allow"]) == (405, 4000, "GET")


# Against the log itself

EVERYDAY = "7342866812345679999"
NOW = 1_795_305_600_000
APP = create_app(Settings(now=NOW, dataset="everyday"))
MOCK: State = APP.extensions["mockcbs"]
LAST = date(2026, 11, 22)
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


@settings(max_examples=25)
@given(ranges, st.sampled_from(["day", "hour"]), filters)
def test_every_figure_is_a_sum_over_the_log(span, granularity, picked):
    """Each bucket and the summary are what a naive count over the exported rows gives."""
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


@settings(max_examples=8)
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


@settings(max_examples=6)
@given(ranges)
def test_channels_partition_the_calls(span):
    """Every call came through one channel."""
    channels = ("1024", "999", "998", "10000122", "10000113", "10000011")

    parts = [_asked(*span, "day", connector_id=channel)["summary"] for channel in channels]

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


def raw_events(client, bot, query):
    found, page = [], 1
    while True:
        data = usage(client, f"/v1/bots/{bot}/analytics/logs?{query}&page_num={page}&page_size=7")
        found += data["items"]
        if not data["has_more"]:
            assert data["total"] == len(found)
            return found
        page += 1


def test_logs_map_to_the_metrics(coze):
    """Sessions, messages and executions of the raw events are those of the metrics."""
    events = raw_events(coze, BOT, WEEK)

    kinds = [event["event_type"] for event in events]
    assert kinds.count("session.started") == 3
    assert kinds.count("message.sent") == 7
    ended = [event for event in events if event["event_type"].startswith("execution")]
    assert [event["status"] for event in ended] == ["success", "success", "failed", "success"]
    assert [event["duration_ms"] for event in ended] == [800, 1200, 4000, 12000]
    assert len({event["chat_id"] for event in events}) == 4
    assert len({event["event_id"] for event in events}) == len(events)
    assert [event["session_id"] for event in ended] == ["s-A", "s-B", "s-A", "s-C"]
    assert ended[2]["error_code"] == 5000
    assert ended[0]["timestamp"] - ended[0]["trigger_time"] == 800


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ("event_type=execution.failed", 1),
        ("event_type=session.started,message.sent", 10),
        ("status=success", 3),
        ("status=failed&event_type=message.sent", 0),
        ("user_id=u-001", 6),
        ("session_id=s-C&event_type=message.sent", 2),
    ],
)
def test_logs_are_filtered(coze, filters, count):
    """Kinds and statuses pick events, the other filters executions."""
    assert len(raw_events(coze, BOT, f"{WEEK}&{filters}")) == count


@pytest.mark.parametrize("query", ["event_type=nope", "status=nope", "page_size=101", "page_num=0"])
def test_logs_refuse_bad_parameters(coze, query):
    """The limits of the raw events are checked too."""
    assert refusal(coze, f"/v1/bots/{BOT}/analytics/logs?{WEEK}&{query}") == (400, 4000)


def usage_today(client, agent=BOT, kind="bots"):
    return usage(client, f"/v1/{kind}/{agent}/analytics?start_date=2025-12-22&end_date=2025-12-22")["summary"]


def test_a_chat_counts_at_once(coze):
    """A chat is a call when it begins, and in rates and mean when it has ended."""
    chat = data(ask(coze, "桌面云打不开"))
    running = usage_today(coze)

    look(coze, chat)

    assert figures(running) == (1, 1, 1, 1, 1.0, 0.0, 0)
    ended = usage_today(coze)
    assert figures(ended)[:6] == (2, 1, 1, 1, 1.0, 0.0)
    event = raw_events(coze, BOT, "start_date=2025-12-22&end_date=2025-12-22&event_type=execution.completed")[
        0
    ]
    assert (event["chat_id"], event["session_id"]) == (chat["id"], chat["conversation_id"])
    assert event["connector_id"] == "1024"
    assert event["duration_ms"] == ended["avg_response_time_ms"]


def test_canceled_and_failed_chats(coze):
    """A canceled chat is a call and no more; a failed one is an error."""
    chat = data(ask(coze, "x"))
    coze.post("/v3/chat/cancel", json={"conversation_id": chat["conversation_id"], "chat_id": chat["id"]})
    look(coze, data(ask(coze, "mockcbs:fail")))
    look(coze, data(ask(coze, "桌面云打不开")))

    assert figures(usage_today(coze))[:6] == (4, 3, 1, 3, 0.5, 0.5)


def test_streams_count_too(coze):
    """A streamed chat is counted, also when its history is not kept."""
    assert ask(coze, "桌面云打不开", stream=True).text.endswith('[DONE]"\n\n')
    assert ask(coze, "桌面云打不开", stream=True, auto_save_history=False).text

    assert figures(usage_today(coze))[:6] == (4, 2, 1, 2, 1.0, 0.0)


def test_chats_nobody_looks_at_end_by_themselves():
    """A chat that is never polled ends when its time is over."""
    client = caller(now=SAMPLE_NOW)
    chat = data(ask(client, "桌面云打不开"))
    clock = client.application.extensions["mockcbs"].clock

    clock._start += 60_000

    assert figures(usage_today(client))[0] == 2
    assert look(client, chat)["status"] == "completed"


def test_workflow_runs_count_for_the_workflow(coze):
    """Runs are calls of the workflow, by its users, without messages."""
    workflow = "7389589103588700001"
    for user in ("a", "b", "b"):
        coze.post("/v1/workflow/run", json={"workflow_id": workflow, "ext": {"user_id": user}})
    coze.post("/v1/workflow/run", json={"workflow_id": workflow, "parameters": {"mockcbs": "fail"}})

    assert figures(usage_today(coze, workflow, "workflows")) == (0, 4, 3, 4, 0.75, 0.25, 900.0)
    logs = f"/v1/workflows/{workflow}/analytics/logs?start_date=2025-12-22&end_date=2025-12-22"
    kinds = [event["event_type"] for event in usage(coze, logs)["items"]]
    assert sorted(set(kinds)) == ["execution.completed", "execution.failed", "session.started"]
    assert refusal(coze, f"/v1/bots/{workflow}/analytics?{WEEK}") == (404, 4200)


def test_other_bots_are_untouched(coze):
    """What one bot is asked is in no other bot's figures."""
    look(coze, data(ask(coze, "桌面云打不开")))

    assert figures(usage_today(coze, "7000000000000000001")) == ZEROS


def test_answers_are_json(coze):
    """Rates and means are JSON numbers, whatever client reads them."""
    text = coze.get(SAMPLE + WEEK).text

    assert all(
        isinstance(row[name], int | float) for row in json.loads(text)["data"]["metrics"] for name in FIGURES
    )
