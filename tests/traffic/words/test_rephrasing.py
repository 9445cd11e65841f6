"""What users say around a question that they ask once more."""

from mockcbs.traffic.words.rephrasing import Rephrasings

SOME = Rephrasings(("我说的是{question}", "{question}，没人知道吗", "{question}，看一下"))


def test_users_who_meant_something_else_say_so():
    assert {SOME.meaning("怎么报销", place) for place in range(3)} == {"我说的是怎么报销"}


def test_nobody_is_impatient_the_second_time():
    """Only the third time may be impatient, and 知道吗 only fits a question."""
    asked = [SOME.again("怎么报销", place) for place in range(3)]
    assert {text for second, _ in asked for text in second} == {"我说的是怎么报销", "怎么报销，看一下"}
    assert "怎么报销，没人知道吗" in {text for _, third in asked for text in third}
    said = [text for place in range(3) for some in SOME.again("发票丢了", place) for text in some]
    assert not [text for text in said if "知道" in text]


def test_a_question_that_fits_none_stands_alone():
    """Chinese words do not stand around an English question, nor any around several lines."""
    for question in ("how do I pay", "怎么报销\n急"):
        assert SOME.meaning(question, 5) == question
        assert SOME.again(question, 5) == ([question], [question])
