"""The channels by which users come."""

from collections import Counter

import numpy as np
import pytest

from mockcbs.services.coze import channels
from mockcbs.traffic.bots import Bot, Profile
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.turns import ANONYMOUS
from tests.services.coze.conftest import BOT


def log_of(weights: dict[str, int] | None = None) -> TrafficLog:
    return TrafficLog(Dataset("test", bots={BOT: Bot(BOT, profile=Profile(channels=weights))}), 42)


def test_a_user_has_one_channel_nearly_always():
    """At most a few percent of a user's sessions use another channel than the usual one."""
    log = log_of()

    for user in ("user-10000001", "user-10000207"):
        found = Counter(
            channels.of_session(log, BOT, user, second * 61_000, stated=False) for second in range(1000)
        )
        assert found.most_common(1)[0][1] > 940


def test_a_bot_has_a_few_channels_with_unequal_shares():
    """Users of a bot use two to four channels, and the first has the most."""
    log = log_of()

    found = Counter(
        channels.of_session(log, BOT, f"user-{10**7 + n}", 1000, stated=False) for n in range(600)
    )

    assert 2 <= len(found) <= 4
    assert found.most_common()[0][1] > 1.3 * found.most_common()[-1][1]


def test_the_weights_can_be_stated():
    """Channels are used in the proportions that a dataset states, in every half-year of ten years."""
    log = log_of({"1024": 6, "77": 2, "78": 1})

    for half in range(20):
        begun = half * 182 * DAY
        found = Counter(
            channels.of_session(log, BOT, f"user-{10**7 + n}", begun, stated=False) for n in range(900)
        )
        assert found.keys() == {"1024", "77", "78"}
        assert 0.17 < found["77"] / 900 < 0.27


def test_many_sessions_are_judged_as_one_is():
    """The filter of the analytics and the events of a session agree on its channel, over ten years."""
    log = log_of()
    users = np.array([0, 1, 2, 3, -1] * 40)
    begun = np.arange(200) * (18 * DAY + 7_001)

    for channel in channels.PUBLISHED:
        found = channels.generated_are_of(log, BOT, channel, users, begun)
        names = [log.cast.name(user) for user in users.tolist()]
        alone = [
            channels.of_session(log, BOT, name, at, stated=False) == channel
            for name, at in zip(names, begun.tolist(), strict=True)
        ]
        assert found.tolist() == alone
        stated = [channels.of_stated(at) == channel for at in begun.tolist()]
        assert channels.stated_are_of(channel, begun).tolist() == stated


@pytest.mark.parametrize("known", [True, False])
def test_users_notice_a_closed_channel_one_after_another(known):
    """From the day on which it closes, more and more sessions come by another channel; after 28 days all do.
    Sessions without a user do so, too.
    """
    doors = channels._Doors(1, ("1024", "999"), np.array([0, 100]), np.array([100]))
    seconds = np.arange(400)
    users = seconds if known else np.full(400, ANONYMOUS)
    shares = [doors.drawn(users, 86_400 * day + seconds).mean() for day in (99, 102, 110, 128)]

    assert shares[0] == 1 > shares[1] > shares[2] > shares[3] == 0
