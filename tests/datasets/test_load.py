"""The datasets users choose by name: what each promises in its description holds."""

from functools import cache

import pytest
from flask import Flask

from mockcbs import Settings, create_app
from mockcbs.core.clock import instant
from mockcbs.core.files import shipped
from mockcbs.core.numbers import rounded
from mockcbs.datasets.load import load
from mockcbs.traffic.knowledge import OCCASIONS

DATASETS = sorted(shipped("datasets"))
GENERATED = {"busy", "everyday", "growing-shop", "incident", "national-day", "quiet"}
STATED = sorted(set(DATASETS) - GENERATED)
COZE_BOT = "7342866812345678901"
COZE = {"Authorization": "Bearer pat_mockcbs"}

PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
NAMED_BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
OTHER_BOT = "4d0cd5b5-2c3a-4a6e-9a51-7a1f7f3c2b10"

MILLISECOND_BEFORE_13_JUNE = instant("2024-06-12T23:59:59.999Z")
JUNE_13 = instant("2024-06-13T00:00:00Z")


@cache
def _app(dataset: str) -> Flask:
    return create_app(Settings(dataset=dataset, now=load(dataset).now or instant("2024-03-08T12:00:00Z")))


def ask(dataset, operation, bot=NAMED_BOT, **query):
    """The JSON that a statistics operation answers."""
    path, query = f"/v1/{PROJECT}/qabots/{bot}/{operation}", {"interval": "day", **query}
    return _app(dataset).test_client().get(path, query_string=query, headers={"X-Auth-Token": "any"}).json


def sessions(dataset, **query):
    """Start, sessions, users, mean rounds and mean time of each period."""
    intervals = ask(dataset, "requests/session-stats", **query)["intervals"]
    return [tuple(interval.values()) for interval in intervals]


def session_counts(dataset, **query):
    """Sessions by the start of their period."""
    return {start: count for start, count, *_ in sessions(dataset, **query)}


def question_counts(dataset, **query):
    """Questions by the start of their period."""
    intervals = ask(dataset, "requests/reply-rates", **query)["intervals"]
    return {interval["start"]: interval["question_count"] for interval in intervals}


def outcomes(figures):
    """The counts above 0 among the six outcomes."""
    named = {key.removesuffix("_count"): value for key, value in figures.items() if key.endswith("_count")}
    return {outcome: count for outcome, count in named.items() if count and outcome != "question"}


@pytest.mark.parametrize("dataset", DATASETS)
def test_has_a_description(dataset):
    """The description of each dataset states its purpose in one line."""
    description = load(dataset).description

    assert description
    assert "\n" not in description


@pytest.mark.parametrize("dataset", DATASETS)
def test_rounds_are_questions(dataset):
    """The mean rounds of session-stats times its sessions are the questions of reply-rates."""
    total = ask(dataset, "requests/session-stats")["total"]
    questions = ask(dataset, "requests/reply-rates")["total"]["question_count"]

    assert total["avg_request_count"] == float(rounded(questions, total["session_count"], 3))


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("interval", ["day", "week", "month", "year"])
def test_periods_add_up(dataset, interval):
    """Sessions and questions of all periods are those of the whole range, also at an odd offset."""
    query = {"interval": interval, "time_zone": "+05:45"}

    stats = ask(dataset, "requests/session-stats", **query)
    rates = ask(dataset, "requests/reply-rates", **query)

    assert sum(period["session_count"] for period in stats["intervals"]) == stats["total"]["session_count"]
    assert sum(period["question_count"] for period in rates["intervals"]) == rates["total"]["question_count"]


@pytest.mark.parametrize("dataset", DATASETS)
def test_names_a_bot_for_strict(dataset):
    """With --strict, a token from IAM opens the bot that every dataset names."""
    client = create_app(Settings(dataset=dataset, strict=True)).test_client()
    user = {"name": "mockcbs", "password": "mockcbs", "domain": {"name": "mockcbs"}}
    identity = {"methods": ["password"], "password": {"user": user}}
    scope = {"project": {"id": PROJECT}}
    issued = client.post("/v3/auth/tokens", json={"auth": {"identity": identity, "scope": scope}})
    token = issued.headers["X-Subject-Token"]

    answer = client.get(
        f"/v1/{PROJECT}/qabots/{NAMED_BOT}/requests/keywords?start_time=0&end_time=1",
        headers={"X-Auth-Token": token},
    )

    assert answer.status_code == 200


@pytest.mark.parametrize("dataset", STATED)
def test_any_bot_is_like_the_named_one(dataset):
    """Where traffic is stated word for word, every other bot has the same."""
    named = ask(dataset, "requests/session-stats")

    assert ask(dataset, "requests/session-stats", bot=OTHER_BOT) == named


def test_empty_has_nothing():
    """`empty` answers every operation with zeros and empty lists."""
    stats = ask("empty", "requests/session-stats")
    rates = ask("empty", "requests/reply-rates")

    assert stats["intervals"] == rates["intervals"] == []
    assert set(stats["total"].values()) == set(rates["total"].values()) == {0}
    assert ask("empty", "qa-pairs/hots") == {"questions": []}
    assert ask("empty", "requests/keywords") == {"keywords": []}


def test_single_turn_is_one_session_of_one_question():
    """`single-turn` has one session, which lasts 0 because its only question is also its last."""
    assert sessions("single-turn", time_zone="+08:00") == [("2024-05-15", 1, 1, 1.0, 0.0)]
    assert outcomes(ask("single-turn", "requests/reply-rates")["total"]) == {"direct": 1}
    assert [hit["st_question"] for hit in ask("single-turn", "qa-pairs/hots")["questions"]] == [
        "桌面云打不开"
    ]


def test_documented_week_by_category():
    """`documented-week` files the matched questions under 桌面云, and the others under no category."""
    total = ask("documented-week", "requests/reply-rates", domain="桌面云")["total"]

    assert outcomes(total) == {"direct": 86, "recommend": 4}
    assert (total["question_count"], total["direct_rate"], total["recommend_rate"]) == (90, 0.956, 0.044)


def test_documented_week_excluding_deleted():
    """`documented-week` has edited and deleted no pair, so its hot questions are the same either way."""
    logged = ask("documented-week", "qa-pairs/hots", exclude="false")

    assert ask("documented-week", "qa-pairs/hots", exclude="true") == logged


def test_iso_weeks_at_the_year_boundary():
    """Weeks around New Year begin on Monday: 28 December 2020 is in week 53, 30 December 2024 in week 1."""
    assert session_counts("year-boundary", interval="week") == {
        "2020-12-21": 1,
        "2020-12-28": 20,
        "2021-01-04": 1,
        "2024-12-23": 1,
        "2024-12-30": 20,
        "2025-01-06": 1,
    }


def test_new_year_is_in_the_week_of_the_old_year():
    """1 January 2021 alone, in a weekly response has the label of Monday 28 December 2020."""
    new_year = {
        "start_time": instant("2021-01-01T00:00:00Z"),
        "end_time": instant("2021-01-01T23:59:59.999Z"),
        "interval": "week",
    }

    assert sessions("year-boundary", **new_year) == [("2020-12-28", 7, 3, 1.286, 17142.857)]
    assert question_counts("year-boundary", **new_year) == {"2020-12-28": 10}


@pytest.mark.parametrize(
    ("zone", "old", "new"),
    [
        ("+14:00", 4, 18),
        ("+08:00", 7, 15),
        ("+05:45", 10, 12),
        ("UTC", 13, 9),
        ("-05:00", 16, 6),
        ("-11:00", 19, 3),
    ],
)
def test_the_year_changes_at_local_midnight(zone, old, new):
    """Each zone further west sees three more sessions in the old year: those at its neighbour's midnight."""
    assert session_counts("year-boundary", interval="year", time_zone=zone) == {
        "2020-01-01": old,
        "2021-01-01": new,
        "2024-01-01": old,
        "2025-01-01": new,
    }


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("+14:00", {"2020-12-31": 2, "2021-01-01": 13, "2021-01-02": 3}),
        ("UTC", {"2020-12-31": 11, "2021-01-01": 7}),
        ("-11:00", {"2020-12-30": 3, "2020-12-31": 14, "2021-01-01": 1}),
    ],
)
def test_days_at_the_year_boundary(zone, expected):
    """The same eighteen sessions fall on two days in UTC and on three at the ends of the earth."""
    counts = session_counts(
        "year-boundary",
        start_time=instant("2020-12-30T00:00:00Z"),
        end_time=instant("2021-01-02T00:00:00Z"),
        time_zone=zone,
    )

    assert counts == expected


def test_29_february_is_a_day_of_its_own():
    """2024 has a 29 February between 28 February and 1 March; 2023 has none."""
    assert sessions("leap-day") == [
        ("2023-02-28", 2, 2, 2.0, 25000.0),
        ("2023-03-01", 1, 1, 1.0, 0.0),
        ("2024-02-28", 2, 2, 1.5, 10000.0),
        ("2024-02-29", 2, 2, 2.5, 45000.0),
        ("2024-03-01", 1, 1, 1.0, 0.0),
    ]


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ("week", {"2023-02-27": 3, "2024-02-26": 5}),
        ("month", {"2023-02-01": 2, "2023-03-01": 1, "2024-02-01": 4, "2024-03-01": 1}),
        ("year", {"2023-01-01": 3, "2024-01-01": 5}),
    ],
)
def test_29_february_in_longer_periods(interval, expected):
    """29 February belongs to February and to the week that goes on into March."""
    assert session_counts("leap-day", interval=interval) == expected


def test_questions_on_29_february():
    """Questions after midnight count on their own day though their session began the day before."""
    rates = ask("leap-day", "requests/reply-rates", start_time=instant("2024-02-28T00:00:00Z"))

    leap_day, march_first = rates["intervals"][1:]
    assert leap_day["start"] == "2024-02-29"
    assert outcomes(leap_day) == {"direct": 2, "recommend": 1, "chat": 1, "dialog": 1}
    assert march_first["start"] == "2024-03-01"
    assert outcomes(march_first) == {"direct": 1, "invalid": 1}


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (
            "UTC",
            [
                ("2024-06-11", 3, 2, 1.0, 0.0),
                ("2024-06-12", 6, 2, 1.833, 20333.333),
                ("2024-06-13", 1, 1, 2.0, 0.0),
            ],
        ),
        (
            "+08:00",
            [
                ("2024-06-11", 1, 1, 1.0, 0.0),
                ("2024-06-12", 5, 2, 1.4, 12200.0),
                ("2024-06-13", 4, 2, 2.0, 15250.0),
            ],
        ),
    ],
)
def test_sessions_at_midnight(zone, expected):
    """A session belongs to the local day of its first question, to the millisecond."""
    assert sessions("midnight", time_zone=zone) == expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", {"2024-06-11": 3, "2024-06-12": 9, "2024-06-13": 4}),
        ("+08:00", {"2024-06-11": 1, "2024-06-12": 5, "2024-06-13": 10}),
    ],
)
def test_questions_at_midnight(zone, expected):
    """A question belongs to the local day of its own time, to the millisecond."""
    assert question_counts("midnight", time_zone=zone) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (MILLISECOND_BEFORE_13_JUNE, ("2024-06-12", 1, 1, 2.0, 1000.0)),
        (JUNE_13, ("2024-06-13", 1, 1, 2.0, 0.0)),
    ],
)
def test_short_sessions_in_whole_seconds(at, expected):
    """One millisecond across a full second lasts one second, 999 ms within a second last nothing."""
    assert sessions("midnight", start_time=at, end_time=at) == [expected]


def test_ranges_end_on_the_millisecond():
    """Though durations are cut to seconds, a range holds what was asked in its first and last millisecond."""
    before = question_counts("midnight", start_time=JUNE_13 - 1, end_time=JUNE_13 - 1)
    both = question_counts("midnight", start_time=JUNE_13 - 1, end_time=JUNE_13)

    assert before == {"2024-06-12": 1}
    assert both == {"2024-06-12": 1, "2024-06-13": 2}


def test_unicode_users_are_compared_as_they_are():
    """User ids that look alike but differ in their characters are different users."""
    assert sessions("unicode") == [("2024-05-20", 17, 17, 1.118, 3529.412)]


def test_unicode_categories():
    """A category is found by its name, emoji and rare characters included."""
    travel = ask("unicode", "requests/reply-rates", domain="差旅🧳")["total"]
    food = ask("unicode", "qa-pairs/hots", domain="餐饮与𠮷𩸽")["questions"]

    assert outcomes(travel) == {"direct": 2, "recommend": 1}
    assert [(hit["st_question"], hit["domain"]) for hit in food] == [("𠮷野家的𩸽能报销吗", "餐饮与𠮷𩸽")]


def test_unicode_has_the_longest_question():
    """The longest question has 512 characters, the most there may be, each of them one unit of UTF-16."""
    bot = load("unicode").bots[NAMED_BOT]

    longest = max((turn.said.question for session in bot.sessions for turn in session.turns), key=len)

    assert len(longest) == 512
    assert len(longest.encode("utf-16-le")) == 1024


def analytics(dataset, bot=COZE_BOT):
    """The days of November 2026 that the analytics of a Coze bot have."""
    query = {"start_date": "2026-11-01", "end_date": "2026-11-18"}
    response = _app(dataset).test_client().get(f"/v1/bots/{bot}/analytics", query_string=query, headers=COZE)
    return {day["date"]: day for day in response.json["data"]["metrics"]}


def alerts(days):
    """The days on which an alert on the error rate or on the mean latency fires."""
    return [
        date
        for date, day in days.items()
        if day["total_calls"] > 50 and (day["error_rate"] > 0.05 or day["avg_response_time_ms"] > 6000)
    ]


def test_alerts_fire_on_the_incident_and_stay_silent_on_quiet():
    """`incident` differs from `quiet` on one day, which no alert can miss."""
    assert alerts(analytics("incident")) == ["2026-11-18"]
    assert alerts(analytics("quiet")) == []
    before = [day for day in analytics("quiet") if day < "2026-11-18"]
    assert [analytics("incident")[day] for day in before] == [analytics("quiet")[day] for day in before]


def test_the_incident_shows_in_the_statistics_of_cbs():
    """The share of questions without a match rises, and VPN is what users ask about."""
    day = {"start_time": instant("2026-11-18T02:00:00Z"), "end_time": instant("2026-11-18T03:30:00Z")}

    rates = {name: ask(name, "requests/reply-rates", **day)["total"] for name in ("incident", "quiet")}
    hot = ask("incident", "qa-pairs/hots", top=1, **day)["questions"][0]

    assert rates["incident"]["notmatch_rate"] > 2 * rates["quiet"]["notmatch_rate"]
    assert rates["incident"]["question_count"] > 1.6 * rates["quiet"]["question_count"]
    assert hot["st_question"] == "VPN连不上怎么办"


def test_national_day_closes_the_office():
    """`national-day` has hardly any session in the holidays, and ordinary ones on the worked weekend days."""
    days = session_counts("national-day", time_zone="+08:00", start_time=instant("2026-09-14T00:00:00Z"))

    holidays = [days.get(f"2026-10-0{day}", 0) for day in range(1, 8)]
    worked = [days["2026-09-20"], days["2026-10-10"]]
    assert sum(holidays) / 7 < 0.15 * days["2026-10-14"]
    assert min(worked) > 0.6 * days["2026-10-14"]


def test_growing_shop_grows():
    """`growing-shop` has more sessions each month, and most of all on 11 November."""
    days = session_counts("growing-shop", time_zone="+08:00")

    def mean(month):
        counts = [count for day, count in days.items() if day.startswith(month)]
        return sum(counts) / len(counts)

    assert mean("2026-10") > 1.2 * mean("2026-06")
    assert max(days, key=days.get) == "2026-11-11"


@pytest.mark.parametrize("name", sorted(shipped("knowledge")))
def test_knowledge_bases_have_all_kinds_of_words(name, tmp_path):
    """Each shipped knowledge base has enough of everything that generated traffic says."""
    file = tmp_path / "mine.yaml"
    file.write_text(f'knowledge: {name}\nbots: [{{id: "*", traffic: {{}}}}]', "utf-8")

    knowledge = load(str(file)).knowledge

    assert len(knowledge.pairs) >= 25
    assert len({pair.domain for pair in knowledge.pairs}) >= 5
    assert all(len(pair.variants) >= 2 and pair.answer for pair in knowledge.pairs)
    assert {remark.when for remark in knowledge.small_talk} == set(OCCASIONS)
    assert all(skill.slots and skill.replies for skill in knowledge.skills)
    assert len(knowledge.unmatched) >= 20
    assert len(knowledge.keywords) >= 80
