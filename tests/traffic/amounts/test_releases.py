"""Releases of bots and of their platform, and what they change."""

import numpy as np
import pytest

from mockcbs.traffic import bits
from mockcbs.traffic.amounts.incidents import ONE
from mockcbs.traffic.amounts.releases import Releases, redraw
from mockcbs.traffic.bots import Profile
from mockcbs.traffic.conversations.playing import choose
from mockcbs.traffic.conversations.scripts import pool
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.turns import Turns
from tests.traffic.worlds import CBS, COZE, DAYS, KNOWLEDGE, REPERTOIRE, SEEDS, failed, made, outcomes

TOPICS = 8
YEARS = np.arange(18_700, 18_700 + 56 * 200)


def medians(turns: Turns) -> np.ndarray:
    """The median latency of each of twelve weeks, without failures."""
    week, good = (turns.at // DAY - DAYS.start) // 7, ~failed(turns)
    return np.array([np.median(turns.latency[good & (week == one)]) for one in range(12)])


def spread(turns: Turns) -> float:
    """The variance between weeks of the questions without a match, compared with that of chance."""
    week = (turns.at // DAY - DAYS.start) // 7
    missed = (outcomes(turns) == "notmatch") & ~failed(turns)
    count, bad = np.bincount(week, minlength=13)[:12], np.bincount(week[missed], minlength=13)[:12]
    share = bad.sum() / count.sum()
    return float(((bad - count * share) ** 2 / (count * share * (1 - share))).mean())


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
def test_the_latency_shifts_by_steps(bot):
    """In twelve weeks the weekly median of nearly every bot moves by a sixth. Between its steps it stays;
    without releases it always does.
    """
    moved, steady, flat = [], [], []
    for seed in SEEDS:
        profile = {"character": "office", "sessions_per_day": 250, "incident_days": 0}
        weekly = medians(made(seed, bot, **profile))
        moved.append(weekly.max() / weekly.min())
        change = np.sort(abs(np.diff(np.log(weekly))))
        steady.append(change[: len(change) // 2].mean() / change[-2:].mean())
        weekly = medians(made(seed, bot, release_percent=0, **profile))
        flat.append(weekly.max() / weekly.min())

    assert np.quantile(moved, 0.1) > 1.15
    assert np.mean(moved) > 1.3
    assert np.mean(steady) < 0.25
    assert np.quantile(flat, 0.9) < 1.15


def test_versions_of_the_platform_are_those_of_its_bots():
    """The weekly medians of some bots of Coze rise and fall together, those of CBS and Coze do not."""
    together, apart = [], []
    for seed in SEEDS:
        one, other, foreign = (
            np.log(medians(made(seed, bot, sessions_per_day=250, character="office", incident_days=0)))
            for bot in (*COZE, CBS[0])
        )
        together.append(np.corrcoef(one, other)[0, 1])
        apart.append(np.corrcoef(one, foreign)[0, 1])

    assert np.quantile(together, 0.85) > 0.4
    assert np.quantile(apart, 0.75) < 0.5
    assert abs(np.mean(apart)) < 0.3


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
def test_the_share_without_a_match_shifts(bot):
    """From week to week it differs by more than chance, unless its releases or outcomes are stated away."""
    plain = Profile(character="shop", sessions_per_day=400, incident_days=0)
    profiles = {
        "all": plain,
        "none": plain._replace(release_percent=0),
        "stated": plain._replace(outcomes={"direct": 70, "notmatch": 14, "chat": 10, "recommend": 6}),
    }
    found = {
        name: [spread(Generator(seed, bot, one, KNOWLEDGE).turns_of(DAYS)[0]) for seed in SEEDS]
        for name, one in profiles.items()
    }

    assert np.mean(found["all"]) > 1.7 * np.mean(found["none"])
    assert np.mean(found["stated"]) < 1.3 * np.mean(found["none"])


def test_a_version_stays_as_it_is_until_the_next():
    """Topics keep their answers for about sixteen weeks; each gains as much as it loses in the long run."""
    for key in range(20):
        misses = Releases(key, 99, None).misses(YEARS, TOPICS)
        usual = misses[np.diff(misses, axis=0, prepend=0)[:, 0] == 0]  # not on days of change
        lengths = 1 + (np.diff(usual - usual.mean(axis=1, keepdims=True).astype(int), axis=0) != 0).sum(
            axis=0
        )

        assert len(YEARS) / 56 * 0.4 < lengths.min()
        assert abs(misses.mean()) < 0.07 * ONE
        assert (misses.max(axis=0) > 300).all()
        assert (misses.min(axis=0) < -300).all()


@pytest.mark.parametrize("more", [-500, -100, 0, 100, 500])
def test_redrawing_changes_the_share_without_a_match(more):
    """The sessions with such a question are the wanted number more or fewer; others stay as they are."""
    mix = {"direct": 62, "recommend": 9, "notmatch": 14, "chat": 8, "invalid": 1, "dialog": 6}
    table = choose(mix, 23, frozenset({0, 1, 2}))
    words = bits.words(7, np.arange(40_000))
    before = table.take(bits.field(words, 52, 12))
    after = before.copy()

    redraw(after, table, np.full(len(words), more), words)

    usual, found = pool().misses[before].mean(), pool().misses[after].mean()
    gone, added = usual * (1 - usual) * min(0, more) / ONE, usual * (1 - usual) * max(0, more) / ONE
    assert found == pytest.approx(usual + gone + added, abs=0.01)
    assert (after == before).mean() >= 1 - abs(more) / ONE


def test_bots_without_releases_have_one_version():
    """With 0 percent nothing changes, ever."""
    releases = Releases(5, 6, 0)

    assert set(releases.traffic(YEARS).tolist()) == {ONE}
    assert set(releases.latency(range(20_000, 20_200)).ravel().tolist()) == {ONE}
    assert not releases.misses(YEARS, TOPICS).any()


def test_a_bot_has_the_sessions_of_its_releases():
    """More users come after a release, and stay away again."""
    releases = Releases(5, 6, 80)
    traffic = releases.traffic(YEARS)

    assert 0.9 * ONE < traffic.mean() < 1.1 * ONE
    assert traffic.max() > 1.5 * ONE


def test_a_version_knows_more_about_some_topics():
    """Sessions about a topic whose answers are bad have more questions without a match than others."""
    ratios = []
    for seed in SEEDS[:8]:
        generator = Generator(seed, CBS[0], Profile(sessions_per_day=1_500, incident_days=0), KNOWLEDGE)
        turns = generator.turns_of(DAYS)[0]
        domains = generator.lines.wording.domains
        names = [domains.index(one.domain) if one.domain in domains else -1 for one in REPERTOIRE]
        topic = np.array(names)[turns.utterance]
        known, first = np.unique(np.where(topic < 0, -1, turns.session), return_index=True)
        known, first = known[1:], first[1:]  # the first question about a topic of each session that has one
        missed = np.bincount(turns.session, outcomes(turns) == "notmatch")[known] > 0
        level = generator._rates.releases.misses(np.array(DAYS), len(domains))
        here = level[np.minimum(turns.at[first] // DAY - DAYS.start, len(DAYS) - 1), topic[first]]
        low, high = np.quantile(here, [0.2, 0.8])
        ratios.append(missed[here >= high].mean() / missed[here <= low].mean())

    assert np.mean(ratios) > 1.5
