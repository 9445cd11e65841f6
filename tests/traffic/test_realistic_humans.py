"""Users who do not want to talk to a bot ask for a human."""

from collections import Counter

import numpy as np
import pytest

from mockcbs.traffic.bots import Profile
from mockcbs.traffic.conversations.acts import Act
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.turns import OUTCOMES
from mockcbs.traffic.words.subjects import remarks
from tests.traffic.bases import shipped
from tests.traffic.worlds import CBS, COZE, DAYS, SEEDS

BASES = {
    "shop": "shop",
    "service_desk": "clinic",
    "office": "office",
    "student": "campus",
}
"""A knowledge base for each character."""
BOUNDS = {
    "shop": ((0.08, 0.2), (0.05, 0.15)),
    "service_desk": ((0.08, 0.2), (0.05, 0.15)),
    "office": ((0.02, 0.08), (0.001, 0.025)),
    "student": ((0.02, 0.08), (0.001, 0.025)),
}
"""The shares of sessions with a request for a human, and of those that begin with it."""


def requests(seed: int, bot: str, base: str, **profile) -> tuple[np.ndarray, ...]:
    """For each turn, by session: session, outcome, user, latency, and whether it requests a human."""
    knowledge = shipped(base)
    words = {text for one in remarks(knowledge, Act.HUMAN) for text in (one.question, *one.variants)}
    generator = Generator(seed, bot, Profile(**profile), knowledge)
    turns = generator.turns_of(DAYS)[0]
    said = [*generator.lines]
    human = np.array([one.outcome == "chat" and one.template in words for one in said])
    outcome = np.array([one.outcome for one in said])
    order = np.lexsort((turns.at, turns.session))
    spoken = turns.utterance[order]
    return turns.session[order], outcome[spoken], turns.user[order], turns.latency[order], human[spoken]


def spoken(base: str, *acts: Act) -> set[str]:
    """What users of a knowledge base say in these acts of small talk."""
    found = (one for act in acts for one in remarks(shipped(base), act))
    return {text for one in found for text in (one.question, *one.variants)}


def said_in_sessions(seed: int, bot: str, base: str, **profile) -> list[list[str]]:
    """The small talk in each session, in order; other questions are empty."""
    generator = Generator(seed, bot, Profile(incident_days=0, failure_permille=0, **profile), shipped(base))
    turns = generator.turns_of(DAYS[-30:])[0]
    texts = [one.template if one.outcome == "chat" else "" for one in generator.lines]
    order = np.lexsort((turns.at, turns.session))
    opening = np.flatnonzero(np.diff(turns.session[order])) + 1
    return [[texts[one] for one in some] for some in np.split(turns.utterance[order], opening)]


@pytest.mark.parametrize("character", BASES)
def test_users_request_a_human(character):
    """Shops and service desks hear it in 8 to 20 % of their sessions, offices and students less often."""
    of_sessions, of_first = BOUNDS[character]
    found = []
    for seed in SEEDS:
        for bot in (CBS[0], COZE[0]):
            session, outcome, _, _, human = requests(seed, bot, BASES[character], character=character)
            begins = np.append(True, session[1:] != session[:-1])
            share = (np.bincount(session, human) > 0).mean()
            found.append(share)
            missed, answered = (
                human[1:][(outcome[:-1] == one) & ~begins[1:]].mean() for one in ("notmatch", "direct")
            )

            assert of_sessions[0] < share < of_sessions[1]
            assert of_first[0] < human[begins].mean() < of_first[1]
            assert missed > 1.5 * answered > 0

    assert max(found) > 1.3 * min(found)


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
@pytest.mark.parametrize("character", BASES)
def test_a_request_for_a_human_ends_the_matter(character, bot):
    """After it, at least nine of ten users leave, say it again, thank or complain; more say it again than go
    on as if nothing had happened, and the third time it is louder.
    """
    base, found, again, loud = BASES[character], [], [], []
    calls, after = spoken(base, Act.HUMAN), spoken(base, Act.THANKS, Act.COMPLAINT)
    for seed in SEEDS:
        for texts in said_in_sessions(seed, bot, base, character=character):
            first = next((place for place, text in enumerate(texts) if text in calls), len(texts))
            rest = [text for text in texts[first + 1 :] if text not in after]
            ends = all(text.rstrip("！!") in calls for text in rest)
            found += [ends] * (first < len(texts))
            again += [bool(rest)] * (ends and first < len(texts))
            loud += [rest[1][-1] in "！!"] if ends and len(rest) > 1 else []

    assert 0.9 < np.mean(found) < 0.995
    assert np.mean(again) > 0.06
    assert np.mean(loud) > 0.9


def test_some_users_always_begin_with_it():
    """Of the sessions that begin with it, at least a quarter are those of users who never begin otherwise."""
    for seed in SEEDS:
        session, _, user, _, human = requests(seed, CBS[0], "shop", character="shop", sessions_per_day=300)
        begins = np.append(True, session[1:] != session[:-1]) & (user >= 0)
        every, first = Counter(user[begins].tolist()), Counter(user[begins & human].tolist())
        often = {one: count for one, count in every.items() if count >= 4}
        always = sum(count for one, count in often.items() if first[one] > 0.7 * count)

        assert always > 0.25 * sum(first[one] for one in often)


def test_users_lose_patience():
    """After an answer that took 10 s (of a bot of CBS 2 s), more users request a human than after others."""
    for bot, slow in ((COZE[0], 10_000), (CBS[0], 2_000)):
        asked = {True: [], False: []}
        for seed in SEEDS:
            session, _, _, latency, human = requests(
                seed, bot, "shop", character="shop", sessions_per_day=200, failure_permille=0, incident_days=0
            )
            inside = session[1:] == session[:-1]
            for waited in asked:
                asked[waited] += human[1:][inside & ((latency[:-1] >= slow) == waited)].tolist()

        assert np.mean(asked[True]) > 2 * np.mean(asked[False])


def test_stated_outcomes_hold():
    """Requests for a human are a part of small talk: its share, and that of others, is the stated one."""
    mix = {"direct": 70, "notmatch": 10, "chat": 20}
    for stated in (mix, {"direct": 90, "chat": 10}, {"chat": 100}, {"direct": 100}):
        for bot in (CBS[0], COZE[0]):
            shares = np.zeros(len(OUTCOMES))
            for seed in range(4):
                _, outcome, _, _, human = requests(
                    seed, bot, "shop", character="shop", outcomes=stated, failure_permille=0, incident_days=0
                )
                shares += [(outcome == one).mean() for one in OUTCOMES]
            for place, one in enumerate(OUTCOMES):
                assert shares[place] / 4 == pytest.approx(stated.get(one, 0) / 100, abs=0.012)
            assert ("chat" in stated) == human.any()
