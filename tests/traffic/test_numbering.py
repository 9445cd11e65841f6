"""Numbers for utterances and users."""

import numpy as np

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


def test_counts_by_outcome():
    """Counts of utterances add up by outcome; a category leaves the others out."""
    repertoire = Repertoire(KnowledgeBase())
    one = repertoire.number(Utterance("a", "direct", None, "d"))
    other = repertoire.number(Utterance("b", "direct", None, "e"))
    counts = np.zeros((1, len(repertoire)), np.int64)
    counts[0, [one, other]] = 2, 5

    direct = OUTCOMES.index("direct")
    assert repertoire.by_outcome(counts, None)[0, direct] == 7
    assert repertoire.by_outcome(counts, "d")[0, direct] == 2


def test_users():
    """A generated user's name gives its number; any other name gets a number of its own."""
    cast = Cast()
    ann = cast.number("ann")

    assert (cast.number("user-00007"), cast.name(7)) == (7, "user-00007")
    assert (cast.number("ann"), cast.name(ann), cast.find("bob")) == (ann, "ann", None)
    assert cast.name(cast.number("user-7")) == "user-7"
    assert cast.number("user-7") != 7
    assert cast.name(-1) == ""
