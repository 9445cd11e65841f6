"""The profile of a bot."""

from mockcbs.core.clock import instant
from mockcbs.datasets.load import load
from mockcbs.traffic.bots import Campaign, Incident
from tests.datasets.files import write


def test_the_generator_can_be_set(tmp_path):
    """The file sets sessions, users, outcomes, zone and retention; omitted keys keep their default."""
    file = write(
        tmp_path,
        """
        bots:
          - id: "*"
            traffic:
              sessions_per_day: 5
              users: 7
              outcomes: {direct: 1}
              time_zone: "-05:00"
              retention_days: null
        """,
    )

    profile = load(file).bots["*"].profile

    assert (profile.sessions_per_day, profile.users, profile.outcomes) == (5, 7, {"direct": 1})
    assert (profile.utc_offset, profile.retention_days, profile.weekend_percent) == (-18_000_000, None, None)


def test_every_knob_of_the_profile_can_be_set(tmp_path):
    """Every key of a profile has its effect; a bot with only a profile has traffic."""
    file = write(
        tmp_path,
        """
        bots:
          - id: "*"
            profile:
              character: shop
              hours: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]
              calendar: none
              growth_percent: -5
              growth_since: 2026-01-01
              campaigns: [{first: 2026-11-11, percent: 300}]
              incidents: [{at: 2026-11-18T10:00:00+08:00, minutes: 30, question: VPN连不上怎么办}]
              rounds: 1.8
              engine: workflow
              channels: {"1024": 9, "999": 1}
        """,
    )

    profile = load(file).bots["*"].profile

    assert (profile.character, profile.hours[-1], profile.calendar) == ("shop", 2, "none")
    assert (profile.growth_percent, profile.growth_since) == (-5, 20_454)
    assert profile.campaigns == (Campaign(20_768, 20_768, 300),)
    at = instant("2026-11-18T10:00:00+08:00")
    assert profile.incidents == (Incident(at, minutes=30, question="VPN连不上怎么办"),)
    assert (profile.rounds, profile.engine, profile.channels) == (18, "workflow", {"1024": 9, "999": 1})
