"""The persons, companies, places and jobs that users name."""

from collections import Counter

import numpy as np
import pytest

from mockcbs.datasets.load import load
from mockcbs.traffic.keywords import KeywordExtractor
from mockcbs.traffic.knowledge import KnowledgeBase
from mockcbs.traffic.names import Names, numbers
from mockcbs.traffic.turns import turns

ONE, OTHER = 7, 8
"""The keys of two bots."""


def named(kind: str, bot: int, knowledge: KnowledgeBase | None = None, count: int = 4_000) -> Counter[str]:
    """How often the users of a bot name each word of a kind."""
    knowledge = knowledge or KnowledgeBase()
    names = Names(knowledge, KeywordExtractor(knowledge.lexicon))
    rows = np.arange(count)
    asked = turns(rows * 86_400_000, rows, rows % 300, rows, 0 * rows)
    found = numbers(bot, asked, [1 + row % 5 for row in range(count)]).tolist()
    return Counter(names.filled(f"找{{{kind}}}", number, bot)[1:] for number in found)


@pytest.mark.parametrize(("kind", "most"), [("name", 40), ("company", 18), ("city", 14), ("job", 10)])
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
    """The users of a shipped knowledge base name the jobs that it lists; bots differ in what is frequent."""
    knowledge = load("everyday").knowledge

    found = [named("job", bot, knowledge) for bot in (ONE, OTHER)]

    assert all(set(each) <= set(knowledge.names["job"]) for each in found)
    assert [each.most_common(3) for each in found[:1]] != [each.most_common(3) for each in found[1:]]


def test_orders_differ_from_question_to_question():
    """Unlike persons, each order and each phone number is mostly named by one user only."""
    for kind in ("order", "phone", "link"):
        assert len(named(kind, ONE, count=500)) > 450


def test_names_contain_no_keyword():
    """A company with 网络 in its name is left out if 网络 is a keyword."""
    knowledge = KnowledgeBase(keywords=("网络", "传媒"))

    found = named("company", ONE, knowledge)

    assert not any(word in name for name in found for word in knowledge.keywords)
