"""What users add who say whose or which thing it is, and the error codes that they state."""

import json
import re
from collections import defaultdict
from functools import cache
from statistics import mean

import pytest

from mockcbs.datasets.load import Source, load_source
from mockcbs.traffic.gaps import without_gaps
from mockcbs.traffic.knowledge import Turn
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.words.details import with_detail
from mockcbs.traffic.words.keywords import KeywordExtractor
from tests.traffic.bases import SHIPPED, shipped
from tests.traffic.test_realistic_words import LAST
from tests.traffic.worlds import COZE

SEEDS = range(4)


@cache
def answered(name: str, seed: int) -> list[Turn]:
    """The answered questions of a bot with that knowledge base."""
    content = {"bots": [{"id": COZE[0], "knowledge": name, "traffic": {"sessions_per_day": 120}}]}
    log = TrafficLog(load_source(Source("own", json.dumps(content))), seed)
    days = log.rows(COZE[0], range(LAST - 30, LAST), LAST * DAY)
    return [turn for day in days for turn in day if turn.said.outcome == "direct"]


def test_answered_questions_have_digits():
    """One in twelve at least in the mean of the trades, in each of them one in forty to one in six."""
    shares = {
        name: mean(
            bool(re.search(r"\d", turn.said.question)) for seed in SEEDS for turn in answered(name, seed)
        )
        for name in SHIPPED
    }

    assert mean(shares.values()) > 0.075
    assert 0.025 < min(shares.values()) <= max(shares.values()) < 0.17


def test_a_user_has_one_staff_number():
    """It is the same in each question, and nearly always another one for other users."""
    found = defaultdict(set)
    for seed in SEEDS:
        for turn in answered("office", seed):
            if turn.user_id and (number := re.search(r"工号(\d+)", turn.said.question)):
                found[seed, turn.user_id].add(number[1])

    assert len(found) > 200
    assert max(map(len, found.values())) == 1
    assert len({one for some in found.values() for one in some}) > 0.99 * len(found)


@pytest.mark.parametrize("name", SHIPPED)
def test_an_error_code_has_one_meaning(name):
    """The same code comes with the same question of the base, so a chart of codes is one of troubles."""
    pairs = {error: pair for pair in shipped(name).pairs for error in pair.errors}
    wordings = shipped(name).by_question
    codes = "|".join(map(re.escape, pairs)) or "nothing"
    said = re.compile(f"(?:，|提示|示：|出|着|, |says | - |get |getting |: )({codes})(?=$|[，,])")
    found = [
        (code[1], wordings.get(turn.said.template, turn.said.pair))
        for seed in SEEDS
        for turn in answered(name, seed)
        if (code := said.search(turn.said.question))
    ]

    stated = [(code, pair.question) for code, pair in found if pairs[code] != pair]
    assert len(pairs) == sum(len(pair.errors) for pair in shipped(name).pairs)
    assert not stated
    if name in {"office", "cloud-en"}:
        assert len(found) > 20


@pytest.mark.parametrize("name", SHIPPED)
def test_details_and_errors_have_no_keyword(name):
    """Else they would be left out."""
    knowledge = shipped(name)
    extract = KeywordExtractor(knowledge.lexicon)
    errors = [error for pair in knowledge.pairs for error in pair.errors]
    details = [without_gaps(text).replace("#", "7") for some in knowledge.details.values() for text in some]

    assert not [text for text in errors + details if extract.is_certain(text)]


@pytest.mark.parametrize(
    ("text", "with_it"),
    [
        ("账号锁了。", "账号锁了，工号0012"),
        ("账号锁了吗？？", "账号锁了吗，工号0012"),
        ("账号锁了😭", "账号锁了😭"),
        ("？", "？"),
    ],
)
def test_a_detail_comes_after_the_text(text, with_it):
    """It stands instead of the mark at the end, and nowhere after an emoji."""
    assert with_detail(text, "工号0012") == with_it
