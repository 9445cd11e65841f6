"""The persons, companies, places and jobs that users name."""

import json
import re
from collections import Counter
from urllib.parse import urlsplit

import numpy as np
import pytest

from mockcbs.core.clock import instant
from mockcbs.datasets.load import Source, load, load_source
from mockcbs.traffic.knowledge import KnowledgeBase
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.turns import turns
from mockcbs.traffic.words.keywords import KeywordExtractor
from mockcbs.traffic.words.names import Names, numbers
from tests.traffic.bases import SHIPPED, shipped
from tests.traffic.worlds import CBS, COZE, EIGHT_HOURS

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


ORDERS = {
    "taobao": re.compile(r"(?<!\d)4\d{18}(?!\d)"),
    "jd": re.compile(r"(?<![\dA-Z])3\d{11}(?!\d)"),
    "pinduoduo": re.compile(r"(?<!\d)\d{6}-\d{15}(?!\d)"),
}
WAYBILL = re.compile(r"SF\d{13}|YT\d{13}|JD0\d{12}|7[58]\d{12}|4\d{12}")
NUMBER = re.compile(r"(?<![\dA-Za-z./*])(?:[A-Za-z]{2})?\d[\d-]{10,}(?!\d)")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("bot", [*CBS, *COZE])
def test_numbers_of_orders_and_parcels_have_real_forms(seed, bot):
    """The orders of a shop have the form of one platform, end in digits of the buyer with Taobao, and are
    older than what is said about them; parcels have the numbers of their carriers.
    """
    content = {"bots": [{"id": bot, "knowledge": "shop", "traffic": {"sessions_per_day": 60}}]}
    dataset, last = load_source(Source("own", json.dumps(content))), instant("2026-11-16T00:00:00Z") // DAY
    said = [
        (turn.at_ms // 1000, turn.user_id, number)
        for some in TrafficLog(dataset, seed).rows(bot, range(last - 40, last), last * DAY)
        for turn in some
        for number in NUMBER.findall(turn.said.question)
        if turn.user_id and not re.match(r"1\d{2}\*|20\d\d-", number)
    ]
    orders = {name: [one for one in said if form.fullmatch(one[2])] for name, form in ORDERS.items()}
    (name, found), *others = sorted(orders.items(), key=lambda item: -len(item[1]))

    assert len(found) > 20
    assert not [one for _, some in others for one in some]
    assert not [
        number for _, _, number in said if not (ORDERS[name].fullmatch(number) or WAYBILL.fullmatch(number))
    ]
    assert [number for _, _, number in said if WAYBILL.fullmatch(number)]
    begins = [(at, number[:10]) for at, _, number in said if number[:10].isdigit()]
    assert not [at for at, begin in begins if abs(int(begin) - at) < 90 * 86_400]
    if name == "taobao":
        ends = {(user, number[-6:]) for _, user, number in found}
        assert len(ends) == len({user for _, user, _ in found}) == len({end for _, end in ends})
    if name == "pinduoduo":
        dated = [(np.datetime64(f"20{n[:2]}-{n[2:4]}-{n[4:6]}"), at) for at, _, n in found]
        ages = [(at + EIGHT_HOURS // 1000) // 86_400 - int(day.astype(int)) for day, at in dated]
        assert min(ages) >= 0
        assert max(ages) <= 11
