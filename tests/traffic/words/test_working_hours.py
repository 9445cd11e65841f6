"""When users are at work, and whether they ask about what is there only then."""

import numpy as np
import pytest

from mockcbs.core.clock import instant
from mockcbs.traffic.bots import Profile
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.numbering import generated
from mockcbs.traffic.words.working_hours import are_at_work
from tests.traffic.bases import shipped
from tests.traffic.worlds import CBS, COZE, DAYS, EIGHT_HOURS, SEEDS


@pytest.mark.parametrize(
    ("local", "in_china", "elsewhere"),
    [
        ("2026-11-11T10:00", True, True),
        ("2026-11-11T03:00", False, False),
        ("2026-11-11T21:30", False, False),
        ("2026-11-14T10:00", False, False),
        ("2026-10-01T10:00", False, True),
        ("2026-10-10T10:00", True, False),
    ],
)
def test_users_work_on_working_days(local, in_china, elsewhere):
    """A holiday is free, and a weekend day that is worked in exchange for one is not."""
    at = np.array([instant(f"{local}:00Z")])

    assert are_at_work(at, has_holidays=True).tolist() == [in_china]
    assert are_at_work(at, has_holidays=False).tolist() == [elsewhere]


@pytest.mark.parametrize("character", ["office", "service_desk"])
def test_who_is_not_at_work_does_not_ask_about_what_is_there(character):
    """At night and on weekends, hardly one text in a hundred is about a printer, a screen or a room."""
    base = shipped("office")
    there = np.array(
        [
            any(word in said.template for word in ("打印机", "会议室", "显示器", "投影"))
            for said in generated(base)
        ]
    )
    shares = {True: [], False: []}
    for seed in SEEDS:
        for bot in (CBS[0], COZE[0]):
            profile = Profile(character=character, sessions_per_day=90)
            turns, _ = Generator(seed, bot, profile, base).turns_of(DAYS[-45:])
            at_work = are_at_work(turns.at + EIGHT_HOURS, has_holidays=True)
            for way, found in shares.items():
                found.append(there[turns.utterance[at_work == way]].mean())

    assert np.mean(shares[True]) > 0.05
    assert np.mean(shares[False]) < 0.02
