"""Durations and failures of generated answers, over twenty seeds."""

from collections import Counter
from statistics import mean

import numpy as np
import pytest

from mockcbs.traffic.amounts.characters import CHARACTERS
from mockcbs.traffic.bots import Incident
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.turns import OUTCOMES
from tests.traffic.worlds import (
    CBS,
    COZE,
    DAYS,
    KNOWLEDGE,
    LAST,
    REPERTOIRE,
    SEEDS,
    WEEKDAY,
    by_day,
    failed,
    made,
    outcomes,
)


@pytest.mark.parametrize("engine", ["model", "workflow"])
def test_a_language_model_has_a_tail(engine):
    """Of the runs of Coze, 0.5 to 3 % take more than 10 s, and half take more than 1.2 s."""
    for seed in SEEDS:
        for bot in (*COZE, "7389589103588700001"):
            latency = made(seed, bot, engine=engine).latency
            assert 0.005 <= (latency > 10_000).mean() <= 0.03
            assert 1_200 < np.median(latency) < 4_500


@pytest.mark.slow
def test_the_tail_depends_on_neither_growth_nor_season():
    """The share above 10 s keeps to its bounds, also for bots that shrink or grow."""
    shares = [
        (made(seed, bot, **profile).latency > 10_000).mean()
        for seed in SEEDS
        for bot in COZE
        for profile in ({}, {"growth_percent": 20, "growth_since": LAST - 120}, {"wave_percent": 60})
    ]

    assert 0.006 < min(shares) < max(shares) < 0.025


def test_no_language_model_answers_at_once():
    """Every run of Coze that succeeds takes more than 100 ms, also if the answer comes from a cache."""
    for seed in SEEDS:
        turns = made(seed, COZE[0])

        assert turns.latency[~failed(turns)].min() > 100


def test_latencies_of_an_incident_have_no_common_factor():
    """A quarter of the latencies in incidents are multiples of four, as everywhere."""
    at = (LAST - 20) * DAY + 3 * 3_600_000
    shares = []
    for seed in SEEDS:
        stated = (Incident(at, minutes=120, latency_percent=400),)
        turns = made(seed, COZE[0], incident_days=0, incidents=stated, sessions_per_day=400)
        here = (turns.at > at) & (turns.at < at + 7_200_000) & ~failed(turns)
        shares.append((turns.latency[here] % 4 == 0).mean())

    assert 0.15 < mean(shares) < 0.35


@pytest.mark.parametrize("bots", [CBS, COZE])
def test_each_outcome_takes_its_own_time(bots):
    """Small talk and invalid questions are quick; what else is the slowest differs from bot to bot."""
    orders, spreads = set(), []
    for seed in SEEDS:
        for bot in bots:
            turns = made(seed, bot)
            kind, good = outcomes(turns), ~failed(turns)
            took = {one: np.median(turns.latency[(kind == one) & good]) for one in OUTCOMES}
            assert max(took["chat"], took["invalid"]) < took["direct"]
            orders.add(tuple(sorted(took, key=took.__getitem__)))
            spreads.append(max(took.values()) / min(took.values()))

    slowest = Counter(order[-1] for order in orders)
    assert len(orders) >= 8
    assert slowest["notmatch"] >= 2
    assert bots == COZE or slowest["direct"] < 0.5 * slowest.total()
    assert 1.8 < min(spreads) < max(spreads) < 14
    assert np.median(spreads) > 2.7


def test_answers_take_longer_in_busy_hours():
    """The median latency of the busiest quarter of the hours is above that of the quietest quarter."""
    ratios = []
    for seed in SEEDS:
        turns = made(seed, COZE[0], sessions_per_day=400, incident_days=0)
        hours = turns.at // 3_600_000
        traffic = np.bincount(hours - hours[0])[hours - hours[0]]
        low, high = np.quantile(traffic, [0.25, 0.75])

        busy, calm = turns.latency[traffic >= high], turns.latency[traffic <= low]
        ratios.append(np.median(busy) / np.median(calm))

    assert min(ratios) > 1.08
    assert mean(ratios) > 1.15


@pytest.mark.slow
def test_bots_share_a_platform():
    """What makes an hour slow is partly the same for bots of Coze, whenever their own users come."""
    hours, others = [], []
    for seed in SEEDS:
        took = []
        for bot, character in ((COZE[0], "shop"), (COZE[1], "service_desk")):
            turns = made(seed, bot, character=character, sessions_per_day=1_500, incident_days=0)
            hour = turns.at // 3_600_000 - DAYS.start * 24
            count, total = np.bincount(hour), np.bincount(hour, np.log(turns.latency))
            every = np.ma.masked_where(count < 40, total / np.maximum(count, 1))[: 24 * len(DAYS)]
            took.append(every.reshape(-1, 24)[:, :16])
        usual = [each.mean(axis=0) for each in took]
        hours.append(np.corrcoef(*usual)[0, 1])
        rest = [(each - mean).ravel() for each, mean in zip(took, usual, strict=True)]
        others.append(np.ma.corrcoef(*rest)[0, 1])

    assert mean(hours) > 0.3
    assert np.quantile(others, 0.75) > 0.2


def test_rules_fail_now_and_then():
    """Bots of CBS have failures on many days, and not all of them are without a match."""
    turns = made(1, CBS[0], sessions_per_day=200)
    bad = failed(turns)

    assert len(set((turns.at[bad] // DAY).tolist())) > 30
    assert {"notmatch", "dialog"} == set(outcomes(turns)[bad].tolist())


def test_failures_come_in_clusters_with_several_reasons():
    """Most failures of Coze occur in a few hours, for several reasons, which have different durations."""
    inside, reasons = [], Counter()
    for seed in SEEDS:
        turns = made(seed, COZE[0], sessions_per_day=200)
        bad = failed(turns)
        hours = Counter((turns.at[bad] // 3_600_000).tolist())
        worst = hours.most_common(len(set((turns.at // 3_600_000).tolist())) // 100)
        inside.append(sum(n for _, n in worst) / max(1, hours.total()))
        reasons.update(REPERTOIRE[number].failure for number in turns.utterance[bad].tolist())
        assert 0.0008 < bad.mean() < 0.05

    assert mean(inside) > 0.45
    assert len(reasons) == 6
    assert min(reasons.values()) > 0.01 * reasons.total()


def test_most_bots_have_had_an_incident_and_some_have_not():
    """In 90 days, bots have one incident in the mean; one in ten to one in three has none."""
    found = []
    for seed in SEEDS:
        for bot in CBS + COZE:
            turns = made(seed, bot)
            hour = turns.at // 3_600_000
            runs, bad = np.bincount(hour - hour[0]), np.bincount(hour - hour[0], failed(turns))
            days = (np.flatnonzero((bad >= 3) & (bad > 0.15 * runs)) + hour[0]) // 24
            found.append(len(set(days.tolist())))

    assert 0.7 < mean(found) < 1.5
    assert 0.1 < found.count(0) / len(found) < 0.34
    assert max(found) <= 4


def test_failures_have_no_floor():
    """No latency of failures is the minimum of many: throttling takes some milliseconds, more or less."""
    fastest = Counter()
    for seed in SEEDS:
        turns = made(seed, COZE[0], sessions_per_day=200)
        fastest.update(turns.latency[failed(turns) & (turns.latency < 200)].tolist())

    assert fastest.total() > 100
    assert max(fastest.values()) < 0.06 * fastest.total()
    assert min(fastest) != max(fastest, key=lambda latency: fastest[latency])


def test_what_floods_in_is_what_users_ask_anyway():
    """In an incident about nothing in particular no question leads that does not lead otherwise."""
    at = (LAST - 20) * DAY + 3 * 3_600_000
    shares = {}
    for question in ("", KNOWLEDGE.pairs[0].question):
        shares[question] = []
        for seed in SEEDS:
            stated = (Incident(at, minutes=180, traffic_percent=260, failure_percent=0, question=question),)
            turns = made(seed, COZE[0], incident_days=0, incidents=stated, sessions_per_day=800)
            here = turns.utterance[(turns.at >= at) & (turns.at < at + 3 * 3_600_000)]
            pairs = (REPERTOIRE[number].pair for number in here.tolist())
            asked = Counter(pair.question for pair in pairs if pair)
            shares[question].append(asked.most_common(1)[0][1] / asked.total())

    usual, stated = shares.values()
    assert mean(usual) < 0.155
    assert mean(stated) > 0.3


def test_time_is_spread_over_milliseconds():
    """A thousandth of all times has 000 ms, as any other number."""
    at = made(1, CBS[0]).at

    assert (at % 1000 == 0).mean() < 0.01


@pytest.mark.parametrize("character", sorted(CHARACTERS))
def test_a_quiet_bot_has_no_incident(character):
    """Without incidents, releases and campaigns, no answer fails and no day stands out."""
    calm = {
        "incident_days": 0,
        "release_percent": 0,
        "campaign_days": 0,
        "failure_permille": 0,
        "calendar": "none",
        "wave_percent": 0,
        "variation_percent": 0,
    }

    turns = made(5, COZE[0], character=character, sessions_per_day=200, **calm)

    days = by_day(turns)[WEEKDAY]
    assert not failed(turns).any()
    assert days.max() < 1.6 * days.mean()


def test_timeouts_end_just_after_the_limit_and_nothing_is_cut_off_at_it():
    """A timeout takes the limit and a few ms; answers do not gather at a limit."""
    for bot, limit in ((CBS[0], 10_000), (COZE[0], 60_000)):
        late, near = [], 0
        for seed in SEEDS:
            turns = made(seed, bot, sessions_per_day=200)
            late += turns.latency[turns.latency >= limit].tolist()
            near += int(((turns.latency >= limit - 5) & (turns.latency < limit)).sum())

        assert len(late) > 100
        assert max(late) < limit + 60
        assert len(set(late)) > 20
        assert near < 10


def test_answers_get_slower_before_an_incident():
    """Users wait longer in the half hour before an incident than at the same time of other days."""
    ratios = []
    for seed in SEEDS:
        at = (LAST - 20) * DAY + 6 * 3_600_000
        turns = made(seed, COZE[0], incident_days=0, incidents=(Incident(at),), sessions_per_day=2_000)
        clock, day = turns.at % DAY, turns.at // DAY
        before = (clock > 5.5 * 3_600_000) & (clock < 6 * 3_600_000) & ~failed(turns)
        here = before & (day == at // DAY)
        ratios.append(np.median(turns.latency[here]) / np.median(turns.latency[before & ~here]))

    assert mean(ratios) > 1.4


def test_some_answers_come_from_a_cache():
    """Durations of Coze have a peak of their own far below the median."""
    for seed in SEEDS:
        latency = made(seed, COZE[0], sessions_per_day=200, incident_days=0).latency
        logs = np.log(latency)
        spread = np.quantile(logs, 0.75) - np.quantile(logs, 0.25)

        assert 0.02 < (logs < np.median(logs) - 1.35 * spread).mean() < 0.2


@pytest.mark.parametrize(("engine", "limit"), [("rules", 2_000), ("model", 10_000)])
def test_a_stated_share_of_slow_answers_holds(engine, limit):
    """As many answers are slow as the profile states, whatever each outcome takes in other bots."""
    calm = {"incident_days": 0, "failure_permille": 0, "release_percent": 0}
    shares = [
        (made(seed, CBS[0], engine=engine, slow_permille=40, **calm).latency > limit).mean() for seed in SEEDS
    ]

    assert mean(shares) == pytest.approx(0.04, rel=0.45)


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
def test_some_bots_fail_more_often_than_others(bot):
    """Outside incidents, the share of failures differs by bot."""
    shares = []
    for seed in SEEDS:
        turns = made(seed, bot)
        bad, hour = failed(turns), turns.at // 3_600_000 - turns.at[0] // 3_600_000
        shares.append(bad[np.bincount(hour, bad)[hour] < 3].mean())

    assert max(shares) > 2.5 * min(shares)
    assert max(shares) < 0.006


@pytest.mark.parametrize("stated", [1, 2, 6])
def test_a_bot_without_incidents_fails_as_often_as_stated(stated):
    """Whether its failures are kept apart or not."""
    shares = [failed(made(seed, CBS[0], incident_days=0, failure_permille=stated)).mean() for seed in SEEDS]

    assert 1000 * mean(shares) == pytest.approx(stated, rel=0.15)


def test_users_request_a_human_when_the_bot_is_down():
    """More do in an incident than in a quiet hour of the same bot."""
    at = (LAST - 20) * DAY + 3 * 3_600_000
    stated = (Incident(at, minutes=120, failure_percent=70),)
    humans = {
        text for text, said in enumerate(REPERTOIRE) if said.outcome == "chat" and "人工" in said.question
    }
    shares = []
    for incidents in (stated, ()):
        here = np.concatenate(
            [
                turns.utterance[(turns.at > at) & (turns.at < at + 7_200_000)]
                for seed in SEEDS
                for turns in [made(seed, CBS[0], incident_days=0, incidents=incidents, sessions_per_day=400)]
            ]
        )
        shares.append(np.isin(here, [*humans]).mean())

    assert shares[0] > 1.3 * shares[1]
