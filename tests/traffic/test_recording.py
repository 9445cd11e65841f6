"""Recorded turns."""

import threading
from dataclasses import replace

from mockcbs.core import garbage
from mockcbs.traffic import recording
from mockcbs.traffic.knowledge import Turn, Utterance
from tests.traffic.logs import BOT, NOW, log_of


def test_recorded_turns_are_bounded(monkeypatch, caplog):
    """Beyond the limit the oldest tenth is dropped, with a warning in the log."""
    monkeypatch.setattr(recording, "MAX_TURNS", 20)
    log = log_of()

    for number in range(21):
        log.record(Turn(BOT, f"s{number}", "", NOW + number, Utterance("?", "invalid")), "")

    view = log.bot(BOT, NOW).view
    assert (len(view.turns), view.turns.at[0]) == (19, NOW + 2)
    assert "the oldest 2 are dropped" in caplog.text


def test_questions_of_one_instant_stay_in_their_order():
    """Questions of one instant keep their order, in any sessions."""
    log = log_of()

    for name, question in (("a", "一"), ("b", "二"), ("a", "三")):
        log.record(Turn(BOT, name, "", NOW, Utterance(question, "notmatch")), "")

    said = log.bot(BOT, NOW).view.said(NOW, NOW + 1)
    assert [log.register[number].question for number in said] == ["一", "二", "三"]


def test_the_end_of_a_turn_is_compared_with_turns_of_its_session_only(monkeypatch):
    """When hundreds of executions end at once, each of them would be compared with all the others."""
    log = log_of()
    turns = [Turn(BOT, f"s{number}", "", NOW, Utterance("?", "chat", unfinished=True)) for number in range(9)]
    for turn in turns:
        log.record(turn, "")
    compared = []
    monkeypatch.setattr(Turn, "__eq__", lambda one, other: compared.append(other) or one is other)

    log.amend(turns[2], replace(turns[2], said=Utterance("?", "chat")), "")

    assert compared == [turns[2]]
    assert not log.recordings.of("", BOT).turns[2].said.unfinished


def test_many_recorded_turns_are_freed_in_pieces(monkeypatch):
    """Freeing them at once after a reset would stop all threads."""
    monkeypatch.setattr(garbage, "_MANY", 4)
    monkeypatch.setattr(threading.Thread, "start", threading.Thread.run)
    log = log_of()
    for number in range(3):
        log.record(Turn(BOT, f"s{number}", "", NOW + number, Utterance("?", "invalid")), "")
    turns = log.recordings.of("", BOT).turns

    log.forget()

    assert turns == []
