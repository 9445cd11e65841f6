"""Whether what users say next fits the question before, over seeds and trades."""

from collections import Counter, defaultdict
from statistics import median

import pytest

from mockcbs.traffic.bots import Profile
from mockcbs.traffic.generate import Generator
from tests.traffic.bases import SHIPPED, shipped
from tests.traffic.worlds import CBS, COZE, DAYS, SEEDS, in_sessions

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
