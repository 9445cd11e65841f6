"""What users can speak about."""

from mockcbs.datasets.load import load
from mockcbs.traffic.conversations.acts import Act
from mockcbs.traffic.knowledge import KnowledgeBase, Pair, SmallTalk, Utterance
from mockcbs.traffic.words.subjects import Subjects

OFFICE = load("everyday").knowledge


def test_questions_fail_in_the_words_of_users():
    """Each wording of a pair that the bot matches fails in the same words."""
    failing = Subjects(OFFICE).failing
    worded = [said for said in failing if said.outcome == "direct" and said.template in _texts(said)]

    assert len(worded) > len(OFFICE.pairs)
    assert all(failing[said].template == said.template for said in worded if not said.is_tapped)


def _texts(said: Utterance) -> tuple[str, ...]:
    return (said.pair.question, *said.pair.variants) if said.pair else ()


def test_vague_questions_are_about_things():
    """A vague question names a thing, not a state such as 丢了, if the pair has such a keyword."""
    pair = Pair("饭卡丢了能补吗", variants=("校园卡丢了",))
    vague = ("那个{keyword}怎么回事",)

    said = Subjects(KnowledgeBase(pairs=(pair,), vague=vague, keywords=("丢了", "饭卡"))).utterances

    assert "那个饭卡怎么回事" in {one.template for one in said}
    assert "那个丢了怎么回事" not in {one.template for one in said}


def test_questions_without_a_match_have_many_forms():
    """Different pairs are asked about in different vague words."""
    vague = tuple(f"{{keyword}} {number}" for number in range(12))
    pairs = tuple(Pair(f"question{number}") for number in range(12))

    said = [one.template for one in Subjects(KnowledgeBase(pairs=pairs, vague=vague)).utterances]

    assert {text.split()[-1] for text in said if text.startswith("que") and " " in text} == set(
        map(str, range(12))
    )


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
