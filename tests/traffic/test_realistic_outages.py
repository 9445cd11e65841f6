"""What users say in an outage and just after it, in the dataset `incident`."""

from statistics import mean

from mockcbs.core.clock import instant
from mockcbs.datasets.load import load
from mockcbs.traffic.knowledge import KnowledgeBase
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY

BOT = "404a0a00-c88a-44e4-aa2f-d5b8b9842b02"


def test_users_mention_an_incident():
    """In the hours of an incident one question in twelve at least says that the bot is slow or broken."""
    log = TrafficLog(load("incident"), 42)
    now = instant("2026-11-20T00:00:00Z")
    spans = (instant("2026-11-18T02:00:00Z"), instant("2026-11-18T03:30:00Z"))
    said = {True: [], False: []}
    for day in log.rows(BOT, range(now // DAY - 8, now // DAY), now):
        for turn in day:
            said[spans[0] <= turn.at_ms < spans[1]].append(turn.said.template in KnowledgeBase.outages)

    assert mean(said[True]) > 0.08
    assert mean(said[False]) < 0.005


def test_users_ask_whether_it_works_again():
    """Just after an incident some users say 好了吗 or the like; at other times nobody does."""
    log = TrafficLog(load("incident"), 42)
    now = instant("2026-11-20T00:00:00Z")
    after = range(instant("2026-11-18T03:30:00Z"), instant("2026-11-18T04:15:00Z"))
    said = {True: [], False: []}
    for bot in (BOT, "505a0a00-c88a-45e5-aa2f-d5b8b9852b02", "606a0a00-c88a-45e5-aa2f-d5b8b9852b02"):
        for day in log.rows(bot, range(now // DAY - 8, now // DAY), now):
            for turn in day:
                said[turn.at_ms in after].append(turn.said.template in KnowledgeBase.recoveries)

    assert mean(said[True]) > 0.03
    assert not any(said[False])
