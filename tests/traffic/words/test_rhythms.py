"""Hours at which users ask more about some question categories."""

from statistics import mean

import numpy as np
import pytest

from mockcbs.traffic.bots import Profile
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.words.frequencies import SLOTS
from mockcbs.traffic.words.rhythms import Rhythms, hours_of
from tests.traffic.bases import shipped
from tests.traffic.worlds import CBS, DAYS, EIGHT_HOURS, SEEDS

MONDAY = 20_682 * 24
"""The local hour at which Monday, 17 August 2026, begins."""


def test_hours_of_the_week():
    """Hours count from Monday; a span without a weekday is that of all seven."""
    assert hours_of("mon:8-11 sun:23-24 tue:0-1") == (8, 9, 10, 24, 167)
    assert hours_of("19-21") == tuple(24 * day + hour for day in range(7) for hour in (19, 20))


@pytest.mark.parametrize("text", ["11-8", "8-8", "8", "23-25", "may:8-9", "Mon:8-9", "mon 8-9"])
def test_what_is_no_span_of_hours(text):
    """The error names the span and gives examples."""
    with pytest.raises(ValueError, match="is not a span of hours such as '19-23' or 'mon:8-11'"):
        hours_of(text)


def test_a_category_has_more_sessions_in_its_hours():
    """An eighth of the slots or more are those of the category in its hours, and none at others."""
    rhythms = Rhythms(["a", "b", "c"], {"b": hours_of("mon:8-11"), "c": hours_of("10-12"), "z": (1,)})
    slots = np.arange(SLOTS)
    found = {hour: rhythms.of(np.full(SLOTS, MONDAY + hour), slots) for hour in (7, 8, 10, 11, 34)}

    assert set(found[7].tolist()) == {-1}
    assert set(found[8].tolist()) == {-1, 1}
    assert set(found[10].tolist()) == {-1, 1, 2}
    assert set(found[11].tolist()) == set(found[34].tolist()) == {-1, 2}
    assert (found[8] == 1).sum() == (found[10] == 1).sum() == (found[10] == 2).sum() > SLOTS / 8
    assert np.diff(np.flatnonzero(found[8] == 1)).max() < 20  # from all categories
    assert not rhythms.is_empty
    assert Rhythms(["a"], {"z": (1,)}).is_empty


@pytest.mark.parametrize(
    ("trade", "character"),
    [("office", "office"), ("shop", "shop"), ("clinic", "service_desk"), ("campus", "student")],
)
def test_topics_have_their_hours(trade, character):
    """In its hours a category has half as many questions again in the mean, and more for nearly every bot."""
    knowledge = shipped(trade)
    ratios = {name: [] for name in knowledge.busy_hours}
    for seed in SEEDS[:10]:
        profile = Profile(character=character, sessions_per_day=200, incident_days=0)
        generator = Generator(seed, CBS[0], profile, knowledge)
        turns = generator.turns_of(DAYS)[0]
        domain = np.array([said.domain or "" for said in generator.lines])[turns.utterance]
        hour = ((turns.at + EIGHT_HOURS) // 3_600_000 - MONDAY) % 168
        for name, hours in knowledge.busy_hours.items():
            busy = np.isin(hour, hours)
            inside, outside = ((domain[rows & (domain != "")] == name).mean() for rows in (busy, ~busy))
            ratios[name].append(inside / outside)

    for found in ratios.values():
        assert 1.3 < mean(found) < 2.6
        assert min(found) > 1.05
