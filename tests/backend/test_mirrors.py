"""What a process has read of recorded turns."""

import threading

import pytest

from mockcbs.backend.mirrors import Head, Mirrors
from mockcbs.traffic import recordings
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.traffic.numbering import Cast, Register

OWNER, OTHER = ("p", "bot"), ("p", "other")


def turn(number: int) -> Turn:
    return Turn("bot", "s", "u", number, Utterance(f"q{number}", "direct"), 5)


def rows(*numbers: int):
    return [(number, 0, turn(number)) for number in numbers]


@pytest.fixture
def dropped():
    return []


@pytest.fixture
def mirrors(dropped):
    made = Mirrors(dropped.append, threading.RLock())
    made.number_by(Register(), Cast())
    return made


def times(mirrors, owner=OWNER):
    held = mirrors.of(owner)
    return held and [turn.at_ms for turn in held.turns]


def test_changes_complete_what_was_read(mirrors):
    """New turns are appended, amended ones replaced, and dropped ones removed."""
    mirrors.complete(OWNER, Head(1, 1, 1), rows(1, 2, 3))
    mirrors.complete(OWNER, Head(1, 2, 2), [(3, 0, turn(30)), *rows(4)])

    assert times(mirrors) == [2, 30, 4]
    assert mirrors.read(OWNER) == (1, 2)


def test_an_owner_that_began_anew_is_read_anew(mirrors):
    """After a reset, older turns are forgotten; an owner without turns is not remembered."""
    mirrors.complete(OWNER, Head(1, 1, 1), rows(1, 2))

    mirrors.complete(OWNER, Head(9, 9, 1), rows(9))
    assert times(mirrors) == [9]
    assert mirrors.read(OWNER) == (9, 1)

    mirrors.complete(OWNER, None, [])
    assert times(mirrors) is None
    assert mirrors.read(OWNER) == (0, 0)


def test_a_database_that_counts_from_the_start_again_is_read_anew(mirrors):
    """A new turn with the id of an old one neither replaces it nor joins an old session."""
    mirrors.complete(OWNER, Head(5, 5, 2), [(5, 0, turn(5)), (6, 1, turn(6)), (7, 1, turn(7))])

    mirrors.complete(OWNER, Head(1, 1, 1), [(1, 0, turn(1)), (6, 1, turn(60))])

    assert times(mirrors) == [1, 60]
    assert mirrors.read(OWNER) == (1, 1)


def test_the_owner_read_longest_ago_is_dropped(mirrors, dropped, monkeypatch):
    """If memory is short, the least recently read owner is dropped; a single owner may exceed the limit."""
    monkeypatch.setattr(recordings, "MAX_RECORDED", 3)

    mirrors.complete(OWNER, Head(1, 1, 1), rows(1, 2, 3, 4))
    assert dropped == []
    mirrors.complete(OTHER, Head(1, 1, 1), rows(1))

    assert dropped == [OWNER]
    assert (times(mirrors), times(mirrors, OTHER)) == (None, [1])
