"""How users ask about pairs."""

from mockcbs.traffic.knowledge import KnowledgeBase, Pair
from mockcbs.traffic.words.subjects import Subjects


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
