"""What many users of a bot say word for word, over seeds and trades."""

import json
import re
from collections import Counter
from functools import cache
from statistics import mean

import pytest

from mockcbs.datasets.load import Source, load_source
from mockcbs.traffic.bots import Profile
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.knowledge import Utterance
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY
from tests.traffic.bases import SHIPPED, shipped
from tests.traffic.test_realistic_words import LAST
from tests.traffic.worlds import CBS, COZE, in_sessions

SEEDS = range(8)
SHORT = {"cloud-en": 20}
"""The number of characters of a wording that many share, 8 in Chinese."""


@cache
def generator(name: str, bot: str, seed: int) -> Generator:
    """What generates the traffic of a bot with that knowledge base."""
    return Generator(seed, bot, Profile(sessions_per_day=60), shipped(name))


@cache
def asked(name: str, seed: int) -> list[Utterance]:
    """What users say to a bot with that knowledge base."""
    content = {"bots": [{"id": CBS[0], "knowledge": name, "traffic": {"sessions_per_day": 60}}]}
    log = TrafficLog(load_source(Source("own", json.dumps(content))), seed)
    return [turn.said for day in log.rows(CBS[0], range(LAST - 45, LAST), LAST * DAY) for turn in day]


@pytest.mark.parametrize("name", SHIPPED)
def test_only_short_wordings_are_repeated_by_many(name):
    """Of the ten texts that a bot hears most, hardly one is a long individual wording (打印机里的纸取不出来):
    they are short, or the standard question.
    """
    standard = {pair.question for pair in shipped(name).pairs}
    found, leads = [], []
    for seed in SEEDS:
        typed = [one for one in asked(name, seed) if one.outcome == "direct" and not one.is_tapped]
        count = Counter(one.question for one in typed)
        long = {text for text in count if len(text) > SHORT.get(name, 8) and text not in standard}
        found.append(sum(text in long for text, _ in count.most_common(10)))
        leads.append(max(count[text] for text in long) / count.total())

    assert mean(found) < 1.8
    assert max(found) < 5
    assert mean(leads) < 0.011


@pytest.mark.parametrize("bot", [CBS[0], COZE[0]])
@pytest.mark.parametrize("name", SHIPPED)
def test_users_find_one_vague_wording(name, bot):
    """Who has said 想问下奖学金 sends it again, or a question, but hardly ever 说说奖学金."""
    escaped = (re.escape(one).replace(r"\{keyword\}", ".{1,16}") for one in shipped(name).vague)
    vague, clear = re.compile("|".join(escaped)), shipped(name).by_question
    some, several = 0, 0
    for seed in SEEDS[:3]:
        lines = [*generator(name, bot, seed).lines]
        turns = generator(name, bot, seed).turns_of(range(LAST - 45, LAST))[0]
        for one, other in zip(*(turns.utterance[rows].tolist() for rows in in_sessions(turns)), strict=True):
            texts = [lines[one].template, lines[other].template]
            if vague.fullmatch(texts[0]) and texts[0] not in clear:
                some += 1
                several += texts[1] not in clear and texts[0] != texts[1] and bool(vague.fullmatch(texts[1]))

    assert some > 30
    assert several / some < 0.02


@pytest.mark.parametrize("name", SHIPPED)
def test_skills_begin_in_many_words(name):
    """No sentence opens a third of the dialogs, on the average of the seeds not a quarter."""
    openings = {text for skill in shipped(name).skills for text in skill.utterances}
    shares = []
    for seed in SEEDS:
        count = Counter(one.template for one in asked(name, seed) if one.template in openings)
        shares.append(max(count.values()) / count.total())

    assert mean(shares) < 0.25
    assert max(shares) < 0.33
