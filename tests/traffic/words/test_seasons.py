"""Subjects that have a season, over twenty seeds."""

import numpy as np
import pytest

from mockcbs.datasets.load import load
from mockcbs.traffic.bots import Incident, Profile
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.numbering import generated
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.words import seasons
from tests.traffic.worlds import CBS, SEEDS

YEAR = range(20_454, 20_454 + 365)
"""2026."""
WEEKS = range(YEAR.start // 7, YEAR.stop // 7)


def factors(*spans: tuple[int, int]) -> np.ndarray:
    return seasons.of(["a x"], {"x": spans}).factors(WEEKS)[:, 0]


def test_a_season_fades_in_and_out():
    """Within the span a subject is frequent, two weeks before and after it hardly occurs."""
    found = factors((1018, 1113))

    assert np.flatnonzero(found == found.max()).tolist() == [42, 43, 44, 45]
    assert found.min() * 100 < found.max()
    assert (found > found.min()).sum() <= 8


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
    words = np.array([bool(said.pair and "双十一" in said.pair.question) for said in LINES])
    for seed in SEEDS:
        day, said = asked(seed, range(DOUBLE_11 - 5, DOUBLE_11 + 20))

        assert words[said[day <= DOUBLE_11]].sum() > 5
        assert not words[said[day > DOUBLE_11]].any()


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
