"""What users can speak about."""

from mockcbs.datasets.load import load
from mockcbs.traffic.conversations.acts import Act
from mockcbs.traffic.knowledge import KnowledgeBase, Pair, SmallTalk
from mockcbs.traffic.words.subjects import Subjects

OFFICE = load("everyday").knowledge


def test_a_subject_belongs_to_one_section():
    """A pair belongs to that of its category, in order; small talk to that of its occasion."""
    pairs = (Pair("one", "a"), Pair("two", "b"), Pair("three", "a"))
    found = Subjects(KnowledgeBase(pairs=pairs, small_talk=(SmallTalk("hi", when="greeting"),)))

    said = [one.template for one in found.utterances]
    first = [said[found.items[spans[0][0]]] for spans in found.spans]
    sections = dict(zip(first, found.sections, strict=True))
    assert found.domains == ["a", "b"]
    assert (sections["one"], sections["two"], sections["three"]) == (0, 1, 0)
    assert ("hi", found.fixed[Act.GREETING]) in zip(first, found.sections, strict=True)


def test_earlier_pairs_are_asked_for_more_often():
    """The order of a knowledge base is that of its frequency."""
    found = Subjects(KnowledgeBase(pairs=tuple(Pair(f"question{number}") for number in range(9))))

    weights = [weight for weight, section in zip(found.weights, found.sections, strict=True) if section == 0]
    assert weights == sorted(weights, reverse=True)
