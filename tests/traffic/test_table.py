"""The export: every figure of the API, computed again from its rows by other code than the API's."""

import csv
import io
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs import Settings, create_app
from mockcbs.traffic.bots import Profile
from mockcbs.traffic.table import COLUMNS, Table, zone
from tests.conftest import BOT, PROJECT
from tests.thoroughness import examples
from tests.traffic.logs import BOT as LOGGED
from tests.traffic.logs import log_of

NOW = 1_795_320_000_000  # 2026-11-22T04:00:00Z
DAY = 86_400_000
AGENT = "7342866812345678901"
OUTCOMES = ("direct", "recommend", "notmatch", "chat", "invalid", "dialog")
CBS, COZE = {"X-Auth-Token": "t"}, {"Authorization": "Bearer pat_mockcbs"}


@pytest.fixture(scope="module")
def client():
    """A mock with generated traffic, an edited and a deleted pair, and questions of clients."""
    client = create_app(Settings(now=NOW, seed=11, dataset="everyday")).test_client()
    base = f"/v1/{PROJECT}/qabots/{BOT}"
    for number, question in enumerate(
        ["桌面云打不开", "量子计算", "???", "早上好", "桌面云", "VPN连不上"] * 3
    ):
        body = {"question": question, "user_id": f"client {number % 2}", "chat_enable": True}
        assert client.post(f"{base}/chat", json=body, headers=CBS).status_code == 200
    message = {"role": "user", "content": "你好", "content_type": "text"}
    for user in ("one", "two"):
        body = {"bot_id": AGENT, "user_id": user, "additional_messages": [message]}
        assert client.post("/v3/chat", json=body, headers=COZE).json["code"] == 0
    return client


def export(client, bot, **query) -> list[dict[str, str]]:
    text = client.get("/_mockcbs/export", query_string={"bot": bot, **query}).text
    return list(csv.DictReader(io.StringIO(text)))


class Rows(list):
    """Rows of which a report need not print thousands."""

    def __repr__(self) -> str:
        return f"{len(self)} rows"


@pytest.fixture(scope="module")
def rows(client):
    """The export of the CBS bot, with its numbers read."""
    return Rows({**row, "at_ms": int(row["at_ms"])} for row in export(client, BOT, project=PROJECT))


@pytest.fixture(scope="module")
def calls(client):
    """The same of the Coze bot."""
    return Rows({**row, "at_ms": int(row["at_ms"])} for row in export(client, AGENT))


def dec(numerator, denominator, digits=3) -> Decimal:
    if not denominator:
        return Decimal(0)
    return (Decimal(numerator) / denominator).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def label(at: int, interval: str, hours: int) -> str:
    day = (datetime.fromtimestamp(at // 1000, UTC) + timedelta(hours=hours)).date()
    first = {
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "year": day.replace(month=1, day=1),
    }
    return first[interval].isoformat()


def session_figures(sessions) -> dict:
    seconds = sum(turns[-1]["at_ms"] // 1000 - turns[0]["at_ms"] // 1000 for turns in sessions)
    return {
        "session_count": len(sessions),
        "user_count": len({row["user_id"] for turns in sessions for row in turns} - {""}),
        "avg_request_count": dec(sum(map(len, sessions)), len(sessions)),
        "avg_session_time": dec(1000 * seconds, len(sessions)),
    }


def reply_figures(turns) -> dict:
    counts = Counter(row["outcome"] for row in turns)
    return {
        "question_count": len(turns),
        **{f"{outcome}_count": counts[outcome] for outcome in OUTCOMES},
        **{f"{outcome}_rate": dec(counts[outcome], len(turns)) for outcome in OUTCOMES},
    }


def periods(items, at, interval, hours, figures) -> list[dict]:
    grouped = defaultdict(list)
    for item in items:
        grouped[label(at(item), interval, hours)].append(item)
    return [{"start": start, **figures(group)} for start, group in sorted(grouped.items())]


def served(client, tail, **query):
    response = client.get(f"/v1/{PROJECT}/qabots/{BOT}/{tail}", query_string=query, headers=CBS)
    assert response.status_code == 200, response.headers["X-Mockcbs-Reason"]
    return response.get_json()


def same(found, wanted):
    """Compare, whatever type the decimals have."""
    if isinstance(wanted, dict):
        assert set(found) == set(wanted)
        for name in wanted:
            same(found[name], wanted[name])
    elif isinstance(wanted, list):
        assert len(found) == len(wanted)
        for one, other in zip(found, wanted, strict=True):
            same(one, other)
    else:
        assert (Decimal(str(found)) if isinstance(wanted, Decimal) else found) == wanted


RANGES = st.tuples(st.integers(NOW - 92 * DAY, NOW + DAY), st.integers(NOW - 92 * DAY, NOW + DAY)).map(sorted)


@given(
    RANGES,
    st.sampled_from(["day", "week", "month", "year"]),
    st.integers(-12, 12),
    st.sampled_from(["", "桌面云"]),
)
@settings(max_examples=examples(15), deadline=None)
def test_periods_of_cbs(client, rows, limits, interval, hours, domain):
    """Session-stats and reply-rates, in total and by period, of any range in any zone."""
    start, end = limits
    query = {
        "start_time": start,
        "end_time": end,
        "interval": interval,
        "time_zone": f"{'-' if hours < 0 else '+'}{abs(hours):02}:00",
    }
    sessions = defaultdict(list)
    for row in rows:
        sessions[row["session_id"]].append(row)
    begun = [turns for turns in sessions.values() if start <= turns[0]["at_ms"] <= end]
    asked = [row for row in rows if start <= row["at_ms"] <= end and domain in ("", row["domain"])]

    stats = served(client, "requests/session-stats", **query)
    rates = served(client, "requests/reply-rates", **query, domain=domain)

    same(stats["total"], session_figures(begun))
    same(
        stats["intervals"], periods(begun, lambda turns: turns[0]["at_ms"], interval, hours, session_figures)
    )
    same(rates["total"], reply_figures(asked))
    same(rates["intervals"], periods(asked, lambda row: row["at_ms"], interval, hours, reply_figures))


@given(RANGES, st.sampled_from(["true", "false"]), st.integers(1, 20), st.integers(0, 50))
@settings(max_examples=examples(15), deadline=None)
def test_lists_of_cbs(client, rows, limits, exclude, hots, words):
    """The table gives hot questions, as logged or as they are now, and keywords of any range."""
    start, end = limits
    asked = [row for row in rows if start <= row["at_ms"] <= end]
    column = "st_question_now" if exclude == "true" else "st_question"
    hit = Counter()
    for row in asked:
        if row["outcome"] == "direct" and row[column]:
            hit[row["qa_pair_id"], row[column], row["domain"]] += 1
    ranked = sorted(hit, key=lambda pair: (-hit[pair], pair[0]))[:hots]
    said = Counter(word for row in asked for word in row["keywords"].split(";") if word)

    questions = served(client, "qa-pairs/hots", start_time=start, end_time=end, exclude=exclude, top=hots)[
        "questions"
    ]
    keywords = served(client, "requests/keywords", start_time=start, end_time=end, top=words)["keywords"]

    assert [tuple(question.values()) for question in questions] == ranked
    assert [(row["keyword"], row["freq"]) for row in keywords] == said.most_common(words)


@given(st.integers(-89, 0), st.integers(0, 20), st.booleans(), st.booleans())
@settings(max_examples=examples(15), deadline=None)
def test_analytics_of_coze(client, calls, first, length, by_channel, by_user):
    """Days of Shanghai, filtered by channel and user."""
    today = date(2026, 11, 22)
    start, end = today + timedelta(days=first), min(today, today + timedelta(days=first + length))
    query = {"start_date": start.isoformat(), "end_date": end.isoformat()}
    wanted = [row for row in calls if start.isoformat() <= label(row["at_ms"], "day", 8) <= end.isoformat()]
    if wanted and by_channel:
        query["connector_id"] = wanted[0]["connector_id"]
        wanted = [row for row in wanted if row["connector_id"] == query["connector_id"]]
    if wanted and by_user and wanted[-1]["user_id"]:
        query["user_id"] = wanted[-1]["user_id"]
        wanted = [row for row in wanted if row["user_id"] == query["user_id"]]
    ended = [row for row in wanted if row["status"] != "running"]
    good = sum(row["status"] == "success" for row in ended)

    summary = client.get(f"/v1/bots/{AGENT}/analytics", query_string=query, headers=COZE).json["data"][
        "summary"
    ]

    assert summary["total_calls"] == len(wanted)
    assert summary["total_messages"] == len(wanted) + good
    assert summary["unique_users"] == len({row["user_id"] for row in wanted} - {""})
    assert summary["total_sessions"] == len({row["session_id"] for row in wanted})
    assert summary["success_rate"] == float(dec(good, len(ended), 4) if ended else 1)
    assert summary["avg_response_time_ms"] == float(
        dec(sum(int(row["latency_ms"]) for row in ended), len(ended), 2)
    )


def test_executions_bear_the_ids_of_their_events(client, calls):
    """A chat's id and channel are those that the raw events show."""
    query = {"start_date": "2026-11-20", "end_date": "2026-11-22", "page_size": 100}
    found, page = [], 1
    while True:
        answer = client.get(
            f"/v1/bots/{AGENT}/analytics/logs", query_string={**query, "page_num": page}, headers=COZE
        )
        data = answer.json["data"]
        found += data["items"]
        if page * 100 >= data["total"]:
            break
        page += 1

    shown = {(event["chat_id"], event["connector_id"], event["session_id"]) for event in found}
    recent = [row for row in calls if label(row["at_ms"], "day", 8) >= "2026-11-20"]
    assert recent
    assert {(row["chat_id"], row["connector_id"], row["session_id"]) for row in recent} == shown
    assert not any(row["execute_id"] for row in recent)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("UTC", "2026-11-02T00:00:00Z"),
        ("+08:00", "2026-11-01T16:00:00Z"),
        ("Asia/Shanghai", "2026-11-01T16:00:00Z"),
        ("America/New_York", "2026-11-02T05:00:00Z"),
    ],
)
def test_days_of_a_zone(client, rows, name, first):
    """Days begin and end at local midnight, and the column at shows local time."""
    start = int(datetime.fromisoformat(first).timestamp()) * 1000

    found = export(client, BOT, project=PROJECT, zone=name, **{"from": "2026-11-02", "to": "2026-11-03"})

    wanted = [row["at_ms"] for row in rows if start <= row["at_ms"] < start + 2 * DAY]
    assert [int(row["at_ms"]) for row in found] == wanted
    assert {row["at"][:10] for row in found} == {"2026-11-02", "2026-11-03"}
    assert all(
        datetime.fromisoformat(row["at"]).timestamp() * 1000 == pytest.approx(int(row["at_ms"]), abs=0.5)
        for row in found[:50]
    )


def test_a_zone_that_is_none():
    """The error names the accepted zones."""
    with pytest.raises(ValueError, match=r"zone 'Mars' is not UTC, an offset such as \+08:00, or a name"):
        zone("Mars")


def test_a_byte_order_mark_on_demand(client):
    """Excel reads CSV as UTF-8 only with one."""
    query = {"bot": BOT, "from": "2026-11-21", "bom": "true"}

    with_bom = client.get("/_mockcbs/export", query_string=query).data
    without = client.get("/_mockcbs/export", query_string={**query, "bom": "false"}).data

    assert with_bom == "\ufeff".encode() + without
    assert without.decode().partition("\n")[0] == ",".join(COLUMNS)


def test_pieces_of_a_large_bot_are_short():
    """A day of 10,000 sessions comes in hundreds of pieces: writing it at once would stop other threads."""
    table = Table(log_of(profile=Profile(sessions_per_day=10_000, retention_days=2)), LOGGED, NOW)
    days = []

    sizes = [piece.count("\n") for piece in table.pieces("csv", on_days=days.append)]

    assert sum(sizes) > 10_000
    assert max(sizes) < 300
    assert sum(days) == len(table.days)
