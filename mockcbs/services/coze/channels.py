"""The channels by which users come to a bot (contract coze 3.1.6).

Sessions that clients open come by the API. Each bot has a few channels for its generated sessions, and each
user has one of them nearly always. Sessions that a dataset states come by any channel.
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
"""Channels of generated and stated sessions."""
_SHARES = ((74, 26), (58, 30, 12), (63, 22, 11, 4), (47, 38, 15), (81, 14, 5))
"""How the channels of a bot share its users, in percent; each bot has one of these."""
_STRAY_PERCENT = 3
"""The share of sessions in which a user comes by another channel than usual."""

Weights = tuple[tuple[str, int], ...]
"""Channels and how often each is used."""


def of_stated(begun: int) -> str:
    """The channel of a session that a dataset states and that began then (ms UTC)."""
    number: int = _hashed(begun)
    return CHANNELS[number]


def of_session(log: TrafficLog, bot_id: str, user_id: str, begun: int, *, stated: bool) -> str:
    """The channel of a session that began then (ms UTC) and that no client opened."""
    if stated:
        return of_stated(begun)
    user = log.cast.find(user_id) if user_id else ANONYMOUS
    return _of_generated(bot_id, ANONYMOUS if user is None else user, begun // 1000, _weights(log, bot_id))


def stated_are_of(connector_id: str, begun: Ints) -> npt.NDArray[np.bool_]:
    """Which of the stated sessions, given their begin (ms UTC), come by that channel."""
    if connector_id not in CHANNELS:
        return np.zeros(len(begun), bool)
    found: npt.NDArray[np.bool_] = _hashed(begun) == CHANNELS.index(connector_id)
    return found


def generated_are_of(
    log: TrafficLog, bot_id: str, connector_id: str, users: Ints, begun: Ints
) -> npt.NDArray[np.bool_]:
    """Which of the generated sessions, given their user and their begin (ms UTC), come by that channel."""
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
    """The place in *weights* of the channel of each generated session."""
    key = bits.key("channel", bot_id)
    stray = bits.below(bits.words(key + 1, seconds * 4096 + users), 100) < _STRAY_PERCENT
    chance = np.where(stray | (users < 0), bits.words(key + 2, seconds), bits.words(key, users))
    running = np.cumsum([weight for _, weight in weights])
    return np.searchsorted(running, bits.below(chance, int(running[-1])), side="right")


def _weights(log: TrafficLog, bot_id: str) -> Weights:
    """The channels of a bot."""
    profile = log.dataset.bot(bot_id).profile
    if profile and profile.channels:
        return tuple(profile.channels.items())
    return _usual(bot_id)


@lru_cache(1024)
def _usual(bot_id: str) -> Weights:
    shares = _SHARES[bits.key("channels", bot_id) % len(_SHARES)]
    return tuple(zip(sorted(CHANNELS, key=lambda channel: bits.key(bot_id, channel)), shares, strict=False))


def _hashed(begun: Any) -> Any:
    """The number of the channel of a stated session, or of many: the second in which it began, hashed."""
    return begun // 1000 * 2_654_435_761 % 2**32 * len(CHANNELS) >> 32
