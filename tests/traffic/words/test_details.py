"""What users add who say whose or which thing it is, and the error codes that they state."""

import json
import re
from collections import Counter, defaultdict
from functools import cache
from statistics import mean

import pytest

from mockcbs.datasets.load import Source, load_source
from mockcbs.traffic.gaps import without_gaps
from mockcbs.traffic.knowledge import Turn
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.words.details import details_of, owned, with_detail
from mockcbs.traffic.words.keywords import KeywordExtractor
from tests.traffic.bases import SHIPPED, shipped
from tests.traffic.test_realistic_words import LAST
from tests.traffic.worlds import COZE

SEEDS = range(4)


@cache
def asked(name: str, seed: int) -> list[Turn]:
    """What the users of a bot with that knowledge base say."""
    content = {"bots": [{"id": COZE[0], "knowledge": name, "traffic": {"sessions_per_day": 120}}]}
    log = TrafficLog(load_source(Source("own", json.dumps(content))), seed)
    return [turn for day in log.rows(COZE[0], range(LAST - 30, LAST), LAST * DAY) for turn in day]


def answered(name: str, seed: int) -> list[Turn]:
    """The answered questions of that bot."""
    return [turn for turn in asked(name, seed) if turn.said.outcome == "direct"]


def details(name: str) -> re.Pattern[str]:
    """What matches any detail of that knowledge base."""
    gaps = {"order": r"[\d-]{6,}", "waybill": r"[A-Z]*\d{12,}", "tail": r"\d+"}
    texts = (
        re.sub(r"\\{(\w+)\\}", lambda gap: gaps[gap[1]], re.escape(text))
        for some in shipped(name).details.values()
        for text in some
    )
    opened = (re.sub(r"\\\[|<", "(?:", text) for text in texts)
    return re.compile(
        "|".join(re.sub(r"\\\]|>", ")", text).replace(r"\#", r"\d").replace(r"\|", "|") for text in opened)
    )


def test_answered_questions_have_digits():
    """About one in twenty in the mean of the trades, in each of them one in sixty to one in eleven."""
    shares = {
        name: mean(
            bool(re.search(r"\d", turn.said.question)) for seed in SEEDS for turn in answered(name, seed)
        )
        for name in SHIPPED
    }

    assert 0.035 < mean(shares.values()) < 0.065
    assert 0.0167 < min(shares.values()) <= max(shares.values()) < 0.09


@pytest.mark.parametrize("name", SHIPPED)
def test_few_say_whose_or_which(name):
    """At most one answered question in twenty has a detail, a later one of a session twice as often."""
    known = details(name)
    shares = {True: [0, 0], False: [0, 0]}
    for seed in SEEDS:
        sessions = set()
        for turn in asked(name, seed):
            is_first = turn.session_id not in sessions
            sessions.add(turn.session_id)
            if (said := turn.said).outcome == "direct":
                shares[is_first][bool(said.phrased and known.search(said.phrased))] += 1

    first, later = (some / (none + some) for none, some in (shares[True], shares[False]))
    without, stated = map(sum, zip(*shares.values(), strict=True))
    assert 0.01 < stated / (without + stated) < 0.05
    assert later > 1.8 * first > 0


def test_users_state_details_in_their_own_way():
    """Before the question or after it, with a comma or a blank; a user nearly always does the same."""
    staff = re.compile(r"(?:^|.*([，, ]))工号\w\d+(?:([，, ]).+)?", re.DOTALL)
    ways = defaultdict(Counter)
    for seed in range(16):
        for turn in answered("office", seed):
            if turn.user_id and (found := staff.fullmatch(turn.said.question)):
                ways[seed, turn.user_id][bool(found[2]), (found[2] or found[1])] += 1
    counts = Counter(way for some in ways.values() for way in some)

    assert len(ways) > 200
    assert {(True, "，"), (True, " "), (False, "，"), (False, " ")} == {
        way for way, count in counts.items() if count > 0.1 * counts.total()
    }
    assert mean(len(some) == 1 for some in ways.values()) > 0.95


def test_each_company_numbers_its_staff_in_its_own_way():
    """All numbers of a bot have one form, and bots have different ones."""
    forms = [
        {
            re.sub(r"\d", "#", found[1])
            for turn in answered("office", seed)
            if (found := re.search(r"工号(\w\d+)", turn.said.question))
        }
        for seed in range(16)
    ]

    assert {len(some) for some in forms} == {1}
    assert {form for some in forms for form in some} == {"########", "#######", "w#######"}


def test_rooms_are_on_all_floors_and_on_the_one_that_the_text_names():
    """A text that names a floor gets no room."""
    rooms = re.compile(r"(?:[a-z]座|号楼|在|^|，| )(\d\d?)\d\d(?:室|房间)")
    said = [turn.said.question for seed in SEEDS for turn in answered("office", seed)]
    floors = Counter(found[1] for text in said for found in rooms.finditer(text))

    assert len(floors) >= 6
    assert max(floors.values()) < 0.4 * floors.total() > 10
    assert not [text for text in said if re.search("[一二三四五六]楼", text) and rooms.search(text)]


@pytest.mark.parametrize("text", ["开专票", "密码规则", "手机连不上Wi-Fi", "领电脑", "三楼打印机卡纸了"])
def test_not_everything_has_a_detail(text):
    """No computer that is still to come has a tag, and no staff number says which invoice is meant."""
    knowledge = shipped("office")
    assert text in knowledge.by_question
    kept = details_of(knowledge, text, text, lambda _: True)

    errors = tuple(knowledge.by_question[text].errors)
    assert not [one for one in kept if not one.endswith(errors or ("?",))]


@pytest.mark.parametrize(
    ("text", "code"), [("云硬盘挂载不上", True), ("费用怎么算", False), ("云硬盘，费用怎么算", False)]
)
def test_a_code_stands_beside_trouble_only(text, code):
    """Who says more about a pair of which one wording is trouble states no code beside the price."""
    kept = details_of(shipped("office"), "云硬盘挂载不上", text, lambda _: True)

    assert any("错误码3017" in one for one in kept) == code


def test_a_user_has_one_staff_number():
    """It is the same in each question, and nearly always another one for other users."""
    found = defaultdict(set)
    for seed in SEEDS:
        for turn in answered("office", seed):
            if turn.user_id and (number := re.search(r"工号(\w\d+)", turn.said.question)):
                found[seed, turn.user_id].add(number[1])

    assert len(found) > 50
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


OWN = range(64)
"""Users, who do not all write in the same way."""


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        (
            "账号锁了。",
            {"账号锁了，工号0012", "账号锁了 工号0012", "工号0012，账号锁了。", "工号0012 账号锁了。"},
        ),
        ("我的锁了？？", {"我的锁了，工号0012", "我的锁了 工号0012"}),
        ("账号锁了😭", {"账号锁了😭", "工号0012，账号锁了😭", "工号0012 账号锁了😭"}),
    ],
)
def test_a_detail_comes_before_or_after_the_text(text, ways):
    """After it, it stands instead of the mark at the end, and nowhere after an emoji."""
    assert {with_detail(text, "工号0012", own) for own in OWN} == ways


def test_a_greeting_comes_first():
    assert {with_detail("你好，锁了", "工号1", own, 3) for own in OWN} >= {
        "你好，工号1，锁了",
        "你好，工号1 锁了",
    }


def test_a_detail_is_the_choice_of_a_company_and_of_a_user():
    """What stands in <> is the same for all users of a bot, what stands in [] is not."""
    found = {key: {owned("<a|b>[1|2]##", key, own << 8) for own in OWN} for key in range(16)}

    assert all(len({text[0] for text in some}) == 1 for some in found.values())
    assert {text[0] for some in found.values() for text in some} == {"a", "b"}
    assert all({text[1] for text in some} == {"1", "2"} for some in found.values())
