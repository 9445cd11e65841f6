"""The persons, companies, places and jobs that users name."""

import re
from collections import Counter
from urllib.parse import urlsplit

import numpy as np
import pytest

from mockcbs.datasets.load import load
from mockcbs.traffic.knowledge import KnowledgeBase
from mockcbs.traffic.turns import turns
from mockcbs.traffic.words.keywords import KeywordExtractor
from mockcbs.traffic.words.names import Names, numbers
from tests.traffic.bases import SHIPPED, shipped

ONE, OTHER = 7, 8
"""The keys of two bots."""


def named(kind: str, bot: int, knowledge: KnowledgeBase | None = None, count: int = 4_000) -> Counter[str]:
    """How often the users of a bot name each word of a kind."""
    knowledge = knowledge or KnowledgeBase()
    names = Names(knowledge, KeywordExtractor(knowledge.lexicon))
    rows = np.arange(count)
    asked = turns(rows * 86_400_000, rows, rows % 300, rows, 0 * rows)
    found = numbers(bot, asked).tolist()
    return Counter(names.filled(f"找{{{kind}}}", number, bot)[1:] for number in found)


@pytest.mark.parametrize(("kind", "most"), [("name", 40), ("company", 12), ("city", 12)])
def test_a_bot_has_a_small_cast(kind, most):
    """Users name some dozen persons and fewer companies, a few of them far more often than the others."""
    found = named(kind, ONE)

    (_, first), (_, second), *_ = found.most_common()
    assert 8 <= len(found) <= most
    assert 0.08 < first / found.total() < 0.35
    assert 1.2 < first / second < 2
    assert min(found.values()) < first / 4


def test_bots_have_other_casts():
    """Two bots hardly share a person."""
    assert len(set(named("name", ONE)) & set(named("name", OTHER))) < 4


def test_jobs_fit_the_trade():
    """The users of a bot name a third of the jobs that its knowledge base lists."""
    knowledge = load("everyday").knowledge

    found = [named("job", bot, knowledge) for bot in (ONE, OTHER)]

    assert all(set(each) <= set(knowledge.names["job"]) for each in found)
    assert set(found[0]) != set(found[1])


def test_numbers_differ_from_question_to_question():
    """Unlike persons, each order, link and address is mostly named by one user only."""
    for kind in ("order", "phone", "link"):
        assert len(named(kind, ONE, count=500)) > 450
    assert named("address", ONE, count=500).most_common(1)[0][1] < 25


def test_what_is_private_is_masked():
    """Phone numbers and addresses look as in logs, and links lead to reserved names."""
    assert all(re.fullmatch(r"1[35789]\d\*{4}\d{4}", one) for one in named("phone", ONE, count=500))
    assert all("***" in one for one in named("address", ONE, count=500))
    for name in SHIPPED:
        links = named("link", ONE, shipped(name), count=50)
        assert all(urlsplit(one).hostname.endswith("example.com") for one in links)


def test_two_numbers_of_a_question_differ():
    """Each gap has its own digits; the same question always has the same."""
    names = Names(KnowledgeBase(), KeywordExtractor([]))

    made = names.filled("{order}和{order}", 77, ONE)

    first, second = made.split("和")
    assert first != second
    assert made == names.filled("{order}和{order}", 77, ONE)


def test_a_knowledge_base_has_kinds_of_its_own():
    """Its words may have gaps and digits; an unknown gap in a word stands for itself."""
    names = Names(
        KnowledgeBase(names={"tool": ("{maker}的{thing}##",), "maker": ("甲", "乙")}), KeywordExtractor([])
    )

    assert re.fullmatch(r"[甲乙]的thing\d\d坏了", names.filled("{tool}坏了", 5, ONE))


def test_names_contain_no_keyword():
    """A company with 科技 in its name is left out if 科技 is a keyword."""
    knowledge = KnowledgeBase(keywords=("科技", "集团"))

    found = named("company", ONE, knowledge)

    assert not any(word in name for name in found for word in knowledge.keywords)
