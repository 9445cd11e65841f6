"""Whether what users say next fits the question before, over seeds and trades."""

import json
import re
from collections import Counter, defaultdict
from functools import lru_cache
from itertools import pairwise
from statistics import mean, median

import pytest

from mockcbs.datasets.load import Source, load_source
from mockcbs.traffic.bots import Profile
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.knowledge import Turn
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.words.subjects import Subjects
from tests.traffic.bases import SHIPPED, shipped
from tests.traffic.worlds import CBS, COZE, DAYS, LAST, SEEDS, in_sessions

CALM = {"failure_permille": 0, "incident_days": 0}
"""After a failure users repeat themselves."""
NEVER = {
    "降价了可以退差价吗": "新客才有吗",
    "退货运费谁出": "赠品也要退吗",
    "可以开发票吗": "可以叠加吗",
    "奖学金怎么评": "多少钱",
    "校园卡怎么充值": "室友都能上",
    "显示器没有信号": "三楼的也坏了",
    "食堂在哪里": "押金刷卡行吗",
    "桌面云没有声音": "自助平台网址是什么",
    "有停车场吗": "周末办得了吗",
}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_pair_has_words_of_its_own(name):
    """Each question has eight follow-ups or more, which belong to it and not to a whole category."""
    knowledge = shipped(name)

    for pair in knowledge.pairs:
        own = [texts for key, texts in knowledge.follow_ups.items() if key in pair.question]
        assert len(own) == 1, pair.question
        assert len({*own[0]}) >= 8
        assert NEVER.get(pair.question) not in own[0]
    for key in knowledge.follow_ups:
        assert any(key in pair.question for pair in knowledge.pairs), key


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
@pytest.mark.parametrize("name", ["office", "shop", "cloud-en"])
def test_users_follow_up_what_they_asked(name, bot):
    """After an answer users say what belongs to its pair; the four most frequent are less than 58 % of it."""
    knowledge = shipped(name)
    texts = {text for own in (knowledge.fragments, *knowledge.follow_ups.values()) for text in own}
    texts -= {text for pair in knowledge.pairs for text in (pair.question, *pair.variants)}
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for seed in SEEDS[:9]:
        generator = Generator(seed, bot, Profile(sessions_per_day=600, **CALM), knowledge)
        turns, lines = generator.turns_of(DAYS[:24])[0], [*generator.lines]
        for one, other in zip(*(turns.utterance[rows].tolist() for rows in in_sessions(turns)), strict=True):
            before, after = lines[one], lines[other]
            if before.pair and before.outcome == "direct" and after.template in texts:
                said[before.pair.question][after.template] += 1

    assert sum(map(Counter.total, said.values())) > 500
    for question, found in said.items():
        own = {*knowledge.fragments} | {
            text for key, some in knowledge.follow_ups.items() if key in question for text in some
        }
        strange = {text: count for text, count in found.items() if text not in own}
        assert not strange, question
    shares = [
        sum(count for _, count in found.most_common(4)) / found.total()
        for found in said.values()
        if found.total() > 80
    ]
    assert median(shares) < 0.58


@lru_cache(10)
def sessions(name: str, bot: str, seed: int) -> list[list[Turn]]:
    """The turns of each session of a month, with a bot that has that knowledge base."""
    bots = [{"id": bot, "knowledge": name, "traffic": {"sessions_per_day": 200}, "profile": CALM}]
    log = TrafficLog(load_source(Source("own", json.dumps({"bots": bots}))), seed)
    found: dict[str, list[Turn]] = defaultdict(list)
    for day in log.rows(bot, range(LAST - 30, LAST), LAST * DAY):
        for turn in day:
            found[turn.session_id].append(turn)
    return [*found.values()]


DONE = {
    "office": ("锁着", "没收到邮件", "[还然旧样是]上不了网", "重新连", "桌面云这一项", "太简单"),
    "shop": ("(?<!显示)不符合", "没人审核", "(?<!券)点了没反应", "没抵扣", "搜不到那单", "没合"),
    "cloud-en": (
        "no mail arrived",
        "not see the dots",
        "same error again",
        "they got nothing",
        "no link yet",
    ),
}
"""What users say who have done what an answer says, looked where it says, or waited."""
WAITED = re.compile("没人审核|没收到邮件|锁着|没合|no mail arrived|they got nothing|no link")


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
@pytest.mark.parametrize("name", [*DONE])
def test_who_has_done_what_the_answer_says_took_time(name, bot):
    """They come back 36 s after the answer or later, who have waited after minutes or in another session, and
    each finds words of their own.
    """
    of_any = re.compile("|".join(DONE[name]))
    words: dict[str, Counter[str]] = defaultdict(Counter)
    gaps, waits, begins = [], [], []
    for seed in SEEDS[:5]:
        last: dict[str, Turn] = {}
        for turns in sessions(name, bot, seed):
            user = turns[0].user_id
            for before, turn in pairwise([last.get(user), *turns]):
                story = shipped(name).is_story(turn.said.template)
                found = None if story else of_any.search(turn.said.question)
                # Some say it twice, or again after a failure.
                if found and (before is None or before.said.template != turn.said.template):
                    words[found[0]][turn.said.question] += 1
                    wait = (turn.at_ms - before.at_ms - before.latency_ms) / 1000 if before else 0
                    kind = begins if turn is turns[0] else waits if WAITED.search(found[0]) else gaps
                    kind.append(wait)
            if user:
                last[user] = turns[-1]

    assert min(gaps + waits) >= 36
    assert median(gaps) > 40
    assert bot in CBS or median(waits) > 240
    assert (len(begins) > 2) == (bot in CBS)
    assert bot in COZE or sum(120 <= wait < 1500 for wait in begins) > 0.5 * sum(wait > 0 for wait in begins)
    for found in words.values():
        assert len(found) >= min(10, 0.6 * found.total())
        assert found.most_common(1)[0][1] < max(4, 0.2 * found.total())


HOURS = re.compile("等了(好?几|半|一|两|[0-9]+)个?多?(小时|钟头|分钟|上午|下午)")


def test_nobody_has_waited_for_minutes_at_once():
    """A claim to have waited for minutes or hours is in the first breath of a session, or in its second
    minute or later.
    """
    for name in SHIPPED:
        for bot in (CBS[0], COZE[0]):
            early = [
                turn.said.question
                for seed in SEEDS[:2]
                for turns in sessions(name, bot, seed)
                for turn in turns[1:]
                if 8_192 < turn.at_ms - turns[0].at_ms < 60_000 and len(turn.said.question) < 30
            ]
            assert not [text for text in early if HOURS.search(text)]


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
@pytest.mark.parametrize("name", ["office", "shop", "cloud-en"])
def test_few_ask_again_what_was_just_answered(name, bot):
    """After an answer users say more about it, but few ask the same: one in ten, of whom a third send it
    twice to a bot of CBS; of Coze, one in sixteen.
    """
    shares = []
    for seed in SEEDS:
        generator = Generator(seed, bot, Profile(**CALM), shipped(name))
        turns, lines = generator.turns_of(DAYS[:30])[0], [*generator.lines]
        before, after = (turns.utterance[rows].tolist() for rows in in_sessions(turns))
        found = [
            (lines[one].pair, lines[other])
            for one, other in zip(before, after, strict=True)
            if lines[one].outcome == "direct"
        ]
        shares.append(
            mean(
                said.outcome == "direct"
                and said.pair == pair
                and not said.is_tapped
                and said.template in (pair.question, *pair.variants)
                for pair, said in found
            )
        )

    usual, most = (0.13, 0.22) if bot in CBS else (0.08, 0.12)
    assert mean(shares) < usual
    assert max(shares) < most


@pytest.mark.parametrize("name", ["office", "shop", "campus", "clinic"])
def test_who_adds_something_says_it_alone_or_in_a_sentence(name):
    """Users of CBS add what is new alone, or in a sentence that a bot without memory understands."""
    knowledge = shipped(name)
    bare = {text for own in (knowledge.fragments, *knowledge.follow_ups.values()) for text in own}
    named = Subjects(knowledge).asking.named
    found: Counter[str] = Counter()
    for seed in SEEDS[:2]:
        for turns in sessions(name, CBS[0], seed):
            for before, turn in pairwise(turns):
                text = turn.said.template
                if before.said.outcome == "direct" and text in named | bare:
                    found["sentence" if text in named else "bare"] += 1

    assert found.total() > 200
    assert min(found.values()) > 0.1 * found.total()


@pytest.mark.parametrize("name", SHIPPED)
def test_nobody_puts_a_label_beside_the_words_that_were_not_understood(name):
    """After what is new alone, for which a bot of CBS has no match, less than one in ten says the same words
    behind the name of the thing, as in 桌面云传文件 在哪看: they ask in a whole sentence.
    """
    own = {text for texts in shipped(name).follow_ups.values() for text in texts}
    again = [
        bool(re.search("[，,:：\\-] ?$| $", turn.said.template.partition(before.said.template)[0]))
        for seed in SEEDS[:2]
        for turns in sessions(name, CBS[0], seed)
        for before, turn in pairwise(turns)
        if before.said.outcome == "notmatch"
        and before.said.template in own
        and turn.said.outcome == "direct"
        and turn.said.pair
        and any(key in turn.said.pair.question for key in shipped(name).follow_ups)
    ]

    assert len(again) > 30
    assert name == "cloud-en" or mean(again) < 0.1


def test_the_office_says_it_again_in_other_words():
    """Most of what is said in full holds the words before no more, and all of it belongs to a remark."""
    knowledge = shipped("office")
    named = Subjects(knowledge).asking.named
    own = {text for texts in knowledge.follow_ups.values() for text in texts}
    again = [
        before.said.template in turn.said.template
        for seed in SEEDS[:2]
        for turns in sessions("office", CBS[0], seed)
        for before, turn in pairwise(turns)
        if before.said.outcome == "notmatch" and before.said.template in own and turn.said.template in named
    ]

    assert len(again) > 30
    assert mean(again) < 0.4
    for key, said in knowledge.in_full.items():
        assert {*said} <= {*knowledge.follow_ups[key]}


OPENINGS = re.compile(
    "^(请问|对了|还有|另外|有个事|再问|问一下|想问|你好|您好|在吗|哈喽|不好意思|hi|hello|hey|also|one more)"
    "([，。！!？, ]|一下)",
    re.IGNORECASE,
)


def test_hardly_anybody_greets_in_the_middle_of_a_matter():
    """Who says more about what a bot of CBS has just answered begins with neither a greeting nor 对了."""
    for name in SHIPPED:
        mistaken = Subjects(shipped(name)).asking.mistakes.answers
        more = [
            turn.said.question
            for seed in SEEDS[:2]
            for turns in sessions(name, CBS[0], seed)
            for before, turn in pairwise(turns)
            if before.said.outcome == turn.said.outcome == "direct"
            and before.said.pair == turn.said.pair
            and turn.said.template not in {before.said.template, *mistaken}
        ]
        assert len(more) > 100
        assert mean(bool(OPENINGS.search(text)) for text in more) < 0.01
