"""The keywords of utterances."""

import sys
from threading import Lock

import pytest

from mockcbs.core.waiting import StartOver, on_loop
from mockcbs.traffic.dataset import Dataset
from mockcbs.traffic.keyword_finder import KeywordFinder
from mockcbs.traffic.knowledge import KnowledgeBase, Pair, Utterance
from mockcbs.traffic.numbering import Cast, Register, generated
from mockcbs.traffic.renumbering import Numbers

CHINESE = KnowledgeBase(pairs=(Pair("桌面云上的发票"),), keywords=("桌面云", "发票"))
ENGLISH = KnowledgeBase(pairs=(Pair("where is my invoice"),), keywords=("invoice",))
OTHER = KnowledgeBase(pairs=(Pair("桌面云上的发票"),), keywords=("云上", "发票"))


def finder(first, *others):
    return KeywordFinder(Dataset("d", knowledge=first, trades=others), Lock())


def test_an_unknown_question_is_read_by_the_first_base_that_knows_a_word():
    """Without such a base, the first one reads it."""
    read = finder(CHINESE, ENGLISH)

    found = [read.of(Utterance(text, "direct")) for text in ("my invoice", "桌面云")]

    assert found == [["invoice"], ["桌面云"]]


def test_what_users_of_several_bases_say_is_read_by_the_first_of_them():
    """Whichever bot is asked about, in whatever order."""
    said, numbers = generated(OTHER)[0], Numbers(Register(), Cast())
    assert said.question == "桌面云上的发票"

    for order in ((CHINESE, OTHER), (OTHER, CHINESE)):
        read = finder(ENGLISH, CHINESE, OTHER)
        found = [read.all(one, numbers)[0] for one in order]
        assert found == [["桌面云", "发票"]] * 2
        assert read.of(said._replace(phrased="请问桌面云上的发票")) == ["桌面云", "发票"]
    assert finder(OTHER, CHINESE).all(CHINESE, numbers)[0] == ["云上", "发票"]


def test_every_utterance_has_keywords():
    """Those that are generated come first; both kinds are found once."""
    numbers, read = Numbers(Register(), Cast()), finder(CHINESE)
    numbers.register.number(Utterance("发票呢", "notmatch"))

    first = read.all(CHINESE, numbers)
    numbers.register.number(Utterance("VPN", "notmatch"))
    second = read.all(CHINESE, numbers)

    assert first == second[:-1]
    assert second[-2:] == [["发票"], ["VPN"]]
    assert len(first) == len(generated(CHINESE)) + 1
    assert all(one is other for one, other in zip(first, second[:-1], strict=True))
    assert read.all(None, numbers) == second[-2:]


def test_words_of_other_bases_are_prepared_in_a_thread(monkeypatch):
    """They take long, and a bot of the first base does not need them."""
    numbers, read = Numbers(Register(), Cast()), finder(CHINESE, OTHER)
    monkeypatch.setattr("mockcbs.traffic.keyword_finder._MANY_QUESTIONS", sys.maxsize)
    monkeypatch.setattr("mockcbs.traffic.keyword_finder._MANY_CHARACTERS", sys.maxsize)

    with on_loop():
        assert read.all(CHINESE, numbers)
        with pytest.raises(StartOver):
            read.all(OTHER, numbers)
    assert read.all(OTHER, numbers)
