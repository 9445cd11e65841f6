"""The datasets users choose by name: what each promises in its description holds."""

import pytest

from mockcbs import Settings, create_app
from mockcbs.core.clock import instant
from mockcbs.core.files import shipped
from mockcbs.core.numbers import rounded
from mockcbs.datasets.load import load
from mockcbs.traffic.knowledge import OCCASIONS
from tests.datasets.shipped import NAMED_BOT, PROJECT, _app, ask, outcomes, session_counts, sessions
from tests.services.iam.logins import login

DATASETS = sorted(shipped("datasets"))
GENERATED = {"busy", "everyday", "growing-shop", "incident", "national-day", "quiet"}
STATED = sorted(set(DATASETS) - GENERATED)
COZE_BOT = "7342866812345678901"
COZE = {"Authorization": "Bearer pat_mockcbs"}
OTHER_BOT = "4d0cd5b5-2c3a-4a6e-9a51-7a1f7f3c2b10"


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
    """With --strict, a token from IAM gives access to the bot that every dataset names."""
    client = create_app(Settings(dataset=dataset, strict=True)).test_client()
    issued = client.post("/v3/auth/tokens", json=login(scope={"project": {"id": PROJECT}}))
    token = issued.headers["X-Subject-Token"]

    answer = client.get(
        f"/v1/{PROJECT}/qabots/{NAMED_BOT}/requests/keywords?start_time=0&end_time=1",
        headers={"X-Auth-Token": token},
    )

    assert answer.status_code == 200


@pytest.mark.parametrize("dataset", STATED)
def test_any_bot_is_like_the_named_one(dataset):
    """In a dataset with stated traffic, every other bot has the same traffic."""
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


def test_unicode_users_are_compared_as_they_are():
    """User ids that look equal but have other characters are different users."""
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
    """In November `incident` differs from `quiet` on two days; no alert on errors can miss the second."""
    assert alerts(analytics("incident")) == ["2026-11-18"]
    assert alerts(analytics("quiet")) == []
    before = [day for day in analytics("quiet") if day < "2026-11-17"]
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
    """Each shipped knowledge base has enough texts of each kind for generated traffic."""
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
