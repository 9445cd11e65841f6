"""Whether users ask about public holidays when these are near, and only then, over seeds and trades."""

import json
import re
from collections import Counter
from functools import cache

import pytest

from mockcbs.core.clock import instant
from mockcbs.datasets.load import Source, load, load_source
from mockcbs.traffic.amounts.calendar import spans_off
from mockcbs.traffic.bots import Profile
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.knowledge import KnowledgeBase, Pair
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.numbering import generated
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.words.holidays import ANY, NAMES, named, near
from tests.traffic.bases import SHIPPED, shipped
from tests.traffic.worlds import CBS, COZE, EIGHT_HOURS

NIGHT = 2 * 3_600_000
"""How long after midnight a session that began before may go on."""


def day(date: str) -> int:
    return instant(f"{date}T00:00:00Z") // DAY


@cache
def told(name: str, bot: str, first: str, last: str, **profile) -> list[tuple[int, int | None]]:
    """The local day and the holiday of each question, as `named` numbers it, with two seeds."""
    traffic = {"retention_days": None, "sessions_per_day": 90}
    content = {"bots": [{"id": bot, "knowledge": name, "profile": dict(profile), "traffic": traffic}]}
    dataset, days = load_source(Source("own", json.dumps(content))), range(day(first), day(last))
    return [
        ((turn.at_ms + EIGHT_HOURS - NIGHT) // DAY, named(turn.said.template))
        for seed in range(2)
        for some in TrafficLog(dataset, seed).rows(bot, days, days.stop * DAY)
        for turn in some
    ]


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
@pytest.mark.parametrize("name", SHIPPED)
def test_users_ask_about_a_holiday_that_is_near(name, bot):
    """From ten days before National Day until its end 2 to 12 % of the questions are about a holiday."""
    found = told(name, bot, "2026-09-05", "2026-10-20")
    near_by = [number for at, number in found if day("2026-09-24") <= at <= day("2026-10-07")]

    assert 0.01 < sum(number is not None for number in near_by) / len(near_by) < 0.12
    assert not [number for at, number in found if at > day("2026-10-08") and number is not None]


@pytest.mark.parametrize("name", SHIPPED)
def test_nobody_names_a_holiday_that_is_not_near(name):
    """In a year each holiday is named, from ten days before it until its end."""
    count = Counter()
    for at, number in told(name, CBS[0], "2025-12-01", "2026-11-20"):
        if number is not None:
            known = {one.number for some in (at, at + 1) for one in near(some)}
            assert known if number == ANY else number in known, NAMES[number % ANY]
            count[number] += 1

    assert count.total() > 40
    assert name == "cloud-en" or {*count} >= {*range(ANY)}


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
def test_nobody_asks_in_a_holiday_whether_there_will_be_one(bot):
    """中秋放假吗 comes before the days off, in them only what a pair answers."""
    content = {"bots": [{"id": bot, "knowledge": "office", "traffic": {"sessions_per_day": 300}}]}
    dataset = load_source(Source("own", json.dumps(content)))
    days = range(day("2026-09-14"), day("2026-10-10"))
    found = [
        ((turn.at_ms + EIGHT_HOURS - NIGHT) // DAY, turn.said.pair)
        for seed in range(3)
        for some in TrafficLog(dataset, seed).rows(bot, days, days.stop * DAY)
        for turn in some
        if named(turn.said.template) is not None
    ]
    during = [pair for at, pair in found if not any(one.is_ahead for one in near(at))]

    assert len(found) > 100
    assert None not in during


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
@pytest.mark.parametrize("name", SHIPPED)
def test_weeks_without_a_holiday_have_no_questions_about_one(name, bot):
    """From late October to late November nobody says 假期, 放假 or 长假, as there is no public holiday."""
    content = {"bots": [{"id": bot, "knowledge": name, "traffic": {"sessions_per_day": 150}}]}
    dataset = load_source(Source("own", json.dumps(content)))
    days = range(day("2026-10-20"), day("2026-11-21"))
    texts = [
        turn.said.question
        for seed in range(4)
        for some in TrafficLog(dataset, seed).rows(bot, days, days.stop * DAY)
        for turn in some
    ]

    assert len(texts) > 20_000
    assert not [text for text in texts if re.search("假期|放假|长假|holidays", text)]


def test_a_category_of_holidays_is_about_nothing_else():
    """The pairs of a category are asked all year if all of them are about holidays; else those never are."""
    lasting = {"工牌丢了": "人事", "怎么转正": "人事", "社保怎么查": "人事"}
    asked = {"放假怎么安排": "行政", "假期谁值班": "行政", **lasting, "放假能补办工牌吗": "人事"}
    base = KnowledgeBase(pairs=tuple(Pair(question, domain) for question, domain in asked.items()))
    lines = generated(base)
    turns, _ = Generator(1, CBS[0], Profile(sessions_per_day=90), base).turns_of(range(20_748, 20_760))
    said = {lines[one].pair.question for one in turns.utterance.tolist() if lines[one].pair}

    assert lasting.keys() < said
    assert "放假能补办工牌吗" not in said


@pytest.mark.parametrize("name", SHIPPED)
def test_each_trade_has_questions_about_holidays(name):
    """There are two to four about the greatest holidays, with a pair or without."""
    knowledge = shipped(name)
    texts = [*knowledge.unmatched, *(text for pair in knowledge.pairs for text in pair.variants)]
    count = Counter(named(text) for text in texts)

    assert count[ANY] >= 4 or all(count[NAMES.index(one)] >= 2 for one in ("春节", "五一", "国庆", "中秋"))


def test_many_ask_about_national_day():
    """In the dataset of that name it is among the ten things that users ask about most in these weeks."""
    log = TrafficLog(load("national-day"), 42)
    now = log.dataset.now
    for bot in (CBS[0], "7342866812345678901", "7342866812345678902"):
        asked = Counter(
            NAMES[number] if number is not None and number < ANY else pair.question if pair else ""
            for some in log.rows(bot, range(day("2026-09-24"), day("2026-10-07")), now)
            for turn in some
            for number, pair in [(named(turn.said.template), turn.said.pair)]
        )
        count = asked.total()
        del asked[""]

        assert "国庆" in [text for text, _ in asked.most_common(10)]
        assert 0.025 < asked["国庆"] / count < 0.09


def test_without_a_calendar_nobody_speaks_of_holidays():
    """A bot with `calendar: none` has no public holidays."""
    assert {number for _, number in told("shop", CBS[0], "2026-09-10", "2026-10-10", calendar="none")} == {
        None
    }


def test_holidays_have_their_names():
    """National Day and the Mid-Autumn Festival share their days when they meet."""
    years = {2023: {"中秋", "国庆"}, 2025: {"中秋", "国庆"}, 2026: {"国庆"}}

    for year, names in years.items():
        assert {NAMES[one.number] for one in near(day(f"{year}-10-03"))} == names
    assert {NAMES[one.number] for one in near(day("2026-06-20"))} == {"端午"}
    assert {NAMES[one.number] for first, *_ in spans_off() for one in near(first)} == {*NAMES}
    assert not near(day("2026-08-01"))
