"""The log: what a bot's traffic looks like from outside."""

import logging

import numpy as np
import pytest

from mockcbs.core.clock import instant
from mockcbs.core.waiting import StartOver, on_loop
from mockcbs.datasets.load import load
from mockcbs.traffic import recording
from mockcbs.traffic.bots import Profile
from mockcbs.traffic.generators import Generators
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.numbering import Cast, generated
from mockcbs.traffic.periods import DAY
from tests.traffic.logs import BOT, NOW, log_of, session


def test_the_clock_uncovers_the_same_day():
    """The turns until noon are the same at midnight: the clock only adds turns."""
    log = log_of(profile=Profile(sessions_per_day=200))
    days = range(NOW // DAY, NOW // DAY + 1)

    noon = [row for rows in log.rows(BOT, days, NOW) for row in rows]
    midnight = [row for rows in log.rows(BOT, days, NOW + DAY) for row in rows]

    assert 0 < len(noon) < len(midnight)
    assert midnight[: len(noon)] == noon
    assert all(row.at_ms <= NOW for row in noon)


def test_a_slow_build_is_logged(monkeypatch, caplog):
    """The log states the bot, its turns and the time that they took."""
    monkeypatch.setattr("mockcbs.traffic.bases._LONG", 0)
    log = log_of(profile=Profile(sessions_per_day=200))

    with caplog.at_level(logging.INFO, "mockcbs"):
        turns = log.bot(BOT, NOW, "").view.turns

    (message,) = caplog.messages
    assert message.startswith(f"bot {BOT}: {len(turns)} turns generated and indexed in ")


def test_rows_come_by_time_then_session_across_midnight():
    """Rows are ordered by time, then session id, also where a session crosses midnight."""
    log = log_of(
        session("b", "2026-11-20T23:59:59.999Z", "2026-11-21T00:00:00Z"),
        session("a", "2026-11-21T00:00:00Z", "2026-11-21T00:01:00Z"),
    )
    day = instant("2026-11-20") // DAY

    rows = [row for rows in log.rows(BOT, range(day, day + 2), NOW) for row in rows]

    assert [(row.session_id, row.at_ms % DAY) for row in rows] == [
        ("b", DAY - 1),
        ("a", 0),
        ("b", 0),
        ("a", 60_000),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "user-10000007",
        "user-7",
        "user-00000007",
        "user-\u0667",
        "anna",
        "",
        "user-99999999",
        "user-9999999999",
    ],
)
def test_a_user_keeps_their_name(name):
    """The number of a user gives the user's exact name, for any name."""
    cast = Cast()

    assert cast.name(cast.number(name)) == name
    assert cast.number(name) == cast.number(name)


def test_a_stated_user_may_be_a_generated_one():
    """A dataset that names user-100007 means the generated user of that name."""
    assert Cast().number("user-100007") == 7


def test_a_recorded_turn_is_in_every_view_of_its_scope_at_once():
    """A turn that a client caused is counted in its scope, exported, and forgotten on request."""
    log = log_of(profile=Profile(sessions_per_day=20))
    before = len(log.bot(BOT, NOW, "p1").view.turns)
    said = Utterance("量子计算", "notmatch")

    log.record(Turn(BOT, "s1", "anna", NOW, said), "p1")
    log.record(Turn(BOT, "s1", "anna", NOW, said), "p1")

    view = log.bot(BOT, NOW, "p1").view
    sums = view.sessions(np.array([NOW]), np.array([NOW + 1]), NOW)
    rows = [row for day in log.rows(BOT, range(NOW // DAY, NOW // DAY + 1), NOW, "p1") for row in day]
    assert len(view.turns) == before + 2
    assert (sums.count[0], sums.users[0], sums.rounds[0]) == (1, 1, 2)
    assert rows[-2:] == [Turn(BOT, "s1", "anna", NOW, said)] * 2
    assert len(log.bot(BOT, NOW, "p2").view.turns) == before
    log.forget("p2")
    assert len(log.bot(BOT, NOW, "p1").view.turns) == before + 2
    log.forget()
    assert len(log.bot(BOT, NOW, "p1").view.turns) == before


def test_recorded_turns_of_all_bots_are_bounded(monkeypatch, caplog):
    """Beyond a limit in all, the turns of the bot quiet longest are dropped, with a warning."""
    monkeypatch.setattr("mockcbs.traffic.recordings.MAX_RECORDED", 5)
    log = log_of()

    for number, scope in enumerate(["p1", "p1", "p2", "p2", "p1", "p3"]):
        log.record(Turn(BOT, f"s{number}", "", NOW + number, Utterance("?", "invalid")), scope)

    kept = {scope: len(log.bot(BOT, NOW, scope).view.turns) for scope in ("p1", "p2", "p3")}
    assert kept == {"p1": 3, "p2": 0, "p3": 1}
    assert f"the 2 of bot {BOT} are dropped" in caplog.text


def test_words_and_users_that_are_gone_are_let_go(monkeypatch):
    """Of many different texts and users, only counted ones stay in memory; counts stay right."""
    for module in ("renumbering", "recordings"):
        monkeypatch.setattr(f"mockcbs.traffic.{module}.MAX_RECORDED", 10)
    monkeypatch.setattr(recording, "MAX_TURNS", 10)
    log = log_of(session("old", "2026-11-21T00:00:00Z"), profile=Profile(sessions_per_day=20))
    before = len(log.bot(BOT, NOW, "p").view.turns)
    words = len(log.register)

    for number in range(100):
        said = Utterance(f"第{number}个问题", "notmatch")
        log.record(Turn(BOT, f"s{number}", f"名{number}", NOW, said), "p")
        assert len(log.register) <= words + 21
        assert len(log.cast) <= words + 21

    bot = log.bot(BOT, NOW, "p")
    view = bot.view
    day = range(NOW // DAY, NOW // DAY + 1)
    rows = [row for rows in log.rows(BOT, day, NOW, "p") for row in rows if row.at_ms == NOW]
    said = [bot.repertoire[number].question for number in view.said(NOW, NOW + 1)]
    assert said == [f"第{number}个问题" for number in range(100 - len(said), 100)]
    assert sorted(row.user_id for row in rows) == sorted(f"名{n}" for n in range(100 - len(said), 100))
    assert len(view.turns) == before + len(said)
    assert bot.keywords()[view.said(NOW, NOW + 1)[-1]] == ["第99", "问题"]


def test_changes_are_counted_for_the_bot_and_scope_they_are_of():
    """A count of changes shows whether the turns behind a response are still the same."""
    log = log_of()
    changes = log.recordings.changes
    other = changes.watch(("b", BOT))
    asked = Turn(BOT, "s", "", NOW, Utterance("?", "invalid"))

    for change in (
        lambda: log.record(asked, "a"),
        lambda: log.amend(asked, Turn(BOT, "s", "", NOW, Utterance("?", "notmatch")), "a"),
        lambda: log.forget("a"),
    ):
        token = changes.watch(("a", BOT))
        assert not changes.changed(token)
        change()
        assert changes.changed(token)

    assert not changes.changed(other)


def test_days_that_came_later_may_know_utterances_that_recorded_turns_do_not():
    """Recorded turns still count after another user's new question and a new day."""
    log = log_of(profile=Profile(sessions_per_day=20))
    log.record(Turn(BOT, "s", "", NOW, Utterance("never said before", "invalid")), "a")
    low, high = np.array([NOW - DAY]), np.array([NOW + 1])
    before = log.bot(BOT, NOW, "a").view.utterances(low, high).sum()

    log.record(Turn(BOT, "t", "", NOW, Utterance("nor this", "invalid")), "b")

    assert log.bot(BOT, NOW + DAY, "a").view.utterances(low, high).sum() == before


def test_keywords_of_long_questions_are_not_searched_on_the_event_loop():
    """Few long questions take as long as many short ones; only 2,000 characters of each are searched."""
    log = log_of()
    for number in range(20):
        said = Utterance(f"第{number}号 " + "x" * 1_980 + " VPN" * 1_000, "notmatch")
        log.record(Turn(BOT, "s", "", NOW, said), "p")

    with on_loop(), pytest.raises(StartOver):
        log.bot(BOT, NOW, "p").keywords()

    assert log.bot(BOT, NOW, "p").keywords()[-1].count("VPN") < 10


def test_many_stated_turns_are_not_indexed_on_the_event_loop(monkeypatch):
    """A large dataset is indexed in a thread, like much generated traffic."""
    monkeypatch.setattr("mockcbs.traffic.log._MANY", 1)
    times = "2026-11-21T00:00:00Z", "2026-11-21T00:01:00Z"
    log = log_of(*(session(f"s{number}", at) for number, at in enumerate(times)))

    with on_loop(), pytest.raises(StartOver):
        log.bot(BOT, NOW)

    assert len(log.bot(BOT, NOW).view.turns) == len(times)


def test_phrasing_is_imported_in_a_thread():
    """Figures need none of it; the first texts of a bot do."""
    log = TrafficLog(load("everyday"), 42)
    turns, generator = log.bot(BOT, NOW).view.turns, Generators(log.dataset, 42).of(BOT)

    with on_loop(), pytest.raises(StartOver):
        log.phrased(turns.take(slice(0, 9)), generator)
    said = log.phrased(turns.take(slice(0, 9)), generator)
    with on_loop():
        assert log.phrased(turns.take(slice(0, 9)), generator) == said


def test_only_the_words_of_the_bot_that_is_read_are_prepared(monkeypatch):
    """Neither a new log nor a recorded question needs any; a bot needs those of its trade, in a thread."""
    prepared = []

    def counted(knowledge):
        prepared.append(knowledge)
        return generated(knowledge)

    monkeypatch.setattr("mockcbs.traffic.generate.generated", counted)
    dataset = load("everyday")
    log = TrafficLog(dataset, 42)
    log.record(Turn(BOT, "s", "", NOW, Utterance("?", "invalid")), "p")

    assert not prepared
    with on_loop(), pytest.raises(StartOver):
        log.bot(BOT, NOW, "p")
    assert len(log.bot(BOT, NOW, "p").view.turns)
    assert prepared == [dataset.knowledge_of(BOT, 42)]
    with on_loop():
        log.bot("7342866812345678901", NOW)
