"""Words that users replace by others of the same meaning."""

import re

import numpy as np
import pytest

from mockcbs.core.clock import instant
from mockcbs.datasets.load import load
from mockcbs.traffic.knowledge import KnowledgeBase, Utterance
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.numbering import generated
from mockcbs.traffic.turns import turns
from mockcbs.traffic.words import phrasing
from mockcbs.traffic.words.fillers import CHINESE_FILLERS, ENGLISH_FILLERS
from mockcbs.traffic.words.keywords import KeywordExtractor
from mockcbs.traffic.words.phrasing import Phrasing, phrasing_of
from tests.traffic.bases import SHIPPED

NONSENSE = re.compile(
    "吗[呢啊呀吧嘛]|呢[啊呀吗吧]|啊[呀呢吗吧]|呀[呢啊吗吧]|了了|[？！。～]，"
    "|才能(回事|还[没不]|没|不|说|搞|弄|算|突然|办(?!理)|好)"
    "|(如何|怎样|该怎么|要怎么)(回事|还[没不]|没|不见|突然|说(?!明)|个|样)|(如何|怎样)办(?![理卡住出休])"
    "|(?<!多)[要该]到底|要该|该要|到底到底|咋什么|为[啥何]么|不(咋|如何|怎样)的?$"
    "|哪些(情况|时候|意思|样)|是哪些|[吃带用]哪些|用的哪些|什么样的(情况|时候|意思|[，？！。]|$)|什么样的样"
    "|怎么(时候|情况)|咋情况|有怎么回事|回事下"
    "|(?<=[一-鿿])(麻烦|请)帮我|帮忙[们的]|能够?[吗的]|一直(打不开|连不上)了|半天([一又]|老(?!师))"
)
"""Sequences that no user writes."""


@pytest.fixture(autouse=True)
def without_typos(monkeypatch):
    """These tests read what is swapped on purpose."""
    monkeypatch.setattr(phrasing, "_TYPED_WRONG", 0)


def said_in(texts: list[str], lexicon: tuple[str, ...] = ("VPN",), count: int = 400) -> set[str]:
    """The texts that *texts* become for many users and times."""
    base = KnowledgeBase(keywords=lexicon)
    said_by = Phrasing(base, KeywordExtractor(base.lexicon))
    rows = np.arange(count)
    at = instant("2026-11-22T03:00:00Z") + 9_770 * rows
    moments = turns(at, rows, rows % 97 - 1, 0 * rows, 0 * rows)
    return {
        one.question for text in texts for one in said_by.of(moments, [Utterance(text, "direct")] * count)
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
def test_no_text_of_a_shipped_knowledge_base_reads_as_nonsense(tmp_path, name):
    """Whatever users, times and words are drawn, no text contains a broken phrase or two particles."""
    file = tmp_path / "own.yaml"
    file.write_text(f'knowledge: {name}\nbots: [{{id: "*"}}]', "utf-8")
    log = TrafficLog(load(str(file)), 42)
    lines, phrasing = generated(log.dataset.knowledge), phrasing_of(log.dataset.knowledge)
    rows = np.repeat(np.arange(len(lines)), 24)
    at = instant("2026-11-22T03:00:00Z") + 9_770 * np.arange(len(rows))

    moments = turns(at, rows, np.arange(len(rows)) % 997 - 1, rows, 0 * rows)
    found = phrasing.of(moments, [lines[number] for number in rows.tolist()])

    worse = [one for one in found if not NONSENSE.search(one.template)]
    assert not [one.question for one in worse if NONSENSE.search(one.question)]
    assert len({one.question for one in found}) > 4 * len({one.template for one in found})


@pytest.mark.parametrize(
    "text",
    (
        "那个VPN怎么回事 我那个VPN怎么还没好 VPN怎么还不开通 VPN怎么没人管 VPN怎么突然断了 "
        "VPN怎么样 VPN这边是什么情况 VPN什么时候开通 VPN是什么意思 什么情况下能用VPN VPN为什么断了 "
        "VPN不怎么好用 VPN要怎么搞 VPN该怎么办 VPN到底怎么用 那个VPN怎么说 VPN怎么算 VPN怎么变更 "
        "VPN怎么办理 没有什么VPN能用 食堂吃什么VPN VPN流程是什么 要带什么VPN 朋友帮我开VPN "
        "帮我们开VPN VPN可以吗 VPN不可以用 可以不可以用VPN VPN打不开了 VPN连不上了 "
        "网页半天打不开VPN 现在哪里有VPN VPN在哪里 哪里有VPN VPN能用多久 不是不要VPN 是不是VPN坏了 "
        "VPN会怎样 VPN用得如何 VPN能不能行 VPN可以用吗 VPN坏了吧 VPN呢 VPN断了 VPN可以用吗？？ "
        "VPN好了没啊"
    ).split(),
)  # fmt: skip
def test_a_phrase_stays_whole(text):
    """A word inside a fixed phrase stays, or the whole phrase gets another one."""
    found = said_in([text])

    assert not {one for one in found if NONSENSE.search(one)}
    assert len(found) > 20


@pytest.mark.parametrize(
    ("text", "others", "never"),
    [
        ("那个VPN怎么回事", ["咋回事", "啥情况"], ["怎样才能", "如何"]),
        ("VPN怎么还没好", ["为什么还没", "咋还没"], ["如何", "怎样", "该怎么"]),
        ("VPN怎么申请", ["要怎么申请", "如何申请", "咋申请"], ["为什么"]),
        ("VPN怎么算", ["如何算", "咋算"], ["才能", "为什么"]),
        ("VPN有什么区别", ["有啥区别"], ["怎么"]),
        ("VPN中午吃什么", ["吃啥"], ["哪些", "什么样"]),
        ("VPN这边是什么情况", ["是啥情况"], ["哪些", "什么样"]),
    ],
)
def test_a_word_has_other_synonyms_in_each_meaning(text, others, never):
    """怎么 means how or why; what may replace it depends on the words around it."""
    found = said_in([text])

    assert all(any(other in one for one in found) for other in others)
    assert not any(other in one for one in found for other in never)


@pytest.mark.parametrize("text", ["VPN好了吗", "VPN坏了吧", "VPN要用吗？？", "VPN不行啊"])
def test_nothing_follows_a_particle_or_a_mark_that_ends_a_text(text):
    """What follows the text begins with another kind of character than the text ends with."""
    ends = {
        re.split(re.escape(text), one, maxsplit=1, flags=re.IGNORECASE)[1]
        for one in said_in([text], count=4_000)
    }

    first = {one[0] for one in ends if one}
    assert first
    assert first.isdisjoint("吗呢啊呀吧了")
    assert text[-1] != "？" or first.isdisjoint("？?！!。.…～~，")


@pytest.mark.parametrize("fillers", [CHINESE_FILLERS, ENGLISH_FILLERS], ids=["Chinese", "English"])
def test_a_filler_can_be_replaced_in_its_context(fillers):
    """Each pattern is valid, and the synonyms of a word are different ones."""
    for one in fillers:
        re.compile(one.before + one.word + one.after)
        assert set(one.others) - {one.word}
        assert len(set(one.others)) == len(one.others)


def test_english_questions_vary_in_case():
    """Few write How do I with a capital and an I: most write how do i, or how to."""
    found = said_in(["How do I reset the VPN", "can I use the VPN"])

    assert {"how do i reset the VPN", "how to reset the VPN", "can i use the VPN"} <= found
