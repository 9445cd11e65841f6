"""The kit's dialogue with a bot of CBS."""

import time

import pytest

from mockcbs.contract.dialogue import Counts, Dialogue
from mockcbs.contract.kit import NotApplicableError, NotReachedError
from mockcbs.contract.lacking import Lacking
from tests.contract.kits import alter, broken, kit_of_mock, response_to

UNKNOWN = "zzz"
"""A question without an answer."""
NOTHING = response_to("/", {})


def declaring(*clauses):
    kit = kit_of_mock()
    kit._declared = clauses
    return Dialogue.of(kit)


def test_counts_are_compared_as_far_as_the_target_shows_them():
    """Figures that have not changed, or are missing, are left out."""
    before = Counts(NOTHING, {"questions": 3, "users": 2, "sessions": Lacking("gone")})
    after = Counts(NOTHING, {"questions": 5, "users": 2, "sessions": Lacking("gone")})

    assert after.since(before) == {"questions": 2}
    assert before.readable({"questions": 1, "sessions": 1}) == {"questions": 1}


def test_a_question_counts_once():
    """A question counts at once, in one new session, without a match."""
    dialogue = declaring("cbs.counted")

    dialogue.counts_as("cbs.counted", lambda: dialogue.chat(UNKNOWN), questions=1, sessions=1, notmatch=1)

    assert broken(dialogue.kit) == set()


def test_a_question_that_counts_otherwise_breaks_the_clause():
    """A count that differs from the clause breaks it."""
    dialogue = declaring("cbs.counted")

    dialogue.counts_as("cbs.counted", lambda: dialogue.chat(UNKNOWN), questions=1, sessions=2, notmatch=1)

    assert broken(dialogue.kit) == {"cbs.counted"}


def test_a_bot_that_others_talk_to_is_not_judged():
    """If figures rise without calls of the kit, they show nothing about its calls."""
    dialogue = declaring("cbs.counted")

    def shows_more_each_time(call, content):
        if "total" in content and "question_count" in content["total"]:
            dialogue.kit.memory["others"] = dialogue.kit.memory.get("others", 0) + 1
            content["total"]["question_count"] += dialogue.kit.memory["others"]

    alter(dialogue.kit, "cbs", shows_more_each_time)

    with pytest.raises(NotReachedError, match="other users talk to the bot"):
        dialogue.counts_as("cbs.counted", lambda: dialogue.chat(UNKNOWN), questions=1)


def test_a_known_pair_answers():
    """The most frequent one of the bot, asked again, gives its own answer."""
    dialogue = declaring("cbs.D-16")
    pair = dialogue.known()

    answer = dialogue.chat(pair["st_question"]).json

    assert answer["qabot_answers"]["answers"][0]["qa_pair_id"] == pair["qa_pair_id"]
    assert dialogue.topics()


def test_a_session_is_opened_and_closed():
    """The session id is a UUID; a question after the end is refused."""
    dialogue = declaring("cbs.D-16")

    session = dialogue.open()
    dialogue.execute(session, "你好")

    assert dialogue.close(session).status == 200
    assert dialogue.post(f"sessions/{session}", {"question": "你好"}).status >= 400


def test_nothing_is_written_without_leave():
    """Without permission to write, checks of dialogues are not applicable."""
    kit = kit_of_mock(writes=False)

    with pytest.raises(NotApplicableError, match="--allow-writes"):
        Dialogue.writing(kit)


def test_waiting():
    """The kit moves the clock of its own mock; with another server it waits in real time."""
    dialogue = declaring()
    before = dialogue.kit.now

    dialogue.wait(1000, time.monotonic())
    assert dialogue.kit.now == before + 1000

    dialogue.kit.skip = None
    with pytest.raises(NotReachedError, match="clock is stopped"):
        dialogue.wait(1000, time.monotonic())
    dialogue.kit.now = None
    with pytest.raises(NotReachedError, match="took less than 3600 s"):
        dialogue.wait(3_600_000, time.monotonic())
