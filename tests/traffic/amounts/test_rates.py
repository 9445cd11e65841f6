"""Sessions by day and hour."""

from pathlib import Path

import numpy as np
import pytest

from mockcbs.traffic.amounts.characters import CHARACTERS
from mockcbs.traffic.amounts.rates import (
    CAMPAIGN_DAYS,
    INCIDENT_DAYS,
    VARIATION_PERCENT,
    WAVE_PERCENT,
    Rates,
)
from mockcbs.traffic.amounts.releases import RELEASE_PERCENT
from mockcbs.traffic.bots import Campaign, Incident, Profile
from mockcbs.traffic.durations import MEDIANS_MS, SLOW_PERMILLE
from mockcbs.traffic.periods import DAY

PLAIN = {
    "utc_offset": 0,
    "calendar": "none",
    "variation_percent": 0,
    "wave_percent": 0,
    "release_percent": 0,
    "campaign_days": 0,
    "incident_days": 0,
}
MONDAY = 20_409
"""2025-11-17."""


def rates(sessions: int = 100_000, character: str = "office", **profile) -> Rates:
    return Rates(5, sessions, Profile(**{**PLAIN, **profile}), CHARACTERS[character])


def counts(days: range, **profile) -> list[int]:
    return rates(**profile).of(days)[1].tolist()


def test_a_plain_week_is_near_its_number():
    """Without other properties, working days have the stated number of sessions."""
    week = counts(range(MONDAY, MONDAY + 7), weekend_percent=50)

    assert sum(week[:5]) / 5 == pytest.approx(100_000, rel=0.08)
    assert sum(week[5:]) / 2 == pytest.approx(50_000, rel=0.05)


@pytest.mark.parametrize("sessions", [0, 1, 7, 5_000])
def test_counts_vary_as_much_as_chance_does(sessions):
    """The variance of the counts is their mean, as of independent users."""
    days = range(MONDAY, MONDAY + 5_600)

    found = np.array(counts(days, sessions=sessions, hours=(1,) * 24, free_hours=(1,) * 24))
    fridays = found[4::7]

    assert fridays.mean() == pytest.approx(sessions * 0.84, rel=0.2, abs=0.1)
    assert fridays.var() == pytest.approx(fridays.mean(), rel=0.25, abs=0.05) or sessions == 5_000


def test_a_day_has_the_same_sessions_in_any_company():
    """Days alone, in weeks and in a year have the same hours and sessions."""
    made = Rates(5, 80, Profile(), CHARACTERS["shop"])
    year = range(MONDAY - 200, MONDAY + 165)

    cells, sessions, reach, load, edges = made.of(year)

    for span in (1, 7, 40):
        for start in range(year.start, year.stop - span, 37):
            other = Rates(5, 80, Profile(), CHARACTERS["shop"]).of(range(start, start + span))
            place = slice(start - year.start, start - year.start + span)
            assert (other[0] == cells[place]).all()
            assert (other[1] == sessions[place]).all()
            assert (other[2] == reach[place]).all()
            assert (other[3] == load[place]).all()
            assert (other[4] == edges[place]).all()


def test_growth_adds_up():
    """Traffic grows by ten percent in 30 days from the stated day, and not before it."""
    grown = rates(growth_percent=10, growth_since=MONDAY)

    levels = [grown._levels(np.array([MONDAY + day]))[0][0] for day in (-70, -7, 0, 7 * 30, 7 * 60)]

    assert levels[0] == levels[1] == levels[2]
    assert levels[3] / levels[2] == pytest.approx(1.1**7, rel=0.01)
    assert levels[4] / levels[2] == pytest.approx(1.1**14, rel=0.01)


def test_a_campaign_is_on_its_days():
    """Stated days have the stated part of their usual sessions, other days all."""
    campaign = Campaign(MONDAY + 1, MONDAY + 2, 300)

    usual, changed = (counts(range(MONDAY, MONDAY + 5), campaigns=those) for those in ((), (campaign,)))

    ratios = [b / a for a, b in zip(usual, changed, strict=True)]
    assert ratios == pytest.approx([1, 3, 3, 1, 1], rel=0.03)


def test_an_incident_across_midnight_is_the_same_from_both_days():
    """An incident that began the day before raises the morning, whichever days are requested."""
    incident = Incident((MONDAY + 1) * DAY - 1_800_000, minutes=60, traffic_percent=400)

    both = rates(incidents=(incident,)).of(range(MONDAY, MONDAY + 2))[0]
    late = rates(incidents=(incident,)).of(range(MONDAY + 1, MONDAY + 2))[0]
    usual = rates().of(range(MONDAY, MONDAY + 2))[0]

    assert (both[1] == late[0]).all()
    assert both[0, 23] / usual[0, 23] == pytest.approx(2.5, rel=0.01)
    assert both[1, 0] / usual[1, 0] == pytest.approx(2.5, rel=0.01)
    assert (both[1, 1:] == usual[1, 1:]).all()


def test_hours_meet():
    """Each hour ends with the rate with which the next one begins, also at midnight, between both."""
    cells, _, _, _, edges = rates().of(range(MONDAY, MONDAY + 90))

    low, high = cells.ravel()[:-1], cells.ravel()[1:]
    begins = edges[:, :-1].ravel()[1:]
    assert (edges[:-1, -1] == edges[1:, 0]).all()
    near = (low < 3 * high) & (high < 3 * low)
    assert (2 * begins == low + high - (low + high) % 2)[near].all()
    assert (4 * cells >= edges[:, :-1] + edges[:, 1:]).all()


def test_hours_have_peaks_and_no_teeth():
    """Between 8 and 22 o'clock the hours of a bot rise and fall a few times, not from hour to hour."""
    turns = []
    for key in range(60):
        for character in CHARACTERS.values():
            day = Rates(key, 100, Profile(), character)._curves[0][8:22]
            rises = np.diff(day) > 0
            turns.append(np.count_nonzero(rises[1:] != rises[:-1]))

    assert 2 < np.mean(turns) < 5.25


def test_shops_have_their_festivals():
    """11 November is the busiest day of a shop's year."""
    shop = rates(character="shop", calendar="china", sessions=10_000)
    year = range(20_454, 20_454 + 365)

    sessions = shop.of(year)[1]

    assert str(np.datetime64(year.start + int(sessions.argmax()), "D")) == "2026-11-11"


def test_a_stated_campaign_replaces_a_festival():
    """Its sessions are the stated percent of an ordinary day, on 11 November as on any other."""
    days = range(20_760, 20_780)
    plain, stated = (
        np.array(counts(days, character="shop", calendar=calendar, campaigns=those))
        for calendar, those in (("none", ()), ("china", (Campaign(20_767, 20_769, 120),)))
    )

    assert stated[7:10] == pytest.approx(1.2 * plain[7:10], rel=0.05)


@pytest.mark.parametrize(
    ("key", "bounds"),
    [
        ("variation_percent", [VARIATION_PERCENT]),
        ("wave_percent", [WAVE_PERCENT]),
        ("release_percent", [RELEASE_PERCENT]),
        ("campaign_days", [CAMPAIGN_DAYS]),
        ("incident_days", [INCIDENT_DAYS]),
        ("median_ms", MEDIANS_MS.values()),
        ("slow_permille", [SLOW_PERMILLE["model"], SLOW_PERMILLE["rules"]]),
    ],
)
def test_the_documented_bounds_are_those_that_bots_draw_from(key, bounds):
    """The table of keys in docs/datasets.md states what a bot draws that states nothing."""
    page = (Path(__file__).parents[3] / "docs" / "datasets.md").read_text("utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| `{key}`"))

    for low, high in bounds:
        assert f"{low} to {high}" in row.rpartition("drawn")[2]
