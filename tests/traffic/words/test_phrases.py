"""What users say around their questions."""

import re
from collections.abc import Iterator
from string import Formatter

import pytest

from mockcbs.traffic.words.phrases import (
    CHINESE_PHRASES,
    ENGLISH_PHRASES,
    Phrases,
    clash,
    unfit,
)

PHRASES = pytest.mark.parametrize("phrases", [CHINESE_PHRASES, ENGLISH_PHRASES], ids=["Chinese", "English"])
FILLED = {"n", "day", "ago", "due", "hour", "greeting", "good_day"}
"""What stands in braces."""


def lists(phrases: Phrases) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The members that are lists of phrases."""
    for name in phrases._fields:
        found = getattr(phrases, name)
        if name == "fillers":
            continue
        if isinstance(found, tuple):
            yield name, found
        else:
            yield from ((f"{name} of {kind}", texts) for kind, texts in found.items())


@PHRASES
def test_every_phrase_is_there_once(phrases):
    """Each list has phrases, and each phrase only once, so that the order of frequency is clear."""
    for name, found in lists(phrases):
        assert len(found) > 5, name
        assert len(set(found)) == len(found), name


@PHRASES
def test_braces_can_be_filled(phrases):
    """Braces contain the names of what stands in them, and nothing else."""
    places = {
        place for _, found in lists(phrases) for one in found for _, place, *_ in Formatter().parse(one)
    }

    assert places - {None} <= FILLED


@PHRASES
def test_a_word_has_another_one(phrases):
    """Each synonym of a word occurs once; the word itself may be among them, so that it can stay."""
    for word, others, *_ in phrases.fillers:
        assert set(others) - {word}
        assert len(set(others)) == len(others)


@pytest.mark.parametrize(
    ("opening", "closing", "contradict"),
    [
        ("刚刚发现，", "，已经第{n}次了", True),
        ("第一次弄，", "，这都第几回了", True),
        ("之前问过没解决，", "，第一次来", True),
        ("first time for me, ", ", tried it {n} times", True),
        ("第一次弄，", "，有教程吗", False),
        ("刚刚发现，", "，比较急", False),
    ],
)
def test_what_is_new_has_not_lasted(opening, closing, contradict):
    """Nobody has just noticed what happened five times."""
    assert clash(opening, closing) == contradict


@pytest.mark.parametrize(
    ("text", "closing", "fitting"),
    [
        ("VPN连不上", "，试过重新弄没用", True),
        ("VPN权限怎么申请", "，试过重新弄没用", False),
        ("云桌面传不了文件怎么弄", "，按步骤做了没用", False),
        ("运费怎么算", "，一直没搞清楚", True),
        ("包邮么", "，一直没搞清楚", False),
        ("怎么申请桌面云", "，要多久", True),
        ("云服务器申请要多久", "，要多久", False),
        ("怎么申请桌面云", "，有教程吗", True),
        ("不粘锅怎么挑", "，有教程吗", False),
    ],
)
def test_a_closing_fits_its_question(text, closing, fitting):
    """Nobody has tried again what they ask how to do, and a plain question leaves nothing unclear."""
    assert (closing not in unfit(text)) == fitting


@PHRASES
def test_only_trouble_is_urgent_or_sad(phrases):
    """Who asks for a fact is in no hurry and does not cry; both are in the lists of what fails only."""
    moody = re.compile("急|在线等|求助|快点|😭|流泪|无语|投诉|asap|urgent|hurry|:\\(")
    calm = {
        name
        for name, texts in lists(phrases)
        if not name.endswith(("trouble", "mishap")) and name != "reactions"
        for text in texts
        if moody.search(text)
    }

    assert not calm


@PHRASES
def test_nobody_thanks_for_a_trouble(phrases):
    """After a statement that something is broken users do not say 多谢 or 问一下, but after a request."""
    after_trouble = (*phrases.closings, *phrases.reactions, *phrases.afterthoughts["trouble"])

    assert not [text for text in after_trouble if re.search("谢|问一下|thank|thx|cheers", text)]
    assert [text for text in phrases.afterthoughts["other"] if re.search("谢|thank", text)]
