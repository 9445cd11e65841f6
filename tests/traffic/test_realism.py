"""Statistics of generated traffic over twenty seeds, which operators of such bots would check."""

from collections import Counter
from statistics import mean

import numpy as np
import pytest

from mockcbs.traffic.bots import Profile
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.words.keywords import KeywordExtractor
from tests.traffic.bases import shipped
from tests.traffic.worlds import (
    CBS,
    COZE,
    DAYS,
    DOUBLE_11,
    KNOWLEDGE,
    LOCAL_DAYS,
    NATIONAL_DAY,
    REPERTOIRE,
    SEEDS,
    WEEKDAY,
    begins,
    by_day,
    by_hour,
    made,
)


def test_weekdays_vary_more_than_chance():
    """The Fano factor of weekday sessions is 1 to 10 in the mean, and under 0.8 for no bot."""
    counts = [by_day(made(seed, bot))[WEEKDAY] for seed in SEEDS for bot in CBS + COZE]

    factors = [each.var() / each.mean() for each in counts]

    assert 1 <= mean(factors) < 10
    assert min(factors) >= 0.8


def test_bots_differ():
    """The hours and the days of two bots follow different curves."""
    hours, days = [], []
    for seed in SEEDS:
        offices = [made(seed, bot, character="office", sessions_per_day=150) for bot in ("6" * 16, "7" * 16)]
        turns = [*(made(seed, bot) for bot in CBS + COZE), *offices]
        for place, one in enumerate(turns):
            for other in turns[place + 1 :]:
                hours.append(np.corrcoef(by_hour(one), by_hour(other))[0, 1])
                days.append(np.corrcoef(by_day(one), by_day(other))[0, 1])

    assert mean(hours) < 0.85
    assert np.quantile(hours, 0.99) < 0.95
    assert max(hours) < 0.97
    assert mean(days) < 0.8
    assert max(days) < 0.95


@pytest.mark.parametrize("character", ["office", "student", "service_desk"])
def test_holidays_are_quiet(character):
    """On National Day, offices and students have less than half of their sessions."""
    limit = {"office": 0.2, "student": 0.5, "service_desk": 0.7}[character]

    for seed in SEEDS:
        days = by_day(made(seed, CBS[0], character=character, sessions_per_day=150))
        holiday = days[np.isin(LOCAL_DAYS, list(NATIONAL_DAY))]
        assert holiday.mean() < limit * days[WEEKDAY].mean()


def test_every_office_and_service_desk_is_quiet_on_national_day():
    """Whatever its size, none has half of its sessions on National Day."""
    for seed in SEEDS:
        for bot in CBS + COZE:
            for character in ("office", "service_desk"):
                days = by_day(made(seed, bot, character=character))
                holiday = days[np.isin(LOCAL_DAYS, list(NATIONAL_DAY))]
                assert holiday.mean() < 0.5 * days[WEEKDAY].mean()


def test_users_leave_early_before_long_holidays_and_come_back_after_them():
    """Around National Day, offices and service desks are quiet on the afternoon before, and busy after it."""
    eve, first = NATIONAL_DAY.start - 1, NATIONAL_DAY.stop
    afternoon, back = [], []
    for seed in SEEDS:
        for character in ("office", "service_desk"):
            turns = made(seed, CBS[0], character=character, sessions_per_day=400, campaign_days=0)
            local = begins(turns)
            late = local % DAY >= 13 * 3_600_000
            usual = [eve - 14, eve - 7, eve + 14, eve + 21]
            shares = [late[local // DAY == day].mean() for day in (eve, *usual)]
            afternoon.append(shares[0] / mean(shares[1:]))
            days = dict(zip(LOCAL_DAYS.tolist(), by_day(turns).tolist(), strict=True))
            back.append(days[first] / mean(days[first + week] for week in (-21, -14, 7, 14)))

    assert mean(afternoon) < 0.92
    assert 1.1 < mean(back) < 1.5


def test_worked_weekends_are_working_days():
    """An office that works on a Sunday for its holidays has the sessions of a working day."""
    ratios = []
    for seed in SEEDS:
        days = by_day(made(seed, CBS[0], character="office", sessions_per_day=150))
        worked = days[np.isin(LOCAL_DAYS, [20_716, 20_736])]  # 20 September and 10 October
        ratios += (worked / days[WEEKDAY].mean()).tolist()

    assert min(ratios) > 0.45
    assert mean(ratios) == pytest.approx(0.96, abs=0.15)


def test_shops_are_busy_when_offices_are_not():
    """A shop has its evenings and weekends, an office its mornings and working days."""
    for seed in SEEDS:
        office, shop = (made(seed, CBS[0], character=name) for name in ("office", "shop"))
        evening = slice(19, 23)
        assert by_hour(shop)[evening].sum() > 1.4 * by_hour(shop)[9:12].sum()
        assert by_hour(office)[evening].sum() < 0.7 * by_hour(office)[9:12].sum()
        weekend = (LOCAL_DAYS + 3) % 7 > 4
        assert by_day(shop)[weekend].mean() > by_day(shop)[WEEKDAY].mean()
        assert by_day(office)[weekend].mean() < 0.4 * by_day(office)[WEEKDAY].mean()


def test_shops_are_busiest_on_double_11():
    """No weekend, holiday or campaign of any shop has more sessions than its 11 November."""
    peaks = []
    for seed in SEEDS:
        for bot in CBS + COZE:
            days = by_day(made(seed, bot, character="shop"))
            assert LOCAL_DAYS[days.argmax()] == DOUBLE_11
            peaks.append(days.max() / np.median(days))

    assert 3 < mean(peaks) < 5


def test_sales_of_shops_begin_at_20_and_at_midnight():
    """At 20:00 of the evening before 11 November, and at its begin, sessions rise by more than half."""
    for seed in SEEDS:
        local = begins(made(seed, CBS[0], character="shop", sessions_per_day=800, campaign_days=0))
        hours = [int((local // 3_600_000 == 24 * DOUBLE_11 + place).sum()) for place in (-5, -4, -1, 0)]
        assert hours[1] > 1.5 * hours[0]
        assert hours[3] > 1.5 * hours[2]


def test_every_bot_of_a_shop_has_its_double_11():
    """The busiest day of each bot with a shop's questions is 11 November, each in its own size."""
    shop, peaks = shipped("shop"), []
    for seed in SEEDS:
        for bot in CBS + COZE:
            days = by_day(Generator(seed, bot, Profile(), shop).turns_of(DAYS)[0])
            assert LOCAL_DAYS[days.argmax()] == DOUBLE_11
            peaks.append(days.max() / np.median(days))

    assert min(peaks) > 1.8
    assert np.std(peaks) > 0.3


def test_weekends_have_hours_of_their_own():
    """On a weekend, the few users of an office do not come at the hours of a working day."""
    for seed in range(5):
        turns = made(seed, CBS[0], character="office", sessions_per_day=2_000)
        local = begins(turns)
        free = (local // DAY + 3) % 7 > 4
        hours = [np.bincount(local[which] // 3_600_000 % 24, minlength=24) for which in (free, ~free)]
        evening = [each[18:23].sum() / each.sum() for each in hours]
        assert evening[0] > 1.5 * evening[1]


def test_users_come_and_leave():
    """Most users of a shop come once or twice, a few come often; each week brings new users."""
    for seed in SEEDS:
        turns = made(seed, CBS[0], character="shop", sessions_per_day=120)
        _, first = np.unique(turns.session, return_index=True)
        user, day = turns.user[first], turns.at[first] // DAY
        visits = np.sort(np.unique(user[user >= 0], return_counts=True)[1])
        _, arrival = np.unique(user, return_index=True)
        since = day[arrival] - DAYS.start
        newcomers = np.bincount(since[since >= 28] // 7)[4:-1]

        assert (visits <= 2).mean() > 0.5
        assert visits[-len(visits) // 10 :].sum() > 0.35 * visits.sum()
        assert newcomers.min() > 0.3 * 120


def test_staff_change_less_than_customers():
    """An office has fewer new users in the later weeks than a shop of as many sessions."""
    users = {
        name: len(set(made(3, CBS[0], character=name, sessions_per_day=120).user.tolist()))
        for name in ("office", "shop")
    }

    assert 1.5 * users["office"] < users["shop"]


def test_some_bots_know_fewer_of_their_users():
    """The share of sessions without a user id differs between bots by more than chance."""
    shares = {}
    for character in ("office", "shop"):
        turns = [made(seed, bot, character=character) for seed in SEEDS for bot in CBS]
        shares[character] = [float((each.user < 0).mean()) for each in turns]

    assert 0.005 < min(shares["office"]) < max(shares["office"]) < 0.055
    assert max(shares["shop"]) > 2.5 * min(shares["shop"])
    assert mean(shares["shop"]) > 3 * mean(shares["office"])


def test_nobody_is_in_two_sessions_at_once():
    """Of ten thousand sessions, three at most begin before the last one of their user has ended; six with
    one bot.
    """
    shares = []
    for seed in SEEDS:
        for bot in (CBS[0], COZE[0]):
            turns = made(seed, bot, sessions_per_day=300)
            count = int(turns.session.max()) + 1
            begin, end = np.full(count, 1 << 60), np.zeros(count, np.int64)
            np.minimum.at(begin, turns.session, turns.at)
            np.maximum.at(end, turns.session, turns.at + turns.latency)
            user = np.zeros(count, np.int64)
            user[turns.session] = turns.user
            order = np.lexsort((begin, user))
            before, after = order[:-1], order[1:]
            same = (user[before] == user[after]) & (user[after] >= 0)
            shares.append((begin[after] <= end[before])[same].sum() / count)

    assert mean(shares) < 0.0003
    assert max(shares) < 0.0006


def test_users_have_habits():
    """Regular users come mostly at one time of the day, and often about one topic."""
    close, same, chance = [], [], []
    for seed in SEEDS:
        turns = made(seed, CBS[0], character="shop", sessions_per_day=200, users=300, stay_days=0)
        hour = turns.at / 3_600_000 % 24
        domain = np.array([said.domain or "" for said in REPERTOIRE])[turns.utterance]
        shares = Counter(domain[domain != ""].tolist())
        chance.append(max(shares.values()) / shares.total())
        for user, _ in Counter(turns.user[turns.user >= 0].tolist()).most_common(20):
            rows = turns.user == user
            angle = np.exp(2j * np.pi * hour[rows] / 24)
            close.append(abs(angle.mean()))
            topics = Counter(domain[rows & (domain != "")].tolist())
            same.append(max(topics.values()) / topics.total())

    everybody = abs(np.exp(2j * np.pi * hour / 24).mean())
    assert mean(close) > everybody + 0.15
    assert mean(same) > mean(chance) + 0.1


def test_customers_come_in_spells():
    """Some customers return within two hours, others after weeks: less evenly than by chance."""
    for seed in SEEDS:
        turns = made(seed, CBS[0], character="shop", sessions_per_day=200)
        _, first = np.unique(turns.session, return_index=True)
        user, at = turns.user[first], turns.at[first]
        order = np.lexsort((at, user))
        user, at = user[order], at[order]
        again = (user[1:] == user[:-1]) & (user[1:] >= 0)
        gap = np.diff(at)[again] / DAY

        assert (gap < 1 / 12).mean() > 0.05
        assert gap.std() > 1.55 * gap.mean()


def test_users_have_numbers_in_the_order_of_registration():
    """The users of 90 days have not registered evenly: most are recent, and newcomers more so."""
    for seed in SEEDS:
        for bot in (CBS[0], COZE[0]):
            turns = made(seed, bot)
            numbers, first = np.unique(turns.user[turns.user >= 0], return_index=True)
            age = (numbers - numbers.min()) / (numbers.max() - numbers.min())
            early = turns.at[turns.user >= 0][first] < (DAYS.start + 14) * DAY

            assert (age > 2 / 3).mean() > 0.45
            assert numbers[~early].mean() > numbers[early].mean()


def test_no_garbled_question_leads():
    """Invalid and cut questions are rare, and none is among the ten most frequent ones."""
    for seed in SEEDS:
        said = Counter(made(seed, CBS[1]).utterance.tolist())
        for number, _ in said.most_common(10):
            assert REPERTOIRE[number].outcome != "invalid"
        invalid = sum(n for number, n in said.items() if REPERTOIRE[number].outcome == "invalid")
        assert 0 < invalid < 0.04 * said.total()


def test_hot_questions_differ_by_bot_and_drift():
    """Two bots have other favourites, and so have two months of one bot."""
    same = []
    for seed in SEEDS:
        tops = []
        for bot in CBS:
            turns = made(seed, bot, sessions_per_day=200)
            early = turns.at < (DAYS.start + 30) * DAY
            late = turns.at >= (DAYS.stop - 30) * DAY
            tops += [top(turns.utterance[early]), top(turns.utterance[late])]
        same.append(len(tops[1] & tops[3]))
        assert tops[0] != tops[1]

    assert mean(same) < 6


def top(numbers: np.ndarray) -> set[str]:
    """The ten hottest questions."""
    pairs = (REPERTOIRE[number] for number in numbers.tolist())
    hits = Counter(said.pair.question for said in pairs if said.pair and said.outcome == "direct")
    return {question for question, _ in hits.most_common(10)}


def test_keywords_are_words():
    """Questions have keywords from the knowledge base, not halves of words."""
    extract = KeywordExtractor(KNOWLEDGE.lexicon)
    known = set(KNOWLEDGE.lexicon)
    shares = []
    for seed in SEEDS[:8]:
        found = Counter()
        for number, count in Counter(made(seed, CBS[0], sessions_per_day=400).utterance.tolist()).items():
            for word in extract(REPERTOIRE[number].question):
                found[word] += count
        odd = sum(n for word, n in found.items() if word not in known and not word.isascii())
        shares.append(odd / found.total())
        assert not {word for word, _ in found.most_common(30)} - known

    assert mean(shares) < 0.036


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
def test_topics_are_not_equally_large(bot):
    """Of six topics, the largest has a third of the questions and the smallest one in fifteen."""
    domain = np.array([said.domain or "" for said in REPERTOIRE])
    largest, smallest = [], []
    for seed in SEEDS:
        said = domain[made(seed, bot).utterance]
        shares = np.array([*Counter(said[said != ""].tolist()).values()]) / np.count_nonzero(said != "")
        largest.append(shares.max())
        smallest.append(shares.min())

    assert 0.28 < mean(largest) < 0.4
    assert 0.04 < mean(smallest) < 0.08


def test_topics_drift_slowly():
    """Between the first and the last fortnight of 90 days, no topic gains or loses a quarter of all."""
    for seed in SEEDS:
        turns = made(seed, CBS[0], sessions_per_day=400, incident_days=0)
        domain = np.array([said.domain or "" for said in REPERTOIRE])[turns.utterance]
        day = turns.at // DAY - DAYS.start
        shares = [
            {name: float((domain[rows] == name).mean()) for name in set(domain.tolist())}
            for rows in ((day < 14) & (domain != ""), (day >= 76) & (domain != ""))
        ]

        assert max(abs(shares[0][name] - shares[1][name]) for name in shares[0]) < 0.25


def test_users_come_in_groups():
    """Within an hour, sessions are less even than independent users would be."""
    ratios = []
    for seed in SEEDS:
        turns = made(seed, CBS[0], sessions_per_day=300)
        minutes = np.bincount(begins(turns) // 300_000 - DAYS.start * 288, minlength=len(DAYS) * 288)
        hours = minutes[: len(minutes) // 12 * 12].reshape(-1, 12)
        total = hours.sum(axis=1)
        ratios.append(((hours - total[:, None] / 12) ** 2).sum() / (total * 11 / 12).sum())

    assert 1.1 < mean(ratios) < 2


def test_no_hour_begins_with_a_step():
    """The sessions of the last and the first five minutes of two hours differ as little as any neighbours."""
    turns = made(2, CBS[0], sessions_per_day=20_000, incident_days=0)
    five = np.bincount(begins(turns) % DAY // 300_000, minlength=288).astype(float)
    change = abs(np.diff(five)) / (five[1:] + five[:-1])
    at_hours = np.arange(1, 288) % 12 == 0

    assert np.median(change[at_hours]) < 1.5 * np.median(change[~at_hours])
    assert change[five[1:] > five.mean() / 2].max() < 0.1
