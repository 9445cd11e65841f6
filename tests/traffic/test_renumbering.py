"""Numbers that are given anew while the log is used."""

import threading
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockcbs.core.waiting import StartOver, on_loop
from mockcbs.traffic import recordings
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.numbering import Cast, Register
from mockcbs.traffic.recordings import MemoryRecordings

NOW = 1_772_236_800_000
"""2026-02-28, ms UTC."""

BOTS = st.sampled_from(["a", "b"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("record"), BOTS, st.integers(0, 3)),
        st.tuples(st.just("amend"), BOTS, st.integers(0, 3)),
        st.tuples(st.just("drop"), BOTS, st.integers(1, 3)),
        st.tuples(st.just("forget"), st.just(""), st.just(0)),
    ),
    max_size=12,
)


def turn(bot, number, text=None):
    return Turn(
        bot, f"s{number // 2}", f"u{number}", NOW + number, Utterance(text or f"q{number}", "chat"), 5
    )


class Meddling(Register):
    """Runs *meanwhile* in another thread when it numbers its first recorded utterance."""

    def __init__(self, meanwhile):
        super().__init__()
        self.meanwhile = meanwhile

    def number(self, utterance):
        if meanwhile := self.meanwhile:
            self.meanwhile = None
            thread = threading.Thread(target=meanwhile, daemon=True)
            thread.start()
            thread.join(20)
            assert not thread.is_alive(), "the lock is held while numbers are given"
        return super().number(utterance)


def play(made, steps):
    """Do *steps*, which are the same whatever numbers there are."""
    for what, bot, number in steps:
        held = made.of("p", bot)
        if what == "record":
            made.record(turn(bot, number), "p")
        elif what == "forget":
            made.forget()
        elif held and what == "amend" and number < len(held.turns):
            before = held.turns[number]  # a later state keeps session and user
            made.amend(before, replace(before, said=Utterance(f"later {number}", "chat")), "p")
        elif held and what == "drop":
            held.drop_oldest(number)


def filled(before):
    made = MemoryRecordings()
    made.number_by(Register(), Cast())
    play(made, before)
    return made


def columns(made, register, cast):
    """What the recorded turns are by their numbers."""
    found = {}
    for bot in made.bots("p"):
        recording = made.of("p", bot)
        index = recording.index()
        rows = index.columns
        found[bot] = [
            (at, recording.session_ids[session], cast.name(user), register[number].question, latency)
            for at, session, user, number, latency in zip(
                *(
                    column.tolist()
                    for column in (rows.at, rows.session, rows.user, rows.utterance, rows.latency)
                ),
                strict=True,
            )
        ]
    return found


RECORDED = [("record", "a", number) for number in range(4)]


@example(before=RECORDED, meanwhile=[("amend", "a", 2), ("drop", "a", 1)], after=[])
@example(before=RECORDED, meanwhile=[("forget", "", 0), ("record", "a", 3)], after=[("record", "a", 1)])
@given(before=STEPS, meanwhile=STEPS, after=STEPS)
def test_turns_that_change_while_numbers_are_given(before, meanwhile, after):
    """They are as if no numbers had been given, and each number stands for what was said."""
    made, plain = filled(before), filled(before)
    register, cast = Meddling(lambda: play(made, meanwhile)), Cast()

    made.number_by(register, cast)
    if register.meanwhile is None:  # there was something to number
        play(plain, meanwhile)
    register.meanwhile = None
    for one in (made, plain):
        play(one, after)

    expected = {
        bot: [
            (t.at_ms, t.session_id, t.user_id, t.said.question, t.latency_ms)
            for t in plain.of("p", bot).turns
        ]
        for bot in plain.bots("p")
    }
    assert columns(made, register, cast) == expected
    assert made.is_numbered_by(register)
    for bot in plain.bots("p"):
        mine, other = made.of("p", bot), plain.of("p", bot)
        assert (mine.session_numbers, mine.nbytes) == (other.session_numbers, other.nbytes)


@pytest.fixture
def log(monkeypatch):
    """A log that has about as many numbers as it may have."""
    for module in ("renumbering", "recordings"):
        monkeypatch.setattr(f"mockcbs.traffic.{module}.MAX_RECORDED", 600)
    monkeypatch.setattr("mockcbs.traffic.recording.MAX_TURNS", 600)
    made = TrafficLog(Dataset("none"), 42)
    for number in range(1_200):
        made.record(turn("a", number), "p")
    return made


def test_on_the_event_loop_nothing_is_numbered_anew(log):
    """A read starts over in a thread; a recording, which must not run twice, lets a thread number."""
    before = log.register

    with on_loop():
        log.record(turn("a", 1_201), "p")
        log.record(turn("a", 1_202), "p")
        while log.register is before:
            threading.Event().wait(0.01)
    other = log.successor(Dataset("none"), 7)
    with on_loop(), pytest.raises(StartOver):
        other.bot("a", NOW, "p")

    assert len(log.register) < len(before)
    assert len(other.bot("a", NOW, "p").view.turns) == len(log.bot("a", NOW, "p").view.turns)


def test_who_reads_meanwhile_uses_the_former_numbers(log, monkeypatch):
    """A read on the loop waits neither for new numbers nor starts over; one thread gives them."""
    begun, go = [], threading.Event()
    number_by = MemoryRecordings.number_by

    def slow(*given):
        begun.append(given)
        assert go.wait(20)
        number_by(*given)

    monkeypatch.setattr(MemoryRecordings, "number_by", slow)
    with on_loop():
        before = log.register
        log.record(turn("a", 1_201), "p")
        for number in range(1_202, 1_210):
            log.record(turn("a", number), "p")
            assert log.bot("a", NOW + 9_999, "p").numbers.register is before
        go.set()
        while log.register is before:
            threading.Event().wait(0.01)

    assert len(begun) == 1
    assert len(log.bot("a", NOW + 9_999, "p").view.turns) == len(log.recordings.of("p", "a").turns)


def test_a_bot_without_recorded_turns_waits_for_no_numbers(log):
    """On the loop it is read at once, whatever other bots have recorded."""
    other = log.successor(Dataset("none"), 7)

    with on_loop():
        assert len(other.bot("b", NOW, "p").view.turns) == 0


def test_what_was_read_keeps_its_numbers(log):
    """Numbers that are given anew change nothing for a request that has read a bot before."""
    bot = log.bot("a", NOW + 9_999, "p")
    said = [one.question for one in bot.said(bot.view.turns)]
    before = log.register

    for number in range(2_000, 2_000 + recordings.MAX_RECORDED):
        log.record(turn("b", number), "p")

    assert log.register is not before
    assert [one.question for one in bot.said(bot.view.turns)] == said
    assert len(bot.keywords()) == len(bot.repertoire)
