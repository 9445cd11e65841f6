"""How long users read and type, and bots write."""

from mockcbs.traffic.knowledge import Pair, SmallTalk, Utterance
from mockcbs.traffic.words.reading import efforts

SHORT, LONG, LONGEST = "在三楼", "在三楼" * 40, "在三楼" * 400


def asked(*answers: str) -> list[Utterance]:
    """A question for each of these answers."""
    return [Utterance(answer[:1], "direct", Pair(answer[:1], answer=answer)) for answer in answers]


def test_longer_answers_take_longer():
    """To write and to read, but users only skim what is very long."""
    found = efforts(asked(SHORT, LONG, LONGEST, LONGEST * 2), ())
    short, long, longest, twice = found.reading_ms.tolist()

    assert short < long < longest == twice
    assert short == 2_500 + 3 * 230
    assert {column.itemsize for column in found} == {4}  # bytes of each number, of which a base has 50,000
    assert found.writing[0] < found.writing[2]


def test_longer_questions_take_longer_to_type():
    """Three letters take as long as one Chinese character."""
    found = efforts([Utterance(text, "notmatch") for text in ("怎么办", "怎么办呢怎么办", "abcdefghi")], ())
    three, seven, letters = found.typing_ms.tolist()

    assert three == letters == 3 * 1_150
    assert seven == 7 * 1_150


def test_the_usual_answer_takes_as_long_as_usual():
    """The factors of a knowledge base have a mean near 1024, and limits."""
    found = efforts(asked(SHORT, LONG, LONGEST), ())

    assert found.matching.min() >= 640
    assert found.matching.max() <= 1_900
    assert found.writing.min() >= 512
    assert found.writing.max() <= 3_000


def test_what_is_mistaken_is_not_usual():
    """However many texts are mistaken, the other answers take as long as without them."""
    said = asked(SHORT, LONG)
    wrong = [Utterance(f"{LONG}{number}", "direct", said[0].pair) for number in range(50)]
    plain, found = efforts(said, ()), efforts([*said, *wrong], (), mistaken={one.template for one in wrong})

    assert found.writing[:2].tolist() == plain.writing.tolist()
    assert found.matching[:2].tolist() == plain.matching.tolist()


def test_a_language_model_takes_long_for_long_answers():
    """What it writes counts more than what it reads; questions that it recommends are no long answers."""
    pair = Pair("在三楼", answer=LONG)
    said = [Utterance("在三楼", "direct", pair), Utterance("在三楼", "recommend", pair)]
    short = Utterance("在三楼" * 12, "direct", Pair("在三楼", answer=SHORT))

    long, recommended, asked_long = efforts([*said, short], ()).writing.tolist()

    assert long > 1_024 > asked_long >= recommended == 512


def test_small_talk_is_read():
    """The reply to a remark counts, for all its variants."""
    talk = SmallTalk("hi", ("hello",), answer=LONG)

    found = efforts([Utterance("hi", "chat"), Utterance("hello", "chat"), Utterance("?", "chat")], (talk,))

    assert found.reading_ms[0] == found.reading_ms[1] > found.reading_ms[2]


def test_it_takes_time_to_do_what_an_answer_says():
    """Who has waited took longer than who has tried or looked; other remarks take no time."""
    texts = ("{did}还是不行", "{looked}没有{now}", "{awaited}还没到", "要几天{now}", "{name}不在")

    found = efforts([Utterance(text, "notmatch") for text in texts], ())

    assert found.doing_ms.tolist() == [60_000, 45_000, 300_000, 0, 0]
