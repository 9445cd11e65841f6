"""What the users of a bot ask over weeks: few questions often, rare events rarely, one or two themes each."""

from collections import Counter
from statistics import mean

import numpy as np
import pytest

from mockcbs.datasets.load import load
from mockcbs.traffic.bots import Profile
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.periods import DAY
from tests.traffic.bases import shipped
from tests.traffic.worlds import CBS, COZE, DAYS, KNOWLEDGE, SEEDS

BOTS = load("everyday").bots
LISTED = [one for one in BOTS if one != "*"]
RARE = "电脑丢了怎么办"


def answered(seed: int, bot: str, character: str, trade: str) -> tuple[Generator, Counter[str]]:
    """The questions that were answered in 90 days, by standard question."""
    generator = Generator(
        seed, bot, Profile(character=character, sessions_per_day=150, incident_days=0), shipped(trade)
    )
    found: Counter[str] = Counter()
    for number, count in Counter(generator.turns_of(DAYS)[0].utterance.tolist()).items():
        said = generator.lines[number]
        if said.pair and said.outcome == "direct":
            found[said.pair.question] += count
    return generator, found


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
def test_few_questions_are_asked_often(bot):
    """Of seventy standard questions ten are about half of what is asked, and the last third hardly counts."""
    first, last, stolen = [], [], []
    for seed in SEEDS:
        generator, found = answered(seed, bot, "office", "office")
        counts = sorted((found[pair.question] for pair in generator.knowledge.pairs), reverse=True)
        first.append(sum(counts[:10]) / sum(counts))
        last.append(sum(counts[-len(counts) // 3 :]) / sum(counts))
        stolen.append(found[RARE] / sum(counts))

    assert 0.45 < mean(first) < 0.6
    assert min(first) > 0.35
    assert max(last) < 0.08
    assert mean(stolen) < 0.0015
    assert max(stolen) < 0.004


@pytest.mark.parametrize(
    ("trade", "character"),
    [("office", "office"), ("shop", "shop"), ("campus", "student"), ("clinic", "service_desk")],
)
def test_pairs_with_a_low_weight_are_asked_rarely(trade, character):
    """What happens once in years, such as a leave of absence, is asked far less than others."""
    shares = []
    for seed in SEEDS[:5]:
        generator, found = answered(seed, CBS[0], character, trade)
        pairs = [pair for pair in generator.knowledge.pairs if not pair.deleted]
        usual = mean(found[pair.question] for pair in pairs if pair.weight == 100)
        shares += [found[pair.question] / usual for pair in pairs if pair.weight <= 10]

    assert mean(shares or [0]) < 0.3
    assert max(shares or [0]) < 1


@pytest.mark.parametrize("bot", LISTED)
def test_users_of_the_default_data_have_lives(bot):
    """Most come once or twice in 90 days, one in a hundred 9 to 25 times, and each with one or two themes.

    Nobody loses a computer on more than two days.
    """
    for seed in SEEDS:
        generator = Generator(seed, bot, BOTS[bot].profile, KNOWLEDGE)
        turns = generator.turns_of(DAYS)[0]
        user = turns.user[np.unique(turns.session, return_index=True)[1]]
        users, visits = np.unique(user[user >= 0], return_counts=True)
        domain = np.array([said.domain or "" for said in generator.lines])[turns.utterance]
        lost = np.array([said.pair is not None and said.pair.question == RARE for said in generator.lines])
        rows = np.flatnonzero(lost[turns.utterance] & (turns.user >= 0))
        days = {*zip(turns.user[rows].tolist(), (turns.at[rows] // DAY).tolist(), strict=True)}
        themes = [
            sum(count for _, count in Counter(own).most_common(2)) / len(own)
            for one in users[visits >= 6].tolist()
            if len(own := [*filter(None, domain[turns.user == one].tolist())]) > 4
        ]

        assert np.median(visits) <= 2
        assert 9 <= np.quantile(visits, 0.99) <= 25
        assert (visits > 20).mean() < 0.015
        assert mean(themes) > 0.75
        assert max(Counter(one for one, _ in days).values(), default=0) <= 2


def test_users_come_back_to_what_did_not_help():
    """With CBS, 3 to 8 of 100 sessions continue a category within 20 minutes after the user's last answer."""
    shares = []
    for seed in SEEDS:
        generator = Generator(seed, LISTED[0], BOTS[LISTED[0]].profile, KNOWLEDGE)
        turns = generator.turns_of(DAYS)[0]
        domain = np.unique([said.domain or "" for said in generator.lines], return_inverse=True)[1]
        topical = np.flatnonzero((domain[turns.utterance] > 0) & (turns.user >= 0))
        rows = topical[np.lexsort((turns.at[topical], turns.user[topical]))]
        before, after = rows[:-1], rows[1:]
        back = (turns.user[before] == turns.user[after]) & (turns.session[before] != turns.session[after])
        back &= domain[turns.utterance[before]] == domain[turns.utterance[after]]
        back &= turns.at[after] - turns.at[before] < 20 * 60_000
        shares.append(back.sum() / len(np.unique(turns.session)))

    assert 0.03 < mean(shares) < 0.08
    assert min(shares) > 0.02
