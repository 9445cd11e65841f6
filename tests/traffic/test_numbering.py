"""Numbers for utterances and users."""

from mockcbs.traffic.knowledge import KnowledgeBase, Utterance
from mockcbs.traffic.numbering import Cast, Repertoire
from mockcbs.traffic.turns import OUTCOMES


def test_an_utterance_keeps_its_number():
    """Equal utterances share a number, a new one gets the next, and the number leads back."""
    repertoire = Repertoire(KnowledgeBase())
    drawn = len(repertoire)
    new = Utterance("?", "invalid", None, "d")

    assert [repertoire.number(one) for one in (new, Utterance("!", "chat"), new)] == [drawn, drawn + 1, drawn]
    assert repertoire[drawn] == new
    assert all(repertoire.number(one) == number for number, one in enumerate(list(repertoire)))


def test_several_knowledge_bases_share_the_numbers():
    """Each utterance has one number, which leads to the first knowledge base that has the utterance."""
    first, second = (KnowledgeBase(invalid=(text, "!")) for text in "12")
    repertoire = Repertoire(first, second)

    wording, numbers = repertoire.worded(second)

    assert numbers is not None
    said = [repertoire[number] for number in numbers.tolist()]
    assert said == wording.utterances
    assert len(set(repertoire)) == len(repertoire) < 2 * len(wording.utterances)
    assert repertoire.worded(None) == repertoire.worded(first) == (repertoire.wording, None)
    assert {repertoire.origin(number) for number in range(len(repertoire))} == {0, 1}
    assert repertoire.origin(len(repertoire)) is None


def test_outcomes():
    """Each utterance has its outcome, also a new one; utterances of other categories are left out."""
    repertoire = Repertoire(KnowledgeBase())
    known = len(repertoire.outcomes(None))
    repertoire.number(Utterance("a", "direct", None, "d"))
    repertoire.number(Utterance("b", "chat", None, "e", failed=True))

    direct, chat = OUTCOMES.index("direct"), OUTCOMES.index("chat")
    assert repertoire.outcomes(None)[known:].tolist() == [direct, chat]
    assert repertoire.outcomes("d")[known:].tolist() == [direct, len(OUTCOMES)]
    assert repertoire.endings.failed[known:].tolist() == [False, True]


def test_mocks_of_one_process_share_what_generated_traffic_says():
    """Equal knowledge is prepared once, even if it was read twice; each log gives new numbers by itself."""
    one, other = Repertoire(KnowledgeBase(invalid=("1", "2"))), Repertoire(KnowledgeBase(invalid=("1", "2")))
    known = len(other)

    one.number(Utterance("new", "chat"))

    assert one.wording is other.wording
    assert (len(one), len(other), len(other.outcomes(None))) == (known + 1, known, known)
    assert other.number(Utterance("another", "chat")) == known
    assert Repertoire(KnowledgeBase(invalid=("1", "3"))).wording is not one.wording


def test_users():
    """The name of a generated user gives its number; any other name gets a new number."""
    cast = Cast()
    ann = cast.number("ann")

    assert (cast.number("user-100007"), cast.name(7)) == (7, "user-100007")
    assert (cast.number("ann"), cast.name(ann), cast.find("bob")) == (ann, "ann", None)
    assert cast.name(cast.number("user-7")) == "user-7"
    assert cast.number("user-7") != 7
    assert cast.name(-1) == ""
