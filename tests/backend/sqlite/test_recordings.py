"""Recorded turns in a file: every worker's log has what one log in memory has."""

import random
import threading
from dataclasses import replace

import pytest

from mockcbs.backend.sqlite.documents import SqliteDocuments
from mockcbs.backend.sqlite.recordings import SqliteRecordings
from mockcbs.traffic import recording, recordings
from mockcbs.traffic.bots import Bot
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.knowledge import Pair, Turn, Utterance
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY
from tests.conftest import BOT, NOW

OTHER = "11111111-c88a-43e3-aa2f-d5b8b9832b02"
DATASET = Dataset("test", bots={bot_id: Bot(bot_id) for bot_id in (BOT, OTHER)})
PAIR = Pair("怎么打开桌面", "桌面", ("如何打开",), "点", ("常见",), "id-1", "从前", deleted=True)
SAID = (
    Utterance("怎么打开桌面", "direct", PAIR, "桌面"),
    Utterance("{name}在哪里", "notmatch", has_gaps=True, failed=True),
    Utterance("", "dialog", domain="", unfinished=True),
    Utterance('\0 \\ " 🙂', "chat"),
)


@pytest.fixture
def logs(databases):
    """The log of each of two workers, then one in memory."""
    shared = [TrafficLog(DATASET, 42, SqliteRecordings(database)) for database in databases]
    return [*shared, TrafficLog(DATASET, 42)]


def seen(log: TrafficLog, scope: str, bot_id: str) -> list:
    """All that anyone can tell of the recorded turns of a bot: in order, and with the numbers of sessions."""
    view = log.bot(bot_id, NOW, scope)
    days = range(NOW // DAY - 1, NOW // DAY + 1)
    sessions = [view.sessions.id(number) for number in view.view.turns.session.tolist()]
    rows = [row for rows in log.rows(bot_id, days, NOW, scope) for row in rows]
    return [rows, view.view.turns.at.tolist(), view.view.turns.session.tolist(), sessions]


def assert_all_agree(logs) -> None:
    for scope in ("p", "q"):
        for bot_id in (BOT, OTHER):
            first, second, memory = (seen(log, scope, bot_id) for log in logs)
            assert first == memory
            assert second == memory


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("most", "most_of_one"), [(1000, 1000), (25, 12), (13, 20)])
def test_whatever_happens_all_agree(logs, monkeypatch, seed, most, most_of_one):
    """Turns recorded, amended, forgotten and dropped through any worker are so for every other."""
    for module in ("recordings", "renumbering"):
        monkeypatch.setattr(f"mockcbs.traffic.{module}.MAX_RECORDED", most)
    monkeypatch.setattr(recording, "MAX_TURNS", most_of_one)
    dice, done = random.Random(seed), []
    *workers, memory = logs

    for number in range(120):
        worker = dice.choice(workers)
        scope, bot_id = dice.choice("pq"), dice.choice((BOT, OTHER))
        fate = dice.random()
        if fate < 0.75 or not done:
            said = dice.choice(SAID)
            turn = Turn(
                bot_id, f"s{dice.randrange(9)}", f"u{dice.randrange(4)}", NOW - number, said, number % 3
            )
            done.append((turn, scope))
            for log in (worker, memory):
                log.record(turn, scope)
        elif fate < 0.95:
            place = dice.randrange(len(done))
            turn, scope = done[place]
            now = replace(turn, said=dice.choice(SAID), latency_ms=number)
            done[place] = now, scope
            for log in (worker, memory):
                log.amend(turn, now, scope)
        else:
            forgotten = dice.choice(["p", "q", None])
            for log in (worker, memory):
                log.forget(forgotten)
        if dice.random() < 0.3:
            assert_all_agree(logs)

    assert_all_agree(logs)
    assert most == recordings.MAX_RECORDED


def test_what_nobody_changes_costs_no_query(logs, monkeypatch):
    """A worker that has read what was recorded asks no more until more is."""
    first, second, _ = logs
    first.record(Turn(BOT, "s", "u", NOW, SAID[0]), "p")
    assert len(second.bot(BOT, NOW, "p").view.turns) == 1
    assert len(second.bot(OTHER, NOW, "p").view.turns) == 0

    with monkeypatch.context() as patch:
        patch.setattr("mockcbs.backend.sqlite.database.Database.__call__", lambda *_: pytest.fail("a query"))
        assert len(second.bot(BOT, NOW, "p").view.turns) == 1
        assert len(second.bot(OTHER, NOW, "p").view.turns) == 0
    first.record(Turn(BOT, "s", "u", NOW, SAID[0]), "p")

    assert len(second.bot(BOT, NOW, "p").view.turns) == 2


def test_a_worker_lets_go_of_what_it_can_read_again(logs, monkeypatch):
    """A worker's copy of turns is limited like the stored turns, and no turn is lost by that."""
    first, second, _ = logs
    monkeypatch.setattr(recordings, "MAX_RECORDED", 10)
    for scope in "abc":
        for number in range(3):
            first.record(Turn(BOT, "s", "u", NOW - number, SAID[0]), scope)
    monkeypatch.setattr(recordings, "MAX_RECORDED", 4)

    for scope in "abcabc":
        assert len(second.bot(BOT, NOW, scope).view.turns) == 3
        assert sum(len(held.turns) for held in second.recordings._mirrors._held.values()) <= 4


def test_threads_of_a_worker_do_not_wait_for_each_other_for_ever(databases):
    """A thread that records in a transaction and one that reads take the same single lock."""
    ours, others = (TrafficLog(DATASET, 42, SqliteRecordings(database)) for database in databases)
    store, reads = SqliteDocuments(databases[0]), 200

    def record() -> None:
        for number in range(reads):
            with store.transaction():
                store.put("k", "p", "a", {})
                ours.record(Turn(BOT, "s", "u", NOW - number, SAID[0]), "p")

    def read() -> None:
        for number in range(reads):
            others.record(Turn(BOT, "t", "u", NOW - number, SAID[0]), "p")
            ours.bot(BOT, NOW, "p")

    threads = [threading.Thread(target=work, daemon=True) for work in (record, read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert not any(thread.is_alive() for thread in threads)
    assert len(ours.bot(BOT, NOW, "p").view.turns) == 2 * reads
