"""What is logged if an answer fails."""

from mockcbs.datasets.load import load
from mockcbs.traffic.knowledge import Pair, Utterance
from mockcbs.traffic.words.failures import Failures
from mockcbs.traffic.words.subjects import Subjects

OFFICE = load("everyday").knowledge


def test_questions_fail_in_the_words_of_users():
    """Each wording of a pair that the bot matches fails in the same words."""
    failing = Subjects(OFFICE).failures.logged
    worded = [said for said in failing if said.outcome == "direct" and said.template in _texts(said)]

    assert len(worded) > len(OFFICE.pairs)
    assert all(failing[said].template == said.template for said in worded if not said.is_tapped)


def _texts(said: Utterance) -> tuple[str, ...]:
    return (said.pair.question, *said.pair.variants) if said.pair else ()


def test_rare_words_fail_in_those_of_others():
    """What fails in the words of others takes them in turn; what fails already keeps its own."""
    pair = Pair("one")
    one, two, three, four = (Utterance(text, "direct", pair) for text in ("one", "two", "three", "four"))
    failures = Failures()

    failures.add(one, two)
    failures.add_like([one, two], [three, four, two])

    assert [failures.logged[said].template for said in (three, four, two)] == ["one", "two", "two"]
    assert all(failed.outcome != "direct" for failed in failures.logged.values())
