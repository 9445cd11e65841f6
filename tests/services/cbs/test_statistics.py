"""The statistics operations against figures counted one by one over the exported turns (contract 8.3)."""

import itertools
import tracemalloc
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs import Settings, create_app
from mockcbs.services.cbs import statistics
from mockcbs.traffic.bots import FIRST_DAY
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.words.keywords import KeywordExtractor
from mockcbs.traffic.words.utterances import Utterances
from tests.conftest import BOT, NOW, PROJECT
from tests.thoroughness import examples

BASE = f"/v1/{PROJECT}/qabots/{BOT}"
OUTCOMES = ("direct", "recommend", "notmatch", "chat", "invalid", "dialog")

INSTANT = st.one_of(
    st.none(),
    st.integers(NOW - 100 * DAY, NOW + 2 * DAY),
    st.builds(lambda day, step: NOW + day * DAY // 4 + step, st.integers(-400, 4), st.integers(-1, 1)),
)
ZONE = st.integers(-18 * 60, 18 * 60).map(
    lambda minutes: f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
)
INTERVAL = st.sampled_from(["day", "week", "month", "year"])


@pytest.fixture(scope="module", params=[("everyday", NOW), ("midnight", None), ("year-boundary", None)])
def mock(request):
    dataset, now = request.param
    return create_app(Settings(dataset=dataset, now=now, seed=7))


@pytest.fixture(scope="module")
def rows(mock):
    state = mock.extensions["mockcbs"]
    days = range(FIRST_DAY - 400, state.clock.now() // DAY + 1)
    return [row for day in state.log.rows(BOT, days, state.clock.now()) for row in day]


def ask(mock, path: str, **query):
    query = {"interval": "day", **query}
    given_ = {key: value for key, value in query.items() if value is not None}
    return mock.test_client().get(f"{BASE}{path}", query_string=given_, headers={"X-Auth-Token": "t"})


def dec3(numerator: int, denominator: int) -> Decimal:
    if not denominator:
        return Decimal("0.000")
    return (Decimal(numerator) / denominator).quantize(Decimal("0.001"), ROUND_HALF_UP)


def bucket(at: int, zone: str, interval: str) -> str:
    sign = -1 if zone[0] == "-" else 1
    local = datetime.fromtimestamp(at // 1000, UTC) + sign * timedelta(
        hours=int(zone[1:3]), minutes=int(zone[4:])
    )
    day = local.date()
    if interval == "week":
        day -= timedelta(day.weekday())
    elif interval != "day":
        day = day.replace(day=1, **({"month": 1} if interval == "year" else {}))
    return str(day)


def session_figures(sessions) -> dict:
    return {
        "session_count": len(sessions),
        "user_count": len({row.user_id for rows in sessions for row in rows} - {""}),
        "avg_request_count": dec3(sum(map(len, sessions)), len(sessions)),
        "avg_session_time": dec3(
            sum(rows[-1].at_ms // 1000 - rows[0].at_ms // 1000 for rows in sessions) * 1000, len(sessions)
        ),
    }


@given(INSTANT, INSTANT, ZONE, INTERVAL)
@settings(max_examples=examples(120), deadline=None)
def test_session_stats_are_those_counted_one_by_one(mock, rows, start, end, zone, interval):
    """Any range, zone and interval gives exactly what the reference computation gives."""
    effective_end = mock.extensions["mockcbs"].clock.now() if end is None else end
    response = ask(
        mock,
        "/requests/session-stats",
        start_time=start,
        end_time=end,
        time_zone=zone,
        interval=interval,
    )

    if (start or 0) > effective_end:
        assert response.status_code == 400
        return
    sessions = defaultdict(list)
    for row in rows:
        sessions[row.session_id].append(row)
    chosen = [rows for rows in sessions.values() if (start or 0) <= rows[0].at_ms <= effective_end]
    periods = defaultdict(list)
    for session in chosen:
        periods[bucket(session[0].at_ms, zone, interval)].append(session)
    body = response.json
    assert body["total"] == approximately(session_figures(chosen))
    assert body["intervals"] == [
        approximately({"start": label, **session_figures(periods[label])}) for label in sorted(periods)
    ]
    assert (body["startutc"], body["endutc"], body["time_zone"]) == (start or 0, effective_end, zone)


@given(INSTANT, INSTANT, ZONE, INTERVAL, st.sampled_from([None, "桌面云", "费用与发票", "nowhere"]))
@settings(max_examples=examples(120), deadline=None)
def test_reply_rates_are_those_counted_one_by_one(mock, rows, start, end, zone, interval, domain):
    """Counts partition the questions of each period; rates are count by total, rounded once."""
    effective_end = mock.extensions["mockcbs"].clock.now() if end is None else end
    response = ask(
        mock,
        "/requests/reply-rates",
        start_time=start,
        end_time=end,
        time_zone=zone,
        interval=interval,
        domain=domain,
    )

    if (start or 0) > effective_end:
        assert response.status_code == 400
        return
    chosen = [
        row
        for row in rows
        if (start or 0) <= row.at_ms <= effective_end and domain in {None, row.said.domain}
    ]
    periods = defaultdict(Counter)
    for row in chosen:
        periods[bucket(row.at_ms, zone, interval)][row.said.outcome] += 1
    body = response.json
    assert body["total"] == approximately(reply_figures(Counter(row.said.outcome for row in chosen)))
    assert body["intervals"] == [
        approximately({"start": label, **reply_figures(periods[label])}) for label in sorted(periods)
    ]


def reply_figures(counts: Counter) -> dict:
    total = counts.total()
    return {
        "question_count": total,
        **{f"{outcome}_count": counts[outcome] for outcome in OUTCOMES},
        **{f"{outcome}_rate": dec3(counts[outcome], total) for outcome in OUTCOMES},
    }


def approximately(figures: dict) -> dict:
    """JSON numbers come back as floats; three decimals survive that exactly."""
    return {key: float(value) if isinstance(value, Decimal) else value for key, value in figures.items()}


@given(INSTANT, INSTANT, st.integers(1, 20), st.booleans())
@settings(max_examples=examples(60), deadline=None)
def test_hot_questions_are_the_most_frequent_direct_hits(mock, rows, start, end, top, exclude):
    """Direct hits by pair, most first, ties by id; deleted pairs only in the list as logged."""
    response = ask(
        mock,
        "/qa-pairs/hots",
        start_time=start,
        end_time=end,
        top=top,
        exclude=str(exclude).lower(),
    )

    end = mock.extensions["mockcbs"].clock.now() if end is None else end
    if (start or 0) > end:
        assert response.status_code == 400
        return
    hits = Counter(
        row.said.pair.pair_id
        for row in rows
        if row.said.outcome == "direct"
        and row.said.pair
        and (start or 0) <= row.at_ms <= end
        and not (exclude and row.said.pair.deleted)
    )
    expected = sorted(hits, key=lambda pair: (-hits[pair], pair))[:top]
    assert [question["qa_pair_id"] for question in response.json["questions"]] == expected


def test_keywords_are_counted_over_the_questions(mock, rows):
    """The frequency of a keyword is the number of its occurrences in the questions of the range."""
    log = mock.extensions["mockcbs"].log
    keywords_of = KeywordExtractor(log.dataset.knowledge.lexicon)
    expected = Counter()
    first = {}
    for place, row in enumerate(rows):
        for word in keywords_of(row.said.question):
            expected[word] += 1
            first.setdefault(word, (place, len(first)))

    body = ask(mock, "/requests/keywords", top=50).json

    ranked = sorted(expected, key=lambda word: (-expected[word], first[word]))[:50]
    assert body["keywords"] == [{"keyword": word, "freq": expected[word]} for word in ranked]


def test_first_appearances_take_no_list_of_all_questions():
    """A list of millions of rows would stop all threads while it is made and freed."""
    said = np.zeros(2_000_000, np.int32)
    said[1_000_000:] = 1
    bot = SimpleNamespace(
        keywords=lambda: [["a"], ["b", "a", "c"]], view=SimpleNamespace(said=lambda *_: said)
    )

    tracemalloc.start()
    try:
        found = statistics._first_appearances(bot, statistics.Range(0, 9, 9), {"a", "c"})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert found == {"a": (0, 0), "c": (1_000_000, 2)}
    assert peak < 2_000_000


def test_edited_and_deleted_pairs(app):
    """exclude=true shows the knowledge base as it is now, exclude=false the questions as logged (5.3)."""
    both = {
        exclude: [
            question["st_question"]
            for domain in ("账号与登录", "费用与发票")
            for question in ask(app, "/qa-pairs/hots", top=20, exclude=exclude, domain=domain).json[
                "questions"
            ]
        ]
        for exclude in ("true", "false")
    }

    assert "忘记密码如何重置" in both["true"]
    assert "忘记密码如何重置" not in both["false"]
    assert "密码忘了怎么办" in both["false"]
    assert "纸质发票什么时候寄出" in both["false"]
    assert "纸质发票什么时候寄出" not in both["true"]


def test_a_category_is_asked_for_by_name_by_id_or_by_both(app):
    """Domain and domain_id restrict the list, and both must hold (D-9)."""
    knowledge = app.extensions["mockcbs"].log.dataset.knowledge
    desktop, network = knowledge.domain_id("桌面云"), knowledge.domain_id("网络与VPN")

    def domains(query: str) -> set[str]:
        response = app.test_client().get(
            f"{BASE}/qa-pairs/hots?top=20&{query}", headers={"X-Auth-Token": "t"}
        )
        return {question["domain"] for question in response.json["questions"]}

    assert domains("domain=桌面云") == domains(f"domain_id={desktop}") == {"桌面云"}
    assert domains(f"domain_id={desktop}&domain_id={network}") == {"桌面云", "网络与VPN"}
    assert domains(f"domain_id={desktop};{network}") == domains(f"domain_id={desktop},{network}")
    assert domains(f"domain=桌面云&domain_id={network}") == set()
    assert domains("domain_id=unknown") == set()
    assert len(domains("domain=")) > 2


@given(st.lists(st.integers(NOW - 90 * DAY, NOW), min_size=2, max_size=5, unique=True))
@settings(max_examples=examples(40), deadline=None)
def test_adjacent_ranges_add_up(app, cuts):
    """Sessions and questions of a range are the sums over any partition of it (law 2)."""
    cuts = sorted(cuts)

    for path, key in (
        ("/requests/session-stats", "session_count"),
        ("/requests/reply-rates", "question_count"),
    ):
        whole = ask(app, path, start_time=cuts[0], end_time=cuts[-1] - 1).json["total"][key]
        parts = [
            ask(app, path, start_time=low, end_time=high - 1).json["total"][key]
            for low, high in itertools.pairwise(cuts)
        ]
        assert whole == sum(parts)


@pytest.mark.parametrize("interval", ["day", "week", "month", "year"])
def test_views_agree(app, interval):
    """Rounds of session-stats are the questions of reply-rates (R-6, law 3)."""
    sessions = ask(app, "/requests/session-stats", interval=interval).json
    replies = ask(app, "/requests/reply-rates", interval=interval).json

    rounds = sessions["total"]["avg_request_count"] * sessions["total"]["session_count"]
    questions = replies["total"]["question_count"]
    assert abs(rounds - questions) <= 0.0005 * sessions["total"]["session_count"]
    assert sum(row["session_count"] for row in sessions["intervals"]) == sessions["total"]["session_count"]
    assert sum(row["question_count"] for row in replies["intervals"]) == questions


def test_the_other_reading_of_a_missing_start(tmp_path):
    """default_start week: local midnight of the day seven days before the end (D-1)."""
    mock = create_app(Settings(dataset="empty", now=1_613_720_965_417, default_start="week"))

    body = ask(mock, "/requests/session-stats", time_zone="+08:00").json
    in_utc = ask(mock, "/requests/session-stats").json
    early = ask(mock, "/requests/session-stats", end_time=5).json

    assert body["startutc"] == 1_613_059_200_000
    assert in_utc["startutc"] == 1_613_088_000_000
    assert (early["startutc"], early["endutc"]) == (0, 5)


def test_hot_questions_read_only_what_was_asked(mock, monkeypatch):
    """Most of the thousands of utterances of a bot are failures that nobody met; each would be made anew."""
    monkeypatch.setattr(Utterances, "__iter__", lambda _: pytest.fail("all were read"))

    assert ask(mock, "/qa-pairs/hots", top=3).json["questions"]
