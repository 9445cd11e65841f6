"""The channels through which users come to a bot (contract coze 3.1.6).

Sessions that clients open come through the API. Each bot has a few channels for its generated sessions, and a
user nearly always uses the same one. The second channel of many bots is closed for some months; meanwhile its
users use the first. Sessions of a dataset come through any channel.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from mockcbs.services.coze.envelope import API_CHANNEL
from mockcbs.traffic import bits
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.turns import ANONYMOUS, Ints

CHANNELS = (API_CHANNEL, "999", "998", "10000122", "10000113", "10000011")
"""The channels of stated sessions."""
PUBLISHED = (*CHANNELS, "10000120", "10000121", "10000126", "10000127", "10000128", "10000117")
"""The channels of which each bot has some for its generated sessions."""
_MIN_FIRST, _MAX_FIRST, _MAX_OF_TWO = 500, 800, 970
"""How many of 1000 users use the first channel: at least, at most, and at most if there are only two."""
_STRAY_PERCENT = 3
"""The share of sessions that come through another channel than the user's usual one."""
_ALWAYS_OPEN = 2
"""A bot with only so many channels closes none."""
_HALF_YEAR = 182
"""Within each span of so many days, a second channel opens or closes at most once."""
_SPANS = 400
"""The number of spans, which reach beyond the year 2160."""
_CLOSED = 3
"""A second channel is closed in one of so many spans."""
_MAX_LATE = 28
"""The last users notice that less than so many days after the first."""


@dataclass(frozen=True, eq=False)
class _Doors:
    """The channels of the generated sessions of one bot."""

    key: int
    ids: tuple[str, ...]
    running: Ints
    """The running sums of their weights."""
    moves: Ints
    """The days on which the second closes, opens, closes again and so on."""

    def drawn(self, users: Ints, seconds: Ints) -> npt.NDArray[np.intp]:
        """The index of the channel of each session, given its user and start (s UTC)."""
        stray = bits.below(bits.words(self.key + 1, seconds * 4096 + users), 100) < _STRAY_PERCENT
        own = bits.words(self.key, users)
        chance = np.where(stray | (users < 0), bits.words(self.key + 2, seconds), own)
        place = np.searchsorted(self.running, bits.below(chance, int(self.running[-1])), side="right")
        if len(self.moves) and len(second := np.flatnonzero(place == 1)):
            place[second] = self._is_open(users[second], seconds[second])
        return place

    def _is_open(self, users: Ints, seconds: Ints) -> npt.NDArray[np.bool_]:
        """Whether the second channel is open, as far as each user has noticed."""
        who = np.where(users < 0, seconds, users)  # anonymous users are not one
        late = bits.skewed(bits.words(self.key + 3, who), _MAX_LATE)
        found: npt.NDArray[np.bool_] = (
            np.searchsorted(self.moves, seconds // 86_400 - late, side="right") % 2 == 0
        )
        return found


def of_stated(begun: int) -> str:
    """The channel of a session in a dataset, by its start (ms UTC)."""
    number: int = _hashed(begun)
    return CHANNELS[number]


def of_session(log: TrafficLog, bot_id: str, user_id: str, begun: int, *, stated: bool) -> str:
    """The channel of a session that no client opened, by its start (ms UTC)."""
    if stated:
        return of_stated(begun)
    user = log.cast.find(user_id) if user_id else ANONYMOUS
    return _of_generated(_doors(log, bot_id), ANONYMOUS if user is None else user, begun // 1000)


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
    doors = _doors(log, bot_id)
    if connector_id not in doors.ids:
        return np.zeros(len(begun), bool)
    found: npt.NDArray[np.bool_] = doors.drawn(users, begun // 1000) == doors.ids.index(connector_id)
    return found


@lru_cache(1 << 16)
def _of_generated(doors: _Doors, user: int, second: int) -> str:
    return doors.ids[int(doors.drawn(np.array([user]), np.array([second]))[0])]


def _doors(log: TrafficLog, bot_id: str) -> _Doors:
    profile = log.dataset.bot(bot_id).profile
    stated = profile.channels if profile else None
    return _doors_of(log.seed, bot_id, tuple(stated.items()) if stated else ())


@lru_cache(1024)
def _doors_of(seed: int, bot_id: str, stated: tuple[tuple[str, int], ...]) -> _Doors:
    key = bits.key(seed, bot_id, "channel")
    weights = dict(stated) or _drawn(key)
    moves = np.zeros(0, np.int64) if stated or len(weights) == _ALWAYS_OPEN else _moves(key)
    return _Doors(key, tuple(weights), np.cumsum([*weights.values()]), moves)


def _moves(key: int) -> Ints:
    """The days on which a second channel closes or opens; at first it is open."""
    spans = np.arange(_SPANS)
    closed = bits.below(bits.words(key + 4, spans), _CLOSED) == 0
    closed[0] = False
    days = spans * _HALF_YEAR + bits.below(bits.words(key + 5, spans), _HALF_YEAR) - key % _HALF_YEAR
    found: Ints = days[:-1][closed[:-1] != closed[1:]]
    return found


def _drawn(key: int) -> dict[str, int]:
    """Two to four channels with their weights, which fall."""
    number, first, *others = bits.words(key + 6, np.arange(4))
    count = 2 + int(bits.below(number, 3))
    most = _MAX_OF_TWO if count == _ALWAYS_OPEN else _MAX_FIRST
    weights = [_MIN_FIRST + int(bits.below(first, most - _MIN_FIRST))]
    for word in others[: count - 2]:
        weights.append((1000 - sum(weights)) * (52 + int(bits.below(word, 24))) // 100)
    weights.append(1000 - sum(weights))
    ids = sorted(PUBLISHED, key=lambda channel: bits.key(key, channel))
    return dict(zip(ids, weights, strict=False))


def _hashed(begun: Any) -> Any:
    """The channel number of stated sessions: a hash of the second in which each began."""
    return begun // 1000 * 2_654_435_761 % 2**32 * len(CHANNELS) >> 32
