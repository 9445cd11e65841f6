"""The gaps of questions and the words that fill them."""

import re

from faker.providers.address.en_US import Provider as EnglishAddress
from faker.providers.address.zh_CN import Provider as ChineseAddress

from mockcbs.traffic.gaps import filled, variations_of, without_names
from mockcbs.traffic.knowledge import Utterance


def test_gaps_are_filled_with_the_same_words_each_time():
    """Other variations have other words, Chinese ones in a Chinese question; no gap, no variation."""
    template = "我是{name}，电脑坏了"

    texts = {Utterance(template, "direct", variation=number).question for number in range(1, 6)}

    assert len(texts) > 1
    assert texts == {Utterance(template, "direct", variation=number).question for number in range(1, 6)}
    assert not any("{{" in text for text in texts)
    assert Utterance(template, "direct").question == template
    assert len(variations_of(template)) > 1
    assert list(variations_of("电脑坏了")) == [0]


def test_places_exist():
    """A city is a real one, and in English a state, as the generator of words makes up its cities."""
    places = {Utterance("去{city}", "notmatch", variation=number).question[1:] for number in range(1, 6)}
    states = {Utterance("in {city}", "notmatch", variation=number).question[3:] for number in range(1, 6)}

    assert places <= set(ChineseAddress.cities)
    assert states <= set(EnglishAddress.states)


def test_numbers_and_links_are_nobodys():
    """Phone numbers have the form of real ones, but 0000 in the middle; links lead to a reserved domain."""
    for number in range(50):
        chinese, english = filled("电话{phone}，单号{order}，{link}", number), filled("call {phone}", number)

        assert re.fullmatch(r"电话1[1-9]\d0000\d{4}，单号[1-9]\d{11}，https://example\.com/\S+", chinese)
        assert re.fullmatch(r"call \(555\) 01\d\d", english)


def test_a_text_without_names_keeps_the_rest():
    """Gaps become blanks; the last word of a company stays, because all companies have it."""
    assert without_names("{name}在{company}吗") == " 在 有限公司吗"
