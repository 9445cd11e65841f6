"""Numbers for utterances and users."""

import gc

from mockcbs.datasets.load import load
from mockcbs.traffic.knowledge import KnowledgeBase, Utterance
from mockcbs.traffic.numbering import Cast, Register, Repertoire, generated
from mockcbs.traffic.turns import OUTCOMES


def test_an_utterance_keeps_its_number():
    """Equal utterances share a number, a new one gets the next, and the number leads back."""
    register = Register()
    one, other = Utterance("?", "invalid", None, "d"), Utterance("!", "chat")

    assert [register.number(each) for each in (one, other, one)] == [0, 1, 0]
    assert [*register] == [register[0], register[1]] == [one, other]


def test_what_a_bot_generates_comes_first():
    """The numbers of a register follow, and grow with it."""
    lines, register = generated(KnowledgeBase(invalid=("1",))), Register()
    repertoire = Repertoire(lines, register)
    new = Utterance("new", "chat")
    number = len(lines) + register.number(new)

    assert [*repertoire] == [*lines, new]
    assert (repertoire[0], repertoire[number], len(repertoire)) == (lines[0], new, number + 1)
    assert [*lines] == [*lines.wording.utterances]


def test_outcomes():
    """Each utterance has its outcome, also a new one; utterances of other categories are left out."""
    lines, register = generated(KnowledgeBase()), Register()
    repertoire, known = Repertoire(lines, register), len(lines)
    assert len(repertoire.outcomes(None)) == known
    register.number(Utterance("a", "direct", None, "d"))
    register.number(Utterance("b", "chat", None, "e", failed=True))

    direct, chat = OUTCOMES.index("direct"), OUTCOMES.index("chat")
    assert repertoire.outcomes(None)[known:].tolist() == [direct, chat]
    assert repertoire.outcomes("d")[known:].tolist() == [direct, len(OUTCOMES)]
    assert repertoire.endings.failed[known:].tolist() == [False, True]
    assert [OUTCOMES[place] for place in repertoire.outcomes(None)] == [one.outcome for one in repertoire]


def test_mocks_of_one_process_share_what_generated_traffic_says():
    """Equal knowledge is prepared once, even if it was read twice."""
    one = generated(KnowledgeBase(invalid=("1", "2")))

    assert generated(KnowledgeBase(invalid=("1", "2"))) is one
    assert generated(KnowledgeBase(invalid=("1", "3"))) is not one


def test_users():
    """The name of a generated user gives its number; any other name gets a new number."""
    cast = Cast()
    ann = cast.number("ann")

    assert (cast.number("user-100007"), cast.name(7)) == (7, "user-100007")
    assert (cast.number("ann"), cast.name(ann), cast.find("bob")) == (ann, "ann", None)
    assert cast.name(cast.number("user-7")) == "user-7"
    assert cast.number("user-7") != 7
    assert cast.name(-1) == ""


def test_another_bot_looks_at_no_frozen_objects(monkeypatch):
    """A server has frozen what it made at its start; to count that for each bot would take a millisecond."""
    knowledge = load("everyday").knowledge
    generated(knowledge)
    counted = []
    monkeypatch.setattr(gc, "get_freeze_count", lambda: counted.append(1) or 0)

    generated(knowledge)

    assert counted == []
