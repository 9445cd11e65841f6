"""Whether what users say makes sense: what skills request, over seeds and trades."""

import re

import pytest

from mockcbs.traffic.knowledge import Skill
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.skills import step
from tests.traffic.bases import SHIPPED, shipped
from tests.traffic.test_realistic_words import DATASET, LAST
from tests.traffic.worlds import CBS, COZE, SEEDS

WANTED = {
    "cancel": re.compile("取消|退了|退掉|cancel"),
    "change": re.compile("改|推迟|提前|change|move"),
    "look up": re.compile("我订了|我的.*预订|我约了|my bookings"),
}
"""What users want of a skill; otherwise that something is booked or looked up anew."""
COUNTED = re.compile("人数|多少人|how many")


def wanted(text: str) -> str:
    return next((want for want, words in WANTED.items() if words.search(text)), "book")


def requested(skill: Skill, text: str) -> list[str]:
    """The questions of the skill after *text*."""
    known = step(skill, {}, text, starting=True).known
    return [slot.ask for slot in skill.slots if slot.name not in known]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_skill_requests_what_was_asked_for(name):
    """All utterances of a skill want the same. Who cancels or changes says which booking; who looks up, at
    most the day; only who books says when and for how many.
    """
    for skill in shipped(name).skills:
        assert len({wanted(text) for text in skill.utterances}) == 1, skill.name
        for text in skill.utterances:
            asked = requested(skill, text)
            if wanted(text) != "book":
                assert len(asked) <= 1, text
                assert wanted(text) != "look up" or all("哪一天" in ask for ask in asked), text
                assert not any(COUNTED.search(ask) for ask in asked), text


def test_who_cancels_says_no_head_count():
    """Over seeds and bots: what users say after they cancel, change or look up a booking is no head-count."""
    found = []
    for seed in SEEDS:
        log = TrafficLog(DATASET, seed)
        for bot in (*CBS, *COZE):
            sessions: dict[str, str] = {}
            for day in log.rows(bot, range(LAST - 5, LAST), LAST * DAY):
                for turn in day:
                    before = sessions.get(turn.session_id, "")
                    if turn.said.outcome == "dialog" and "会议室" in before and wanted(before) != "book":
                        found.append(turn.said.question)
                    sessions[turn.session_id] = turn.said.bare if turn.said.outcome == "dialog" else ""

    assert len(found) > 20
    assert not [text for text in found if "人" in text]
