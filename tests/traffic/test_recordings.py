"""All recorded turns, and their limits."""

import pytest

from mockcbs.core.changes import Changes
from mockcbs.traffic import recordings
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.traffic.numbering import Cast, Register
from mockcbs.traffic.recordings import MemoryRecordings


def turn(bot, at, session="s"):
    return Turn(bot, session, "u", at, Utterance("?", "invalid"))


@pytest.fixture
def kept():
    """Empty recordings."""
    made = MemoryRecordings(Changes())
    made.number_by(Register(), Cast())
    return made


def questions(kept, scope, bot):
    recording = kept.of(scope, bot)
    return [one.at_ms for one in recording.turns] if recording else []


def test_turns_belong_to_a_scope_and_a_bot(kept):
    """Each scope has its own turns; forgetting one scope leaves the others."""
    kept.record(turn("a", 1), "p")
    kept.record(turn("b", 2), "p")
    kept.record(turn("a", 3), "q")
    before = (questions(kept, "p", "a"), sorted(kept.bots("p")), kept.latest())

    kept.forget("p")

    assert before == ([1], ["a", "b"], 3)
    assert (questions(kept, "p", "a"), questions(kept, "q", "a")) == ([], [3])


def test_changes_are_counted(kept):
    """A record, an amendment and a reset each change the key of the scope and the bot."""
    first = turn("a", 1)
    steps = [
        lambda: kept.record(first, "p"),
        lambda: kept.amend(first, turn("a", 1, "t"), "p"),
        lambda: kept.forget("p"),
    ]
    seen = []
    for step in steps:
        token = kept.changes.watch(("p", "a"))
        step()
        seen.append(kept.changes.changed(token))

    assert seen == [True] * 3


def test_the_bot_without_turns_for_the_longest_time_is_dropped(kept, monkeypatch, caplog):
    """Beyond the limit of all turns a whole bot is dropped, and the log names it."""
    monkeypatch.setattr(recordings, "MAX_RECORDED", 3)
    for at, bot in enumerate(["a", "b", "a", "c"]):
        kept.record(turn(bot, at), "p")

    assert [questions(kept, "p", bot) for bot in "abc"] == [[0, 2], [], [3]]
    assert "the 1 of bot b are dropped" in caplog.text
