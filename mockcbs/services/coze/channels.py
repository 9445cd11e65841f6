"""The channels through which users come to a bot (contract coze 3.1.6).

Sessions that clients open come through the API. Each bot has a few channels for its generated sessions, and a
user nearly always uses the same one. Sessions of a dataset come through any channel.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from mockcbs.services.coze.envelope import API_CHANNEL
from mockcbs.traffic import bits
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.turns import ANONYMOUS, Ints

CHANNELS = (API_CHANNEL, "999", "998", "10000122", "10000113", "10000011")
"""The channels of generated and stated sessions."""
_SHARES = ((74, 26), (58, 30, 12), (63, 22, 11, 4), (47, 38, 15), (81, 14, 5))
"""The shares of channels among the users of a bot, in percent; each bot has one of these rows."""
_STRAY_PERCENT = 3
"""The share of sessions that come through another channel than the user's usual one."""

Weights = tuple[tuple[str, int], ...]
"""Channels with their weights."""


def of_stated(begun: int) -> str:
    """The channel of a session in a dataset, by its start (ms UTC)."""
    number: int = _hashed(begun)
    return CHANNELS[number]


def of_session(log: TrafficLog, bot_id: str, user_id: str, begun: int, *, stated: bool) -> str:
    """The channel of a session that no client opened, by its start (ms UTC)."""
    if stated:
        return of_stated(begun)
    user = log.cast.find(user_id) if user_id else ANONYMOUS
    return _of_generated(bot_id, ANONYMOUS if user is None else user, begun // 1000, _weights(log, bot_id))


def stated_are_of(connector_id: str, begun: Ints) -> npt.NDArray[np.bool_]:
    """Which stated sessions, given their starts (ms UTC), come through that channel."""
    if connector_id not in CHANNELS:
        return np.zeros(len(begun), bool)
    found: npt.NDArray[np.bool_] = _hashed(begun) == CHANNELS.index(connector_id)
    return found


def generated_are_of(
    log: TrafficLog, bot_id: str, connector_id: str, users: Ints, begun: Ints
) -> npt.NDArray[np.bool_]:
    """Which generated sessions come through that channel, given their users and starts (ms UTC)."""
    weights = _weights(log, bot_id)
    ids = [channel for channel, _ in weights]
    if connector_id not in ids:
        return np.zeros(len(begun), bool)
    found: npt.NDArray[np.bool_] = _drawn(bot_id, users, begun // 1000, weights) == ids.index(connector_id)
    return found


@lru_cache(1 << 16)
def _of_generated(bot_id: str, user: int, second: int, weights: Weights) -> str:
    place = int(_drawn(bot_id, np.array([user]), np.array([second]), weights)[0])
    return weights[place][0]


def _drawn(bot_id: str, users: Ints, seconds: Ints, weights: Weights) -> npt.NDArray[np.intp]:
    """The index in *weights* of the channel of each generated session."""
    key = bits.key("channel", bot_id)
    stray = bits.below(bits.words(key + 1, seconds * 4096 + users), 100) < _STRAY_PERCENT
    chance = np.where(stray | (users < 0), bits.words(key + 2, seconds), bits.words(key, users))
    running = np.cumsum([weight for _, weight in weights])
    return np.searchsorted(running, bits.below(chance, int(running[-1])), side="right")


def _weights(log: TrafficLog, bot_id: str) -> Weights:
    """The weighted channels of a bot."""
    profile = log.dataset.bot(bot_id).profile
    if profile and profile.channels:
        return tuple(profile.channels.items())
    return _usual(bot_id)


@lru_cache(1024)
def _usual(bot_id: str) -> Weights:
    shares = _SHARES[bits.key("channels", bot_id) % len(_SHARES)]
    return tuple(zip(sorted(CHANNELS, key=lambda channel: bits.key(bot_id, channel)), shares, strict=False))


def _hashed(begun: Any) -> Any:
    """The channel number of stated sessions: a hash of the second in which each began."""
    return begun // 1000 * 2_654_435_761 % 2**32 * len(CHANNELS) >> 32
