"""What one who reads an export would notice in its questions, over twenty seeds."""

import re
from functools import cache

from mockcbs.core.clock import instant
from mockcbs.datasets.load import load
from mockcbs.traffic.knowledge import Utterance
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY
from tests.traffic.worlds import SEEDS

BOT = "404a0a00-c88a-44e4-aa2f-d5b8b9842b02"
DATASET = load("everyday")
LAST = instant("2026-11-22T00:00:00Z") // DAY
LATER = re.compile("^(还有|另外|对了|再问|那请问|那么)")
GREETS = re.compile("^(你好|您好|在吗|哈喽|早上好|上午好|下午好|晚上好)([，。！!？ ]|$)")


@cache
def sessions(seed: int, days: int = 4, bot: str = BOT) -> list[list[Utterance]]:
    """What users said in each session of some days."""
    log = TrafficLog(DATASET, seed)
    found: dict[str, list[Utterance]] = {}
    for day in log.rows(bot, range(LAST - days, LAST), LAST * DAY):
        for turn in day:
            found.setdefault(turn.session_id, []).append(turn.said)
    return list(found.values())


def share(texts: list[str], pattern: re.Pattern[str]) -> float:
    return sum(bool(pattern.search(text)) for text in texts) / len(texts)


def test_users_refer_to_earlier_questions_only_when_there_are_some():
    """A session does not begin with 还有 or 对了; some later questions do."""
    first = [said[0].question for seed in SEEDS for said in sessions(seed)]
    later = [one.question for seed in SEEDS for said in sessions(seed) for one in said[1:]]

    assert share(first, LATER) == 0
    assert 0.002 < share(later, LATER) < 0.05


def test_users_greet_once():
    """One session in twenty to one in four begins with a greeting; few later questions do, sent at once."""
    first = [said[0].question for seed in SEEDS for said in sessions(seed)]
    later = [one.question for seed in SEEDS for said in sessions(seed) for one in said[1:]]

    assert 0.05 < share(first, GREETS) < 0.25
    assert share(later, GREETS) < 0.003
