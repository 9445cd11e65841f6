"""Characters of bots: when their users come, what they ask for, and how long they stay."""

from typing import NamedTuple

from mockcbs.traffic.turns import Outcome


class Character(NamedTuple):
    """How the users of one kind of bot behave; each bot draws its own value from a pair of bounds."""

    working_day: tuple[int, ...]
    """The relative number of sessions in each local hour of a working day."""
    free_day: tuple[int, ...]
    """The relative number of sessions in each local hour of a weekend day or holiday."""
    peaks: tuple[tuple[int, int], ...]
    """Between which hours of a working day the busiest ones of a bot lie."""
    week: tuple[int, ...]
    """The sessions of each weekday from Monday to Friday, in percent of an ordinary working day."""
    weekend: tuple[int, int]
    """The sessions of a Saturday, in percent of an ordinary working day."""
    sunday: tuple[int, int]
    """The sessions of a Sunday, in percent of a Saturday."""
    holiday: tuple[int, int]
    """The sessions of a public holiday, in percent of an ordinary working day."""
    spring_festival: tuple[int, int]
    outcomes: dict[Outcome, int]
    rounds: tuple[int, int]
    """The questions of a session, in tenths."""
    campaigns: tuple[int, int]
    """The sessions of a day of a campaign, in percent of an ordinary day."""
    stay_days: tuple[int, int]
    """How many days a typical user keeps coming."""
    users: int
    """The number of people who use the bot in the same period, for each session of an ordinary day."""
    anonymous: tuple[int, int]
    """The share of sessions without a user id, in percent."""
    campaign_chance: int
    """The chance of a campaign within 45 days, in percent."""
    free_peaks: tuple[tuple[int, int], ...] = ()
    """Between which hours of a weekend day or holiday they lie; each of these is one peak."""
    lunch: tuple[int, int] | None = None
    """The sessions from 12:00 to 13:30 of a working day, in percent of those from 14:00 to 15:30; `None`
    means those of `working_day`.
    """
    human: tuple[int, int] = (30, 60)
    """The sessions in which users request a human, in thousandths."""
    human_first: tuple[int, int] = (5, 14)
    """Those of them that begin with it, in thousandths of all sessions."""
    before_holidays: tuple[int, int] = (60, 80)
    """The sessions of the afternoon before a long holiday, in percent of another afternoon."""
    after_holidays: tuple[int, int] = (100, 120)
    """The sessions of the first working day after it, in percent of another day."""
    festivals: tuple[tuple[str, int], ...] = ()
    """Busier days of every year (month and day), in percent of an ordinary working day."""
    vacations: tuple[tuple[str, str, int], ...] = ()
    """Vacations and busy weeks of every year, first and last day included, in percent of an ordinary day."""


def _hours(numbers: str) -> tuple[int, ...]:
    return tuple(map(int, numbers.split()))


CHARACTERS: dict[str, Character] = {
    "office": Character(
        working_day=_hours("4 3 2 2 2 4 10 28 80 108 124 94 42 62 110 114 98 74 38 27 24 18 12 7"),
        free_day=_hours("6 4 3 2 2 3 6 12 25 38 42 38 26 27 36 40 38 32 32 38 43 37 26 15"),
        peaks=((9, 12), (14, 17)),
        week=(112, 106, 101, 98, 84),
        weekend=(6, 40),
        sunday=(40, 88),
        holiday=(3, 18),
        spring_festival=(2, 9),
        outcomes={"direct": 62, "recommend": 9, "notmatch": 14, "chat": 8, "invalid": 1, "dialog": 6},
        rounds=(20, 26),
        campaigns=(120, 150),
        stay_days=(150, 300),
        users=3,
        anonymous=(1, 4),
        after_holidays=(120, 140),
        lunch=(34, 52),
        campaign_chance=40,
    ),
    "shop": Character(
        working_day=_hours("30 15 8 5 4 6 12 22 35 48 58 60 68 62 57 58 60 63 70 90 120 126 104 64"),
        free_day=_hours("39 22 12 7 5 6 10 18 36 62 82 86 83 80 84 87 84 77 75 90 112 118 103 70"),
        peaks=((10, 12), (15, 17), (19, 23)),
        free_peaks=((10, 17), (19, 23)),
        week=(94, 91, 94, 98, 108),
        weekend=(102, 160),
        sunday=(92, 102),
        holiday=(105, 165),
        spring_festival=(28, 45),
        outcomes={"direct": 57, "recommend": 10, "notmatch": 12, "chat": 16, "invalid": 1, "dialog": 4},
        rounds=(20, 27),
        human=(120, 180),
        human_first=(68, 112),
        campaigns=(140, 200),
        stay_days=(10, 24),
        users=8,
        anonymous=(4, 14),
        before_holidays=(85, 95),
        campaign_chance=25,
        festivals=(
            ("0110", 125),
            ("0111", 120),
            ("0307", 120),
            ("0308", 145),
            ("0520", 140),
            ("0531", 145),
            ("0601", 140),
            ("0616", 135),
            ("0617", 160),
            ("0618", 280),
            ("0619", 150),
            ("0818", 130),
            ("0908", 120),
            ("0909", 140),
            ("1020", 140),
            ("1021", 130),
            ("1031", 160),
            ("1101", 190),
            ("1102", 130),
            ("1109", 130),
            ("1110", 180),
            ("1111", 440),
            ("1112", 240),
            ("1113", 180),
            ("1114", 155),
            ("1115", 140),
            ("1211", 120),
            ("1212", 150),
        ),
    ),
    "service_desk": Character(
        working_day=_hours("23 15 11 9 9 12 24 48 86 101 98 88 70 75 90 93 90 84 72 66 62 54 42 31"),
        free_day=_hours("28 19 13 10 9 11 19 36 58 74 78 74 66 64 68 71 70 68 66 68 70 62 50 38"),
        peaks=((9, 12), (14, 17)),
        week=(111, 104, 99, 98, 96),
        weekend=(50, 88),
        sunday=(80, 98),
        holiday=(24, 42),
        spring_festival=(16, 30),
        outcomes={"direct": 49, "recommend": 9, "notmatch": 21, "chat": 15, "invalid": 1, "dialog": 5},
        rounds=(20, 28),
        human=(120, 180),
        human_first=(68, 112),
        campaigns=(125, 165),
        stay_days=(24, 50),
        users=6,
        anonymous=(3, 12),
        after_holidays=(120, 140),
        campaign_chance=50,
    ),
    "student": Character(
        working_day=_hours("30 14 7 4 3 3 8 26 42 54 58 66 80 64 58 60 64 66 72 94 116 122 98 60"),
        free_day=_hours("42 24 12 6 4 3 4 9 20 42 56 62 66 64 66 68 66 62 66 86 104 110 98 68"),
        peaks=((17, 19), (20, 23)),
        free_peaks=((14, 18), (20, 23)),
        week=(98, 101, 103, 99, 84),
        weekend=(60, 78),
        sunday=(140, 156),
        holiday=(22, 38),
        spring_festival=(12, 22),
        outcomes={"direct": 50, "recommend": 9, "notmatch": 19, "chat": 16, "invalid": 2, "dialog": 4},
        rounds=(22, 31),
        campaigns=(130, 190),
        stay_days=(40, 80),
        users=4,
        anonymous=(2, 7),
        campaign_chance=60,
        vacations=(
            ("0901", "0914", 150),
            ("0915", "0924", 120),
            ("1226", "1231", 118),
            ("0101", "0108", 118),
            ("0301", "0308", 125),
            ("0618", "0705", 118),
            ("0706", "0826", 34),
            ("0116", "0131", 38),
            ("0201", "0218", 30),
        ),
    ),
}
"""The characters, by the names that a dataset uses."""

DRAWN = ("office", "office", "office", "service_desk", "service_desk", "shop", "shop", "student")
"""The names from which a bot without a stated character draws one, each equally likely."""

_FEWER: tuple[Outcome, ...] = ("notmatch", "recommend")


def understood(outcomes: dict[Outcome, int]) -> dict[Outcome, int]:
    """These outcomes if a language model answers: a fifth of what has no match and of recommendations
    remains, and the rest is answered.
    """
    found: dict[Outcome, int] = {
        one: share if one in _FEWER else 5 * share for one, share in outcomes.items()
    }
    found["direct"] += 4 * sum(outcomes[one] for one in _FEWER)
    return found
