"""Which subject each question of a session has."""

import numpy as np

from mockcbs.traffic import bits
from mockcbs.traffic.conversations.acts import Act
from mockcbs.traffic.conversations.choosing import RELATED, subjects_of
from mockcbs.traffic.conversations.scripts import pool


def chosen(
    table: list[int], count: int = 400, related: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The subject, the step and the session of each turn, if all scripts are played *count* times."""
    steps = pool()
    step = np.tile(np.arange(len(steps.act)), count)
    session = np.repeat(np.arange(len(steps.length) * count), np.tile(steps.length, count))
    words = bits.words(7, np.arange(len(step)))
    again = np.flatnonzero(steps.repeats[step])
    topics = np.array(table, np.int32).reshape(1, -1, 256)
    if related is None:
        related = np.full((max(table) + 1, RELATED), -1, np.int32)
    found = subjects_of(topics, 0 * step, related, words, step, topics=topics.shape[1], again=again)
    return found, step, session


def later(step: np.ndarray, session: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the first question about a pair in a session, and of later ones with a subject of their own."""
    asks = np.flatnonzero(
        np.isin(pool().act[step], [Act.HIT, Act.HINT, Act.VAGUE, Act.MEANT]) & (pool().back[step] == 0)
    )
    which = np.searchsorted(session[asks], session[asks])
    return asks[which][which != np.arange(len(asks))], asks[which != np.arange(len(asks))]


def test_users_stay_with_what_they_are_at():
    """Half of the later questions are about a related subject, if there is one."""
    subjects = np.arange(256)
    near = np.stack([subjects ^ (1 << place % 4) for place in range(RELATED)], axis=1).astype(np.int32)
    found, step, session = chosen(subjects.tolist(), 40, near)
    first, other = later(step, session)

    assert 0.4 < (found[first] // 16 == found[other] // 16).mean() < 0.75


def test_later_questions_are_not_at_fixed_distances():
    """Without related subjects, a later question is anywhere in the list, except at the first one."""
    found, step, session = chosen(list(range(256)), 40)
    first, other = later(step, session)

    distance = np.bincount((found[other] - found[first]) % 256 // 16, minlength=16)
    assert distance.max() < 1.3 * distance.mean()


def test_subjects_keep_their_frequency():
    """The first question of its kind has each entry equally often, later ones nearly so."""
    found, step, _ = chosen(list(range(256)), 40)

    first = np.bincount(found[pool().since[step] == 0], minlength=256)
    assert first.std() / first.mean() < 0.1
    all_of_them = np.bincount(found, minlength=256)
    assert all_of_them.std() / all_of_them.mean() < 0.1


def test_a_step_that_repeats_another_has_its_subject():
    """A rephrased question is about the same thing."""
    found, step, _ = chosen(list(range(256)), 2)
    again = np.flatnonzero(pool().back[step])

    assert (found[again] == found[again - pool().back[step[again]]]).all()


def test_users_rarely_ask_what_was_just_answered():
    """With ten subjects of unequal frequency, two questions in a row rarely have one subject by chance."""
    table = np.repeat(np.arange(10), [90, 50, 30, 22, 16, 14, 12, 10, 7, 5]).tolist()
    found, step, session = chosen(table, 40)
    asks = np.isin(pool().act[step], [Act.HIT, Act.HINT, Act.VAGUE])
    pairs = np.flatnonzero(
        asks[1:] & asks[:-1] & (session[1:] == session[:-1]) & (pool().back[step[1:]] == 0)
    )

    same = (found[pairs + 1] == found[pairs]).mean()

    assert same < 0.05


def test_nobody_asks_twice_when_several_questions_change():
    """When two questions in a row get other subjects, they do not get the same one."""
    table = np.repeat(np.arange(4), [100, 80, 50, 26]).tolist() + list(range(4, 260))
    found, step, session = chosen(table, 40)
    asks = np.flatnonzero(pool().act[step] == Act.HIT)
    pairs = (np.diff(asks) == 1) & (np.diff(session[asks]) == 0) & (pool().back[step[asks[1:]]] == 0)

    assert (found[asks[1:]] == found[asks[:-1]])[pairs].mean() < 0.01


def test_users_turn_to_another_topic_when_one_has_nothing_else():
    """If one subject fills nearly its whole topic, later questions are about another topic."""
    table = [0] * 240 + [1] * 16 + list(range(2, 258))
    found, step, session = chosen(table, 40)
    asks = np.flatnonzero(
        np.isin(pool().act[step], [Act.HIT, Act.HINT, Act.VAGUE]) & (pool().back[step] == 0)
    )
    before, after = asks[:-1], asks[1:]
    pairs = session[before] == session[after]

    assert (found[before] == found[after])[pairs].mean() < 0.02
