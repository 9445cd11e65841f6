"""What the clock passes, and who has seen it."""

import pytest

from mockcbs.backend.cursors import Cursor
from mockcbs.core.clock import Clock
from mockcbs.core.clocks import MemoryClocks
from mockcbs.traffic.bots import Bot, Profile, StatedSession, StatedTurn
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY

BOT, STATED = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02", "403a0a00-c88a-43e3-aa2f-d5b8b9832b02"
NOON = 20_530 * DAY + DAY // 2
DATASET = Dataset(
    "test",
    bots={
        BOT: Bot(BOT, profile=Profile(sessions_per_day=60)),
        STATED: Bot(STATED, sessions=(StatedSession("s", (StatedTurn(NOON + 1, Utterance("?", "chat")),)),)),
    },
)


@pytest.fixture
def clocks():
    return MemoryClocks(lambda: Clock(NOON))


@pytest.fixture
def log(backend):
    return TrafficLog(DATASET, 42, backend.recordings, backend.documents.transaction)


@pytest.fixture
def cursor(backend, log, clocks):
    return Cursor("hooks", lambda: log, backend.documents, clocks)


def skip(clocks, ms, scope=None):
    with clocks.change(scope) as clock:
        clock.advance(ms)


def drained(cursor, scope="p", limit=1000):
    found = []
    while cursor.advance(scope, [BOT, STATED], found.append, limit):
        pass
    return found


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_every_turn_passes_once_however_the_clock_moves(cursor, log, clocks, limit):
    """Small steps, large steps and whole days return the turns of the log, in order."""
    assert drained(cursor) == []
    found = []
    for step in (1, 0, 59_000, 3_600_000, DAY, 2 * DAY + 1, 5):
        skip(clocks, step)
        found += drained(cursor, limit=limit)

    now = clocks.of("p").now()
    days = range(NOON // DAY, now // DAY + 1)
    wanted = [
        row for bot in (BOT, STATED) for rows in log.rows(bot, days, now) for row in rows if row.at_ms > NOON
    ]
    assert len(found) > 100
    assert found == sorted(wanted, key=lambda row: (row.at_ms, row.bot_id, row.session_id))


def test_a_clock_moved_back_passes_its_turns_again(cursor, clocks):
    """Turns before the new time are not returned; later turns are, also for a second time."""
    drained(cursor)
    skip(clocks, 3_600_000)
    first = drained(cursor)
    skip(clocks, -3_600_000)

    assert drained(cursor) == []
    skip(clocks, 3_600_000)
    assert drained(cursor) == first != []


def test_each_scope_has_its_own_position(cursor, clocks):
    """A scope with its own clock passes its turns by that clock."""
    drained(cursor, "p")
    drained(cursor, "q")

    skip(clocks, DAY, "p")

    assert drained(cursor, "q") == []
    assert drained(cursor, "p") != []


def test_what_a_callback_refuses_comes_again(cursor, clocks):
    """A position is stored only after the callback has accepted all turns before it."""
    drained(cursor)
    skip(clocks, DAY)

    def refuse(turn):
        raise KeyError(turn)

    with pytest.raises(KeyError):
        cursor.advance("p", [BOT], refuse)

    assert drained(cursor) != []


def test_subscribers_know_of_recorded_turns_in_the_same_transaction(backend, log):
    """A turn and what subscribers write are recorded together, or neither is."""
    turn, amended = (Turn(BOT, "s", "u", NOON, Utterance(text, "chat")) for text in ("?", "!"))
    seen = []
    log.subscribe(lambda *told: seen.append(told))
    log.subscribe(
        lambda turn, scope, _: backend.outbox.append("hooks", {"at": turn.at_ms}, due=0, scope=scope)
    )

    log.record(turn, "p")
    log.amend(turn, amended, "p")

    assert seen == [(turn, "p", None), (amended, "p", turn)]
    assert [entry.scope for entry in backend.outbox.peek("hooks")] == ["p", "p"]
    assert backend.recordings.latest() == NOON
    assert backend.recordings.bots("p") == [BOT]
    assert backend.recordings.bots("q") == []


def test_a_turn_that_a_subscriber_cannot_take_is_not_recorded(backend, log):
    """Every turn has its event."""

    def refuse(*_):
        raise KeyError

    log.subscribe(refuse)

    with pytest.raises(KeyError):
        log.record(Turn(BOT, "s", "u", NOON, Utterance("?", "chat")), "p")

    assert backend.recordings.latest() is None


def test_the_clock_is_read_before_the_position(cursor, clocks, monkeypatch):
    """Each may be locked by who reads it: in one order, no two transactions wait for each other."""
    read, documents = [], cursor.documents
    of, get = clocks.of, documents.get
    monkeypatch.setattr(clocks, "of", lambda *scope: read.append("clock") or of(*scope))
    monkeypatch.setattr(documents, "get", lambda *key: read.append("position") or get(*key))

    for call in (cursor.begin, cursor.skip, lambda scope: cursor.advance(scope, [], print)):
        call("p")

    assert read == ["clock", "position"] * 3
