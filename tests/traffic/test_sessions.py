"""Sessions by number and by id."""

import pytest

from mockcbs.traffic.bots import Bot, Profile
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.session_ids import begun

NOW = 20_000 * DAY + 15 * 3_600_000
COZE, CBS = "7342866812345678901", "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
SAID = Utterance("x", "direct", unfinished=True)


def _log(bot_id):
    profile = Profile(sessions_per_day=30, retention_days=3, character="shop", calendar="none")
    bot = Bot(bot_id, profile=profile)
    return TrafficLog(Dataset("test", bots={bot_id: bot}), 42)


@pytest.mark.parametrize("bot_id", [COZE, CBS])
def test_numbers_and_ids_belong_together(bot_id):
    """Every session of the columns has the id its rows have, and is found by it."""
    log = _log(bot_id)
    log.record(Turn(bot_id, "7700000000000000001", "u", NOW - 5, SAID), "")
    bot_log = log.bot(bot_id, NOW)
    rows = [row for day in log.rows(bot_id, range(19_990, 20_001), NOW) for row in day]
    turns = bot_log.view.turns

    ids = {number: bot_log.sessions.id(number) for number in turns.session.tolist()}

    named = zip(turns.at.tolist(), [ids[number] for number in turns.session.tolist()], strict=True)
    assert sorted(turn for turn in named if turn[0] <= NOW) == sorted(
        (row.at_ms, row.session_id) for row in rows
    )
    assert len(set(ids.values())) == len(ids) > 50
    assert {bot_log.sessions.number(session_id): session_id for session_id in ids.values()} == ids


@pytest.mark.parametrize(
    "session_id", ["", "nope", "0", "9" * 20, "9" * 21, CBS, "٣", str(NOW // 1000 << 32)]
)
def test_unknown_ids(session_id):
    """A text that is not the id of a session has no number."""
    assert _log(COZE).bot(COZE, NOW).sessions.number(session_id) is None


def test_ids_differ_within_a_second():
    """Sessions of Coze that begin in the same second have different ids, which ascend over milliseconds."""
    bot = Bot(COZE, profile=Profile(sessions_per_day=500_000, users=9, retention_days=1))
    log = TrafficLog(Dataset("busy", bots={COZE: bot}), 42)

    rows = next(log.rows(COZE, range(19_999, 20_000), NOW))

    first = {}
    for row in rows:
        first.setdefault(row.session_id, row.at_ms // 1000)
    assert len(first) > len(set(first.values()))
    assert [int(session) for session in first] == sorted(map(int, first))


def test_ids_tell_when_a_session_began():
    """The upper half of a decimal id is the second, and a UUID hides the millisecond."""
    for bot_id in (COZE, CBS):
        rows = next(_log(bot_id).rows(bot_id, range(19_999, 20_000), NOW))
        unit = 1000 if bot_id == COZE else 1
        assert begun(rows[0].session_id) == rows[0].at_ms // unit * unit


def test_a_turn_can_be_amended():
    """The later state of a turn replaces it; a turn that was never recorded is not added."""
    log = _log(COZE)
    turn = Turn(COZE, "s", "u", NOW - 5, SAID, 100)
    ended = Turn(COZE, "s", "u", NOW - 5, Utterance("x", "direct"), 250)
    log.record(turn, "mine")

    log.amend(turn, ended, "mine")
    log.amend(turn, ended, "mine")
    log.amend(turn, ended, "other")

    def recorded(scope):
        rows = next(log.rows(COZE, range(20_000, 20_001), NOW, scope))
        return [row for row in rows if row.session_id == "s"]

    assert (recorded("mine"), recorded("other")) == ([ended], [])
    turns = log.bot(COZE, NOW, "mine").view.turns
    assert 250 in turns.latency[turns.at == NOW - 5]


def test_finding_a_user_adds_none():
    """Looking up an unknown user adds no user."""
    cast = _log(COZE).cast

    assert cast.find("nobody") is None
    assert cast.number("somebody") == cast.find("somebody")
    assert cast.find("user-100017") == 17
    assert cast.find("user-17") is None
    assert cast.find("user-" + "9" * 5000) is None
