"""Subjects that have a season, over twenty seeds."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from mockcbs.datasets.load import load
from mockcbs.traffic import bits
from mockcbs.traffic.bots import Incident, Profile
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.numbering import generated
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.words import seasons
from tests.traffic.worlds import CBS, COZE, SEEDS

YEAR = range(20_454, 20_454 + 365)
"""2026."""
WEEKS = range(YEAR.start // 7, YEAR.stop // 7)


def day_of_year(date: str) -> int:
    return int(np.datetime64(date).astype(int)) - YEAR.start


def factors(*spans: tuple[int, int]) -> np.ndarray:
    return seasons.of(["a x"], {"x": spans}).factors(WEEKS)[:, 0]


def test_a_season_fades_in_and_out():
    """Within the span a subject is frequent, some days before and after it hardly occurs."""
    found = factors((1018, 1113))

    assert np.flatnonzero(found == found.max()).tolist() == [41, 42, 43, 44, 45]
    assert found.min() * 100 < found.max()
    assert (found > found.min()).sum() <= 9


def by_day(*span: int) -> np.ndarray:
    return seasons.of(["a x"], {"x": (span,)}).by_day[:, 0]


def test_a_season_with_a_peak_rises_to_it_and_fades():
    """Interest is highest on one day; it rises from the first day to that one, and fades until the last."""
    found = by_day(1015, 1111, 1121)
    first, peak, last = (day_of_year(f"2026-{date}") for date in ("10-15", "11-11", "11-21"))

    assert found.argmax() == peak
    assert (np.diff(found[first : peak + 1]) > 0).all()
    assert (np.diff(found[peak:last]) < 0).all()
    assert {*found[:first], *found[last:]} == {found.min()}


@pytest.mark.parametrize("span", [(825, 918), (1201, 131), (1015, 1111, 1121)])
def test_no_season_ends_like_a_switch(span):
    """Each day after the best one has at least half the interest of the day before, while there is some."""
    found = by_day(*span)
    best = np.flatnonzero(found == found.max())[-1 if span[0] < span[-1] else 0]
    after = np.roll(found, -(best if span[0] < span[-1] else day_of_year("2026-01-31")))[:30]

    assert after[7] > 0.05 * after[0]
    assert all(later > 0.5 * before for before, later in pairwise(after[:7]))
    assert after[12] < 0.01 * after[0]


def test_a_leap_day_moves_no_season():
    """11 November of a leap year is the day of Double 11, too."""
    found = seasons.of(["a x"], {"x": ((1015, 1111, 1121),)})
    for year in (2026, 2028):
        day = np.arange(*(int(np.datetime64(f"{year}-{date}").astype(int)) for date in ("11-10", "11-13")))
        week = (day + 3) // 7
        rows = np.repeat(np.arange(3), 500)
        words = bits.words(1, np.arange(1_500))
        drawn = found.are_unasked(np.zeros(1_500, np.int64), week[rows], day[rows], words)
        unasked = drawn.reshape(3, 500).mean(axis=1)
        assert unasked[1] == 0 < min(unasked[[0, 2]])


def test_a_season_may_span_the_new_year():
    """December and January are near each other."""
    found = factors((1201, 131))

    assert found[:4].min() == found[-4:].min() == found.max()
    assert found[20] == found.min()


def test_the_first_word_of_a_text_counts():
    """A text with two words has the season of the one that is stated first; others have none."""
    found = seasons.of(["b a", "c", "b"], {"a": ((101, 131),), "b": ((701, 731),)})

    assert found.columns.tolist() == [0, 2]
    assert found.by_day.argmax(axis=0).tolist() == [0, 181]  # 1 January and 1 July
    assert found.factors(WEEKS)[28].tolist() == [min(found.factors(WEEKS)[28]), max(found.factors(WEEKS)[28])]


def by_month(trade: str, word: str, seed: int, **profile) -> np.ndarray:
    """How many questions of each month hold that word."""
    base = next(one for one in load("everyday").trades if trade in one.pairs[0].question)
    turns, _ = Generator(seed, CBS[0], Profile(**profile), base).turns_of(YEAR)
    month = turns.at.astype("datetime64[ms]").astype("datetime64[M]").astype(int) % 12
    has = np.array([word in one.template for one in generated(base)])
    return np.bincount(month[has[turns.utterance]], minlength=12)


@pytest.mark.parametrize(
    ("trade", "word", "months"),
    [
        ("选课", "军训", {8, 9}),
        ("选课", "毕业照", {4, 5, 6}),
        ("收货地址", "双十一", {10, 11}),
    ],
)
def test_users_ask_in_season(trade, word, months):
    """Students ask about the drill in September, customers about 双十一 around November."""
    total = np.zeros(12)
    for seed in SEEDS:
        total += by_month(trade, word, seed, sessions_per_day=60)

    inside = sum(total[month - 1] for month in months)
    assert total.sum() > 100
    assert inside > 0.8 * total.sum()


def test_an_incident_is_not_about_a_subject_out_of_season():
    """Users of a shop that fails in May do not all ask about 双十一."""
    at = (YEAR.start + 130) * DAY + 4 * 3_600_000

    for seed in SEEDS:
        stated = tuple(Incident(at + number * DAY, 120, traffic_percent=1_500) for number in range(3))
        found = by_month("收货地址", "双十一", seed, sessions_per_day=60, incident_days=0, incidents=stated)
        assert found[4] <= 5


SHOP = next(one for one in load("everyday").trades if "收货地址" in one.pairs[0].question)
LINES = [*generated(SHOP)]
DOUBLE_11 = int(np.datetime64("2026-11-11").astype(int))


def asked(seed: int, days: range) -> tuple[np.ndarray, np.ndarray]:
    """The local day and the number of each utterance of a shop with that seed."""
    turns, _ = Generator(seed, CBS[0], Profile(sessions_per_day=150), SHOP).turns_of(days)
    return (turns.at + 8 * 3_600_000 - 3_600_000) // DAY, turns.utterance


def test_nobody_asks_for_a_campaign_that_is_over():
    """Nobody asks 双十一几号开始 after 11 November, and before it many do."""
    words = np.array([bool(said.pair and "双十一有什么活动" in said.pair.question) for said in LINES])
    for seed in SEEDS:
        day, said = asked(seed, range(DOUBLE_11 - 5, DOUBLE_11 + 20))

        assert words[said[day <= DOUBLE_11]].sum() > 5
        assert not words[said[day > DOUBLE_11]].any()


@pytest.mark.parametrize(
    ("festival", "months"), [("618", (5, 6, 7)), ("双十一", (10, 11)), ("双十二", (12,))]
)
def test_who_names_a_festival_speaks_in_its_season(festival, months):
    """No question and no line without a match that names one is asked in other months."""
    texts = [pair.question for pair in SHOP.pairs] + [*SHOP.unmatched]
    named = [text for text in texts if festival in text]
    domains = {pair.domain for pair in SHOP.pairs}
    found = seasons.of(named, {word: spans for word, spans in SHOP.seasons.items() if word not in domains})
    month = (
        np.arange(YEAR.start, YEAR.stop).astype("datetime64[D]").astype("datetime64[M]").astype(int) % 12 + 1
    )

    assert len(found.columns) == len(named) > 2
    assert found.by_day[~np.isin(month, months)].max() <= 1


def test_nobody_asks_on_the_day_when_it_begins():
    """双十一什么时候开始 ends on the tenth, and no other words of the day itself ask for its beginning."""
    begins = ("几号开始", "几点开始", "哪天开始")
    found = seasons.of(["双十一什么时候开始"], SHOP.seasons)

    assert found.by_day[day_of_year("2026-11-11"), 0] <= 1 < found.by_day[day_of_year("2026-11-10"), 0]
    assert not any(
        word in text
        for pair in SHOP.pairs
        if "双十一什么时候开始" not in pair.question
        for text in pair.variants
        for word in begins
    )
    assert not any("夏凉" in text for texts in SHOP.names.values() for text in texts)


def test_double_11_rises_peaks_and_fades():
    """From mid October more and more texts name 双十一, most on the day, ever fewer for ten days after it:
    then they are about parcels, prices, balances and late offers.
    """
    named = np.array([any(word in said.template for word in ("双十一", "返场", "尾款")) for said in LINES])
    after = {"双十一的订单什么时候发货", "双十一买贵了能退差价吗", "双十一有返场吗", "双十一的尾款怎么付"}
    later = np.array([bool(said.pair and said.pair.question in after) for said in LINES])
    total, paired = np.zeros(60), np.zeros(60)
    first = DOUBLE_11 - 35
    for seed in SEEDS:
        day, said = asked(seed, range(first, first + 60))
        within = (day >= first) & (day < first + 60)
        count = np.bincount(day[within] - first, named[said[within]], 60)
        assert count[:35].sum() > 0.3 * count.sum() > 5
        assert count[36:46].sum() > 0.15 * count.sum()
        total += count
        paired += np.bincount(day[within] - first, (named & later)[said[within]], 60)

    weeks = [total[start : start + 7].sum() for start in (7, 14, 21, 28)]
    assert total[:6].sum() < 0.01 * total.sum()
    assert weeks == sorted(weeks)
    assert total.argmax() == 35
    assert total[36:39].sum() > total[39:42].sum() > total[42:45].sum() > 20
    assert total[50:].sum() < 0.01 * total.sum()
    assert paired[36:46].sum() > 0.7 * total[36:46].sum()


@pytest.mark.parametrize(("word", "peak"), [("618", "2026-06-18"), ("双十二", "2026-12-12")])
def test_smaller_festivals_have_the_same_course(word, peak):
    """Most texts name them on the day and in the week before it, and some in the days after it."""
    named = np.array([word in said.template for said in LINES])
    day = int(np.datetime64(peak).astype(int))
    total = np.zeros(61)
    for seed in SEEDS:
        at, said = asked(seed, range(day - 30, day + 31))
        within = (at >= day - 30) & (at <= day + 30)
        total += np.bincount(at[within] - day + 30, named[said[within]], 61)

    assert abs(total.argmax() - 30) <= 2
    assert total[20:30].sum() > 0.2 * total.sum() > 20
    assert total[32:36].sum() > total[36:40].sum() > 0
    assert total[31:41].sum() > 0.15 * total.sum()
    assert total[48:].sum() < 0.01 * total.sum()


def test_half_of_the_users_write_the_day_in_digits():
    """双11 is as frequent as 双十一, and nobody writes both."""
    spelled: dict[str, set[str]] = {}
    dataset = load("everyday")
    log = TrafficLog(replace(dataset, trades=[SHOP], knowledge=SHOP), 3)
    for bot in (CBS[1], COZE[1], "7" * 16):
        for rows in log.rows(bot, range(DOUBLE_11 - 9, DOUBLE_11 + 9), (DOUBLE_11 + 9) * DAY):
            for turn in rows:
                if turn.user_id and not turn.said.is_tapped:
                    found = {way for way in ("双11", "双十一") if way in turn.said.question}
                    spelled.setdefault(f"{bot} {turn.user_id}", set()).update(found)

    ways = [way for user in spelled.values() for way in user]
    assert len(ways) > 300
    assert 0.4 < ways.count("双11") / len(ways) < 0.6
    assert sum(len(user) > 1 for user in spelled.values()) < 0.01 * len(ways)


def test_after_a_campaign_users_ask_for_parcels_and_refunds():
    """Discounts lead before Double 11, deliveries and refunds after it."""
    domain = np.array([said.pair.domain if said.pair else "" for said in LINES])
    shares = {name: [] for name in ("before", "after")}
    for seed in SEEDS:
        spans = (
            range(DOUBLE_11 - 60, DOUBLE_11 - 40),
            range(DOUBLE_11 - 15, DOUBLE_11),
            range(DOUBLE_11 + 2, DOUBLE_11 + 12),
        )
        usual, before, after = (domain[asked(seed, days)[1]] for days in spans)
        shares["before"].append(np.mean(before == "优惠") / np.mean(usual == "优惠"))
        parcels = [np.isin(some, ["物流", "退换货"]).mean() for some in (after, usual)]
        shares["after"].append(parcels[0] / parcels[1])

    assert np.mean(shares["before"]) > 1.4
    assert np.mean(shares["after"]) > 1.2
    assert min(shares["after"]) > 1
