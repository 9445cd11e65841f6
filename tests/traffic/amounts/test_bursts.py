"""Bursts of users who come for one reason."""

from collections import Counter
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.datasets.load import load
from mockcbs.traffic import bits
from mockcbs.traffic.amounts.bursts import gathered
from mockcbs.traffic.bots import ANY, Profile
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.words.subjects import Subjects
from tests.traffic.worlds import CBS, COZE, DAYS, EIGHT_HOURS, KNOWLEDGE, REPERTOIRE, SEEDS, begins

_MINUTES = 300_000
_CELLS = DAY // _MINUTES
_MISTAKES = Subjects(KNOWLEDGE).asking.mistakes
MEANT: dict[str, set[str]] = {}
"""The questions that users mean with each text that the bot takes for another one."""
for _place, _pair in enumerate(KNOWLEDGE.pairs):
    for _text in _MISTAKES.about(_place):
        MEANT.setdefault(_text, set()).add(_pair.question)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=3), st.integers(0, 1000))
def test_users_of_a_burst_come_within_minutes(days, seed):
    """Every day keeps its number of sessions; those of one burst begin within nine minutes."""
    counts = np.array(days, np.int64)
    words = bits.words(seed, np.arange(counts.sum()))
    alone = np.repeat(np.arange(len(days)), counts) * DAY + (words >> np.uint64(20)).astype(np.int64) % DAY
    cells = np.full((len(days), 24), 1 << 20)

    found, bursts = gathered(alone, words, counts, cells, 30)
    same, none = gathered(alone, words, counts, cells, 0)

    assert np.bincount(found // DAY, minlength=len(days)).tolist() == days
    assert (np.diff(found) >= 0).all()
    for one in set(bursts.tolist()) - {0}:
        times = found[bursts == one]
        assert len(times) > 1
        assert times.max() - times.min() < 9 * 60_000
    assert same.tolist() == sorted(alone.tolist())
    assert not none.any()


@pytest.mark.parametrize(("stated", "low", "high"), [(None, 3, 8), (5, 5, 5), (20, 20, 20), (30, 30, 30)])
def test_the_share_of_sessions_in_bursts(stated, low, high, monkeypatch):
    """It is the stated one, or 3 to 8 %, whatever the hours of the bot."""
    shares = []

    def counted(*args, **more):
        found, bursts = gathered(*args, **more)
        shares.append(100 * (bursts > 0).mean())
        return found, bursts

    monkeypatch.setattr("mockcbs.traffic.amounts.bursts.gathered", counted)
    for seed in range(5):
        for character in ("office", "shop"):
            profile = Profile(character=character, sessions_per_day=1_500, burst_percent=stated)
            Generator(seed, CBS[0], profile, KNOWLEDGE).turns_of(DAYS)

    assert 0.8 * low < min(shares)
    assert max(shares) < 1.2 * high
    assert 0.93 * low < np.mean(shares) < 1.07 * high


def sudden(seed: int, bot: str, profile: Profile) -> tuple[list[float], list[list[set[str]]]]:
    """Of the cells of five minutes with at least eight begins and five times the expected ones: how busy
    their time of the day is otherwise (1 is the mean), and what each of their users may mean at first.

    One expects as many as on the same day of all weeks, in the two hours around the same time of the day.
    """
    turns = Generator(seed, bot, profile, KNOWLEDGE).turns_of(DAYS)[0]
    day = np.bincount(
        (begins(turns) - EIGHT_HOURS) // _MINUTES - _CELLS * DAYS.start, minlength=len(DAYS) * _CELLS
    )
    day = day[: len(DAYS) * _CELLS].reshape(-1, _CELLS)
    around = sum(np.roll(day, by, axis=1) for by in range(-12, 13)) / 25
    weekday = np.arange(len(day)) % 7
    expected = np.array([around[weekday == one].mean(axis=0) for one in range(7)])[weekday]
    rows = np.flatnonzero((day >= 8) & (day >= 5 * expected))
    level = (expected / expected.mean(axis=1, keepdims=True)).ravel()[rows]
    _, first = np.unique(turns.session, return_index=True)
    cell = turns.at[first] // _MINUTES - _CELLS * DAYS.start
    said = [[REPERTOIRE[one] for one in turns.utterance[first[cell == row]].tolist()] for row in rows]
    return level.tolist(), [
        [MEANT.get(one.template) or {one.pair.question if one.pair else one.template} for one in all_]
        for all_ in said
    ]


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
def test_the_quiet_dataset_has_no_bursts(bot):
    """Its users come independently: hardly one such cell in 90 days, by chance."""
    profile = load("quiet").bots[ANY].profile

    found = [len(sudden(seed, bot, profile)[0]) for seed in SEEDS]

    assert sum(found) <= len(SEEDS)


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
def test_a_burst_is_about_one_thing(bot):
    """Other bots have some, in busy hours; with half of the first questions or more users mean one pair."""
    shares, levels = [], []
    for seed in SEEDS:
        profile = Profile(sessions_per_day=150, character="office", incident_days=0, calendar="none")
        level, openings = sudden(seed, bot, profile)
        assert len(openings) > 3
        levels += level
        shares += [max(Counter(chain(*one)).values()) / len(one) for one in openings]

    assert np.median(shares) >= 0.5
    assert np.mean(np.array(shares) >= 0.35) > 0.9
    assert min(levels) > 0.5


@pytest.mark.parametrize(
    ("sessions_per_day", "low", "high"), [(150, 7, 12), (3_000, 30, 50), (20_000, 80, 130)]
)
def test_bursts_grow_with_the_bot(sessions_per_day, low, high, monkeypatch):
    """A reason that concerns a larger company brings more users at once; their share of all is the same."""
    sizes, shares = [], []

    def counted(*args, **more):
        found, bursts = gathered(*args, **more)
        day = found // DAY
        sizes.extend(np.unique((day << 16 | bursts)[bursts > 0], return_counts=True)[1].tolist())
        shares.append(100 * (bursts > 0).mean())
        return found, bursts

    monkeypatch.setattr("mockcbs.traffic.amounts.bursts.gathered", counted)
    for seed in SEEDS:
        profile = Profile(sessions_per_day=sessions_per_day, character="office", burst_percent=5)
        Generator(seed, CBS[0], profile, KNOWLEDGE).turns_of(range(DAYS.start, DAYS.start + 9))

    assert low < np.mean(sizes) < high
    assert 4 < np.mean(shares) < 6
