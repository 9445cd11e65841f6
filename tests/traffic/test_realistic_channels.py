"""By which channels the users of bots of Coze come."""

from statistics import mean

import numpy as np

from mockcbs.services.coze import channels
from mockcbs.traffic.bots import Bot, Profile
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.turns import Turns
from tests.traffic.worlds import COZE, KNOWLEDGE, LAST, SEEDS, made

HALF_YEAR = range(LAST - 13 * 14, LAST)
BOTS = [(seed, bot) for seed in SEEDS for bot in COZE]


def opened(seed: int, bot: str, turns: Turns) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The user, the begin and the channel (its index in `PUBLISHED`) of each session."""
    first = np.unique(turns.session, return_index=True)[1]
    users, begun = turns.user[first].astype(np.int64), turns.at[first]
    log = TrafficLog(Dataset("test", bots={bot: Bot(bot, profile=Profile())}), seed)
    came = [channels.generated_are_of(log, bot, one, users, begun) for one in channels.PUBLISHED]
    assert np.all(np.sum(came, axis=0) == 1)
    return users, begun, np.argmax(came, axis=0)


def shares(channel: np.ndarray) -> np.ndarray:
    return np.bincount(channel, minlength=len(channels.PUBLISHED)) / len(channel)


def test_bots_have_channels_and_shares_of_their_own():
    """One bot has nearly all users by one channel, another only half; few have the same channels."""
    found = [shares(opened(seed, bot, made(seed, bot))[2]) for seed, bot in BOTS]
    first = [each.max() for each in found]
    used = [frozenset(np.flatnonzero(each).tolist()) for each in found]

    assert {*map(len, used)} == {2, 3, 4}
    assert min(first) < 0.57
    assert max(first) > 0.93
    assert np.std(first) > 0.1
    assert len({*used}) > 0.9 * len(used)


def test_a_channel_of_a_third_of_bots_opens_or_closes_within_half_a_year():
    """Nobody comes by it in one fortnight, and 10 to 45 of 100 in another."""
    moves = []
    for seed, bot in BOTS:
        turns = Generator(seed, bot, Profile(sessions_per_day=100), KNOWLEDGE).turns_of(HALF_YEAR)[0]
        _, begun, channel = opened(seed, bot, turns)
        part = (begun - HALF_YEAR.start * DAY) // (14 * DAY)
        parts = np.array([shares(channel[part == number]) for number in range(13)])
        came = parts.min(axis=0) < 0.005
        moves.append((parts.max(axis=0) * came).max())

    moved = [move for move in moves if move > 0.1]
    assert 0.2 < len(moved) / len(moves) < 0.45
    assert max(moved) < 0.45
    assert 0.15 < mean(moved) < 0.35


def test_a_user_comes_by_one_channel_nearly_always():
    """Of the sessions of frequent users, 95 of 100 come by the usual channel of their user."""
    usual = []
    for seed, bot in BOTS:
        users, _, channel = opened(seed, bot, made(seed, bot))
        known, visits = np.unique(users[users >= 0], return_counts=True)
        often = known[visits > 3]
        most = [np.bincount(channel[users == one]).max() for one in often]
        usual.append(sum(most) / np.isin(users, often).sum())

    assert mean(usual) > 0.95
    assert min(usual) > 0.9
